"""Callers of all dialects, at a steady rate: whole and streamed answers, providers that fail, and callers that leave."""

import asyncio
import itertools
import json
import random
import time
from collections import Counter

PATIENCE = 120
# Calls in progress at once: a machine that is too busy for the rate gets fewer calls, and not ever more of them.
MOST_AT_ONCE = 50
# One connection serves so many calls; then its client opens another.
CALLS_PER_CONNECTION = 40

# What the primary does, with the weight of its share. The fallback always answers.
PRIMARIES = {
    "ok?tokens=20": 6,
    "ok?tokens=200": 2,
    "throttled": 2,
    "error": 2,
    "overloaded": 1,
    "refused": 1,
    "reset": 1,
    "cut?at={n}": 2,
    "stall?at={n}": 2,
    "slow?ttft=2s": 2,
    "empty": 1,
    "garbled": 1,
    "tool-call": 1,
}
FALLBACK = "rehearsal/ok?tokens=30"

CONFIGURATION = f"""\
providers: {{ rehearsal: {{}} }}
defaults:
  timeouts: {{ first-token: 1s, idle: 1s, answer: 2s }}
  cooldown: {{ base: 1s, cap: 3s }}
models:
  configured: {{ targets: [rehearsal/ok, {FALLBACK}] }}
server:
  # Full within minutes; with the default of 64 MB it would fill during the whole run.
  conversations: {{ entries: 200, size: 1MB, age: 10m }}
"""


def _chat(model, stream, text):
    body = {"model": model, "stream": stream, "messages": [{"role": "user", "content": text}]}
    return "/v1/chat/completions", body, b"[DONE]"


def _responses(model, stream, text):
    return "/v1/responses", {"model": model, "stream": stream, "input": text}, b"response.completed"


def _messages(model, stream, text):
    body = {"model": model, "stream": stream, "max_tokens": 500, "messages": [{"role": "user", "content": text}]}
    return "/v1/messages", body, b"message_stop"


def _gemini(model, stream, text):
    name = model.replace("/", "%2F").replace("?", "%3F").replace("=", "%3D")
    path = f"/v1beta/models/{name}:" + ("streamGenerateContent?alt=sse" if stream else "generateContent")
    return path, {"contents": [{"role": "user", "parts": [{"text": text}]}]}, b"finishReason"


def _converse(model, stream, text):
    name = model.replace("/", "%2F").replace("?", "%3F").replace("=", "%3D")
    path = f"/model/{name}/converse" + ("-stream" if stream else "")
    return path, {"messages": [{"role": "user", "content": [{"text": text}]}]}, b"messageStop"


DIALECTS = [_chat, _chat, _responses, _messages, _gemini, _converse]


class Traffic:
    """Clients that call until they are told to stop."""

    def __init__(self, port, rate, seed):
        self._port = port
        self._random = random.Random(seed)
        self._numbers = itertools.count()
        self._interval = 1 / rate
        self._stopped = False
        self._running = set()
        self._may_begin = asyncio.Event()
        self._may_begin.set()
        self.outcomes = Counter()
        self.examples = {}

    def stop(self):
        self._stopped = True

    async def pause(self):
        """Begins no more calls, and waits until those in progress have ended."""
        self._may_begin.clear()
        if self._running:
            await asyncio.wait(self._running)

    def resume(self):
        self._may_begin.set()

    async def run(self):
        """Begins calls at the rate, each on a free connection, and waits for the last of them."""
        free, running = [], self._running
        due = time.monotonic()
        while not self._stopped:
            await self._may_begin.wait()
            due = max(due + self._interval, time.monotonic() - 1)
            await asyncio.sleep(max(0, due - time.monotonic()))
            if len(running) >= MOST_AT_ONCE:
                await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            call = asyncio.create_task(self._call(free))
            running.add(call)
            call.add_done_callback(running.discard)
        await asyncio.gather(*running)
        for connection in free:
            connection.close()

    async def _call(self, free):
        kind, request, marker, expected = self._request()
        connection = free.pop() if free else Connection(self._port)
        try:
            outcome = await asyncio.wait_for(connection.call(request, marker, expected, kind == "left"), PATIENCE)
        except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError, ValueError) as broken:
            outcome = f"{type(broken).__name__}: {broken}"
        self.outcomes[(kind, outcome == "")] += 1
        if outcome:
            self.examples.setdefault(kind, f"{request[:300]!r}: {outcome}")
        if connection.is_reusable():
            free.append(connection)
        else:
            connection.close()

    def _request(self):
        """The kind of a call, its bytes, what a whole stream contains, and the status that it should have."""
        number, dice = next(self._numbers), self._random.random()
        stream = self._random.random() < 0.5
        dialect = self._random.choice(DIALECTS)
        primary = self._random.choices(list(PRIMARIES), list(PRIMARIES.values()))[0]
        model = "rehearsal/" + primary.replace("{n}", str(self._random.randint(3, 25)))
        further, kind, status = {"understudy": {"fallbacks": [FALLBACK]}}, "answered", 200
        text = f"Call {number}: count, please."
        if dice < 0.03:
            kind, stream, model = "left", True, "rehearsal/ok?gap=200ms"
        elif dice < 0.06:
            kind, model, further, status = "unknown model", f"rehearsal/invented-{number}", {}, 404
        elif dice < 0.09:
            key = f"sk-soak-{number:012d}"
            further["customer_credentials"] = {"rehearsal": {"api_key": key}}
        elif dice < 0.093:
            text += " x" * 200_000
        elif dice < 0.2:
            model, further = "configured", {}
        path, body, marker = dialect(model, stream, text)
        payload = json.dumps({**body, **further}).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(payload)}\r\n\r\n"
        )
        return kind, head.encode() + payload, marker if stream and status == 200 else b"", status


class Connection:
    """A client's connection, with one call at a time."""

    def __init__(self, port):
        self._port = port
        self._streams = None
        self._calls = 0
        self._broken = False

    def is_reusable(self):
        return not self._broken and self._calls < CALLS_PER_CONNECTION

    def close(self):
        self._broken = True
        if self._streams:
            self._streams[1].close()

    async def call(self, request, marker, expected, leaves):
        """What is wrong with the answer; nothing if it is as it should be."""
        self._calls += 1
        self._broken = True
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 22)
        reader, writer = self._streams
        writer.write(request)
        if leaves:
            await reader.readuntil(b"\r\n\r\n")
            return ""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        body = await self._body(reader, head.lower())
        self._broken = "connection: close" in head.lower()
        status = int(head.split()[1])
        if status != expected:
            return f"status {status}, {body[:300]!r}"
        return "" if marker in body else f"no {marker!r} in {body[-300:]!r}"

    @staticmethod
    async def _body(reader, head):
        if "transfer-encoding: chunked" not in head:
            return await reader.readexactly(int(head.partition("content-length:")[2].split()[0]))
        body = b""
        while True:
            size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
            body += (await reader.readexactly(size + 2))[:-2]
            if size == 0:
                return body

"""Many clients, each with one stream: when its first content came, and whether its answer is complete and exact."""

import asyncio
import time
from dataclasses import dataclass, field

from rig import slow_stream

_END = b"0\r\n\r\n"


@dataclass
class Tally:
    """What became of the streams; times in seconds."""

    exact: int = 0
    wrong: int = 0
    example: str = ""
    first_content: list = field(default_factory=list)
    together: int = 0  # the most streams that were at work at the same time


class Client(asyncio.Protocol):
    """One stream. It keeps what it receives and judges it at its end, so that looking on costs little."""

    def __init__(self, number, model, ended):
        self._number = number
        self._model = model
        self._received = bytearray()
        self._asked_at = 0.0
        self.first_content = None
        self.ended = ended

    def connection_made(self, transport):
        self._transport = transport
        body = slow_stream.question(self._number, self._model)
        self._asked_at = time.perf_counter()
        transport.write(
            b"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Authorization: Bearer sk-bench\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        )

    def data_received(self, data):
        self._received += data
        if self.first_content is None and slow_stream.CONTENT_MARK in self._received:
            self.first_content = time.perf_counter() - self._asked_at
        if self._received.endswith(_END):
            self._transport.close()

    def connection_lost(self, error):
        if not self.ended.done():
            self.ended.set_result(None)

    def body(self):
        """The answer's body without its framing; empty if it is no whole 200 in chunks."""
        head, _, rest = bytes(self._received).partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 ") or b"transfer-encoding: chunked" not in head.lower():
            return b""
        body = b""
        while True:
            size, found, rest = rest.partition(b"\r\n")
            if not found:
                return b""
            length = int(size.split(b";")[0], 16)
            if length == 0:
                return body
            body, rest = body + rest[:length], rest[length + 2 :]

    def received(self):
        return bytes(self._received)


async def run(port, streams, tokens, ramp, patience, ask_model, answer_model):
    """Opens `streams` streams, spread over `ramp` seconds, waits for all and judges each.

    A stream that has not ended `patience` seconds after its start is cut off and counts as wrong.
    """
    loop = asyncio.get_running_loop()
    tally = Tally()
    working = 0

    async def one(number):
        nonlocal working
        await asyncio.sleep(ramp * number / streams)
        client = Client(number, ask_model, loop.create_future())
        try:
            transport, _ = await loop.create_connection(lambda: client, "127.0.0.1", port)
        except OSError as refused:
            tally.wrong += 1
            tally.example = tally.example or f"stream {number}: {refused}"
            return
        working += 1
        tally.together = max(tally.together, working)
        try:
            await asyncio.wait_for(client.ended, patience)
        except asyncio.TimeoutError:
            transport.abort()
        working -= 1
        judge(number, client)

    def judge(number, client):
        expected = b"".join(slow_stream.events(number, tokens, answer_model))
        if client.body() == expected and client.first_content is not None:
            tally.exact += 1
            tally.first_content.append(client.first_content)
        else:
            tally.wrong += 1
            if not tally.example:
                received = client.received()
                tally.example = f"stream {number}: {len(received)} bytes, {received[:400]!r} … {received[-400:]!r}"

    await asyncio.gather(*(one(number) for number in range(streams)))
    return tally

"""A provider that answers every chat completion with a slow stream: a program of its own, and cheap per stream.

    python3 slow_upstream.py PORT TOKENS MILLISECONDS MODEL

It ends when it is told to. GET /ready is for whoever waits for its start.
"""

import asyncio
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from rig import process, slow_stream  # noqa: E402 (the path must be set first)

STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
READY = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nready"
REFUSED = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Provider(asyncio.Protocol):
    """One connection: requests one after the other, each answered by a stream at its own pace."""

    def __init__(self, tokens, pause, model):
        self._tokens = tokens
        self._pause = pause
        self._model = model
        self._received = b""
        self._timer = None

    def connection_made(self, transport):
        self._transport = transport

    def connection_lost(self, error):
        # The caller has gone, at the end of a stream or before it: nothing is left to send.
        if self._timer is not None:
            self._timer.cancel()

    def data_received(self, data):
        self._received += data
        head, found, rest = self._received.partition(b"\r\n\r\n")
        if not found:
            return
        line, *fields = head.split(b"\r\n")
        if line.startswith(b"GET /ready"):
            self._received = rest
            self._transport.write(READY)
            return
        length = next((int(field[15:]) for field in fields if field.lower().startswith(b"content-length:")), None)
        if length is None:
            self._refuse()
        elif len(rest) >= length:
            self._received = rest[length:]
            self._answer(rest[:length])

    def _answer(self, body):
        try:
            number = slow_stream.number_in(body)
        except (ValueError, KeyError, IndexError):
            self._refuse()
            return
        events = slow_stream.events(number, self._tokens, self._model)
        self._transport.write(STREAM_HEAD + _chunk(next(events)))
        self._next_event(events)

    def _next_event(self, events):
        """Sends a token and comes back for the next; the end follows the last token at once."""
        event = next(events)
        if slow_stream.CONTENT_MARK in event:
            self._transport.write(_chunk(event))
            self._timer = asyncio.get_running_loop().call_later(self._pause, self._next_event, events)
        else:
            self._transport.write(_chunk(event) + b"".join(map(_chunk, events)) + b"0\r\n\r\n")

    def _refuse(self):
        self._transport.write(REFUSED)
        self._transport.close()


def _chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


async def serve(port, tokens, pause, model):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Provider(tokens, pause, model), "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    process.end_on_signals()
    port, tokens, milliseconds, model = sys.argv[1:]
    asyncio.run(serve(int(port), int(tokens), int(milliseconds) / 1000, model))

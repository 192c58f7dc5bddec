"""A provider that answers every request with a valid answer of the type that the SDK expects, and keeps what it received."""

import json
import re
import threading
import typing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from minimal import minimal

CHUNK = {"id": "string", "object": "chat.completion.chunk", "created": 1, "model": "string"}
TEXT = {"id": "string", "object": "text_completion", "created": 1, "model": "string"}
RESPONSE = {
    "id": "resp_1", "object": "response", "created_at": 1, "model": "string", "output": [], "tools": [],
    "parallel_tool_calls": True, "tool_choice": "auto", "status": "in_progress",
}  # fmt: skip
PART = {"type": "output_text", "text": "string", "annotations": []}
ITEM = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [PART]}
MESSAGE = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "string", "content": [],
    "stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1},
}  # fmt: skip
WHERE = {"item_id": "msg_1", "output_index": 0, "content_index": 0}

# Streams of conversations, which the gateway reads; of all others one event suffices.
STREAMS = {
    "chat/completions": [
        CHUNK | {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "string"}, "finish_reason": None}]},
        CHUNK | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    ],
    "completions": [
        TEXT | {"choices": [{"index": 0, "text": "string", "logprobs": None, "finish_reason": None}]},
        TEXT | {"choices": [{"index": 0, "text": "", "logprobs": None, "finish_reason": "stop"}]},
    ],
    "responses": [
        {"type": "response.created", "response": RESPONSE},
        {"type": "response.output_item.added", "output_index": 0, "item": ITEM | {"content": []}},
        {"type": "response.content_part.added", **WHERE, "part": PART | {"text": ""}},
        {"type": "response.output_text.delta", **WHERE, "delta": "string", "logprobs": []},
        {"type": "response.output_text.done", **WHERE, "text": "string", "logprobs": []},
        {"type": "response.content_part.done", **WHERE, "part": PART},
        {"type": "response.output_item.done", "output_index": 0, "item": ITEM},
        {"type": "response.completed", "response": RESPONSE | {"status": "completed", "output": [ITEM]}},
    ],
    "messages": [
        {"type": "message_start", "message": MESSAGE},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "string"}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 1}},
        {"type": "message_stop"},
    ],
}


@dataclass(frozen=True)
class Answer:
    content_type: str
    body: bytes
    status: int = 200


def answer(path: str, cast_to: object, stream_of: object) -> Answer:
    """What an API answers whose SDK reads it as `cast_to`, or as a stream of events of the type `stream_of`."""
    if stream_of is not None:
        events = STREAMS.get(path.strip("/").removeprefix("v1/"), [minimal(stream_of)])
        lines = []
        for number, event in enumerate(events):
            if "type" in event:
                lines.append(f"event: {event['type']}\n")
                event = event if path.endswith("messages") else event | {"sequence_number": number}
            lines.append(f"data: {json.dumps(event)}\n\n")
        if not path.endswith("messages"):
            lines.append("data: [DONE]\n\n")
        return Answer("text/event-stream; charset=utf-8", "".join(lines).encode())
    if cast_to is None or cast_to is type(None):
        return Answer("", b"", 204)
    if cast_to is str:
        return Answer("text/plain", b"string")
    if isinstance(cast_to, type) and re.search("Binary|JSONL", cast_to.__name__):
        return Answer("application/octet-stream", b"{}")
    return Answer("application/json", json.dumps(minimal(cast_to)).encode())


class Received(typing.NamedTuple):
    method: str
    path: str
    body: object


def read_body(content_type: str, body: bytes) -> object:
    """A body in a form that can be compared: JSON by its meaning, a form without its random boundary."""
    if content_type.startswith("application/json") and body:
        return json.loads(body)
    boundary = re.search(r'boundary="?([^";]+)', content_type)
    if boundary:
        body = body.replace(boundary[1].encode(), b"BOUNDARY")
    return body.decode("latin-1")


@dataclass
class MockProvider:
    """One server; tests run one after the other and set the answer to their next request."""

    next_answer: Answer = Answer("application/json", b"{}")
    received: list[Received] = field(default_factory=list)

    def start(self) -> str:
        """Starts it, and returns its URL."""
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            disable_nagle_algorithm = True

            def take(self) -> None:
                body = self.read()
                provider.received.append(
                    Received(self.command, self.path, read_body(self.headers.get("content-type", ""), body))
                )
                reply = provider.next_answer
                self.send_response(reply.status)
                if reply.status != 204:
                    self.send_header("content-type", reply.content_type)
                    self.send_header("content-length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def read(self) -> bytes:
                if "chunked" not in self.headers.get("transfer-encoding", ""):
                    return self.rfile.read(int(self.headers.get("content-length", 0)))
                pieces = []
                while size := int(self.rfile.readline(), 16):
                    pieces.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                return b"".join(pieces)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = take

            def log_message(self, *_) -> None:
                """No line for each request."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

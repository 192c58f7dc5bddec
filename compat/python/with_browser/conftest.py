"""A gateway with its defaults, a provider behind it that counts, a page on another origin, and a headless browser."""

import json
import os
import re
import select
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from urllib.parse import urlsplit

import pytest

HOUSE = Path(__file__).resolve().parents[3]
#: Where pages are served; the browser resolves names in .example to it.
PAGE_ADDRESS = "127.0.0.2"
START_SECONDS = 60
BROWSER_SECONDS = 60

ANSWER = json.dumps(
    {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hi"}}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
).encode()


class Provider:
    """A provider that counts the requests that reach it."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                provider.requests.append(self.path)
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(ANSWER)))
                self.end_headers()
                self.wfile.write(ANSWER)

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                """Requests are counted, not logged."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/v1"


@contextmanager
def gateway(provider: Provider, *settings: str) -> Iterator[int]:
    """A gateway of its own without keys for callers; gives its port."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "understudy.yaml"
        file.write_text(
            "\n".join(
                ["server:", "  port: 0", *(f"  {setting}" for setting in settings)]
                + ["providers:", f"  openai: {{base-url: '{provider.url}', api-key: key-of-operator}}"]
            )
        )
        command = [HOUSE / "understudy", "serve", "--config", file, "--data", Path(folder) / "data"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            assert process.stdout
            ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
            assert ready, "the gateway did not start"
            line = process.stdout.readline()
            found = re.search(r"listens on http://127\.0\.0\.1:(\d+)", line)
            assert found, line
            yield int(found[1])
        finally:
            process.terminate()
            process.wait(timeout=START_SECONDS)


class Page:
    """
    Serves one page, whose script reports what it saw. It can turn into a tunnel to the gateway: for the browser that is the
    same as a name that resolves to another address (DNS rebinding).
    """

    def __init__(self, port: int, tunnel_to: int | None = None) -> None:
        self.script = ""
        self.reports: Queue[dict[str, object]] = Queue()
        self._tunnel_to = tunnel_to
        # Reports have a port of their own, because the browser sends further requests through a tunnel that is open.
        self._listeners = [socket.create_server((PAGE_ADDRESS, each)) for each in (port, 0)]
        self.port, report_port = (listener.getsockname()[1] for listener in self._listeners)
        self.report_url = f"http://{PAGE_ADDRESS}:{report_port}/report"
        for listener in self._listeners:
            threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def close(self) -> None:
        for listener in self._listeners:
            listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                some = connection.recv(65536)
                if not some:
                    return
                head += some
            path = urlsplit(head.split(b" ", 2)[1].decode()).path
            if path == "/page":
                self._answer(connection, f"<!doctype html><script>{self.script}</script>".encode())
            elif path == "/report":
                length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
                body = head.split(b"\r\n\r\n", 1)[1]
                while len(body) < length:
                    body += connection.recv(65536)
                self._answer(connection, b"")
                self.reports.put(json.loads(body))
            elif self._tunnel_to and path != "/favicon.ico":
                self._tunnel(connection, head)
            else:
                self._answer(connection, b"")

    @staticmethod
    def _answer(connection: socket.socket, body: bytes) -> None:
        connection.sendall(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(body) + body
        )

    def _tunnel(self, connection: socket.socket, begun: bytes) -> None:
        with socket.create_connection(("127.0.0.1", self._tunnel_to)) as gateway_side:
            gateway_side.sendall(begun)
            while True:
                ready, _, _ = select.select([connection, gateway_side], [], [], START_SECONDS)
                if not ready:
                    return
                for side in ready:
                    some = side.recv(65536)
                    if not some:
                        return
                    (gateway_side if side is connection else connection).sendall(some)


def browser() -> str:
    """The command of a Chromium of this machine."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.fail("these tests need Chromium. On Debian or Ubuntu: sudo apt install chromium")


def visit(url: str, page: Page) -> dict[str, object]:
    """Opens a page in a fresh profile; gives what its script reported."""
    with tempfile.TemporaryDirectory() as profile:
        process = subprocess.Popen(
            [
                browser(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                f"--user-data-dir={profile}",
                f"--host-resolver-rules=MAP *.example {PAGE_ADDRESS}",
                url,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            return page.reports.get(timeout=BROWSER_SECONDS)
        finally:
            os.killpg(process.pid, 9)
            process.wait()


@pytest.fixture
def provider() -> Iterator[Provider]:
    serving = Provider()
    yield serving
    serving.server.shutdown()

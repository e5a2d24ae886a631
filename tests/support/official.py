"""Official servers that replay recorded shapes: our own files, in tests/crawler/official."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SHAPES = Path(__file__).parents[1] / "crawler" / "official"


def shape(name: str, base: str = "") -> bytes:
    """A recorded shape, with ``@`` at the start of its own addresses replaced by ``base``."""
    body = (SHAPES / name).read_bytes()
    return body.replace(b'"@/', f'"{base}/'.encode()).replace(b">@/", f">{base}/".encode())


@dataclass
class Call:
    """A request that was made."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """What is answered."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class OfficialServer:
    """Replays replies by path; ``path~word`` fits only where the query holds the word."""

    base: str = ""
    replies: dict[str, Reply] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def replay(self, path: str, name: str, status: int = 200, **headers: str) -> None:
        """Answers a path with a recorded shape from now on."""
        sent = {one.replace("_", "-"): value for one, value in headers.items()}
        self.replies[path] = Reply(shape(name, self.base), status, sent)

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"{self.base}{path}"

    def paths(self) -> list[str]:
        """The paths that were asked for, without their queries."""
        return [one.path.partition("?")[0] for one in self.calls if one.path != "/robots.txt"]

    def reply(self, path: str) -> Reply:
        """What is answered to a path with its query."""
        bare, _, query = path.partition("?")
        for key, reply in self.replies.items():
            name, _, word = key.partition("~")
            if name == bare and word in query:
                return reply
        return Reply(b"<h1>not found</h1>", 404, {"Content-Type": "text/html"})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(self.command, self.path, headers, self.rfile.read(length))
        self.server.official.calls.append(call)
        reply = self.server.official.reply(self.path)
        etag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
        unchanged = headers.get("if-none-match") == etag
        body = b"" if unchanged else reply.body
        self.send_response(304 if unchanged else reply.status)
        told = {"ETag": etag, "Content-Length": str(len(body))} | reply.headers
        for name, value in told.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.official = OfficialServer()
        self._open: list[Any] = []

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.append(request)
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass

    def end(self) -> None:
        self.shutdown()
        for connection in self._open:
            connection.close()
        self.server_close()


@contextmanager
def official_server() -> Iterator[OfficialServer]:
    """A server that runs until the block ends."""
    server = _Server()
    server.official.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.official
    finally:
        server.end()
        thread.join()

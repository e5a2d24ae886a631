"""A real webhook receiver for tests, which verifies with the standardwebhooks library."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

SECRET = "whsec_" + base64.b64encode(b"a key of tests, 24 bytes").decode()


@dataclass
class Receiver:
    """What was received, and how to answer.

    Attributes:
        url: The address for settings.
        bodies: The bodies of verified calls that were answered 2xx, parsed.
        ids: Every ``webhook-id`` seen, whatever the answer.
        sizes: Bytes of each body.
        rejected: How many calls did not verify; they are answered 401.
        answers: Status and headers for the next calls; when used up, 204.
    """

    url: str = ""
    secret: str = SECRET
    bodies: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    rejected: int = 0
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    def take(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """Verifies a call and says how to answer it."""
        self.ids.append(headers.get("webhook-id", ""))
        self.sizes.append(len(body))
        try:
            data = Webhook(self.secret).verify(body, headers)
        except WebhookVerificationError:
            self.rejected += 1
            return 401, {}
        answer = self.answers.pop(0) if self.answers else (204, {})
        if 200 <= answer[0] < 300:
            self.bodies.append(data)
        return answer


@contextmanager
def webhook_receiver(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on a free port of loopback; with ``tls`` it speaks https as localhost."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, extra = receiver.take(headers, body)
            self.send_response(status)
            for name, value in extra.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keeps the test's output clean."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A caller that refuses our certificate is expected, and no news."""

    server = Server(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        receiver.url = f"https://localhost:{server.server_port}/hook"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""Who is told in the demonstration: a mail server, and a webhook receiver."""

from __future__ import annotations

import base64
import email
import email.policy
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from standardwebhooks import Webhook, WebhookVerificationError

from crawler.demo.outlets import serving


@dataclass(slots=True)
class Mailbox:
    """Keeps every mail that its server takes."""

    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Takes a mail."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        self.mails.append(email.message_from_bytes(raw, policy=email.policy.default))
        return "250 OK"


@contextmanager
def mail_server(mailbox: Mailbox) -> Iterator[str]:
    """An SMTP server on a free port of 127.0.0.1 until the block ends; gives its address."""
    controller = _Controller(mailbox, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{_port(controller)}?tls=none"
    finally:
        controller.stop()


class _Controller(Controller):
    def _trigger_server(self) -> None:
        """Connects to see whether the server answers; the port is known only once it listens."""
        self.port = _port(self)
        super()._trigger_server()  # type: ignore[no-untyped-call]


def _port(controller: Controller) -> int:
    return int(getattr(controller.server, "sockets")[0].getsockname()[1])  # noqa: B009 - untyped


@dataclass(frozen=True, slots=True)
class Call:
    """A webhook that was received.

    Attributes:
        is_genuine: Whether its signature holds.
    """

    id: str
    is_genuine: bool
    body: dict[str, Any]


@dataclass(slots=True)
class HookReceiver:
    """Keeps every webhook, and whether its signature holds."""

    secret: str = field(
        default_factory=lambda: "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
    )
    calls: list[Call] = field(default_factory=list)

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """Takes a webhook; returns the status to answer with."""
        try:
            Webhook(self.secret).verify(body, headers)
            is_genuine = True
        except WebhookVerificationError:
            is_genuine = False
        self.calls.append(Call(headers.get("webhook-id", ""), is_genuine, json.loads(body)))
        return 204 if is_genuine else 401


@contextmanager
def hook_server(receiver: HookReceiver) -> Iterator[str]:
    """A webhook receiver on a free port of 127.0.0.1 until the block ends; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(receiver.take(headers, body))
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """The demonstration tells of calls in its own words."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as base:
        yield f"{base}/hook"

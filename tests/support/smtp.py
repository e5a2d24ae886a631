"""A real SMTP server for tests: STARTTLS or implicit TLS, login, and failures by script."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "desk", "p@ss/word"


@dataclass
class Mailbox:
    """What the server took, and how it is to answer.

    Attributes:
        mails: Everything taken, in order, with its envelope's recipients.
        recipient_replies: By address, the reply to RCPT; ``{"a@b.org": "550 no such user"}``.
        data_replies: Replies to the next DATA commands; when used up, 250. A mail that is answered
            otherwise is not taken.
        quit_reply: The reply to QUIT.
        drops: So many mails are taken and then, instead of a reply, the connection is closed.
        refuses_known: Whether a Message-ID that was taken before is refused for good.
        known: The Message-IDs of the mails that were handed in, repeats among them.
    """

    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[list[str]] = field(default_factory=list)
    recipient_replies: dict[str, str] = field(default_factory=dict)
    data_replies: list[str] = field(default_factory=list)
    quit_reply: str = "221 Bye"
    logins: int = 0
    drops: int = 0
    refuses_known: bool = False
    known: list[str] = field(default_factory=list)

    def to(self, recipient: str) -> list[EmailMessage]:
        """The mails that one recipient was given."""
        pairs = zip(self.mails, self.envelopes, strict=True)
        return [mail for mail, recipients in pairs if recipient in recipients]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.recipient_replies:
            return self.recipient_replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        reply = self.data_replies.pop(0) if self.data_replies else "250 OK"
        mail = message_from_bytes(bytes(envelope.content or b""), policy=default)
        assert isinstance(mail, EmailMessage)
        self.known.append(mail["Message-ID"])
        if self.refuses_known and self.known.count(mail["Message-ID"]) > 1:
            return "554 5.7.1 Duplicate message, it was already delivered"
        if reply.startswith("2"):
            self.mails.append(mail)
            self.envelopes.append(list(envelope.rcpt_tos))
        if self.drops:
            self.drops -= 1
            server.transport.abort()
        return reply

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return self.quit_reply


@dataclass(frozen=True)
class MailServer:
    """A running server: its mailbox, its address for settings, and whom to trust."""

    mailbox: Mailbox
    port: int
    tls: ssl.SSLContext

    def url(self, *, security: str = "starttls", password: str = PASSWORD) -> str:
        """The address as the settings take it."""
        quoted = password.replace("@", "%40").replace("/", "%2F")
        return f"smtp://{USER}:{quoted}@localhost:{self.port}?tls={security}"


@contextmanager
def plain_mail_server(*, smtputf8: bool = False) -> Iterator[MailServer]:
    """A server without TLS and login."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="localhost", port=0, enable_SMTPUTF8=smtputf8)
    _start_on_free_port(controller)
    try:
        yield MailServer(mailbox, controller.port, ssl.create_default_context())
    finally:
        controller.stop()


@contextmanager
def mail_server(*, implicit_tls: bool = False) -> Iterator[MailServer]:
    """A server on a free port of loopback; login is asked for, and only over TLS."""
    authority = trustme.CA()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(server_side)
    client_side = ssl.create_default_context()
    authority.configure_trust(client_side)
    mailbox = Mailbox()
    controller = Controller(
        mailbox,
        hostname="localhost",
        port=0,
        ssl_context=server_side if implicit_tls else None,
        tls_context=None if implicit_tls else server_side,
        require_starttls=not implicit_tls,
        auth_required=True,
        auth_require_tls=not implicit_tls,
        authenticator=_authenticator(mailbox),
    )
    _start_on_free_port(controller)
    try:
        yield MailServer(mailbox, controller.port, client_side)
    finally:
        controller.stop()


def _start_on_free_port(controller: Controller) -> None:
    """aiosmtpd greets itself at the port it was told, so it must be told a real one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.hostname = "127.0.0.1"
    controller.start()


def _authenticator(mailbox: Mailbox) -> Any:
    def check(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        known = LoginPassword(USER.encode(), PASSWORD.encode())
        fits = isinstance(data, LoginPassword) and data == known
        mailbox.logins += fits
        return AuthResult(success=fits, handled=False)

    return check

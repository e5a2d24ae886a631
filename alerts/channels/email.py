"""E-mail over SMTP: one message for each recipient, with TLS and login."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Literal, get_args
from urllib.parse import parse_qsl, unquote, urlsplit

import idna

from alerts.channels.channel import Delivered, Outcome, Proof, Refused, Retry
from alerts.channels.deadline import Deadline
from alerts.errors import ChannelSetupError, TemplateError
from alerts.law import Law
from alerts.marking import plain
from alerts.render import Renderer
from state.message import Message, QueuedMessage

TLS_PORTS: dict[str, int] = {"starttls": 587, "implicit": 465, "none": 25}
_NO_STARTTLS = "it offers no STARTTLS; try ?tls=none or ?tls=implicit at the end of smtp"
_KNOWN = re.compile(r"duplicate|already (?:been )?(?:received|delivered|accepted)", re.IGNORECASE)
Security = Literal["starttls", "implicit", "none"]


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """A channel of e-mail.

    Attributes:
        sender: An address, with or without a name.
        smtp: ``smtp://user:pass@host:587?tls=starttls|implicit|none``; ``smtps://`` is implicit.
            STARTTLS where neither is said, but implicit TLS on port 465.
        timeout: Seconds that each step of the conversation may take.
        total: Seconds for all of it.
    """

    name: str
    to: tuple[str, ...]
    sender: str
    smtp: str = field(repr=False)
    timeout: float = 20.0
    total: float = 120.0


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed in."""

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def parse_smtp(url: str) -> SmtpServer:
    """Reads an SMTP address.

    Raises:
        ChannelSetupError: It cannot be understood; the message does not hold it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ChannelSetupError("smtp", "is no address (try smtp://user:pass@host:587)") from error
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ChannelSetupError("smtp", 'must look like "smtp://user:pass@host:587?tls=starttls"')
    security = _security(parts.scheme, port, dict(parse_qsl(parts.query, keep_blank_values=True)))
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password or "") if user else None
    return SmtpServer(parts.hostname, port or TLS_PORTS[security], security, user, password)


def _security(scheme: str, port: int | None, query: dict[str, str]) -> Security:
    chosen = query.pop("tls", None)
    if query:
        raise ChannelSetupError("smtp", f"unknown option {sorted(query)[0]!r}; known: tls")
    if chosen is None:
        return "implicit" if scheme == "smtps" or port == 465 else "starttls"
    known: dict[str, Security] = {name: name for name in get_args(Security)}
    if chosen not in known:
        raise ChannelSetupError("smtp", "tls is one of starttls, implicit, none")
    return known[chosen]


class EmailChannel:
    """Sends e-mail; see :class:`alerts.channels.channel.Channel`.

    Args:
        settings: Where and as whom.
        law: Names the list in ``List-Id``.
        renderer: Makes the words.
        clock: Gives the ``Date`` of each try.
        tls: How certificates are verified; by default against the system's authorities.

    Raises:
        ChannelSetupError: The settings can never work.
    """

    def __init__(
        self,
        settings: EmailSettings,
        law: Law,
        renderer: Renderer,
        clock: Callable[[], datetime],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._server = parse_smtp(settings.smtp)
        self._sender = parse_sender(settings.sender)
        self._law = law
        self._renderer = renderer
        self._clock = clock
        self._tls = tls or ssl.create_default_context()

    @property
    def name(self) -> str:
        """The channel's name in the settings."""
        return self._settings.name

    def send(self, queued: QueuedMessage) -> Outcome:
        """Sends one message to its one recipient."""
        try:
            mail = self.compose(queued)
        except TemplateError as error:
            # The operator can mend a template; a message once refused is lost.
            return Retry(str(error))
        except (MessageError, ValueError, LookupError) as error:
            return Refused(f"no mail can be made for {queued.message.recipient}: {error}")
        return self._hand_in(mail, queued)

    def names_all(self, message: Message) -> bool:
        """A mail has room for everything."""
        return True

    def probe(self) -> Proof:
        """Connects, with TLS and login as the settings say, and hands nothing in."""
        with Deadline(self._settings.total) as deadline:
            try:
                smtp = self._connect(deadline)
                try:
                    self._log_in(smtp)
                    smtp.noop()
                finally:
                    _part(smtp)
            except (OSError, smtplib.SMTPException) as error:
                return Proof(False, self._down(error, deadline).error)
        tls = {"none": "without TLS", "starttls": "STARTTLS", "implicit": "TLS"}
        login = f"login as {self._server.user}" if self._server.user else "no login"
        return Proof(True, f"{self._where()}: {tls[self._server.security]}, {login}")

    def compose(self, queued: QueuedMessage) -> EmailMessage:
        """The mail as it is handed in."""
        rendered = self._renderer.render(queued.message.type, queued.message.payload)
        domain = self._sender.domain
        mail = EmailMessage(policy=SMTP)
        mail["Subject"] = _defused(rendered.subject)
        mail["From"] = self._sender
        mail["To"] = _address(_addressed(queued.message.recipient))
        mail["Date"] = format_datetime(self._clock())
        mail["Message-ID"] = f"<{queued.id}@{domain}>"
        if queued.in_reply_to:
            mail["In-Reply-To"] = mail["References"] = f"<{queued.in_reply_to}@{domain}>"
        mail["List-Id"] = (
            f"{_defused(plain(self._law.short_name))} <{self._law.id}.waiverwatch.{domain}>"
        )
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(rendered.text)
        mail.add_alternative(rendered.html, subtype="html")
        return mail

    def _hand_in(self, mail: EmailMessage, queued: QueuedMessage) -> Outcome:
        recipient = _addressed(queued.message.recipient)
        with Deadline(self._settings.total) as deadline:
            try:
                smtp = self._connect(deadline)
            except (OSError, smtplib.SMTPException) as error:
                return self._down(error, deadline)
            try:
                self._log_in(smtp)
                outcome = self._converse(smtp, mail, recipient)
            except (OSError, smtplib.SMTPException) as error:
                return self._down(error, deadline)
            finally:
                _part(smtp)
        # A server that knows the Message-ID of a repeat has taken the first try.
        if isinstance(outcome, Refused) and queued.attempts > 1 and _KNOWN.search(outcome.error):
            return Delivered()
        return outcome

    def _down(self, error: Exception, deadline: Deadline) -> Retry:
        reason = "no answer in time" if deadline.is_over else _reason(error)
        return Retry(f"{self._where()}: {reason}", channel_down=True)

    def _connect(self, deadline: Deadline) -> smtplib.SMTP:
        host, port, timeout = self._server.host, self._server.port, self._settings.timeout
        watched = _tls_watched_by(deadline) if self._server.security == "implicit" else None
        if watched is not None:
            return watched(host, port, timeout=timeout, context=self._tls)
        return _watched_by(deadline)(host, port, timeout=timeout)

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if self._server.security == "starttls":
            if not smtp.has_extn("starttls"):
                raise smtplib.SMTPNotSupportedError(_NO_STARTTLS)
            smtp.starttls(context=self._tls)
        if self._server.user is not None:
            smtp.login(self._server.user, self._server.password or "")

    def _converse(self, smtp: smtplib.SMTP, mail: EmailMessage, recipient: str) -> Outcome:
        try:
            smtp.send_message(mail, from_addr=self._sender.addr_spec, to_addrs=[recipient])
        except smtplib.SMTPRecipientsRefused as error:
            code, reply = error.recipients[recipient]
            return _judged(code, f"{self._where()} on {recipient}: {_reply(code, reply)}")
        except smtplib.SMTPSenderRefused as error:
            # Of the settings, not of this message: it can be mended, and the message kept.
            return Retry(f"{self._where()} on the sender: {_reason(error)}", channel_down=True)
        except smtplib.SMTPNotSupportedError:
            why = "the server takes no addresses with letters beyond ASCII (SMTPUTF8)"
            return Refused(f"{self._where()} for {recipient}: {why}")
        except smtplib.SMTPDataError as error:
            return _judged(error.smtp_code, f"{self._where()} on {recipient}: {_reason(error)}")
        return Delivered()

    def _where(self) -> str:
        return f"{self._server.host}:{self._server.port}"


def parse_sender(sender: str) -> Address:
    """Reads ``Name <address>``.

    Raises:
        ChannelSetupError: It holds no address.
    """
    name, address = parseaddr(sender)
    try:
        parsed = _address(_addressed(address), plain(name))
    except (MessageError, ValueError, IndexError) as error:
        raise ChannelSetupError("sender", "is no e-mail address") from error
    if not parsed.username or not parsed.domain:
        raise ChannelSetupError("sender", "is no e-mail address")
    return parsed


def _watched_by(deadline: Deadline) -> type[smtplib.SMTP]:
    """SMTP whose connection the deadline ends; the library connects while it is made."""

    class Watched(smtplib.SMTP):
        def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
            return deadline.watch(socket.create_connection((host, port), timeout))

    return Watched


def _tls_watched_by(deadline: Deadline) -> type[smtplib.SMTP_SSL]:
    class Watched(smtplib.SMTP_SSL):
        def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
            made = deadline.watch(socket.create_connection((host, port), timeout))
            return self.context.wrap_socket(made, server_hostname=host)

    return Watched


def _address(spec: str, shown: str = "") -> Address:
    """An address; the library itself takes apart only those in ASCII."""
    if spec.isascii():
        return Address(shown, addr_spec=spec)
    name, _, domain = spec.rpartition("@")
    if not name or re.search(r"[\s@<>,;:\"()\[\]\\]", name):
        raise ValueError("is no e-mail address")
    return Address(shown, name, domain)


def _addressed(recipient: str) -> str:
    """The address with its domain in ASCII, which every server takes; the name stays as it is."""
    name, at, domain = recipient.rpartition("@")
    return f"{name}{at}{_ascii_domain(domain)}"


def _ascii_domain(domain: str) -> str:
    return domain if domain.isascii() else idna.encode(domain, uts46=True).decode()


def _defused(text: str) -> str:
    """Text that the e-mail library does not take for an encoded word.

    It decodes ``=?utf-8?q?=0D=0ABcc:...?=`` even in text that was never encoded, and then writes
    the line ends into the header.
    """
    return text.replace("=?", "= ?")


def _part(smtp: smtplib.SMTP) -> None:
    """Takes leave. A server that answers badly here has taken the message all the same."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        smtp.quit()
    smtp.close()


def _judged(code: int, error: str) -> Outcome:
    return Refused(error) if 500 <= code < 600 else Retry(error)


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return plain(str(error)).strip() or type(error).__name__


def _reply(code: int, reply: bytes | str) -> str:
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    return plain(f"{code} {text}")[:300]

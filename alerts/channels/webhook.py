"""Webhooks in the form of Standard Webhooks: signed, guarded, never redirected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_network
from urllib.parse import urlsplit

import requests
from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError
from urllib3.exceptions import HTTPError

from alerts.addresses import Network
from alerts.channels.channel import Delivered, Gone, Outcome, Proof, Refused, Retry
from alerts.channels.deadline import Deadline
from alerts.channels.guarded_http import guarded_session
from alerts.errors import AddressRefusedError, ChannelSetupError
from alerts.marking import plain
from alerts.shortening import body_within, keeps_all
from state.message import Message, QueuedMessage

LARGEST_BODY = 20_000
_ALLOWED = "(crawl.allow_networks, or the channel's own, can allow it)"
_KNOWN = "answered 409"
# Of the settings, here or there, and not of the message: mended, it is taken.
_MENDABLE = frozenset({401, 403, 404, 405, 407})
_BRIEF_STATUSES = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """A channel of webhooks.

    Attributes:
        secret: ``whsec_`` and the key in base64. While it is being changed, several, separated by
            spaces: each signs, and the receiver takes the one that it knows.
        allow_networks: Networks, as CIDR, that may be called though they are not public.
        ca_file: Authorities to verify the receiver by; None for the usual ones.
        timeout: Seconds for connecting, and between two bytes of the answer.
        total: Seconds for the whole call.
    """

    name: str
    url: str = field(repr=False)
    secret: str = field(repr=False)
    allow_networks: tuple[str, ...] = ()
    ca_file: str | None = None
    timeout: float = 20.0
    total: float = 60.0


class WebhookChannel:
    """Calls one receiver; see :class:`alerts.channels.channel.Channel`.

    Args:
        settings: Whom, and with which key.
        clock: Gives the time that the signature of each try covers.

    Raises:
        ChannelSetupError: The settings can never work.
    """

    def __init__(self, settings: WebhookSettings, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock
        self._signers = _signers(settings)
        self._networks = _networks(settings)

    @property
    def name(self) -> str:
        """The channel's name in the settings."""
        return self._settings.name

    def send(self, queued: QueuedMessage) -> Outcome:
        """Calls the receiver once."""
        body = body_of(queued)
        headers = self._headers(queued.id, body)
        with Deadline(self._settings.total) as deadline:
            outcome = self._call(body, headers, deadline)
            if isinstance(outcome, Retry) and deadline.is_over:
                return Retry("no answer in time", channel_down=True)
        # A receiver that knows the id of a repeat has taken the first try.
        if (
            isinstance(outcome, Refused)
            and outcome.error.startswith(_KNOWN)
            and queued.attempts > 1
        ):
            return Delivered()
        return outcome

    def names_all(self, message: Message) -> bool:
        """Whether the body has room for every finding and notice."""
        longest = _envelope(message, message.not_before.replace(microsecond=1))
        return keeps_all(LARGEST_BODY, longest, message.payload)

    def probe(self) -> Proof:
        """Connects, with TLS where the address says so, and calls nothing."""
        parts = urlsplit(self._settings.url)
        where = f"{parts.scheme}://{parts.hostname}"
        with Deadline(self._settings.total) as deadline:
            try:
                with guarded_session(self._networks, deadline) as session:
                    verify = self._settings.ca_file or True
                    adapter = session.get_adapter(self._settings.url)
                    request = requests.Request("POST", self._settings.url).prepare()
                    pool = adapter.get_connection_with_tls_context(request, verify)  # type: ignore[attr-defined]
                    connection = pool._new_conn()
                    connection.timeout = self._settings.timeout
                    connection.connect()
                    connection.close()
            except AddressRefusedError as error:
                return Proof(False, f"{error} {_ALLOWED}")
            except (requests.exceptions.RequestException, HTTPError, OSError) as error:
                return Proof(False, f"{where}: {plain(str(error))[:200]}")
        return Proof(True, f"{where} answers; whether it takes a signed call, only a call can tell")

    def _call(self, body: str, headers: dict[str, str], deadline: Deadline) -> Outcome:
        try:
            with (
                guarded_session(self._networks, deadline) as session,
                session.post(
                    self._settings.url,
                    data=body.encode(),
                    headers=headers,
                    timeout=self._settings.timeout,
                    allow_redirects=False,
                    verify=self._settings.ca_file or True,
                    stream=True,  # the answer's body is of no use, and may be endless
                ) as response,
            ):
                return _judged(response, self._clock())
        except AddressRefusedError as error:
            # Mended by a line in the settings; a message once refused is lost.
            return Retry(f"{error} {_ALLOWED}", channel_down=True)
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema):
            return Refused("the address is no http or https address")
        except requests.exceptions.RequestException as error:
            return Retry(_reason(error), channel_down=True)

    def _headers(self, message_id: str, body: str) -> dict[str, str]:
        now = self._clock()
        return {
            "content-type": "application/json",
            "user-agent": "waiverwatch",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(
                signer.sign(message_id, now, body) for signer in self._signers
            ),
        }


def body_of(queued: QueuedMessage) -> str:
    """The JSON body, shorter than 20 kB; the same for every try."""
    envelope = _envelope(queued.message, queued.created_at)
    return body_within(LARGEST_BODY, envelope, queued.message.payload)


def _envelope(message: Message, at: datetime) -> dict[str, str]:
    when = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {"type": message.type, "timestamp": when}


def _signers(settings: WebhookSettings) -> tuple[Webhook, ...]:
    try:
        signers = tuple(Webhook(secret) for secret in settings.secret.split())
    except (ValueError, RuntimeError, EmptyWebhookSecretError) as error:
        raise ChannelSetupError("secret", "is no base64 key", settings.name) from error
    if not signers:
        raise ChannelSetupError("secret", "is missing", settings.name)
    return signers


def _networks(settings: WebhookSettings) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(one, strict=False) for one in settings.allow_networks)
    except ValueError as error:
        raise ChannelSetupError("allow_networks", str(error), settings.name) from error


def _judged(response: requests.Response, now: datetime) -> Outcome:
    status = response.status_code
    error = plain(f"answered {status} {response.reason or ''}").strip()[:200]
    if 200 <= status < 300:
        return Delivered()
    if status == 410:
        return Gone(error)
    if status in _BRIEF_STATUSES or status >= 500:
        after = _retry_after(response.headers, now)
        return Retry(error, after, channel_down=True)
    if status in _MENDABLE or 300 <= status < 400:
        return Retry(error, channel_down=True)
    return Refused(error)


def _retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The receiver's wish: seconds, or a date."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit() and len(value) < 10:
        return timedelta(seconds=int(value))
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(aware - now, timedelta(0))


def _reason(error: requests.exceptions.RequestException) -> str:
    """What went wrong, without the address: a webhook's path is often its password."""
    if isinstance(error, requests.exceptions.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate could not be verified"
    if isinstance(error, requests.exceptions.ConnectionError):
        return "could not be connected to"
    return f"could not be called ({type(error).__name__})"

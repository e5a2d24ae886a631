"""What can be set, and what each value must look like: frozen models, checked whole."""

from __future__ import annotations

import base64
import binascii
import re
import zoneinfo
from datetime import time, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)

from crawler.sources import SourceKind
from crawler.units import parse_duration, parse_size, parse_span, parse_time

Network = IPv4Network | IPv6Network
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# Official sources change slowly, and answer everybody.
_PACES = {
    "federal_register": timedelta(hours=3),
    "congress": timedelta(hours=6),
    "govinfo": timedelta(hours=12),
    "whitehouse": timedelta(hours=1),
    "uscode": timedelta(days=1),
}


class FromEnvironment(str):
    """A value that came from the environment, where everything is text."""

    __slots__ = ()


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str):
        raise ValueError(f'{value} is no duration (try "30m")')
    return parse_duration(value)


def _period(value: timedelta) -> timedelta:
    if not value:
        raise ValueError("must be longer than nothing")
    return value


def _size(value: object) -> int:
    if isinstance(value, str):
        return parse_size(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError(f'{value} is no size (try "3 MB")')


def _clock(value: object) -> time:
    if isinstance(value, time):
        return value
    if not isinstance(value, str):
        raise ValueError(f'{value} is no time of day (try "08:00")')
    return parse_time(value)


def _span(value: object) -> object:
    return parse_span(value) if isinstance(value, str) else value


def _listed(value: object) -> object:
    """A list from the environment is written with commas."""
    if isinstance(value, FromEnvironment):
        return [FromEnvironment(part.strip()) for part in value.split(",") if part.strip()]
    return value


def _whole(value: object) -> object:
    if isinstance(value, FromEnvironment) and re.fullmatch(r"\d{1,9}", value.strip()):
        return int(value)
    return value


def _flag(value: object) -> object:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    return words.get(value.lower(), value) if isinstance(value, FromEnvironment) else value


def _network(value: object) -> Network:
    try:
        return ip_network(str(value))
    except ValueError:
        raise ValueError(f'"{value}" is no network (try "10.0.0.0/8")') from None


def _plain(value: str) -> str:
    if not value.strip() or _CONTROL.search(value):
        raise ValueError("must be one line of text")
    return value


def _url_of(*schemes: str) -> Any:
    def check(value: str) -> str:
        reason = f"is no {' or '.join(schemes)} address"
        try:
            parts = urlsplit(value)
            usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable or _CONTROL.search(value) or " " in value:
            raise ValueError(f'"{shown_url(value)}" {reason}')
        return value

    return check


def shown_url(value: str) -> str:
    """``value`` as it may be shown: without its user, password and query."""
    return re.sub(r"(//)[^/@\s]*@", r"\1***@", value).partition("?")[0]


def _address(value: str) -> str:
    if not re.fullmatch(r"[^@\s\x00-\x1f<>,]+@[^@\s\x00-\x1f<>,]+", value):
        raise ValueError(f'"{value}" is no e-mail address')
    return value


def _sender(value: str) -> str:
    bare = re.fullmatch(r"[^<>\r\n]*<([^<>]+)>", value)
    _address(bare[1] if bare else value)
    return value


def _signing_secret(value: SecretStr) -> SecretStr:
    key = value.get_secret_value().removeprefix("whsec_")
    try:
        decoded = base64.b64decode(key, validate=True)
    except binascii.Error:
        decoded = b""
    if len(decoded) < 16:
        raise ValueError('is no webhook secret ("whsec_" and at least 16 bytes in base64)')
    return value


def _api_key(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\w.-]{1,200}", value.get_secret_value(), re.ASCII):
        raise ValueError("is no API key (letters, digits, dashes)")
    return value


def _secret_url(*schemes: str) -> Any:
    check = _url_of(*schemes)

    def checked(value: SecretStr) -> SecretStr:
        check(value.get_secret_value())
        return value

    return checked


def _database(value: SecretStr) -> SecretStr:
    if not re.match(r"(sqlite|postgresql(\+psycopg)?)://", value.get_secret_value()):
        raise ValueError(
            'is no database address (try "sqlite:///waiverwatch.db" '
            'or "postgresql+psycopg://user@host/name")'
        )
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f'"{value}" is no regular expression: {error}') from None
    return value


def _zone(value: str) -> str:
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'"{value}" is no time zone (try "Europe/London")') from None
    return value


def _contact(value: str) -> str:
    if not re.match(r"(mailto:[^\s@]+@|https?://)[^\s]+$", value) or not value.isascii():
        raise ValueError(f'"{value}" is no contact (try "mailto:you@example.org")')
    return value


def _endpoint(value: str) -> str:
    found = re.fullmatch(r"(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})", value)
    if found is None or int(found[1]) > 65535:
        raise ValueError(f'"{value}" is no HOST:PORT (try "127.0.0.1:8907")')
    return value


def _file(value: Path) -> Path:
    if not value.is_file():
        raise ValueError(f'"{value}" is no file')
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Period = Annotated[timedelta, BeforeValidator(_duration), AfterValidator(_period)]
Size = Annotated[int, BeforeValidator(_size), Field(ge=1)]
Count = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=1, le=1000)]
Flag = Annotated[bool, BeforeValidator(_flag), Field(strict=True)]
Line = Annotated[str, AfterValidator(_plain)]
Texts = Annotated[tuple[Line, ...], BeforeValidator(_listed)]
Networks = Annotated[
    tuple[Annotated[Network, BeforeValidator(_network)], ...], BeforeValidator(_listed)
]
Periods = Annotated[tuple[Period, ...], BeforeValidator(_listed)]
WebUrl = Annotated[str, AfterValidator(_url_of("http", "https"))]
Quiet = Annotated[tuple[time, time], BeforeValidator(_span)]


class _Section(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, arbitrary_types_allowed=True
    )


class DatabaseSettings(_Section):
    """Where what is found is kept."""

    url: Annotated[SecretStr, AfterValidator(_database)] = SecretStr("sqlite:///waiverwatch.db")


class DataSettings(_Section):
    """Which law is watched, and where page bytes go.

    Attributes:
        watch: A built-in watch, or a folder with the same files; None is the default watch.
    """

    watch: Line | None = None
    archive: Path = Path("archive")


class CrawlSettings(_Section):
    """How pages are fetched."""

    contact: Annotated[str, AfterValidator(_contact)] | None = None
    allow_networks: Networks = ()
    concurrency: Count = 16
    per_host_concurrency: Count = 2
    per_host_delay: Duration = timedelta(seconds=1)
    max_page: Size = 3_000_000
    timeout: Period = timedelta(seconds=30)
    revisit: Periods = tuple(
        timedelta(hours=hours) for hours in (1, 6, 24, 3 * 24, 7 * 24, 30 * 24)
    )
    builtin_sources: Flag = True


class ServiceSettings(_Section):
    """What the service does when."""

    timezone: Annotated[str, AfterValidator(_zone)] = "Europe/London"
    deliver_every: Period = timedelta(seconds=30)
    digest_at: Annotated[time, BeforeValidator(_clock)] = time(8)
    http: Annotated[str, AfterValidator(_endpoint)] = "127.0.0.1:8907"


class SourceSettings(_Section):
    """One way into an outlet, or an official source.

    Attributes:
        every: How often it is polled; where absent, as often as is fit for its kind.
        outlet: The outlet's name; where absent, the host of ``url``.
        link_pattern: Only links whose address this regular expression finds are followed.
        must_mention: Only links whose title or summary holds one of these words are followed,
            where the source gives a title or summary.
        expect_every: Longer silence than this is a failure; kept for a later version.
        origin: Where the address was seen; for people.
    """

    name: Line
    url: WebUrl
    kind: SourceKind
    langs: Texts = ()
    every: Period = timedelta(minutes=30)
    outlet: Line | None = None
    link_pattern: Annotated[str, AfterValidator(_pattern)] | None = None
    must_mention: Texts = ()
    expect_every: Period | None = None
    enabled: Flag = True
    origin: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _pace(cls, values: object) -> object:
        if isinstance(values, dict) and values.get("kind") in _PACES:
            return {"every": _PACES[values["kind"]]} | values
        return values


class OfficialSettings(_Section):
    """Keys of official sources. A source that needs one and has none is skipped."""

    congress_api_key: Annotated[SecretStr, AfterValidator(_api_key)] | None = None
    govinfo_api_key: Annotated[SecretStr, AfterValidator(_api_key)] | None = None


class EmailChannelSettings(_Section):
    """A channel of e-mail: each address is a recipient of its own.

    Attributes:
        ca_file: Authorities to verify the server by, instead of the system's.
    """

    kind: Literal["email"]
    name: Line
    to: Annotated[
        tuple[Annotated[str, AfterValidator(_address)], ...],
        BeforeValidator(_listed),
        Field(min_length=1),
    ]
    sender: Annotated[str, AfterValidator(_sender)]
    smtp: Annotated[SecretStr, AfterValidator(_secret_url("smtp", "smtps"))]
    ca_file: Annotated[Path, AfterValidator(_file)] | None = None


class WebhookChannelSettings(_Section):
    """A channel of signed webhooks to one address.

    Attributes:
        allow_networks: Private networks that may be called, besides those that may be fetched.
        ca_file: Authorities to verify the receiver by, instead of the usual ones.
    """

    kind: Literal["webhook"]
    name: Line
    url: Annotated[SecretStr, AfterValidator(_secret_url("http", "https"))]
    secret: Annotated[SecretStr, AfterValidator(_signing_secret)]
    allow_networks: Networks = ()
    ca_file: Annotated[Path, AfterValidator(_file)] | None = None


ChannelSettings = Annotated[
    EmailChannelSettings | WebhookChannelSettings, Field(discriminator="kind")
]


class RouteSettings(_Section):
    """Which findings go out over a channel, and when."""

    channel: Line
    min_severity: Literal["high", "medium", "low"] = "medium"
    langs: Texts = ()
    outlets: Texts = ()
    mode: Literal["immediate", "digest"] = "immediate"
    quiet: Quiet | None = None


class Settings(_Section):
    """Everything that can be set. Secrets are :class:`SecretStr` and never print."""

    database: DatabaseSettings = DatabaseSettings()
    data: DataSettings = DataSettings()
    crawl: CrawlSettings = CrawlSettings()
    service: ServiceSettings = ServiceSettings()
    official: OfficialSettings = OfficialSettings()
    source: tuple[SourceSettings, ...] = ()
    channel: tuple[ChannelSettings, ...] = ()
    route: tuple[RouteSettings, ...] = ()

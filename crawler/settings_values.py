"""What single values of the settings must look like, and how they are written."""

from __future__ import annotations

import base64
import binascii
import re
import zoneinfo
from collections.abc import Mapping
from datetime import time, timedelta
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from babel import Locale
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from crawler.units import parse_duration, parse_size, parse_span, parse_time

Network = IPv4Network | IPv6Network
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


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


def _host(value: str) -> str:
    if not re.fullmatch(r"[^\W_](?:[\w.-]*[^\W_])?", value) or "." not in value:
        raise ValueError(f'"{value}" is no host (try "news.example.org")')
    return value.lower()


def _network(value: object) -> Network:
    try:
        return ip_network(str(value))
    except ValueError:
        raise ValueError(f'"{value}" is no network (try "10.0.0.0/8")') from None


def is_language(code: str) -> bool:
    """Whether it is an ISO 639-1 code."""
    return code in _languages()


@cache
def _languages() -> Mapping[str, str]:
    """English names by code. The list knows longer codes too, which articles never have."""
    names: Mapping[str, str] = Locale("en").languages
    return {code: name for code, name in names.items() if len(code) == 2}


def _language(value: str) -> str:
    if is_language(value):
        return value
    meant = [
        code
        for code, name in _languages().items()
        if value.casefold() in (code, name.casefold()) or value.casefold().startswith(f"{code}-")
    ]
    hint = f'did you mean "{meant[0]}"?' if meant else 'try "en"'
    raise ValueError(f'"{value}" is no ISO 639-1 code of a language ({hint})')


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


def _page(value: str) -> str:
    if "{id}" not in value:
        raise ValueError(f'"{value}" has no "{{id}}" for the finding\'s id')
    return value


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
    """One secret or, while it is being changed, several with spaces between."""
    keys = value.get_secret_value().split()
    if not keys or any(_key_length(key) < 16 for key in keys):
        raise ValueError('is no webhook secret ("whsec_" and at least 16 bytes in base64)')
    return value


def _key_length(secret: str) -> int:
    try:
        return len(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
    except binascii.Error:
        return 0


def _service_url(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*://\S+", value.get_secret_value(), re.IGNORECASE):
        raise ValueError('is no address of a service (try "slack://...", see the Apprise wiki)')
    return value


def _folder(value: Path) -> Path:
    if not value.is_dir():
        raise ValueError(f'"{value}" is no folder')
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
PageUrl = Annotated[WebUrl, AfterValidator(_page)]
Quiet = Annotated[tuple[time, time], BeforeValidator(_span)]
ZoneName = Annotated[str, AfterValidator(_zone)]
Endpoint = Annotated[str, AfterValidator(_endpoint)]
Contact = Annotated[str, AfterValidator(_contact)]
Pattern = Annotated[str, AfterValidator(_pattern)]
MailAddress = Annotated[str, AfterValidator(_address)]
Sender = Annotated[str, AfterValidator(_sender)]
Host = Annotated[str, AfterValidator(_host)]
ExistingFile = Annotated[Path, AfterValidator(_file)]
TimeOfDay = Annotated[time, BeforeValidator(_clock)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database)]
SigningSecret = Annotated[SecretStr, AfterValidator(_signing_secret)]
ServiceUrl = Annotated[SecretStr, AfterValidator(_service_url)]
ExistingFolder = Annotated[Path, AfterValidator(_folder)]
ApiKey = Annotated[SecretStr, AfterValidator(_api_key)]
SmtpUrl = Annotated[SecretStr, AfterValidator(_secret_url("smtp", "smtps"))]
SecretWebUrl = Annotated[SecretStr, AfterValidator(_secret_url("http", "https"))]
Languages = Annotated[
    tuple[Annotated[Line, AfterValidator(_language)], ...], BeforeValidator(_listed)
]
MailAddresses = Annotated[tuple[MailAddress, ...], BeforeValidator(_listed), Field(min_length=1)]

"""The settings: read once, from a TOML file and the environment, into one frozen object.

The only module that looks at the environment.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from crawler.errors import SettingsError
from crawler.settings_schema import (
    AppriseChannelSettings,
    ChannelSettings,
    CrawlSettings,
    DatabaseSettings,
    DataSettings,
    EmailChannelSettings,
    OfficialSettings,
    ReviewSettings,
    RouteSettings,
    ServiceSettings,
    Settings,
    SourceSettings,
    WebhookChannelSettings,
)
from crawler.settings_values import FromEnvironment

__all__ = [
    "ChannelSettings",
    "CrawlSettings",
    "EmailChannelSettings",
    "RouteSettings",
    "ServiceSettings",
    "Settings",
    "SourceSettings",
    "WebhookChannelSettings",
    "check_endpoint",
    "default_files",
    "load_settings",
    "parse_sources",
    "read_toml",
    "settings_file",
]

FILE_NAME = "waiverwatch.toml"
_PREFIX = "WAIVERWATCH_"
_LISTS = ("source", "channel", "route")
_SECRETS = ("url", "smtp", "secret", "congress_api_key", "govinfo_api_key")
_SECRET_SECTIONS = ("database", "official", "channel")
_MODELS: dict[str, tuple[type[BaseModel], ...]] = {
    "database": (DatabaseSettings,),
    "data": (DataSettings,),
    "crawl": (CrawlSettings,),
    "service": (ServiceSettings,),
    "official": (OfficialSettings,),
    "review": (ReviewSettings,),
    "source": (SourceSettings,),
    "channel": (EmailChannelSettings, WebhookChannelSettings, AppriseChannelSettings),
    "route": (RouteSettings,),
}
_TYPES = {
    "int_type": "is no whole number",
    "bool_type": "is neither true nor false",
    "string_type": "is no text (put it in quotes)",
    "tuple_type": 'is no list (try ["one", "two"])',
    "list_type": 'is no list (try ["one", "two"])',
    "path_type": "is no path",
    "model_type": "is no table",
    "dict_type": "is no table",
    "model_attributes_type": "is no table",
    "missing": "is missing",
    "union_tag_not_found": "is missing",
}


@dataclass(slots=True)
class _Raw:
    """Settings as they were written, and which of them the environment gave."""

    place: str
    folder: Path
    values: dict[str, Any]
    variables: dict[tuple[str | int, ...], str] = field(default_factory=dict)

    def error(self, location: tuple[str | int, ...], why: str) -> SettingsError:
        variable = self.variables.get(location)
        if variable is not None:
            return SettingsError(f"{variable}: {why}")
        return SettingsError(f"{self.place}: {_path(location)}: {why}")


def default_files(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Where settings are looked for when no file is named, the first that exists wins."""
    home = environ.get("XDG_CONFIG_HOME") or environ.get("APPDATA")
    folder = Path(home) if home else Path("~/.config").expanduser()
    return Path(FILE_NAME), folder / "waiverwatch" / FILE_NAME


def settings_file(path: Path | None, environ: Mapping[str, str] | None = None) -> Path | None:
    """The file that settings are read from; None where there is none."""
    places = default_files(os.environ if environ is None else environ)
    return path or next((place for place in places if place.is_file()), None)


def load_settings(
    path: Path | None = None,
    environ: Mapping[str, str] | None = None,
    *,
    database: str | None = None,
) -> Settings:
    """The settings of a file, or of the default file, with the environment laid over them.

    Args:
        path: The file; None looks in the default places, and does without where there is none.
        environ: Variables to use instead of the process's own.
        database: The address of the database, before all other words about it.

    Raises:
        SettingsError: In one line that names the file or variable, and the key.
    """
    environ = os.environ if environ is None else environ
    raw = _read(settings_file(path, environ))
    _overlay(raw, environ)
    if database is not None:
        _set(raw, "--db", ("database", "url"), FromEnvironment(database))
    _resolve_secrets(raw, environ)
    try:
        settings = Settings.model_validate(raw.values)
    except ValidationError as failure:
        raise _told(raw, failure) from None
    _check_names(raw, settings)
    return settings


def check_endpoint(text: str) -> str:
    """``text`` where it is a HOST:PORT.

    Raises:
        SettingsError: It is none.
    """
    try:
        return ServiceSettings(http=text).http
    except ValidationError:
        raise SettingsError(f'--http: "{text}" is no HOST:PORT (try "127.0.0.1:8907")') from None


def parse_sources(values: Mapping[str, Any], place: str) -> tuple[SourceSettings, ...]:
    """The ``[[source]]`` entries of a catalogue file, under the same rules as the settings'.

    Raises:
        SettingsError: In one line that names the file and the entry.
    """
    raw = _Raw(place, Path(), dict(values))
    if set(values) - {"source"}:
        raise raw.error((sorted(set(values) - {"source"})[0],), "unknown key")
    try:
        settings = Settings.model_validate(raw.values)
    except ValidationError as failure:
        raise _told(raw, failure) from None
    _check_names(raw, settings)
    return settings.source


def read_toml(path: Path) -> dict[str, Any]:
    """The values of a TOML file.

    Raises:
        SettingsError: In one line that names the file; it cannot be read, or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is no UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: is no TOML: {error}") from error


def _read(path: Path | None) -> _Raw:
    if path is None:
        return _Raw("settings", Path(), {})
    return _Raw(str(path), path.parent, read_toml(path))


def _overlay(raw: _Raw, environ: Mapping[str, str]) -> None:
    for variable in sorted(environ):
        if variable.startswith(_PREFIX) and "__" in variable:
            keys = variable.removeprefix(_PREFIX).lower().split("__")
            _place_value(raw, variable, keys, FromEnvironment(environ[variable]))


def _place_value(raw: _Raw, variable: str, keys: list[str], value: FromEnvironment) -> None:
    section, *rest = keys
    if section not in _MODELS:
        raise SettingsError(f'{variable}: "{section}" is no section of the settings')
    _set(raw, variable, _location(raw, variable, section, rest), value)


def _set(raw: _Raw, variable: str, location: tuple[str | int, ...], value: FromEnvironment) -> None:
    table = _table(raw, variable, location)
    key = str(location[-1])
    # What the environment says replaces the file's other ways of saying the same.
    base = re.sub(r"_(file|env)$", "", key)
    for other in (base, f"{base}_file", f"{base}_env"):
        if base in _SECRETS and (*location[:-1], other) not in raw.variables:
            table.pop(other, None)
    table[key] = value
    raw.variables[location] = variable


def _location(raw: _Raw, variable: str, section: str, rest: list[str]) -> tuple[str | int, ...]:
    if section not in _LISTS:
        if len(rest) != 1:
            raise SettingsError(f"{variable}: try {_PREFIX}{section.upper()}__KEY")
        return section, rest[0]
    if len(rest) != 2 or not rest[0].isdecimal():
        raise SettingsError(f"{variable}: try {_PREFIX}{section.upper()}__0__KEY")
    return section, int(rest[0]), rest[1]


def _table(raw: _Raw, variable: str, location: tuple[str | int, ...]) -> dict[str, Any]:
    section, *between, _ = location
    found = raw.values.setdefault(str(section), [] if between else {})
    if between and isinstance(found, list):
        index = int(between[0])
        if index > len(found):
            raise SettingsError(f"{variable}: there are only {len(found)} [[{section}]] entries")
        if index == len(found):
            found.append({})
        found = found[index]
    if not isinstance(found, dict):
        raise SettingsError(f"{raw.place}: {section}: is no table")
    return found


def _resolve_secrets(raw: _Raw, environ: Mapping[str, str]) -> None:
    for section in _SECRET_SECTIONS:
        entries = raw.values.get(section, {})
        for index, entry in enumerate(entries if isinstance(entries, list) else [entries]):
            place = (section, index) if isinstance(entries, list) else (section,)
            if isinstance(entry, dict):
                _resolve_entry(raw, place, entry, environ)


def _resolve_entry(
    raw: _Raw, place: tuple[str | int, ...], entry: dict[str, Any], environ: Mapping[str, str]
) -> None:
    for key in _SECRETS:
        ways = [way for way in (key, f"{key}_file", f"{key}_env") if way in entry]
        if len(ways) > 1:
            raise raw.error((*place, ways[1]), f"{ways[0]} is given as well; keep one of them")
        if not ways or ways[0] == key:
            continue
        location = (*place, ways[0])
        given = entry.pop(ways[0])
        if not isinstance(given, str):
            raise raw.error(location, "is no text (put it in quotes)")
        if ways[0].endswith("_file"):
            entry[key] = _secret_file(raw, location, given)
        elif given in environ:
            entry[key] = environ[given]
        else:
            raise raw.error(location, f"the variable {given} is not set")


def _secret_file(raw: _Raw, location: tuple[str | int, ...], given: str) -> str:
    path = raw.folder / Path(given).expanduser()
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise raw.error(location, f"{path} cannot be read") from error


def _told(raw: _Raw, failure: ValidationError) -> SettingsError:
    # An unknown key often explains the missing one beside it, so it is told first.
    errors = sorted(failure.errors(), key=lambda error: error["type"] != "extra_forbidden")
    location, why = _why(raw, errors[0])
    return raw.error(location, why)


def _why(raw: _Raw, error: ErrorDetails) -> tuple[tuple[str | int, ...], str]:
    location, kind = _without_tag(error["loc"]), error["type"]
    if kind.startswith("union_tag"):
        location = (*location, "kind")
    given = _at(raw.values, location)
    context = error.get("ctx", {})
    if kind == "extra_forbidden":
        return location, "unknown key" + _guess(location)
    if kind == "value_error":
        return location, str(context["error"])
    if kind in ("union_tag_invalid", "literal_error"):
        words = str(context.get("expected_tags") or context["expected"])
        return location, f'"{given}" is none of {words.replace(" or ", ", ").replace(chr(39), "")}'
    shown = "" if given is None or isinstance(given, dict | list) else f'"{given}" '
    if isinstance(given, bool):
        shown = shown.lower()
    if _is_secret(location):
        shown = ""
    return location, shown + _TYPES.get(kind, error["msg"].replace("Input should", "should"))


def _without_tag(location: tuple[str | int, ...]) -> tuple[str | int, ...]:
    if location[0] == "channel" and len(location) > 2:
        return location[:2] + location[3:]
    return location


def _at(values: object, location: tuple[str | int, ...]) -> object:
    for step in location:
        try:
            values = values[step]  # type: ignore[index]
        except (TypeError, LookupError):
            return None
    return values


def _guess(location: tuple[str | int, ...]) -> str:
    models = _MODELS.get(str(location[0]), ())
    known = [name for model in models for name in model.model_fields]
    if len(location) == 1:
        known = list(_MODELS)
    near = difflib.get_close_matches(str(location[-1]), known, n=1)
    return f' (did you mean "{near[0]}"?)' if near else ""


def _is_secret(location: tuple[str | int, ...]) -> bool:
    return location[0] in _SECRET_SECTIONS and location[-1] in _SECRETS


def _path(location: tuple[str | int, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".")


def _check_names(raw: _Raw, settings: Settings) -> None:
    for section in ("source", "channel"):
        names = [entry.name for entry in getattr(settings, section)]
        for name, count in Counter(names).items():
            if count > 1:
                index = [at for at, other in enumerate(names) if other == name][1]
                raise raw.error((section, index, "name"), f'"{name}" is given twice')
    channels = {channel.name for channel in settings.channel}
    for index, route in enumerate(settings.route):
        if route.channel not in channels:
            known = ", ".join(sorted(channels)) or "none"
            why = f'"{route.channel}" is no channel (known: {known})'
            raise raw.error(("route", index, "channel"), why)

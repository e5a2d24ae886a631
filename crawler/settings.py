"""The settings: read once, from a TOML file and the environment, into one frozen object.

The only module that looks at the environment.
"""

from __future__ import annotations

import os
import tomllib
import typing
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from crawler.errors import SettingsError
from crawler.guessing import did_you_mean
from crawler.settings_origin import Location, Origin
from crawler.settings_paths import anchor_paths
from crawler.settings_raw import (
    LISTS,
    MODELS,
    NO_LIST,
    SECRET_SECTIONS,
    SECRETS,
    Raw,
    lay_over,
    no_tables,
    overlay,
    resolve_secrets,
)
from crawler.settings_schema import (
    ChannelSettings,
    CrawlSettings,
    EmailChannelSettings,
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
_TYPES = {
    "int_type": "is no whole number",
    "bool_type": "is neither true nor false",
    "string_type": "is no text (put it in quotes)",
    "tuple_type": NO_LIST,
    "list_type": NO_LIST,
    "path_type": "is no path",
    "model_type": "is no table",
    "dict_type": "is no table",
    "model_attributes_type": "is no table",
    "missing": "is missing",
    "union_tag_not_found": "is missing",
}


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
    overlay(raw, environ)
    if database is not None:
        lay_over(raw, "--db", ("database", "url"), FromEnvironment(database))
    resolve_secrets(raw, environ)
    return _checked(raw)


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
    raw = Raw(Origin(place), Path(), dict(values))
    if set(values) - {"source"}:
        raise raw.error((sorted(set(values) - {"source"})[0],), "unknown key")
    return _checked(raw).source


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


def _read(path: Path | None) -> Raw:
    if path is None:
        return Raw(Origin(), Path())
    values = read_toml(path)
    anchor_paths(values, path.parent)
    return Raw(Origin(str(path)), path.parent, values)


def _checked(raw: Raw) -> Settings:
    try:
        settings = Settings.model_validate(raw.values, context=raw.origin)
    except ValidationError as failure:
        raise _told(raw, failure) from None
    _check_names(raw, settings)
    return settings


def _told(raw: Raw, failure: ValidationError) -> SettingsError:
    # An unknown key often explains the missing one beside it, so it is told first.
    errors = sorted(failure.errors(), key=lambda error: error["type"] != "extra_forbidden")
    location, why = _why(raw, errors[0])
    return raw.error(location, why)


def _why(raw: Raw, error: ErrorDetails) -> tuple[Location, str]:
    location, kind = _without_tag(error["loc"]), error["type"]
    if kind.startswith("union_tag"):
        location = (*location, "kind")
    given = _at(raw.values, location)
    context = error.get("ctx", {})
    if kind == "extra_forbidden":
        return location, _why_unknown(raw, location)
    if len(location) == 1 and location[0] in LISTS:
        return location, no_tables(str(location[0]))
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


def _without_tag(location: Location) -> Location:
    if location[0] == "channel" and len(location) > 2:
        return location[:2] + location[3:]
    return location


def _at(values: object, location: Location) -> object:
    for step in location:
        try:
            values = values[step]  # type: ignore[index]
        except (TypeError, LookupError):
            return None
    return values


def _why_unknown(raw: Raw, location: Location) -> str:
    key = str(location[-1])
    if len(location) == 1:
        return f"unknown key{did_you_mean(key, MODELS)}"
    models = MODELS.get(str(location[0]), ())
    kind = _at(raw.values, (*location[:-1], "kind")) if location[0] == "channel" else None
    taken = [model for model in models if kind is None or _is_of_kind(model, kind)]
    if any(key in model.model_fields for model in models):
        return f"unknown key: a channel of kind {kind} takes none such"
    return f"unknown key{did_you_mean(key, [name for one in taken for name in one.model_fields])}"


def _is_of_kind(model: type[BaseModel], kind: object) -> bool:
    return kind in typing.get_args(model.model_fields["kind"].annotation)


def _is_secret(location: Location) -> bool:
    return location[0] in SECRET_SECTIONS and location[-1] in SECRETS


def _check_names(raw: Raw, settings: Settings) -> None:
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

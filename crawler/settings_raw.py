"""Settings as they were written, in the file and in the environment, before they are checked."""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from crawler.errors import SettingsError
from crawler.guessing import did_you_mean
from crawler.settings_origin import PREFIX, Location, Origin, path_of, variable_of
from crawler.settings_paths import beside, database_beside
from crawler.settings_schema import (
    AppriseChannelSettings,
    CrawlSettings,
    DatabaseSettings,
    DataSettings,
    EmailChannelSettings,
    OfficialSettings,
    ReviewSettings,
    RouteSettings,
    ServiceSettings,
    SourceSettings,
    WebhookChannelSettings,
)
from crawler.settings_values import FromEnvironment

LISTS = ("source", "channel", "route")
SECRETS = ("url", "smtp", "secret", "congress_api_key", "govinfo_api_key")
SECRET_SECTIONS = ("database", "official", "channel")
MODELS: dict[str, tuple[type[BaseModel], ...]] = {
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
NO_LIST = 'is no list (try ["one", "two"])'


@dataclass(slots=True)
class Raw:
    """Settings as they were written.

    Attributes:
        folder: Where the file lies.
    """

    origin: Origin
    folder: Path
    values: dict[str, Any] = field(default_factory=dict)

    def error(self, location: Location, why: str) -> SettingsError:
        """See :meth:`crawler.settings_origin.Origin.error`."""
        return self.origin.error(location, why)


def overlay(raw: Raw, environ: Mapping[str, str]) -> None:
    """Lays the variables of the environment over the settings.

    Raises:
        SettingsError: Names a variable that can mean no setting.
    """
    named = (name for name in environ if name.startswith(PREFIX) and "__" in name)
    for variable in sorted(named, key=_order):
        location = _location(variable)
        lay_over(raw, variable, location, FromEnvironment(environ[variable]))


def lay_over(raw: Raw, variable: str, location: Location, value: FromEnvironment) -> None:
    """Puts one value in place of the file's."""
    if isinstance(location[-1], int):
        _set_item(raw, variable, location, value)
        return
    table = _table(raw, variable, location)
    key = location[-1]
    # What the environment says replaces the file's other ways of saying the same.
    base = re.sub(r"_(file|env)$", "", key)
    for other in (base, f"{base}_file", f"{base}_env"):
        if base in SECRETS and (*location[:-1], other) not in raw.origin.variables:
            table.pop(other, None)
    table[key] = value
    raw.origin.variables[location] = variable


def resolve_secrets(raw: Raw, environ: Mapping[str, str]) -> None:
    """Puts secrets that lie in files and variables in the place of what names them.

    Raises:
        SettingsError: One cannot be had; names the key that names it.
    """
    for section in SECRET_SECTIONS:
        entries = raw.values.get(section, {})
        for index, entry in enumerate(entries if isinstance(entries, list) else [entries]):
            place: Location = (section, index) if isinstance(entries, list) else (section,)
            if isinstance(entry, dict):
                _resolve_entry(raw, place, entry, environ)


def _order(variable: str) -> list[tuple[bool, int, str]]:
    """Entries of lists in the order of their numbers."""
    steps = (_step(part) for part in variable.split("__"))
    return [(True, one, "") if isinstance(one, int) else (False, 0, one) for one in steps]


def _step(part: str) -> str | int:
    return int(part) if re.fullmatch(r"[0-9]{1,6}", part) else part


def _location(variable: str) -> Location:
    section, *rest = variable.removeprefix(PREFIX).lower().split("__")
    if section not in MODELS:
        raise SettingsError(f'{variable}: "{section}" is no section of the settings')
    place: Location = (section,)
    steps = [_step(part) for part in rest]
    if section in LISTS:
        if not steps or not isinstance(steps[0], int):
            raise SettingsError(f"{variable}: try {variable_of((section, 0, 'key'))}")
        place = (section, steps.pop(0))
    key, *index = steps or [0]
    if not isinstance(key, str) or len(index) > 1 or (index and not isinstance(index[0], int)):
        raise SettingsError(f"{variable}: try {variable_of((*place, 'key'))}")
    if index:
        _check_list(variable, section, key)
    return (*place, key, *index)


def _check_list(variable: str, section: str, key: str) -> None:
    fields = [model.model_fields for model in MODELS[section]]
    found = [one[key] for one in fields if key in one]
    if not found:
        known = {name for one in fields for name in one}
        raise SettingsError(f'{variable}: "{key}" is an unknown key{did_you_mean(key, known)}')
    if not any(typing.get_origin(one.annotation) is tuple for one in found):
        raise SettingsError(f'{variable}: "{key}" is no list; leave out the number')


def _set_item(raw: Raw, variable: str, location: Location, value: FromEnvironment) -> None:
    *parent, index = location
    outer = tuple(parent)
    whole = raw.origin.variables.get(outer)
    if whole is not None:
        raise SettingsError(f"{variable}: {whole} is given as well; keep one of them")
    items = _table(raw, variable, outer).setdefault(str(outer[-1]), [])
    if not isinstance(items, list):
        raise raw.error(outer, NO_LIST)
    if int(index) > len(items):
        raise SettingsError(f"{variable}: {path_of(outer)} has only {len(items)} entries")
    items[int(index) : int(index) + 1] = [value]
    raw.origin.variables[location] = variable


def _table(raw: Raw, variable: str, location: Location) -> dict[str, Any]:
    section, *between, _ = location
    found = raw.values.setdefault(str(section), [] if between else {})
    if between and isinstance(found, list):
        index = int(between[0])
        if index > len(found):
            raise SettingsError(f"{variable}: there are only {len(found)} [[{section}]] entries")
        if index == len(found):
            found.append({})
            raw.origin.added.add((section, index))
        found = found[index]
    if not isinstance(found, dict) or (between and found is raw.values[str(section)]):
        raise raw.error((section,), no_tables(str(section)) if between else "is no table")
    return found


def no_tables(section: str) -> str:
    """What is wrong with a section of entries that is no list of tables."""
    return f"is written [[{section}]], with two brackets on each side, once for each entry"


def _resolve_entry(
    raw: Raw, place: Location, entry: dict[str, Any], environ: Mapping[str, str]
) -> None:
    for key in SECRETS:
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
            raw.origin.variables[*place, key] = given
        else:
            raise raw.error(location, f"the variable {given} is not set")


def _secret_file(raw: Raw, location: Location, given: str) -> str:
    # What a variable names is meant from where the program was started.
    folder = Path() if location in raw.origin.variables else raw.folder
    path = beside(folder, given)
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise raw.error(location, f"{path} cannot be read") from error
    return database_beside(folder, secret) if location[0] == "database" else secret

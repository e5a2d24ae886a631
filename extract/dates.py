"""Reads the dates that a page states."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from importlib.resources import files

from extract.tokens import fold

_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"^\s*(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}.*)?\s*$")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[./](\d{1,2})[./](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)")
_WORD = r"([^\W\d_]{3,12})"
_DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|-?[iıuü])?[\s.,-]+{_WORD}[\s.,-]+(\d{{4}})(?!\d)"
)
_MONTH_DAY = re.compile(rf"{_WORD}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)")
_YEAR_MONTH_DAY = re.compile(
    rf"(?<!\d)(\d{{4}})\s*(?:թ\.?|թվական\w*|-ci il|il)?[,\s]+{_WORD}\.?\s+(\d{{1,2}})(?!\d)"
)

EARLIEST, LATEST = 1990, 2100


def read_stamp(value: object) -> date | None:
    """Returns the day of a date that a machine wrote: ISO 8601, or as in mail headers.

    It is the day at the place of writing; the zone moves nothing.
    """
    if not isinstance(value, str) or len(value) > 80:
        return None
    if found := _ISO.search(value) or _COMPACT.match(value):
        year, month, day = map(int, found.groups())
        return _date(year, month, day)
    return read_written(value)


def read_written(text: str) -> date | None:
    """Returns the day of a date that was written for people, None where it is ambiguous.

    03/04/2025 may be March or April: it is not guessed at. With dots the day goes first.
    """
    text = text[:200]
    if found := _ISO.search(text) or _YEAR_FIRST.search(text):
        year, month, day = map(int, found.groups())
        return _date(year, month, day)
    if found := _DAY_FIRST.search(text):
        return _day_first(int(found[1]), int(found[3]), int(found[4]), dotted=found[2] == ".")
    return _with_month_name(text)


def _day_first(day: int, month: int, year: int, *, dotted: bool) -> date | None:
    if dotted or day > 12 or day == month:
        return _date(year, month, day)
    return _date(year, day, month) if month > 12 else None


def _with_month_name(text: str) -> date | None:
    for pattern, order in (
        (_DAY_MONTH, (2, 1, 0)),
        (_MONTH_DAY, (2, 0, 1)),
        (_YEAR_MONTH_DAY, (0, 1, 2)),
    ):
        for found in pattern.finditer(text):
            year, name, day = (found.groups()[at] for at in order)
            if month := _months().get(fold(name)):
                return _date(int(year), month, int(day))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    if not EARLIEST <= year <= LATEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_names() -> Collection[str]:
    """The names of months in all languages, folded."""
    return _months().keys()


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Returns the number of each month's name, folded."""
    data = tomllib.loads(files("extract").joinpath("months.toml").read_text("utf-8"))
    return {
        fold(form): number
        for months in data.values()
        for number, forms in enumerate(months["names"], 1)
        for form in forms.split()
    }

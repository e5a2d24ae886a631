"""Reads and checks the file of a record: one bad entry stops the start."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from state.errors import RecordError
from state.record import WAIVERS, Event

_EVENT = TypeAdapter(with_config(ConfigDict(extra="forbid"))(Event))
_HEADER = re.compile(r"\s*\[\[\s*event\s*\]\]\s*(#.*)?")
_TEXTS = ("instrument", "citation", "citation_missing", "url", "signed_by", "caveat")


class _Fault(Exception):  # noqa: N818 - it never leaves this module
    """What is wrong with a field of an entry."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


def read_events(path: Path) -> tuple[Event, ...]:
    """The events of the file, in its order; see :func:`state.record.load_record`."""
    text = _text(path)
    entries = _entries(path, text)
    lines = [number for number, line in enumerate(text.splitlines(), 1) if _HEADER.fullmatch(line)]
    events: list[Event] = []
    for index, entry in enumerate(entries):
        try:
            events.append(_event(entry))
            _check_among(events)
        except _Fault as fault:
            line = f"line {lines[index]}, " if len(lines) == len(entries) else ""
            where = f"{line}event {index + 1}, field {fault.field!r}"
            raise RecordError(path, where, fault.why) from fault
    if not any(event.kind == "enacted" and event.decides for event in events):
        raise RecordError(path, "", "no event of kind 'enacted': the record must begin with one")
    return tuple(events)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise RecordError(path, "", f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RecordError(path, f"byte {error.start}", "is not UTF-8") from error


def _entries(path: Path, text: str) -> list[dict[str, Any]]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecordError(path, "", f"is not TOML: {error}") from error
    for key in data:
        if key != "event":
            raise RecordError(path, f"key {key!r}", "unknown; a record holds [[event]] alone")
    entries = data.get("event", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise RecordError(path, "key 'event'", "must be a list of tables, each under [[event]]")
    return entries


def _event(entry: dict[str, Any]) -> Event:
    for field in ("date", "until", "through"):
        # A time of day would pass for a date, and be cut off.
        if field in entry and type(entry[field]) is not date:
            raise _Fault(field, f"must be a date like 2002-01-25, not {entry[field]!r}")
    try:
        event = _EVENT.validate_python(entry)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _Fault(".".join(str(part) for part in first["loc"]), first["msg"]) from error
    for fault in _faults(event):
        raise fault
    return event


def _faults(event: Event) -> Iterator[_Fault]:
    for field in _TEXTS:
        value = getattr(event, field)
        if value is not None and not value.strip():
            yield _Fault(field, "is empty; leave it out")
    if event.confidence == "high" and not (event.citation or event.citation_missing):
        why = "missing, with high confidence; give it, or say why in citation_missing"
        yield _Fault("citation", why)
    for field, end in (("until", event.until), ("through", event.through)):
        if end is not None and end < event.date:
            yield _Fault(field, f"{end} is before the event's date {event.date}")
    if event.through is not None and (event.until is not None or event.kind not in WAIVERS):
        yield _Fault("through", "only for a waiver or extension without 'until'")
    if event.until is not None and event.until_basis in (None, "unknown"):
        yield _Fault("until_basis", "missing: say what 'until' rests on")


def _check_among(events: Sequence[Event]) -> None:
    """Hold the last event against those before it."""
    event = events[-1]
    for before, after in pairwise(events[-2:]):
        if after.date < before.date:
            raise _Fault("date", f"{after.date} comes after {before.date}: dates out of order")
    earlier = events[:-1]
    if any(_same(event, other) for other in earlier):
        raise _Fault("instrument", "the same event stands in the record already")
    if event.decides:
        for other in (other for other in earlier if other.decides):
            _check_against(event, other)


def _same(event: Event, other: Event) -> bool:
    return (event.date, event.kind, event.instrument) == (other.date, other.kind, other.instrument)


def _check_against(event: Event, earlier: Event) -> None:
    if event.kind == "enacted":
        raise _Fault("kind", f"'enacted' after an event of {earlier.date} that presupposes it")
    if earlier.kind == "repealed":
        raise _Fault("date", f"contradicts the repeal of {earlier.date}")
    ends = earlier.until is not None and event.date < earlier.until
    if ends and event.kind == "lapse" and earlier.kind in WAIVERS:
        raise _Fault(
            "date",
            f"a lapse within the waiver of {earlier.date}, which lasts until {earlier.until}",
        )
    if ends and event.kind in WAIVERS and earlier.kind == "lapse":
        raise _Fault(
            "date",
            f"a waiver within the lapse of {earlier.date}, which lasts until {earlier.until}",
        )

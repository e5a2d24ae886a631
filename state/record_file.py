"""Reads and checks the file of a record: one bad entry stops the start."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from state.errors import RecordError
from state.event import Event
from state.record_checks import EventFault, check_among, check_event

_EVENT = TypeAdapter(with_config(ConfigDict(extra="forbid"))(Event))
_HEADER = re.compile(r"\s*\[\[\s*event\s*\]\]\s*(#.*)?")


def read_events(path: Path) -> tuple[Event, ...]:
    """The events of the file, in its order; see :func:`state.record.load_record`."""
    text = _text(path)
    entries = _entries(path, text)
    lines = [number for number, line in enumerate(text.splitlines(), 1) if _HEADER.fullmatch(line)]
    events: list[Event] = []
    for index, entry in enumerate(entries):
        try:
            event = _event(entry)
            _check_order(events, event)
            check_among(event, events)
            events.append(event)
        except EventFault as fault:
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
            raise EventFault(field, f"must be a date like 2002-01-25, not {entry[field]!r}")
    try:
        event = _EVENT.validate_python(entry)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise EventFault(".".join(str(part) for part in first["loc"]), first["msg"]) from error
    check_event(event)
    return event


def _check_order(earlier: Sequence[Event], event: Event) -> None:
    if earlier and event.date < earlier[-1].date:
        why = f"{event.date} comes after {earlier[-1].date}: dates out of order"
        raise EventFault("date", why)

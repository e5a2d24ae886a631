"""The record of a law: its dated events with their citations, and its status on any day.

Pure but for reading the file. What the record does not establish it says so, and never guesses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from state.errors import RecordError
from state.event import WAIVERS, Confidence, Event, end_known, when_known
from state.record_checks import EventFault, check_among, check_event

StatusName = Literal["not_enacted", "in_force", "waived", "lapsed", "repealed", "not_established"]

_RANKS: dict[Confidence, int] = {"unverified": 0, "low": 1, "medium": 2, "high": 3}


@dataclass(frozen=True, slots=True)
class Status:
    """What the record says of the law on a day.

    Attributes:
        event: The event that decides; None where there is none by then.
        until: When the status ends, as far as the record knows.
        caveat: One line that must be shown with the status; None where it is plain.
    """

    on: dt.date
    status: StatusName
    event: Event | None
    until: dt.date | None = None
    caveat: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The events of one law in the order of their dates."""

    events: tuple[Event, ...]

    def with_events(self, extra: Iterable[Event]) -> Record:
        """The record with further events, each held against all that stand before and after it.

        Raises:
            RecordError: An event is wrong in itself or contradicts another; names it, and the
                field.
        """
        events = self.events
        for event in extra:
            try:
                check_event(event)
                check_among(event, events)
            except EventFault as fault:
                where = f"{event.kind} of {event.date} ({event.instrument}), field {fault.field!r}"
                raise RecordError("added to the record", where, fault.why) from fault
            events = tuple(sorted((*events, event), key=lambda one: one.date))
        return Record(events)

    def status(self, on: dt.date) -> Status:
        """The law's status on a day.

        Unverified events, bills and statements decide nothing. A waiver past its end with nothing
        known after it leaves the status not established: only a lapse event makes it lapsed.
        """
        settled = [event for event in self.events if event.decides and event.latest <= on]
        repeal = next((event for event in settled if event.kind == "repealed"), None)
        if repeal is not None:
            return _status(on, "repealed", repeal)
        pending = [e for e in self.events if e.decides and e.earliest <= on < e.latest]
        covering = _covering(settled, on)
        if pending and not (covering and pending[-1].kind in WAIVERS):
            return _in_doubt(on, pending[-1], _day_unknown(pending[-1]))
        if covering is not None:
            return _status(on, "waived", covering, covering.until)
        return _uncovered(on, settled[-1] if settled else None)


def load_record(path: Path) -> Record:
    """Read and check the whole record.

    Raises:
        RecordError: The file, the entry and its line, the field, and what is wrong.
    """
    # The file's form is checked by a toolkit that this module's users need not load.
    from state.record_file import read_events  # noqa: PLC0415

    return Record(read_events(path))


def _covering(settled: Iterable[Event], on: dt.date) -> Event | None:
    """The best established of the waivers that reach over the day, the latest of equals."""
    waivers: list[Event] = []
    for event in settled:
        # What ends a waiver ends every one before it.
        waivers = [*waivers, event] if event.kind in WAIVERS else []
    reaching = [event for event in waivers if on <= (event.covered_through or dt.date.min)]
    return max(reaching, key=lambda event: (_RANKS[event.confidence], event.date), default=None)


def _uncovered(on: dt.date, current: Event | None) -> Status:
    if current is None:
        return Status(on, "not_enacted", None)
    if current.kind == "enacted":
        return _status(on, "in_force", current)
    if current.kind == "lapse" and (current.until is None or on < current.until):
        return _status(on, "lapsed", current, current.until)
    return _in_doubt(on, current, _after(current))


def _status(on: dt.date, name: StatusName, event: Event, until: dt.date | None = None) -> Status:
    return Status(on, name, event, until, event.caveat or _reservation(event))


def _in_doubt(on: dt.date, event: Event, caveat: str) -> Status:
    return Status(on, "not_established", event, None, caveat)


def _reservation(event: Event) -> str | None:
    """What the event's precision and confidence demand to be said."""
    reservations = []
    if event.confidence != "high":
        reservations.append(f"rests on evidence of {event.confidence} confidence")
    if event.date_precision != "day":
        reservations.append(f"its date is known only as: {event.date_precision}")
    if event.kind in WAIVERS and event.until_basis == "inferred":
        reservations.append(f"its end, {event.until}, is inferred and not stated in it")
    elif event.kind in WAIVERS and event.until is None:
        reservations.append("its end is not known")
    return f"{event.instrument}: {'; '.join(reservations)}." if reservations else None


def _day_unknown(event: Event) -> str:
    return f"{event.instrument}: dated {when_known(event)}; whether by this day is not known."


def _after(event: Event) -> str:
    if event.kind == "determination":
        return f"{event.instrument}: what it ended is to be read in it."
    what = "lapse" if event.kind == "lapse" else "waiver"
    return (
        f"The last documented {what} ({when_known(event)}) {end_known(event)}; "
        "no renewal, lapse or repeal is on record between that and this day."
    )

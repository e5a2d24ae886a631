"""Whether the record knows that it may be out of date. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from state.event import WAIVERS, Event, end_known, when_known
from state.record import Record


@dataclass(frozen=True, slots=True)
class Stale:
    """A record whose last event has run out with nothing known after it.

    Attributes:
        event: The event that ran out.
        since: The first day on which the law's status is not established.
    """

    event: Event
    since: date

    @property
    def key(self) -> str:
        """Names this lapse of knowledge, so that each is told once."""
        return f"{self.event.kind}:{self.event.date}:{self.since}"

    @property
    def caveat(self) -> str:
        """What every reader of the record must know, in one line."""
        what = "waiver" if self.event.kind in WAIVERS else self.event.kind
        return (
            f"The record may be out of date since {self.since}: the last documented {what} "
            f"({self.event.instrument}, {when_known(self.event)}) {end_known(self.event)}, and no "
            "renewal, lapse or repeal is on record after it."
        )


def staleness(record: Record, today: date) -> Stale | None:
    """What has run out with nothing known after it; None where the record covers the day.

    A waiver that has ended does, and a lapse that is known to have ended without what ended it.
    An event whose day lies within a month or year that is not over yet does not.
    """
    status = record.status(today)
    event = status.event
    if status.status != "not_established" or event is None or today < event.latest:
        return None
    if event.kind in WAIVERS:
        covered = event.covered_through
        return Stale(event, covered + timedelta(1) if covered else event.latest + timedelta(1))
    if event.kind == "lapse" and event.until is not None:
        return Stale(event, event.until)
    return None

"""The dated events of which a record is made. Plain values."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Literal

EventKind = Literal[
    "enacted", "waiver_authority", "waiver", "extension", "lapse", "bill", "statement",
    "determination", "repealed",
]  # fmt: skip
DatePrecision = Literal["day", "month", "year", "range", "approx"]
Confidence = Literal["high", "medium", "low", "unverified"]
UntilBasis = Literal["statute", "source", "inferred", "unknown"]

WAIVERS: frozenset[EventKind] = frozenset(("waiver", "extension"))
_DECIDING = WAIVERS | {"enacted", "lapse", "determination", "repealed"}
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Event:
    """One dated event of the law.

    Attributes:
        date: The day; as precise as ``date_precision`` says.
        instrument: The act, document or saying, in one line.
        citation: Where it is officially published.
        url: Where it can be read, or where it is reported.
        until: A waiver's last day (where it is inferred: the first day that is in doubt); the first
            day that a lapse was over.
        until_basis: What ``until`` rests on.
        through: For waivers without ``until``: the last day that the sources bear out.
        citation_missing: Why a well established event has no citation.
        caveat: What a reader of a status that rests on this event must know, in one line.
        more_urls: Further sources.
    """

    date: dt.date
    kind: EventKind
    instrument: str
    confidence: Confidence
    date_precision: DatePrecision = "day"
    citation: str | None = None
    citation_missing: str | None = None
    url: str | None = None
    more_urls: tuple[str, ...] = ()
    until: dt.date | None = None
    until_basis: UntilBasis | None = None
    through: dt.date | None = None
    signed_by: str | None = None
    caveat: str | None = None
    note: str = ""

    @property
    def earliest(self) -> dt.date:
        """The first day on which it may have happened."""
        match self.date_precision:
            case "month":
                return self.date.replace(day=1)
            case "year":
                return self.date.replace(month=1, day=1)
            case _:
                return self.date

    @property
    def latest(self) -> dt.date:
        """The day by which it had happened."""
        match self.date_precision:
            case "month":
                last = calendar.monthrange(self.date.year, self.date.month)[1]
                return self.date.replace(day=last)
            case "year":
                return self.date.replace(month=12, day=31)
            case _:
                return self.date

    @property
    def covered_through(self) -> dt.date | None:
        """The last day on which a waiver is established; None where it has no known end."""
        if self.until is None:
            return self.through
        return self.until - _ONE_DAY if self.until_basis == "inferred" else self.until

    @property
    def decides(self) -> bool:
        """Whether it can change the law's status."""
        return self.kind in _DECIDING and self.confidence != "unverified"


def end_known(event: Event) -> str:
    """How an event ended, as far as it is known, as the predicate of a sentence."""
    if event.until is not None:
        inferred = " (inferred)" if event.until_basis == "inferred" else ""
        return f"ended on {event.until}{inferred}"
    if event.through is not None:
        return f"is borne out through {event.through}"
    return "has no known end"


def when_known(event: Event) -> str:
    """An event's date, no more precise than it is known."""
    match event.date_precision:
        case "day":
            return event.date.isoformat()
        case "month":
            return f"{event.date:%Y-%m}"
        case "year":
            return f"{event.date:%Y}"
        case "range":
            return f"from {event.date:%Y} on"
        case "approx":
            return f"about {event.date}"

"""The foot of a digest: the record's state, the sources' health, and a small picture of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from state.finding import FindingQuery, StoredFinding
from state.record import Record
from state.sources import SourceHealth
from state.store import Store

DAYS = 28
_MOST_FAILING = 12
Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Footing:
    """What the foot is made of, besides what is stored.

    Attributes:
        caveat: What every reader must know of the record, in one line.
        sources: The names of the sources that are polled.
    """

    record: Record
    caveat: str | None = None
    sources: tuple[str, ...] = ()


def foot_of(store: Store, footing: Footing, now: datetime) -> Data:
    """``record_caveat``, ``record``, ``sources`` and ``chart``: plain JSON values."""
    today = now.astimezone(UTC).date()
    since = now - timedelta(days=DAYS)
    # What was published in these days was also seen, and so changed, in them.
    recent = store.findings(FindingQuery(since=since))
    return {
        "record_caveat": footing.caveat,
        "record": record_state(footing.record, today),
        "sources": source_state(store.source_health(), footing.sources),
        "chart": chart_of(recent, footing.record, today),
    }


def record_state(record: Record, today: date) -> Data:
    """How the law stands."""
    status = record.status(today)
    event = status.event
    return {
        "status": status.status,
        "on": today.isoformat(),
        "until": status.until.isoformat() if status.until else None,
        "event": event.instrument if event else None,
        "citation": event.citation if event else None,
        "url": event.url if event else None,
        "caveat": status.caveat,
    }


def source_state(health: Iterable[SourceHealth], names: Collection[str]) -> Data:
    """How many sources are polled, how many of them were unread, and which count as failing.

    A source counts as failing only after some failures; ``unread_total`` has those on the way.
    """
    polled = [one for one in health if one.name in names and one.last_polled_at is not None]
    failing = [one for one in polled if one.is_failing]
    return {
        "total": len(names),
        "polled": len(polled),
        "unread_total": sum(one.failures_in_row > 0 or one.is_failing for one in polled),
        "failing_total": len(failing),
        "failing": [
            {
                "name": one.name,
                "since": one.failing_since.isoformat() if one.failing_since else None,
                "error": one.last_error,
            }
            for one in failing[:_MOST_FAILING]
        ],
    }


def chart_of(findings: Iterable[StoredFinding], record: Record, today: date) -> Data:
    """Claims per day and language over the last days, and how the law stood on each.

    ``days``: ISO dates; ``langs``: ``lang`` and ``counts``, one for each day; ``record``: a status
    for each day; ``most``: the largest count.
    """
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    counted = Counter((one.lang or "", _day(one)) for one in findings)
    shown = sorted({lang for lang, day in counted if days[0] <= day <= today})
    counts = {one: [counted[one, day] for day in days] for one in shown}
    return {
        "days": [day.isoformat() for day in days],
        "langs": [{"lang": one, "counts": numbers} for one, numbers in counts.items()],
        "record": [record.status(day).status for day in days],
        "most": max((max(numbers) for numbers in counts.values()), default=0),
    }


def _day(finding: StoredFinding) -> date:
    return finding.published or finding.opened_at.astimezone(UTC).date()

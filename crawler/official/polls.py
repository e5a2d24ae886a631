"""Keeps how an official source was polled, and says what there is to tell of that.

Official sources are silent for months: unlike an outlet's, their silence is no failure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alerts.routing import Notice
from crawler.report import SourceReport
from crawler.sources import SourceConfig
from state.message import MessageType
from state.store import Poll, SourceHealth, Unit


@dataclass(frozen=True, slots=True)
class Polled:
    """A poll that has ended.

    Attributes:
        before: What was known of the source until then.
        later: When it is polled again.
    """

    source: SourceConfig
    report: SourceReport
    before: SourceHealth | None
    now: datetime
    later: datetime


def keep_poll(unit: Unit, polled: Polled) -> Notice | None:
    """Keeps the poll; returns what is to be told where the source began or ceased to fail."""
    report, before = polled.report, polled.before
    is_unchanged = report.outcome == "not_modified"
    change = unit.record_poll(
        Poll(
            name=polled.source.name,
            at=polled.now,
            ok=report.error is None,
            links=before.links_last if is_unchanged and before else report.links,
            error=report.error,
            next_poll_at=polled.later,
        )
    )
    if change is None:
        return None
    last_ok = before.last_ok_at if before else None
    data = {
        "source": polled.source.name,
        "url": polled.source.url,
        "failures_in_row": (before.failures_in_row if before else 0) + (change == "failing"),
        "error": report.error,
        "last_ok_at": last_ok.isoformat() if last_ok else None,
    }
    kind: MessageType = "source.failing" if change == "failing" else "source.recovered"
    return Notice(kind, polled.source.name, polled.now.isoformat(), data)

"""How the visit of a source begins, what its answers leave behind, and how it ends."""

from __future__ import annotations

from crawler.answers import Fetched, WayIn
from crawler.discovery import SourceVisit
from crawler.sources import Listing
from state.store import SourceHealth


def first_errand(visit: SourceVisit, health: SourceHealth | None) -> WayIn:
    """A source's own address, with what the last poll left to ask with."""
    if health is not None:
        visit.links_before = health.links_last
    if health is None or health.failures_in_row:
        # A source that failed last time is asked for all of it.
        return WayIn(visit.source.address, visit)
    return WayIn(visit.source.address, visit, 0, health.etag, health.last_modified)


def note_answer(visit: SourceVisit, listing: Listing, fetched: Fetched) -> None:
    """Keeps what the answer of a source's own address says of the next poll."""
    visit.max_age = fetched.max_age
    if fetched.status == 304:
        visit.report.outcome = "not_modified"
        visit.report.not_modified += 1
    elif not listing.nested:
        # An index may stay as it is while the sitemaps that it names change.
        visit.etag, visit.last_modified = fetched.etag, fetched.last_modified


def conclude(visit: SourceVisit) -> None:
    """The outcome, once every way in has answered: failed only where none could be read."""
    report = visit.report
    if report.outcome == "polling":
        readable = visit.answered and (report.error is None or report.links > 0)
        report.outcome = "ok" if readable else "failed"

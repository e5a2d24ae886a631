"""What becomes of a fetched page: remembered, or read, judged and written in one unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crawler.answers import FailureKind, Fetched, FetchFailure, PageFetch
from crawler.limits import CrawlLimits
from crawler.links import canonical_url
from crawler.revisits import HostVisit
from state.store import Revisit


@dataclass(frozen=True, slots=True)
class Postponement:
    """When to try a page again, and what to keep of the failure.

    Attributes:
        retry_at: None where it is not tried again.
    """

    retry_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class NextVisit:
    """When to visit an article again that could not be fetched.

    Attributes:
        at: None where it is not visited again.
        attempts: The tries in vain since its last visit; 0 where this one counts as a visit.
    """

    at: datetime | None
    attempts: int = 0


def revisit(known: Revisit, visit: HostVisit, versions: str) -> PageFetch:
    """The fetch of a known article; the whole of it where another version is to read it now."""
    same = known.versions == versions
    return PageFetch(
        known.url,
        visit,
        # What the source once said of a page without a date holds for as long as it has none.
        known.published,
        attempts=known.attempts,
        source=known.source,
        outlet=known.outlet,
        visits=known.visits,
        etag=known.etag if same else None,
        last_modified=known.last_modified if same else None,
        versions=known.versions,
    )


def failure_of_status(fetched: Fetched) -> FetchFailure | None:
    """Why an answer is no page; None where it is one, or says that nothing has changed."""
    if fetched.status in (200, 203, 304):
        return None
    passing = fetched.status >= 500 or fetched.status in (408, 425, 429)
    kind: FailureKind = "temporary" if passing else "gone"
    asked = fetched.retry_after or timedelta()
    return FetchFailure(
        kind, f"status {fetched.status}", asked, fault="soft" if passing else "hard"
    )


def moved_away(page: PageFetch, fetched: Fetched) -> FetchFailure | None:
    """A known article whose address now leads elsewhere, which is no correction of it.

    Another host or scheme with the same path and query is a site that moved: the same article.
    """
    now_at = canonical_url(fetched.url) or fetched.url
    if not page.is_revisit or urlsplit(page.url)[2:4] == urlsplit(now_at)[2:4]:
        return None
    return FetchFailure("lasting", f"moved to {fetched.url[:200]}")


def article_url(page: PageFetch, fetched: Fetched) -> str:
    """The URL under which the article is kept: where the link led in the end."""
    return page.url if page.is_revisit else canonical_url(fetched.url) or page.url


def postpone(
    page: PageFetch, failure: FetchFailure, now: datetime, limits: CrawlLimits
) -> Postponement:
    """When to try a link again that failed, never earlier than the server asks.

    A page that is gone is tried once more, later; what is refused or forbidden never.
    """
    steps = {"temporary": limits.retry_steps, "gone": limits.retry_steps[-1:]}.get(failure.kind, ())
    if page.attempts >= len(steps):
        return Postponement(None, failure.reason)
    return Postponement(now + max(steps[page.attempts], failure.asked), failure.reason)


def next_visit(visits: int, now: datetime, limits: CrawlLimits) -> datetime | None:
    """When to come again after ``visits`` visits; the last wait repeats."""
    steps = limits.revisit
    return now + steps[min(visits, len(steps)) - 1] if steps else None


def next_try(
    page: PageFetch, failure: FetchFailure, now: datetime, limits: CrawlLimits
) -> NextVisit:
    """When to come again to a known article that could not be fetched.

    A failure that may pass is no visit: there are a few tries more, ever later, though no later
    than the next visit would be. Never earlier than the server asks.
    """
    regular = next_visit((page.visits or 0) + 1, now, limits)
    if regular is None:
        return NextVisit(None)
    # The first links of a list are tried again with its next poll; for articles there is none.
    steps = [step for step in limits.retry_steps if step]
    asked = now + failure.asked
    if failure.kind != "temporary" or page.attempts >= len(steps):
        return NextVisit(max(regular, asked))
    soon = min(regular, now + steps[page.attempts])
    return NextVisit(max(soon, asked), page.attempts + 1)

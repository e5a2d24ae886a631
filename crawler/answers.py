"""What is asked of the web in a pass, and what comes back: plain values, free of Scrapy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from crawler.discovery import SourceVisit
from crawler.revisits import HostVisit
from state.store import Fault

FailureKind = Literal["temporary", "gone", "lasting", "forbidden"]


@dataclass(frozen=True, slots=True)
class WayIn:
    """A way in to ask: a source's own address, or a sitemap that its index names.

    Attributes:
        depth: 0 for the source's own address.
        etag: Sent as If-None-Match.
        last_modified: Sent as If-Modified-Since.
    """

    url: str
    visit: SourceVisit
    depth: int = 0
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class PageFetch:
    """A page to fetch, for the first time or once more.

    Attributes:
        url: The canonical URL under which the link or the article is known.
        visit: Of the source that lists it; of its host, where it is a known article.
        published: The day of publication as the source states it; of an article, as it is kept.
        attempts: How often it was fetched in vain before; of an article, since its last visit.
        source: What led to a known article.
        outlet: The outlet of a known article, as it was kept.
        visits: How often the article was visited before; None for a link that is no article yet.
        etag: Sent as If-None-Match.
        last_modified: Sent as If-Modified-Since.
        versions: What read the article the last time.
    """

    url: str
    visit: SourceVisit | HostVisit
    published: date | None = None
    attempts: int = 0
    source: str = ""
    outlet: str = ""
    visits: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    versions: str = ""

    @property
    def is_revisit(self) -> bool:
        """Whether the page is a known article."""
        return self.visits is not None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered, after redirects and unpacked.

    Attributes:
        url: Where the answer came from in the end.
        headers: As they came; only of pages.
        retry_after: How long the server asks to be left alone.
        max_age: How long the server says that the answer holds.
    """

    url: str
    status: int
    body: bytes
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    retry_after: timedelta | None = None
    max_age: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """Why there is no answer.

    Attributes:
        kind: ``gone`` where the server has no page; ``forbidden`` by robots.txt; ``lasting`` where
            asking again cannot help.
        asked: How long the server asks to be left alone.
        fault: What that says of a source that cannot be asked; see :mod:`state.pacing`.
    """

    kind: FailureKind
    reason: str
    asked: timedelta = timedelta()
    fault: Fault = "soft"


Errand = WayIn | PageFetch

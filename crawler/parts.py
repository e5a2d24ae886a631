"""What a pass is given: its plan, and the parts that it works with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from alerts.judge import Judgement
from alerts.routing import Audience
from crawler.discovery import Choice
from crawler.keeping import PageArchive
from crawler.limits import CrawlLimits
from crawler.official.parts import OfficialParts
from crawler.outlets import Outlets
from crawler.report import Progress, unheard
from crawler.revisits import HostVisit
from crawler.robots import RobotsMemory
from crawler.sources import Answer, Listing, SourceConfig, SourceKind
from crawler.traffic import Traffic
from extract.article import Article, NotArticle
from extract.claim import Reading
from state.store import Store


class PageReader(Protocol):
    """Reads untrusted bytes where a hang or a crash hurts nobody: in worker processes."""

    async def read_page(self, page: Answer) -> tuple[Article, Reading] | NotArticle:
        """The article of a page and what it says, or why there is none.

        Raises:
            PageError: The page could not be read in time, in memory, or at all.
        """

    async def first_read(self, page: Answer) -> tuple[Article, Reading] | NotArticle | None:
        """The same of a page that was never read; None where it nowhere names the law."""

    async def read_listing(self, kind: SourceKind, answer: Answer, largest: int) -> Listing:
        """See :func:`crawler.listings.read_listing`.

        Raises:
            ListingError: Also where it could not be read in time, in memory, or at all.
        """


class PageError(Exception):
    """A page that no worker could read: it took too long, or too much memory, or the worker."""


@dataclass(frozen=True, slots=True)
class PassParts:
    """What a pass works with.

    Attributes:
        judge: Holds what an article says against the record.
        may_name_law: Whether a text may name the law at all; never wrong when it says no.
        audience: Who is told of findings and of sources that fail.
        clock: The time, aware and in UTC.
        versions: What reads and judges (program, watch), in one line, kept with each revision.
        robots: What the hosts' robots.txt said; one for all passes of a process.
        traffic: What the passes of a process know of each other; one for all of them.
        progress: Told after each step.
        jitter: From 0 to 1, by chance: spreads the polls of many sources.
        archive: Where pages are kept; None keeps none.
        official: What official sources are watched with; None where the watch watches none.
    """

    store: Store
    reader: PageReader
    judge: Callable[[Article, Reading], Judgement]
    may_name_law: Callable[[str], bool]
    audience: Audience
    clock: Callable[[], datetime]
    versions: str
    robots: RobotsMemory
    traffic: Traffic = field(default_factory=Traffic)
    progress: Progress = unheard
    jitter: Callable[[], float] = lambda: 0.0
    official: OfficialParts | None = None
    archive: PageArchive | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Which sources a pass asks, which of their links it looks at, and within what bounds.

    Attributes:
        outlets: Those that all sources lead into, asked or not.
        again: The known articles to look at again.
    """

    sources: Sequence[SourceConfig]
    limits: CrawlLimits
    choice: Choice
    outlets: Outlets = field(default_factory=Outlets)
    again: Sequence[HostVisit] = ()

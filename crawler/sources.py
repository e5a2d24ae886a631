"""What the crawl is told of a source, and what a source's way in lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args
from urllib.parse import urlsplit

from crawler.searches import SEARCH_KINDS, SearchKind, search_url
from state.lead import Lead

OfficialKind = Literal["federal_register", "congress", "govinfo", "whitehouse", "uscode"]
SourceKind = Literal["feed", "sitemap", "front", SearchKind, OfficialKind]
OFFICIAL_KINDS: frozenset[str] = frozenset(get_args(OfficialKind))


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One way into an outlet.

    Attributes:
        name: Unique among the sources; state knows the source by it.
        outlet: The outlet's name; where None, the host of ``url``.
        link_pattern: Only links whose URL this regular expression finds are followed.
        must_mention: Only links whose title or summary holds one of these words are followed, where
            the way in gives a title or summary.
        every: How often it is polled.
        expect_every: Longer silence than this is a failure.
        site: The outlet's host, where ``url`` lies elsewhere.
        query: What a search is asked for, where ``url`` does not hold it.
        delay: The least wait between two fetches on the host of ``url``; None: as everywhere.
        caveat: What is known to go wrong with it; told where it fails.
    """

    name: str
    url: str
    kind: SourceKind
    outlet: str | None = None
    langs: tuple[str, ...] = ()
    every: timedelta = timedelta(minutes=30)
    link_pattern: str | None = None
    must_mention: tuple[str, ...] = ()
    expect_every: timedelta | None = None
    site: str | None = None
    query: str | None = None
    delay: timedelta | None = None
    caveat: str | None = None

    @property
    def address(self) -> str:
        """Where it is asked."""
        return search_url(self.kind, self.url, self.query) if self.is_search else self.url

    @property
    def is_search(self) -> bool:
        """Whether it leads to articles of many outlets."""
        return self.kind in SEARCH_KINDS

    @property
    def outlet_name(self) -> str:
        """The outlet as people are told it."""
        return self.outlet or urlsplit(self.url).hostname or self.name


@dataclass(frozen=True, slots=True)
class Listed:
    """One link as a way in lists it.

    Attributes:
        url: Canonical.
        published: The day of publication as the way in states it; None where it states none.
        dated: Any moment the way in states for the link (published or changed), for ``--since``.
    """

    url: str
    title: str | None = None
    summary: str | None = None
    published: date | None = None
    dated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a way in answered, as a worker process is handed it."""

    url: str
    body: bytes
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What an answer lists: links, further ways in (a sitemap index), leads (a search)."""

    links: tuple[Listed, ...] = ()
    nested: tuple[str, ...] = ()
    leads: tuple[Lead, ...] = ()

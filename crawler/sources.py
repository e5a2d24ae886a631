"""What the crawl is told of a source, and what a source's way in lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args
from urllib.parse import urlsplit

OfficialKind = Literal["federal_register", "congress", "govinfo", "whitehouse", "uscode"]
SourceKind = Literal["feed", "sitemap", "front", OfficialKind]
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
    """

    name: str
    url: str
    kind: SourceKind
    outlet: str | None = None
    langs: tuple[str, ...] = ()
    every: timedelta = timedelta(minutes=30)
    link_pattern: str | None = None
    must_mention: tuple[str, ...] = ()

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
    """What an answer lists: links, and (a sitemap index) further ways in."""

    links: tuple[Listed, ...] = ()
    nested: tuple[str, ...] = ()

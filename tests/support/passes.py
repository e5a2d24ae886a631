"""Passes over small outlets, with a stand-in for the claim engine: one word decides."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from ipaddress import ip_network
from typing import Any

from alerts.judge import Judgement
from alerts.routing import Audience
from crawler.crawl import PassParts, PassReport, PassRequest, run_async, run_pass
from crawler.limits import CrawlLimits
from crawler.listings import read_listing
from crawler.parts import PageError
from crawler.report import Progress, unheard
from crawler.robots import RobotsMemory
from crawler.sources import Answer, Listing, SourceConfig, SourceKind
from extract.article import Article, NotArticle
from extract.claim import Mention, Reading
from extract.glance import Glance
from extract.needles import Needles
from state.store import Store
from tests.support.stored import finding

LOOPBACK = (ip_network("127.0.0.0/8"),)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
QUICK = CrawlLimits(
    allow_networks=LOOPBACK,
    per_host_delay=timedelta(),
    per_host_concurrency=4,
    timeout=timedelta(seconds=3),
    retries=1,
)
AUDIENCE = Audience(recipients={"desk": ("desk@example.org",)})


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        """Moves the time on."""
        self.now += timedelta(**span)


class PlainReader:
    """Reads pages made by :mod:`tests.support.outlets`; a page that says CRASH kills its worker."""

    async def read_page(self, page: Answer) -> tuple[Article, Reading] | NotArticle:
        text = page.body.decode()
        if "CRASH" in text:
            raise PageError("the worker process ended by signal 11")
        found = re.search(r"<h1>(.*?)</h1><p>(.*?)</p>", text, re.S)
        if found is None:
            return NotArticle("empty", "no article text was found on the page", page.url)
        title, body = unescape(found[1]), unescape(found[2])
        stated = re.search(r'published_time" content="([0-9-]+)"', text)
        day = date.fromisoformat(stated[1]) if stated else None
        article = Article(body, title, page.url, "en", day)
        named = may_name_law(f"{title} {body}")
        mentions = (Mention("the Act", 0, 7, False),) if named else ()
        return article, Reading("en", mentions)

    async def first_read(self, page: Answer) -> tuple[Article, Reading] | NotArticle | None:
        glance = Glance(lambda: [Needles([[["the"], ["act"]]])])
        named = glance.may_name(page.body, page.content_type)
        return await self.read_page(page) if named else None

    async def read_listing(self, kind: SourceKind, answer: Answer, largest: int) -> Listing:
        return await asyncio.to_thread(read_listing, kind, answer, largest)


def judge(article: Article, reading: Reading) -> Judgement:
    """Asserts where the text says "repealed", and is background where it only names the Act."""
    if not reading.mentions:
        return Judgement("irrelevant")
    text = f"{article.title} {article.text}"
    if "repealed" not in text:
        return Judgement("background")
    severity = "high" if "for good" in text else "medium"
    return Judgement("asserts", findings=(finding(severity=severity),))


def may_name_law(text: str) -> bool:
    """Whether the text holds the Act's name."""
    return "the act" in text.casefold()


@dataclass
class Desk:
    """A store, a clock and the parts of passes that share them."""

    store: Store
    clock: Clock = field(default_factory=Clock)
    limits: CrawlLimits = QUICK
    robots: RobotsMemory = field(default_factory=RobotsMemory)
    audience: Audience = AUDIENCE
    progress: Progress = unheard
    reader: Any = field(default_factory=PlainReader)
    archive: Any = None
    versions: str = "stand-in 1"
    judge: Callable[[Article, Reading], Judgement] = judge

    def parts(self) -> PassParts:
        """What a pass works with."""
        return PassParts(
            store=self.store,
            reader=self.reader,
            judge=self.judge,
            may_name_law=may_name_law,
            audience=self.audience,
            clock=self.clock,
            versions=self.versions,
            archive=self.archive,
            robots=self.robots,
            progress=self.progress,
        )

    def crawl(self, *sources: SourceConfig, **request: Any) -> PassReport:
        """Runs one pass, over all of these sources where the request does not say otherwise."""
        options: dict[str, Any] = {"everything": True, "limits": self.limits} | request
        return run_async(run_pass(PassRequest(sources, **options), self.parts()))

    def within(self, **limits: Any) -> Desk:
        """The same desk with other limits."""
        return replace(self, limits=replace(self.limits, **limits))

    def settled(self) -> dict[str, tuple[str | None, str | None]]:
        """Outcome and error of each link, by path."""
        from sqlalchemy import text

        with self.store._database.reading() as connection:
            rows = connection.execute(text("select url, outcome, error from links"))
            return {re.sub(r"^\w+://[^/]+", "", row.url): (row.outcome, row.error) for row in rows}


def feed(name: str, url: str, **options: Any) -> SourceConfig:
    """A source that is a feed."""
    return SourceConfig(name, url, "feed", **options)


Made = Callable[..., SourceConfig]

"""Obeys robots.txt, without the race of Scrapy's own middleware, and over passes.

In Scrapy 2.19 requests that wait for one robots.txt share a Deferred: the first takes its result,
the others get None, and None means "allowed". Here a lock per host lets exactly one fetch it. A
robots.txt that cannot be read (5xx, 429, no answer) forbids all; one that does not exist (other
4xx) allows all, as RFC 9309 has it.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol, cast

from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Request
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.httpobj import urlparse_cached

from crawler.fetching import ROBOTS_NAME
from crawler.limits import CrawlLimits
from crawler.reasons import reason_of

_LARGEST = 512_000
_SHORT = timedelta(minutes=5)
_UNREADABLE = (
    IgnoreRequest,
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    OSError,
)


class RobotsRefusedError(IgnoreRequest):
    """A request that robots.txt forbids.

    Attributes:
        lasting: True where a rule forbids it, False where robots.txt could not be read this time.
    """

    def __init__(self, reason: str, *, lasting: bool) -> None:
        super().__init__(reason)
        self.lasting = lasting


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What one host's robots.txt says.

    Attributes:
        parser: The parsed file; None where there is none.
        unreadable: Why it could not be read; None where it could.
    """

    parser: ProtegoRobotParser | None = None
    unreadable: str | None = None

    def check(self, url: str, agent: str) -> None:
        """Lets a request pass, or raises.

        Raises:
            RobotsRefusedError: ``url`` must not be fetched by ``agent``.
        """
        if self.unreadable:
            raise RobotsRefusedError(
                f"robots.txt cannot be read ({self.unreadable})", lasting=False
            )
        if self.parser is not None and not self.parser.allowed(url, agent):
            raise RobotsRefusedError("robots.txt forbids it", lasting=True)

    def sitemaps(self) -> list[str]:
        """The sitemaps that the file names."""
        return list(self.parser.rp.sitemaps) if self.parser is not None else []

    def crawl_delay(self, agent: str) -> float:
        """The seconds that the host asks to leave between two requests."""
        return (self.parser.crawl_delay(agent) or 0.0) if self.parser is not None else 0.0


@dataclass(slots=True)
class RobotsMemory:
    """What the hosts' robots.txt said, kept over the passes of a process.

    Attributes:
        ttl: How long a file is believed; absence and failure are believed five minutes at most.
        clock: Seconds that only ever grow.
        largest: How many hosts are remembered.
    """

    ttl: timedelta = timedelta(hours=1)
    clock: Callable[[], float] = time.monotonic
    largest: int = 5000
    _known: OrderedDict[str, tuple[float, RobotsRules]] = field(default_factory=OrderedDict)

    def recall(self, host: str) -> RobotsRules | None:
        """What is remembered of ``host``, None where nothing fresh is."""
        until, rules = self._known.get(host, (0.0, None))
        return rules if rules is not None and until > self.clock() else None

    def keep(self, host: str, rules: RobotsRules) -> None:
        """Remembers the rules of ``host`` for as long as they may be believed."""
        lasting = self.ttl if rules.parser is not None else min(self.ttl, _SHORT)
        self._known[host] = (self.clock() + lasting.total_seconds(), rules)
        self._known.move_to_end(host)
        while len(self._known) > self.largest:
            self._known.popitem(last=False)

    def forget_failures(self) -> None:
        """Lets a new pass ask again where robots.txt could not be read."""
        for host in [host for host, (_, rules) in self._known.items() if rules.unreadable]:
            del self._known[host]


class RobotsHost(Protocol):
    """What the middleware needs of the spider it serves."""

    limits: CrawlLimits
    robots: RobotsMemory


class RobotsMiddleware:
    """Refuses what robots.txt forbids, and slows down where it asks for that."""

    def __init__(self, crawler: Crawler) -> None:
        spider = cast("RobotsHost", crawler.spider)
        self._crawler = crawler
        self._memory = spider.robots
        self._slowest = spider.limits.max_crawl_delay.total_seconds()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._slowed: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        """The middleware of one crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Lets a request pass, or raises.

        Raises:
            RobotsRefusedError: It must not be made.
        """
        if request.meta.get("dont_obey_robotstxt"):
            return
        parts = urlparse_cached(request)
        host = f"{parts.scheme}://{parts.netloc}"
        async with self._locks[host]:
            rules = self._memory.recall(host) or await self._fetch(host)
        self._slow_down(request, host, rules)
        rules.check(request.url, ROBOTS_NAME)

    async def _fetch(self, host: str) -> RobotsRules:
        request = Request(
            f"{host}/robots.txt",
            priority=1000,
            callback=NO_CALLBACK,
            dont_filter=True,
            meta={"dont_obey_robotstxt": True},
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except _UNREADABLE as error:
            rules = RobotsRules(unreadable=reason_of(error))
        else:
            rules = rules_of(response.status, response.body)
        self._memory.keep(host, rules)
        return rules

    def _slow_down(self, request: Request, host: str, rules: RobotsRules) -> None:
        """Makes the host's slot wait as its robots.txt asks, within the cap."""
        if host in self._slowed:
            return
        self._slowed.add(host)
        delay = min(rules.crawl_delay(ROBOTS_NAME), self._slowest)
        downloader = self._crawler.engine.downloader
        key, slot = downloader._get_slot(request)
        if delay > slot.delay:
            slot.delay, slot.jitter, slot.concurrency = delay, 0.0, 1
            # Idle slots are thrown away, and made anew from these.
            downloader.per_slot_settings[key] = {"delay": delay, "jitter": 0.0, "concurrency": 1}


def rules_of(status: int, body: bytes) -> RobotsRules:
    """What the answer to a request for robots.txt says."""
    if status == 429 or status >= 500:
        return RobotsRules(unreadable=f"status {status}")
    if status >= 400:
        return RobotsRules()
    if status >= 300:
        return RobotsRules(unreadable=f"status {status} without an end")
    return RobotsRules(parser=ProtegoRobotParser(body[:_LARGEST], None))

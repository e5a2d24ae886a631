"""The spider of a pass: asks each source, then fetches the pages that are new or due again.

It decides nothing itself: what an answer means, and what is kept of it, is the pass's business.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, cast

from scrapy import Spider
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    IgnoreRequest,
    NotSupported,
    UnsupportedURLSchemeError,
)
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawler.answers import Errand, FailureKind, Fetched, FetchFailure, PageFetch, WayIn
from crawler.limits import CrawlLimits
from crawler.reasons import is_untrusted, reason_of
from crawler.retries import max_age, retry_after
from crawler.robots import RobotsMemory, RobotsRefusedError
from state.store import Fault

_LASTING = (IgnoreRequest, DownloadCancelledError, NotSupported, UnsupportedURLSchemeError)
_WAYS_IN_FIRST, _NEWS_NEXT = 100, 50


class Pass(Protocol):
    """What the spider reports to, and takes its errands from."""

    limits: CrawlLimits
    robots: RobotsMemory

    def begin(self) -> Sequence[Errand]:
        """The first errands."""

    async def take_listing(self, way: WayIn, fetched: Fetched) -> Sequence[Errand]:
        """A way in has answered; returns what follows."""

    async def miss_listing(self, way: WayIn, failure: FetchFailure) -> Sequence[Errand]:
        """A way in has not answered; returns what is to be fetched nevertheless."""

    async def take_page(self, page: PageFetch, fetched: Fetched) -> None:
        """A page has answered."""

    async def miss_page(self, page: PageFetch, failure: FetchFailure) -> None:
        """A page has not answered."""


class Work(Protocol):
    """What the middlewares need of whatever a spider does."""

    limits: CrawlLimits
    robots: RobotsMemory


class PassSpider(Spider):
    """A spider within the bounds of a pass, which the middlewares ask it for."""

    def __init__(self, work: Work, **options: Any) -> None:
        super().__init__(**options)
        self.limits = work.limits
        self.robots = work.robots


class NewsSpider(PassSpider):
    """Walks the sources of one pass."""

    name = "news"

    def __init__(self, work: Pass, **options: Any) -> None:
        super().__init__(work, **options)
        self.work = work

    async def start(self) -> AsyncIterator[Request]:
        """The sources' ways in."""
        for errand in self.work.begin():
            yield self._request(errand)

    async def listing(self, response: Response, errand: WayIn) -> AsyncIterator[Request]:
        """Follows what a way in lists."""
        for follows in await self.work.take_listing(errand, fetched_of(response)):
            yield self._request(follows)

    async def no_listing(self, failure: Failure) -> AsyncIterator[Request]:
        """Goes on with what is due of a source that did not answer."""
        way = cast("WayIn", _errand(failure))
        for follows in await self.work.miss_listing(way, explain(failure.value)):
            yield self._request(follows)

    async def page(self, response: Response, errand: PageFetch) -> None:
        """Hands a page on."""
        await self.work.take_page(errand, fetched_of(response, keep_headers=True))

    async def no_page(self, failure: Failure) -> None:
        """Hands on why there is no page."""
        page = cast("PageFetch", _errand(failure))
        await self.work.miss_page(page, explain(failure.value))

    def _request(self, errand: Errand) -> Request:
        leads = isinstance(errand, WayIn)
        validators = {
            "If-None-Match": errand.etag,
            "If-Modified-Since": errand.last_modified,
        }
        return Request(
            errand.url,
            callback=self.listing if leads else self.page,
            errback=self.no_listing if leads else self.no_page,
            headers={name: value for name, value in validators.items() if value},
            cb_kwargs={"errand": errand},
            priority=_priority(errand),
            dont_filter=True,
        )


def _priority(errand: Errand) -> int:
    """How soon a host is asked: what is new there does not wait for what was seen before."""
    if isinstance(errand, WayIn):
        return _WAYS_IN_FIRST
    return 0 if errand.is_revisit else _NEWS_NEXT


def _errand(failure: Failure) -> Errand:
    request = cast("Request", failure.request)  # type: ignore[attr-defined]
    return cast("Errand", request.cb_kwargs["errand"])


def fetched_of(response: Response, *, keep_headers: bool = False) -> Fetched:
    """What a server answered, free of Scrapy."""
    return Fetched(
        url=response.url,
        status=response.status,
        body=response.body,
        content_type=_header(response, "Content-Type"),
        headers=_headers(response) if keep_headers else (),
        etag=_header(response, "ETag"),
        last_modified=_header(response, "Last-Modified"),
        retry_after=retry_after(response.headers.get("Retry-After"), datetime.now(UTC)),
        max_age=max_age(response.headers.get("Cache-Control")),
    )


def _headers(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    # Longer validators and types are a server's mischief; nobody needs them kept.
    return value.decode("latin-1")[:500].strip() or None if value else None


def explain(error: BaseException | None) -> FetchFailure:
    """What an exception of the downloader means for the page, and in words for people."""
    if isinstance(error, RobotsRefusedError):
        return FetchFailure(
            "forbidden" if error.lasting else "temporary",
            str(error),
            fault="hard" if error.lasting else "soft",
        )
    kind: FailureKind = "lasting" if isinstance(error, _LASTING) else "temporary"
    return FetchFailure(kind, reason_of(error), fault=_fault(error))


def _fault(error: BaseException | None) -> Fault:
    # A name that nobody knows comes back as seldom as an address that is refused.
    if isinstance(error, (*_LASTING, CannotResolveHostError)) or is_untrusted(error):
        return "hard"
    return "passing"

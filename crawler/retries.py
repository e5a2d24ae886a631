"""Tries failed fetches again within the pass: little, in the open, and no earlier than asked."""

from __future__ import annotations

import asyncio
import random
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol, cast

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Request, Response

from crawler.limits import CrawlLimits

_LONGEST_ASKED = timedelta(days=1)
_FIRST_WAIT = 0.5


class RetryHost(Protocol):
    """What the middleware needs of the spider it serves."""

    limits: CrawlLimits


class PatientRetryMiddleware(RetryMiddleware):
    """Scrapy's retries with growing waits, Retry-After honoured, and time-outs tried twice at most.

    A server that asks for more patience than the pass has is left alone until a later pass.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PatientRetryMiddleware:
        """The middleware of one crawl."""
        made = cls(crawler.settings)
        made.crawler = crawler
        made._longest = cast("RetryHost", crawler.spider).limits.max_wait.total_seconds()
        return made

    _longest: float

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """The response, or the request to make again once its wait is over."""
        if response.status not in self.retry_http_codes:
            return response
        asked = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
        if asked is not None and asked.total_seconds() > self._longest:
            return response
        result = super().process_response(request, response)
        if isinstance(result, Request):
            await asyncio.sleep(asked.total_seconds() if asked else _wait(result))
        return result

    async def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        """The request to make again, or None where the failure stands."""
        timed_out = isinstance(exception, DownloadTimeoutError)
        if timed_out and request.meta.get("retry_times", 0) >= 1:
            return None
        result = super().process_exception(request, exception)
        if isinstance(result, Request):
            await asyncio.sleep(_wait(result))
        return result


def _wait(request: Request) -> float:
    times = int(request.meta.get("retry_times", 1))
    wait: float = _FIRST_WAIT * 2 ** (times - 1) * random.uniform(0.75, 1.25)  # noqa: S311 - jitter
    return wait


def max_age(header: bytes | None) -> timedelta:
    """How long an answer holds by its Cache-Control; at most a day."""
    text = (header or b"").decode("latin-1").lower()
    found = re.search(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", text)
    if found is None or re.search(r"\bno-(?:store|cache)\b", text):
        return timedelta()
    return min(timedelta(seconds=int(found[1])), _LONGEST_ASKED)


def retry_after(header: bytes | None, now: datetime) -> timedelta | None:
    """How long a server asks to be left alone: seconds or a date; at most a day."""
    if not header:
        return None
    text = header.decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), _LONGEST_ASKED)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta()), _LONGEST_ASKED)

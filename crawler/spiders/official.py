"""The spider of official sources: carries requests and answers, and decides nothing itself."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any, cast

from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawler.official.round import Inquiry, OfficialRound
from crawler.official.values import Problem
from crawler.spiders.base import PassSpider, explain, fetched_of

# Some laws have a thousand pages.
_LARGEST_BODY = 30_000_000


class OfficialSpider(PassSpider):
    """Walks the official sources of one pass."""

    name = "official"

    def __init__(self, work: OfficialRound, **options: Any) -> None:
        super().__init__(work, **options)
        self.work = work

    async def start(self) -> AsyncIterator[Request]:
        """What each source is asked first."""
        for inquiry in await self.work.begin():
            yield self._request(inquiry)

    async def answer(self, response: Response, inquiry: Inquiry) -> AsyncIterator[Request]:
        """Hands an answer on, and goes on with its source."""
        for follows in await self.work.take(inquiry, fetched_of(response)):
            yield self._request(follows)

    async def no_answer(self, failure: Failure) -> AsyncIterator[Request]:
        """Hands on why there is no answer."""
        request = cast("Request", failure.request)  # type: ignore[attr-defined]
        why = explain(failure.value)
        problem = Problem(why.reason, why.kind, why.asked)
        for follows in await self.work.miss(request.cb_kwargs["inquiry"], problem):
            yield self._request(follows)

    def _request(self, inquiry: Inquiry) -> Request:
        ask = inquiry.ask
        return Request(
            ask.url,
            method="GET" if ask.query is None else "POST",
            body=b"" if ask.query is None else json.dumps(ask.query).encode(),
            headers=_headers(inquiry),
            callback=self.answer,
            errback=self.no_answer,
            cb_kwargs={"inquiry": inquiry},
            meta=_meta(inquiry),
            dont_filter=True,
        )


def _headers(inquiry: Inquiry) -> dict[str, str]:
    known = inquiry.known
    headers = {
        "X-Api-Key": inquiry.ask.key,
        "Content-Type": None if inquiry.ask.query is None else "application/json",
        "If-None-Match": known.etag if known else None,
        "If-Modified-Since": known.last_modified if known else None,
    }
    return {name: value for name, value in headers.items() if value}


def _meta(inquiry: Inquiry) -> dict[str, Any]:
    # A redirect would take the key along to wherever it leads.
    meta: dict[str, Any] = {"dont_redirect": True} if inquiry.ask.key else {}
    if inquiry.document is not None:
        meta["download_maxsize"] = _LARGEST_BODY
    return meta

"""The way in through a search of GDELT (DOC 2.0): articles of many outlets, by their own links."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from crawler.errors import ListingError
from crawler.links import canonical_url
from crawler.sources import Answer, Listed, Listing

_LONGEST_TOLD = 200
# A backslash that escapes nothing JSON knows; such answers occur.
_STRAY_ESCAPE = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|)')
_TAG = re.compile(r"<[^<>]*>")


def read_gdelt_listing(answer: Answer) -> Listing:
    """The articles that a search found; none is an answer too.

    Raises:
        ListingError: The answer is no list of articles. Its errors come as plain text with status
            200, and are told in its own words.
    """
    text = answer.body.decode("utf-8-sig", "replace").strip()
    if not text.startswith("{"):
        raise ListingError(_refusal(text))
    found = _parsed(text)
    articles = found.get("articles", [])
    if not isinstance(articles, list):
        raise ListingError("the search answered without a list of articles")
    listed = {one.url: one for one in _links(articles)}
    return Listing(links=tuple(listed.values()))


def _refusal(text: str) -> str:
    told = " ".join(_TAG.sub(" ", text).split())[:_LONGEST_TOLD]
    return f"the search answered: {told}" if told else "the search answered nothing"


def _parsed(text: str) -> dict[str, Any]:
    for attempt in (text, _STRAY_ESCAPE.sub(_mended, text)):
        try:
            # Not strict: control characters stand in titles as they are.
            found = json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
        # What begins with a brace and is JSON is an object.
        return dict(found)
    raise ListingError("the search answered something that begins like JSON and is none")


def _mended(escape: re.Match[str]) -> str:
    return escape[0] if escape[1] else r"\\"


def _links(articles: list[Any]) -> Iterator[Listed]:
    for article in articles:
        if not isinstance(article, Mapping) or not isinstance(article.get("url"), str):
            continue
        url = canonical_url(article["url"])
        if url is not None:
            # When GDELT saw an article is not when it was published.
            yield Listed(url=url, title=_title(article), dated=_seen(article.get("seendate")))


def _title(article: Mapping[str, Any]) -> str | None:
    title = article.get("title")
    return " ".join(title.split()) or None if isinstance(title, str) else None


def _seen(stamp: object) -> datetime | None:
    try:
        return datetime.strptime(str(stamp), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None

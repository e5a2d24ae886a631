"""The way in through a search of Google News: titles and outlets, by feed.

Its links are relays that only a browser can follow, and that expire. They are never fetched; each
article is a lead, for which the outlet's own ways in are looked through.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from crawler.errors import ListingError
from crawler.feeds import parse_xml_feed, stated_day
from crawler.sources import Answer, Listing
from state.lead import Lead

_LONGEST_TITLE = 1000


def read_google_listing(answer: Answer) -> Listing:
    """The leads of a search; none is an answer too.

    Raises:
        ListingError: The answer is no feed, or none of its items names title and outlet.
    """
    if not answer.body.strip():
        raise ListingError("the search answered nothing")
    entries = parse_xml_feed(answer)
    leads = {lead.key: lead for lead in _leads(entries)}
    if entries and not leads:
        raise ListingError("the search names no outlet with its articles")
    return Listing(leads=tuple(leads.values()))


def _leads(entries: list[Mapping[str, Any]]) -> Iterator[Lead]:
    for entry in entries:
        key, site = _key(entry), _site(entry)
        title = " ".join(str(entry.get("title") or "").split())[:_LONGEST_TITLE]
        if not key or not site or not title:
            continue
        outlet = " ".join(str(entry["source"].get("title") or "").split()) or site
        yield Lead(
            key=key,
            title=title.removesuffix(f" - {outlet}").strip() or title,
            outlet=outlet,
            site=site,
            published=stated_day(entry),
        )


def _key(entry: Mapping[str, Any]) -> str:
    """The article's id: the last step of the relay's path, which stays while its query changes."""
    try:
        path = urlsplit(str(entry.get("link") or "")).path
    except ValueError:
        return ""
    return path.rstrip("/").rpartition("/")[2]


def _site(entry: Mapping[str, Any]) -> str:
    source = entry.get("source")
    address = source.get("href") if isinstance(source, Mapping) else None
    try:
        return (urlsplit(str(address or "")).hostname or "").removeprefix("www.")
    except ValueError:
        return ""

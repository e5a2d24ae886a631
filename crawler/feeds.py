"""Reads feeds (RSS, Atom, JSON Feed) without ever following what they refer to."""

from __future__ import annotations

import contextlib
import io
import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.parsers import expat

import feedparser  # type: ignore[import-untyped]

from crawler.errors import ListingError
from crawler.links import canonical_url
from crawler.sources import Answer, Listed

_JSON_FEED = "https://jsonfeed.org/version/"
_LONGEST_SUMMARY = 2000


def read_feed(answer: Answer) -> tuple[Listed, ...]:
    """The entries of a feed, in its order.

    Raises:
        ListingError: The answer is no feed, lists nothing, or declares a DTD or entities.
    """
    if not answer.body.strip():
        raise ListingError("the feed is empty")
    entries = _json_entries(answer) if _is_json(answer.body) else _xml_entries(answer)
    listed = tuple(entries)
    if not listed:
        raise ListingError("the feed lists no links")
    return listed


def refuse_entities(body: bytes) -> None:
    """Refuses XML that declares a document type: entity bombs and references to files live there.

    Raises:
        ListingError: With a message that tells HTML pages from feeds.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = _stop_at_root
    with contextlib.suppress(_RootSeenError, expat.ExpatError):
        parser.Parse(body, True)
    # What expat cannot read up to its root, a lenient parser might.
    opening = body.lstrip()[:4096].replace(b"\0", b"").lower()
    if b"<!doctype" in opening or b"<!entity" in opening:
        _refuse_doctype("html" if b"<html" in opening else "", None, None, False)


class _RootSeenError(Exception):
    """The root element begins: no document type can follow."""


def _stop_at_root(name: str, attributes: Mapping[str, str]) -> None:
    raise _RootSeenError


def _refuse_doctype(name: str, system: str | None, public: str | None, internal: bool) -> None:
    if name.lower() == "html":
        raise ListingError("the answer is a web page, not a feed or sitemap")
    raise ListingError("the answer declares a document type or entities, which is refused")


def _is_json(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def _json_entries(answer: Answer) -> Iterator[Listed]:
    try:
        feed = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise ListingError("the answer begins like JSON and is none") from None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or not str(feed.get("version")).startswith(_JSON_FEED):
        raise ListingError("the answer is JSON, but no JSON Feed")
    for item in items:
        listed = _json_entry(item, answer.url) if isinstance(item, dict) else None
        if listed:
            yield listed


def _json_entry(item: Mapping[str, Any], base: str) -> Listed | None:
    url = canonical_url(_text(item.get("url")) or "", base) if _text(item.get("url")) else None
    if url is None:
        return None
    published = parse_moment(_text(item.get("date_published")))
    summary = _text(item.get("summary")) or _text(item.get("content_text"))
    return Listed(
        url=url,
        title=_text(item.get("title")),
        summary=summary[:_LONGEST_SUMMARY] if summary else None,
        published=published.date() if published else None,
        dated=parse_moment(_text(item.get("date_modified"))) or published,
    )


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def parse_moment(text: str | None) -> datetime | None:
    """The moment that an ISO 8601 date or time names, aware; None where it names none.

    The day stays the day as written: a time with an offset keeps it.
    """
    try:
        moment = datetime.fromisoformat(text.strip()) if text else None
    except ValueError:
        return None
    if moment is None:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def parse_xml_feed(answer: Answer) -> list[Mapping[str, Any]]:
    """The entries of an RSS or Atom feed, as feedparser has them.

    Raises:
        ListingError: The answer is no feed, or declares a DTD or entities.
    """
    refuse_entities(answer.body)
    # Handed over as a stream: feedparser would open a string as an address or a file.
    feed = feedparser.parse(
        io.BytesIO(answer.body),
        response_headers={"content-type": answer.content_type or "application/xml"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not feed.get("version"):
        raise ListingError("the answer is no feed")
    return list(feed.entries)


def _xml_entries(answer: Answer) -> Iterator[Listed]:
    for entry in parse_xml_feed(answer):
        listed = _xml_entry(entry, answer.url)
        if listed:
            yield listed


def _xml_entry(entry: Mapping[str, Any], base: str) -> Listed | None:
    link = _text(entry.get("link"))
    url = canonical_url(link, base) if link else None
    if url is None:
        return None
    published = _moment(entry.get("published_parsed"))
    summary = _text(entry.get("summary"))
    return Listed(
        url=url,
        title=_text(entry.get("title")),
        summary=summary[:_LONGEST_SUMMARY] if summary else None,
        published=stated_day(entry),
        dated=_changed(entry) or published,
    )


def _changed(entry: Mapping[str, Any]) -> datetime | None:
    # feedparser answers for a missing "updated" with "published", and warns.
    return _moment(entry["updated_parsed"]) if "updated_parsed" in entry else None


def stated_day(entry: Mapping[str, Any]) -> date | None:
    """The day of publication as the feed writes it.

    feedparser shifts to UTC, which may be the day before.
    """
    shifted = _moment(entry.get("published_parsed"))
    return _written_day(_text(entry.get("published"))) or (shifted.date() if shifted else None)


def _written_day(text: str | None) -> date | None:
    moment = parse_moment(text)
    if moment is None and text:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
    return moment.date() if moment else None


def _moment(parsed: time.struct_time | None) -> datetime | None:
    try:
        return datetime(*parsed[:6], tzinfo=UTC) if parsed else None
    except ValueError:
        return None

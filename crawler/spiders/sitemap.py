"""The way in through a sitemap: an index, a plain sitemap, or one of Google News; packed or not."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from lxml import etree

from crawler.errors import ListingError
from crawler.feeds import parse_moment, refuse_entities
from crawler.links import canonical_url
from crawler.sources import Answer, Listed, Listing

_GZIP = b"\x1f\x8b"


def read_sitemap_listing(answer: Answer, largest: int) -> Listing:
    """What a sitemap lists; ``largest`` bounds its bytes once unpacked.

    Raises:
        ListingError: The answer is no sitemap, lists nothing, is too large once unpacked, or
            declares a DTD or entities.
    """
    body = _unpacked(answer.body, largest)
    if not body.strip():
        raise ListingError("the sitemap is empty")
    refuse_entities(body)
    root = _root(body)
    kind = etree.QName(root).localname
    if kind == "sitemapindex":
        nested = tuple(dict.fromkeys(_nested(root, answer.url)))
        return _unless_empty(Listing(nested=nested))
    if kind == "urlset":
        return _unless_empty(Listing(links=tuple(_links(root, answer.url))))
    raise ListingError(f"the answer is no sitemap (its root is <{kind[:40]}>)")


def _unless_empty(listing: Listing) -> Listing:
    if not listing.links and not listing.nested:
        raise ListingError("the sitemap lists no links")
    return listing


def _unpacked(body: bytes, largest: int) -> bytes:
    if not body.startswith(_GZIP):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(body, largest + 1)
    except zlib.error:
        raise ListingError("the sitemap is packed, and cannot be unpacked") from None
    if len(unpacked) > largest:
        raise ListingError(f"the sitemap is larger than {largest} bytes once unpacked")
    return unpacked


def _root(body: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise ListingError("the answer is no XML")
    return root


def _nested(root: etree._Element, base: str) -> Iterator[str]:
    """The sitemaps of an index, the last changed first, as an index may name those of years."""
    entries = list(_children(root, "sitemap"))
    entries.sort(key=_changed_at, reverse=True)
    for entry in entries:
        url = canonical_url(_text(entry, "loc") or "", base)
        if url:
            yield url


def _changed_at(entry: etree._Element) -> float:
    moment = parse_moment(_text(entry, "lastmod"))
    return moment.timestamp() if moment else 0.0


def _links(root: etree._Element, base: str) -> Iterator[Listed]:
    for entry in _children(root, "url"):
        location = _text(entry, "loc")
        url = canonical_url(location, base) if location else None
        if url is None:
            continue
        published = parse_moment(_text(entry, "publication_date"))
        yield Listed(
            url=url,
            title=_text(entry, "title"),
            published=published.date() if published else None,
            dated=parse_moment(_text(entry, "lastmod")) or published,
        )


def _children(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in root if _name(child) == name)


def _text(entry: etree._Element, name: str) -> str | None:
    """The text of the first element below ``entry`` that bears ``name`` in any namespace.

    A picture of the page bears a ``loc`` and a ``title`` too, so images and videos are passed over.
    """
    for child in entry:
        if _name(child) == name:
            return (child.text or "").strip() or None
        if _name(child) == "news":
            found = _text(child, name)
            if found:
                return found
    return None


def _name(element: etree._Element) -> str:
    # Comments and processing instructions carry a function where elements carry their tag.
    return etree.QName(element).localname if isinstance(element.tag, str) else ""

"""Reads what a way in answered, by the source's kind. Pure: made to run in a worker process."""

from __future__ import annotations

from crawler.sources import Answer, Listing, SourceKind
from crawler.spiders.feed import read_feed_listing
from crawler.spiders.front import read_front_listing
from crawler.spiders.gdelt import read_gdelt_listing
from crawler.spiders.google_news import read_google_listing
from crawler.spiders.sitemap import read_sitemap_listing


def read_listing(kind: SourceKind, answer: Answer, largest: int) -> Listing:
    """What ``answer`` lists; ``largest`` bounds its bytes once unpacked.

    Raises:
        ListingError: It lists nothing that can be used; the line says why.
    """
    if kind == "feed":
        return read_feed_listing(answer)
    if kind == "sitemap":
        return read_sitemap_listing(answer, largest)
    if kind == "gdelt":
        return read_gdelt_listing(answer)
    if kind == "google_news":
        return read_google_listing(answer)
    return read_front_listing(answer)

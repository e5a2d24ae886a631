"""The way in through a feed."""

from __future__ import annotations

from crawler.feeds import read_feed
from crawler.sources import Answer, Listing


def read_feed_listing(answer: Answer) -> Listing:
    """What a feed lists.

    Raises:
        ListingError: As :func:`crawler.feeds.read_feed`.
    """
    return Listing(links=read_feed(answer))

"""The bounds of a crawl: how much, how fast, how long, and where to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network

_REVISIT = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 3 * 24, 7 * 24, 30 * 24))

_RETRY = tuple(timedelta(minutes=minutes) for minutes in (0, 0, 15, 60, 6 * 60))


@dataclass(frozen=True, slots=True)
class CrawlLimits:
    """The bounds of a crawl.

    Attributes:
        contact: Who answers for the crawler: a ``mailto:`` or web address, part of the user agent.
        allow_networks: Private networks that may be fetched nevertheless.
        max_page: Largest body in bytes, packed and unpacked alike.
        timeout: Longest wait for one answer.
        revisit: Waits before an article is fetched again, one after another; the last one repeats.
        retries: How often a failed fetch is tried again within the pass.
        max_wait: Longest wait that a server may ask for (Retry-After) within the pass; a longer one
            moves the page to a later pass.
        retry_steps: Waits before a page that failed is tried in a later pass, one after another;
            after the last one it is given up. At least one.
        max_crawl_delay: Cap on the Crawl-delay of a robots.txt.
        robots_ttl: How long a robots.txt is believed; its absence and failure are believed shorter.
        redirects: Longest chain of redirects.
        nested: How many sitemaps one index may add to a pass, over all levels.
        depth: How deep indexes of sitemaps may nest.
        links: How many links of one source a pass looks at.
        pass_time: After this a pass is ended; what was not fetched is fetched by the next.
    """

    contact: str | None = None
    allow_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    concurrency: int = 16
    per_host_concurrency: int = 2
    per_host_delay: timedelta = timedelta(seconds=1)
    max_page: int = 3_000_000
    timeout: timedelta = timedelta(seconds=30)
    revisit: tuple[timedelta, ...] = _REVISIT
    retries: int = 2
    max_wait: timedelta = timedelta(seconds=10)
    retry_steps: tuple[timedelta, ...] = _RETRY
    max_crawl_delay: timedelta = timedelta(seconds=10)
    robots_ttl: timedelta = timedelta(hours=1)
    redirects: int = 5
    nested: int = 50
    depth: int = 3
    links: int = 5000
    pass_time: timedelta = timedelta(minutes=30)

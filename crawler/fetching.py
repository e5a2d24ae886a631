"""Scrapy's settings for a crawl: each of its unsafe defaults is turned off here, by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

from crawler.limits import CrawlLimits
from crawler.searches import DELAYS
from crawler.sources import SourceConfig

REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
ROBOTS_NAME = "waiverwatch"
# What a second try may help against. No TLS failures, no refusals of our own.
_RETRY_EXCEPTIONS = [
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
    "twisted.internet.error.ConnectionDone",
    "twisted.internet.error.ConnectionLost",
    "twisted.internet.error.ConnectError",
]
_RETRY_STATUSES = [408, 425, 429, 500, 502, 503, 504, 520, 522, 524]
_BASE = "scrapy.downloadermiddlewares."


def user_agent(contact: str | None) -> str:
    """The name under which pages are fetched, with who answers for it."""
    name = f"waiverwatch/{version('waiverwatch')}"
    return f"{name} (+{contact})" if contact else name


def scrapy_settings(limits: CrawlLimits, sources: Iterable[SourceConfig]) -> dict[str, Any]:
    """The settings of a crawl within ``limits``, which asks ``sources``."""
    slots = {"DOWNLOAD_SLOTS": host_slots(sources)}
    return slots | _manners(limits) | _bounds(limits) | _CLOSED | _MIDDLEWARES | _QUIET


def host_slots(sources: Iterable[SourceConfig]) -> dict[str, dict[str, float]]:
    """How Scrapy is to wait on the hosts of sources that ask for more than the usual delay."""
    slots: dict[str, dict[str, float]] = {}
    for source in sources:
        delay = (source.delay or DELAYS.get(source.kind, timedelta())).total_seconds()
        host = urlsplit(source.url).hostname
        if host and delay > slots.get(host, {}).get("delay", 0.0):
            slots[host] = {"delay": delay, "concurrency": 1, "jitter": 0.0}
    return slots


def _manners(limits: CrawlLimits) -> dict[str, Any]:
    return {
        "USER_AGENT": user_agent(limits.contact),
        "CONCURRENT_REQUESTS": limits.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": limits.per_host_concurrency,
        "DOWNLOAD_DELAY": limits.per_host_delay.total_seconds(),
        # A delay is the least that was asked for; Scrapy would go down to half of it.
        "DOWNLOAD_DELAY_JITTER": 0,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        },
        "REFERRER_POLICY": "no-referrer",
    }


def _bounds(limits: CrawlLimits) -> dict[str, Any]:
    return {
        # Holds for what is received, and again for what comes of unpacking it.
        "DOWNLOAD_MAXSIZE": limits.max_page,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": limits.timeout.total_seconds(),
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "REDIRECT_MAX_TIMES": limits.redirects,
        "RETRY_TIMES": limits.retries,
        "RETRY_EXCEPTIONS": _RETRY_EXCEPTIONS,
        "RETRY_HTTP_CODES": _RETRY_STATUSES,
        "SCRAPER_SLOT_MAX_ACTIVE_SIZE": max(5_000_000, 2 * limits.max_page),
    }


_CLOSED: dict[str, Any] = {
    # Both run code for whoever connects, and both are on by default.
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "DOWNLOAD_HANDLERS": {"file": None, "data": None, "ftp": None, "s3": None},
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    # A proxy from the environment would lead around the guard.
    "HTTPPROXY_ENABLED": False,
    # Its first use asks the network for the list of public suffixes, past the guard.
    "COOKIES_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    "HTTPCACHE_ENABLED": False,
}

_MIDDLEWARES: dict[str, Any] = {
    "DOWNLOADER": "crawler.downloading.StrictDownloader",
    "DOWNLOADER_MIDDLEWARES": {
        "crawler.guard.GuardMiddleware": 10,
        _BASE + "robotstxt.RobotsTxtMiddleware": None,
        "crawler.robots.RobotsMiddleware": 100,
        _BASE + "retry.RetryMiddleware": None,
        "crawler.retries.PatientRetryMiddleware": 550,
    },
    # Ours obeys robots.txt; Scrapy's lets requests through that wait for it.
    "ROBOTSTXT_OBEY": False,
    # The store knows what was fetched; and a retry after the wait is no duplicate.
    "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
    # Every status is an answer that something follows from.
    "HTTPERROR_ALLOW_ALL": True,
}

_QUIET: dict[str, Any] = {
    "TWISTED_REACTOR": REACTOR,
    # So many tasks are started for every answer; ours are followed by a few requests at most.
    "CONCURRENT_ITEMS": 2,
    "STATS_DUMP": False,
    "LOGSTATS_INTERVAL": 0,
    "LOG_ENABLED": False,
    "MEMUSAGE_ENABLED": False,
    "WARN_ON_GENERATOR_RETURN_VALUE": False,
    "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
}

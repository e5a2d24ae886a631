"""Gets the one page that ``check URL`` asks for: guarded, and bounded in size and time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from urllib.parse import urljoin

import requests

from alerts.channels.guarded_http import guarded_session
from alerts.errors import AddressRefusedError
from crawler.documents import DocumentError, Page
from crawler.fetching import user_agent
from crawler.reasons import ALLOWED
from crawler.settings import CrawlSettings

_REDIRECTS = 5
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered, after redirects."""

    status: int
    page: Page


def fetch_page(url: str, settings: CrawlSettings) -> Page:
    """The page at ``url``, after redirects; every step of them passes the guard.

    Raises:
        DocumentError: In one line; it cannot be had.
    """
    reply = fetch_reply(url, settings)
    if reply.status != 200:
        raise DocumentError(f"{url}: answered {reply.status}")
    return reply.page


def fetch_reply(url: str, settings: CrawlSettings) -> Reply:
    """What ``url`` answers, whatever its status; every step of redirects passes the guard.

    Raises:
        DocumentError: In one line; there is no answer.
    """
    deadline = time.monotonic() + settings.timeout.total_seconds()
    with guarded_session(tuple(settings.allow_networks)) as session:
        session.headers["User-Agent"] = user_agent(settings.contact)
        try:
            return _follow(session, url, settings, deadline)
        except requests.RequestException as error:
            raise DocumentError(f"{url}: {_reason(error)}") from error


def _follow(session: requests.Session, url: str, settings: CrawlSettings, deadline: float) -> Reply:
    at = url
    for redirects in range(_REDIRECTS + 1):
        try:
            response = session.get(
                at, timeout=_left(url, deadline), allow_redirects=False, stream=True
            )
        except AddressRefusedError as error:
            # Whoever gives the address may allow it; where a server sends us is another matter.
            hint = "" if redirects else f" ({ALLOWED})"
            raise DocumentError(f"{url}: {error}{hint}") from error
        with response:
            if not response.is_redirect:
                return _reply(url, response, settings.max_page, deadline)
            at = urljoin(at, response.headers["location"])
    raise DocumentError(f"{url}: redirects more than {_REDIRECTS} times")


def _reply(url: str, response: requests.Response, largest: int, deadline: float) -> Reply:
    body = bytearray()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if len(body) > largest:
            raise DocumentError(f"{url}: is larger than {largest} bytes (crawl.max_page)")
        _left(url, deadline)
    page = Page(response.url, bytes(body), response.headers.get("content-type"))
    return Reply(response.status_code, page)


def _left(url: str, deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise DocumentError(f"{url}: no answer in time (crawl.timeout)")
    return left


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "no answer in time (crawl.timeout)"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate could not be verified"
    if isinstance(error, requests.ConnectionError):
        return "could not be connected to"
    return f"could not be fetched: {error}"

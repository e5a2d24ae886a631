"""Looks up whether the sources of a record can still be read: guarded, bounded, without judging."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

import requests

from alerts.channels.guarded_http import guarded_session
from alerts.errors import AddressRefusedError
from crawler.fetching import user_agent
from crawler.settings import CrawlSettings
from state.event import Event

Outcome = Literal["found", "missing", "unknown"]
# The register takes a citation for a document's number.
REGISTER = "https://www.federalregister.gov/api/v1/documents"
_REGISTER_PAGE = re.compile(r"\d+ FR \d+")
_REDIRECTS = 5
_AT_ONCE = 6


@dataclass(frozen=True, slots=True)
class Reference:
    """Something of the record that can be looked up.

    Attributes:
        what: The citation or address as the record has it.
        url: Where it is looked up.
        is_citation: Whether the answer tells, as JSON, how many documents were found.
    """

    what: str
    url: str
    is_citation: bool = False


@dataclass(frozen=True, slots=True)
class LookUp:
    """What came of one look-up; ``unknown``: it could not be looked up."""

    what: str
    url: str
    outcome: Outcome
    detail: str


def references_of(events: Iterable[Event], register: str = REGISTER) -> list[Reference]:
    """Each citation and each address of the events, once, in their order."""
    found: dict[str, Reference] = {}
    for event in events:
        for page in _REGISTER_PAGE.findall(event.citation or ""):
            found[page] = Reference(page, f"{register}/{quote(page)}.json", is_citation=True)
        for url in filter(None, (event.url, *event.more_urls)):
            found[url] = Reference(url, url)
    return list(found.values())


def look_up(references: Iterable[Reference], settings: CrawlSettings) -> Iterator[LookUp]:
    """What comes of each, in their order, a few at once. Never raises for an answer or its lack."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from pool.map(_looker(settings), references)


def _looker(settings: CrawlSettings) -> Callable[[Reference], LookUp]:
    def look(reference: Reference) -> LookUp:
        outcome, detail = _ask(reference, settings)
        return LookUp(reference.what, reference.url, outcome, detail)

    return look


def _ask(reference: Reference, settings: CrawlSettings) -> tuple[Outcome, str]:
    with guarded_session(tuple(settings.allow_networks)) as session:
        session.headers["User-Agent"] = user_agent(settings.contact)
        session.max_redirects = _REDIRECTS
        try:
            # A page's body is not needed: that it is there is.
            with session.get(
                reference.url, timeout=settings.timeout.total_seconds(), stream=True
            ) as response:
                return _outcome(reference, response, settings.max_page)
        except (AddressRefusedError, requests.RequestException) as error:
            return "unknown", f"could not be looked up: {_reason(error)}"


def _outcome(
    reference: Reference, response: requests.Response, largest: int
) -> tuple[Outcome, str]:
    status = response.status_code
    if status in (404, 410):
        return "missing", f"answered {status}"
    if status != 200:
        return "unknown", f"could not be looked up: answered {status}"
    if not reference.is_citation:
        return "found", "answered 200"
    return _documents(response.raw.read(largest, decode_content=True))


def _documents(body: bytes) -> tuple[Outcome, str]:
    try:
        data: Any = json.loads(body)
    except ValueError:
        data = None
    if not isinstance(data, Mapping) or not isinstance(data.get("count"), int):
        return "unknown", "could not be looked up: the answer is no list of documents"
    results = data.get("results")
    titles = [str(one.get("title")) for one in results or () if isinstance(one, Mapping)]
    if not titles:
        return "missing", "no such document"
    return "found", titles[0]


def _reason(error: Exception) -> str:
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate could not be verified"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return str(error)

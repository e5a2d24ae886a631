"""Addresses of searches: a source's endpoint and query, with what its kind needs beside them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal
from urllib.parse import parse_qsl, quote, urlsplit

SearchKind = Literal["gdelt", "google_news"]
SEARCH_KINDS: frozenset[str] = frozenset({"gdelt", "google_news"})

# The most that one answer holds. Fewer results are all there are, and none was missed.
MOST_RESULTS: Mapping[str, int] = {"gdelt": 250, "google_news": 100}
# GDELT answers one request in five seconds from an address.
DELAYS: Mapping[str, timedelta] = {"gdelt": timedelta(seconds=6)}

_QUERY_NAMES = {"gdelt": "query", "google_news": "q"}
_REACH = "3d"


def has_query(kind: str, url: str) -> bool:
    """Whether the address of a search holds its query already."""
    return any(name == _QUERY_NAMES[kind] for name, _ in parse_qsl(urlsplit(url).query))


def search_url(kind: str, url: str, query: str | None) -> str:
    """The address that a search is asked at.

    What the address states stays as it is; what it lacks is added: the query, the form and order of
    the answer, and how far back it reaches.
    """
    parts = urlsplit(url)
    stated = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    added = _wanted(kind, query, stated)
    told = "&".join(f"{name}={quote(value, safe='')}" for name, value in added.items())
    return parts._replace(query="&".join(part for part in (parts.query, told) if part)).geturl()


def _wanted(kind: str, query: str | None, stated: set[str]) -> dict[str, str]:
    wanted = {_QUERY_NAMES[kind]: query} if query else {}
    if kind == "google_news":
        if query and "when:" not in query:
            wanted["q"] = f"{query} when:{_REACH}"
    else:
        wanted |= {
            "mode": "artlist",
            "format": "json",
            "sort": "datedesc",
            "maxrecords": str(MOST_RESULTS[kind]),
        }
        if "startdatetime" not in stated:
            wanted["timespan"] = _REACH
    return {name: value for name, value in wanted.items() if name not in stated and value}

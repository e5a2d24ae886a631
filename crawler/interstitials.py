"""Knows pages that a server puts before what was asked for: for consent, checks, logins."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

_DATA = Path(__file__).with_suffix(".toml")
_TITLE = re.compile(rb"<title[^>]{0,500}>([^<]{1,500})", re.I)
_HEAD = 65_536


@dataclass(frozen=True, slots=True)
class _Kind:
    called: str
    address: re.Pattern[str]
    title: re.Pattern[str]


def interstitial(url: str, body: bytes, content_type: str | None) -> str | None:
    """What stands in the way, such as "a consent page"; None where nothing known does."""
    if content_type and "html" not in content_type.lower():
        return None
    found = _TITLE.search(body[:_HEAD])
    title = " ".join(unescape(found[1].decode("utf-8", "replace")).split()) if found else ""
    for kind in _kinds():
        if kind.address.search(url) or kind.title.search(title):
            return kind.called
    return None


@cache
def _kinds() -> tuple[_Kind, ...]:
    pages = tomllib.loads(_DATA.read_text(encoding="utf-8"))["page"]
    return tuple(
        _Kind(one["called"], _any_of(one["address"]), _any_of(one["title"])) for one in pages
    )


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)

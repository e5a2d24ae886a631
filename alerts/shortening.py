"""Makes a JSON body fit a size: long texts and lists are cut, and the body says so. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from alerts.marking import shorten

# Characters of a text, entries of a list; each step is tried in turn.
_STEPS = ((4000, 200), (2000, 60), (1000, 30), (500, 20), (250, 10), (120, 5), (60, 2), (20, 1))
# What is of no use when cut, up to a length at which no browser takes an address any more.
_WHOLE = frozenset({"url", "id", "cluster", "file", "sha256"})
_LONGEST_WHOLE = 2048


def body_within(limit: int, envelope: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """The envelope with its ``data`` as JSON of fewer than ``limit`` bytes.

    Where something was cut, ``data.truncated`` is true. The same values give the same body.
    """
    body = _dumped({**envelope, "data": data})
    for longest, most in _STEPS:
        if len(body.encode()) < limit:
            return body
        cut = {**_cut(data, longest, most), "truncated": True}
        body = _dumped({**envelope, "data": cut})
    if len(body.encode()) < limit:
        return body
    known = {key: data[key] for key in ("id", "rule", "severity") if key in data}
    return _dumped({**envelope, "data": {**known, "truncated": True}})


def _dumped(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # A page can hold half a surrogate pair, which no encoding takes.
    return text.encode("utf-8", "replace").decode()


def _cut(value: Any, longest: int, most: int) -> Any:
    if isinstance(value, str):
        return shorten(value, longest)
    if isinstance(value, Mapping):
        return {key: _cut_field(key, one, longest, most) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cut(one, longest, most) for one in value[:most]]
    return value


def _cut_field(key: str, value: Any, longest: int, most: int) -> Any:
    if key in _WHOLE and isinstance(value, str):
        return shorten(value, _LONGEST_WHOLE)
    return _cut(value, longest, most)

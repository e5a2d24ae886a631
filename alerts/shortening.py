"""Makes a JSON body fit a size: as little as possible is cut, and the body says so. Pure.

What is cut, one after the other, until the body fits: long texts; lists beside the findings
(copies, cues); findings of a digest, the least severe and the oldest first, and none that is the
last of its group; and where even that is not enough, still more of all of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from alerts.marking import shorten

_SEVERITIES = ("none", "low", "medium", "high")
# What is of no use when cut, up to a length at which no browser takes an address any more.
_WHOLE = frozenset({"url", "id", "story", "cluster", "file", "sha256"})
_LONGEST_WHOLE = 2048
_SHORT = 64  # dates and names of states are shorter
# What is cut in turn, and how far before the next one is.
_STEPS = (
    ("text", 200), ("entries", 3), ("spare", 0), ("text", _SHORT), ("entries", 1), ("charts", 0),
    ("whole", 200),
)  # fmt: skip
_NOTICES = -1
_Place = tuple[int, int]
_Write = Callable[[Mapping[str, Any]], str | None]


@dataclass(frozen=True, slots=True)
class _Size:
    """How much is kept.

    Attributes:
        text: Characters of a text.
        whole: Characters of what is of no use when cut.
        entries: Entries of a list, other than those of findings and notices.
        spare: Findings and notices, beside the first of each group.
        charts: Whether (1) or not (0) the picture is kept; its lists belong together.
    """

    text: int
    entries: int
    spare: int
    charts: int = 1
    whole: int = _LONGEST_WHOLE


def body_within(limit: int, envelope: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """The envelope with its ``data`` as JSON of fewer than ``limit`` bytes.

    Where something was cut, ``data.truncated`` is true. The same values give the same body.

    Args:
        limit: Bytes; must leave room for more than the envelope.
        envelope: What stands beside ``data``; is never cut.
        data: JSON values: one finding, or a digest with findings in ``groups``, and ``notices``.
    """

    def write(values: Mapping[str, Any]) -> str | None:
        body = _dumped({**envelope, "data": values})
        return body if len(body.encode()) < limit else None

    def write_cut(values: Mapping[str, Any]) -> str | None:
        return write({**values, "truncated": True})

    return write(data) or _fitting(data, write_cut) or _barest(data, write_cut)


def keeps_all(limit: int, envelope: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    """Whether :func:`body_within` keeps every finding and notice of these values."""
    firsts, others = _ranked(data)
    whole = _dumped({**envelope, "data": data})
    if len(whole.encode()) < limit:
        return True
    (_, text), (_, entries), *_ = _STEPS
    cut = _cut(data, _Size(text, entries, len(others)), {*firsts, *others})
    body = _dumped({**envelope, "data": {**cut, "truncated": True}})
    return len(body.encode()) < limit


def _fitting(data: Mapping[str, Any], write: _Write) -> str | None:
    """The body with each kind of cut made as far as is needed; None where no cut is enough."""
    firsts, others = _ranked(data)

    def written(size: _Size) -> str | None:
        return write(_cut(data, size, {*firsts, *others[: size.spare]}))

    size = _Size(_longest_text(data), _longest_list(data), len(others))
    for name, least in _STEPS:
        most = getattr(size, name)
        size = replace(size, **{name: min(least, most)})
        if written(size) is not None:
            return written(_largest(size, name, most, lambda one: written(one) is not None))
    return None


def _largest(size: _Size, name: str, most: int, fits: Callable[[_Size], bool]) -> _Size:
    """The size, which fits, with as much of one kind as fits too."""
    low, high = getattr(size, name), most
    while low < high:
        middle = (low + high + 1) // 2
        if fits(replace(size, **{name: middle})):
            low = middle
        else:
            high = middle - 1
    return replace(size, **{name: low})


def _barest(data: Mapping[str, Any], write: _Write) -> str:
    """Of the values at the top the short ones, as many as fit."""
    kept: dict[str, Any] = {}
    for key, value in data.items():
        short = len(value) <= _SHORT if isinstance(value, str) else not isinstance(value, list)
        if short and write({**kept, key: value}) is not None:
            kept[key] = value
    return write(kept) or ""


def _dumped(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # A page can hold half a surrogate pair, which no encoding takes.
    return text.encode("utf-8", "replace").decode()


def _groups(data: Mapping[str, Any]) -> Iterator[tuple[int, Sequence[Any]]]:
    """The lists of which none ends up empty: each group's findings, and the notices."""
    groups = data.get("groups")
    for index, group in enumerate(groups if isinstance(groups, list) else ()):
        if isinstance(group, Mapping) and isinstance(group.get("findings"), list):
            yield index, group["findings"]
    if isinstance(data.get("notices"), list):
        yield _NOTICES, data["notices"]


def _ranked(data: Mapping[str, Any]) -> tuple[list[_Place], list[_Place]]:
    """The places of each group's first, and of all others; in the order in which they are kept."""
    firsts, others = [], []
    for index, entries in _groups(data):
        ranked = sorted(enumerate(entries), key=lambda one: _age(one[1]), reverse=True)
        ranked.sort(key=lambda one: _rank(one[1]))
        firsts += [(index, at) for at, _ in ranked[:1]]
        others += [(_rank(one), _age(one), index, at) for at, one in ranked[1:]]
    others.sort(key=lambda one: one[1], reverse=True)
    others.sort(key=lambda one: one[0])
    return firsts, [(index, at) for _, _, index, at in others]


def _rank(entry: object) -> tuple[int, bool]:
    """The most severe come first, and of a story its first finding, which names the others."""
    if not isinstance(entry, Mapping):
        return 0, False
    severity = entry.get("severity")
    loudness = _SEVERITIES.index(severity) if severity in _SEVERITIES else 0
    return -loudness, entry.get("story", entry.get("id")) != entry.get("id")


def _age(entry: object) -> str:
    return str(entry.get("opened_at") or "") if isinstance(entry, Mapping) else ""


def _cut(data: Mapping[str, Any], size: _Size, kept: set[_Place]) -> dict[str, Any]:
    cut: dict[str, Any] = {}
    lists = dict(_groups(data))
    for key, value in data.items():
        if key == "chart":
            cut |= {key: value} if size.charts else {}
        elif key == "notices" and _NOTICES in lists:
            cut[key] = _entries(_NOTICES, value, size, kept)
        elif key == "groups" and isinstance(value, list):
            cut[key] = [
                {**_shrunk(group, size), "findings": _entries(at, lists[at], size, kept)}
                if at in lists
                else _shrunk(group, size)
                for at, group in enumerate(value)
            ]
        else:
            cut[key] = _field(key, value, size)
    return cut


def _entries(index: int, entries: Sequence[Any], size: _Size, kept: set[_Place]) -> list[Any]:
    return [_shrunk(one, size) for at, one in enumerate(entries) if (index, at) in kept]


def _shrunk(value: Any, size: _Size) -> Any:
    if isinstance(value, str):
        return shorten(value, size.text)
    if isinstance(value, Mapping):
        return {key: _field(key, one, size) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_shrunk(one, size) for one in value[: size.entries]]
    return value


def _field(key: str, value: Any, size: _Size) -> Any:
    if key in _WHOLE and isinstance(value, str):
        return shorten(value, size.whole)
    return _shrunk(value, size)


def _longest_text(value: object) -> int:
    if isinstance(value, str):
        return len(value)
    return max(map(_longest_text, _within(value)), default=0)


def _longest_list(value: object) -> int:
    own = len(value) if isinstance(value, (list, tuple)) else 0
    return max((own, *map(_longest_list, _within(value))))


def _within(value: object) -> Sequence[object]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, (list, tuple)) else ()

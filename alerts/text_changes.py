"""How an article's first text differs from its latest, for people. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from alerts.marking import shorten
from state.articles import StoredRevision

_MOST, _LONGEST = 3, 500
_LARGEST = 2000


def text_changes(first: StoredRevision, latest: StoredRevision) -> Mapping[str, Any] | None:
    """What stood in the first revision and stands in the latest; None where nothing differs.

    Plain JSON values: ``first`` and ``latest`` (``seen_at``, ``title``), ``changes`` (``was``,
    ``now``; empty for what was added or taken out), ``more``: how many changes are not among them.
    Changes that touch a claim come first.
    """
    old, new = _lines(first), _lines(latest)
    if old == new:
        return None
    claims = [claim.sentence for one in (first, latest) for claim in one.reading.claims]
    changes = sorted(_changes(old, new), key=lambda change: not _touches(change, claims))
    return {
        "first": {"seen_at": first.seen_at.isoformat(), "title": first.title},
        "latest": {"seen_at": latest.seen_at.isoformat(), "title": latest.title},
        "changes": [_shown(change, claims) for change in changes[:_MOST]],
        "more": max(0, len(changes) - _MOST),
    }


Change = tuple[str, str]


def _lines(revision: StoredRevision) -> list[str]:
    lines = (" ".join(line.split()) for line in (revision.title or "", *revision.text.splitlines()))
    return [line for line in lines if line][:_LARGEST]


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            continue
        before, after = old[a:b], new[c:d]
        for index in range(max(len(before), len(after))):
            yield _at(before, index), _at(after, index)


def _at(lines: Sequence[str], index: int) -> str:
    return lines[index] if index < len(lines) else ""


def _touches(change: Change, claims: Sequence[str]) -> bool:
    return any(" ".join(claim.split()) in side for claim in claims for side in change)


def _shown(change: Change, claims: Sequence[str]) -> dict[str, str]:
    was, now = (_around(side, claims) for side in change)
    return {"was": was, "now": now}


def _around(text: str, claims: Sequence[str]) -> str:
    """The text, or of a long one the part around a claim."""
    if len(text) <= _LONGEST:
        return text
    at = max((text.find(" ".join(claim.split())) for claim in claims), default=0)
    start = max(0, at - 100)
    return ("… " if start else "") + shorten(text[start:], _LONGEST)

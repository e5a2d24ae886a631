"""The texts of an article one after another, and what was changed from each to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from alerts.text_changes import text_changes
from crawler.terminal import shown
from state.store import StoredRevision


def history_data(revisions: Sequence[StoredRevision]) -> list[dict[str, Any]]:
    """Each text as plain JSON values: when it was first seen, its verdict, what was changed."""
    if not revisions:
        return []
    first, *_ = revisions
    return [_data(first, {}), *(_data(new, _changes(old, new)) for old, new in pairwise(revisions))]


def _changes(old: StoredRevision, new: StoredRevision) -> dict[str, Any]:
    found = text_changes(old, new)
    return {} if found is None else {key: found[key] for key in ("changes", "more")}


def _data(revision: StoredRevision, changes: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": revision.number,
        "seen_at": revision.seen_at.isoformat(),
        "title": revision.title,
        "verdict": revision.verdict,
        "versions": revision.versions,
        "changes": changes.get("changes", []),
        "more": changes.get("more", 0),
    }


def history_lines(revisions: Sequence[StoredRevision]) -> Iterator[str]:
    """The same for people; nothing for an article that was never edited."""
    if len(revisions) < 2:
        return
    for one in history_data(revisions):
        seen = str(one["seen_at"])[:16].replace("T", " ")
        yield f"text {one['number']}, seen {seen} (UTC), {one['verdict']}"
        for change in one["changes"]:
            if change["was"]:
                yield f"  - {shown(change['was'])}"
            if change["now"]:
                yield f"  + {shown(change['now'])}"
        if one["more"]:
            yield f"  and {one['more']} more changes"

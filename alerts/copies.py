"""Brings the findings of articles that carry one text to a judgement: one tells of them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from alerts.changes import Changes
from alerts.routing import FindingEvent
from state.finding import Finding, StoredFinding, Verdict
from state.findings import FindingWrite
from state.unit import Unit


@dataclass(frozen=True, slots=True)
class Place:
    """Where a judgement was made, and of what verdict."""

    article_id: int
    revision: int
    verdict: Verdict
    now: datetime

    def write(self, finding: Finding) -> FindingWrite:
        """The finding, in this place."""
        return FindingWrite(self.article_id, self.revision, finding, self.verdict, self.now)


@dataclass(frozen=True, slots=True)
class Spread:
    """What became of copies.

    Attributes:
        opened: Copies that are findings of their own from now on.
        events: Additions to findings, and withdrawals from them.
    """

    opened: tuple[StoredFinding, ...]
    events: tuple[FindingEvent, ...]


def spread(unit: Unit, changes: Changes, place: Place, why: str) -> Spread:
    """Keeps what changed of the article's copies of other findings."""
    for old, new in changes.moved:
        unit.update_finding(old.id, place.revision, new, place.verdict, place.now)
    opened = tuple(unit.release_copy(old.id, place.write(new)) for old, new in changes.released)
    events = (
        *_lost(unit, [old for old, _ in changes.released], place),
        *_lost(unit, [_closed(unit, old, place, why) for old in changes.withdrawn], place),
        *_added(unit, changes, place),
    )
    return Spread(opened, events)


def handed_over(
    unit: Unit, corrected: Iterable[StoredFinding], place: Place, why: str
) -> tuple[FindingEvent, ...]:
    """Lets findings that their own article corrected go on where copies still say so."""
    return tuple(
        FindingEvent(
            "finding.updated",
            moved,
            place.revision,
            "handover",
            copy={"outlet": old.outlet, "url": old.url, "change": "corrected"},
            occasion=f"handover {place.article_id}.{place.revision}",
        )
        for old in corrected
        if (moved := unit.hand_over(old.id, place.now, why)) is not None
    )


def _closed(unit: Unit, copy: StoredFinding, place: Place, why: str) -> StoredFinding:
    return unit.close_finding(copy.id, "corrected", place.now, why)


def _added(unit: Unit, changes: Changes, place: Place) -> Iterator[FindingEvent]:
    for holder, new in changes.copied:
        told = unit.add_copy(holder.id, place.write(new))
        if holder.status == "open":
            (mine,) = [one for one in unit.findings_of(place.article_id) if _is_copy(one, holder)]
            yield _event(told, mine, "added", place)


def _is_copy(one: StoredFinding, holder: StoredFinding) -> bool:
    return one.copy_of == holder.id and one.status == "open"


def _lost(unit: Unit, copies: Iterable[StoredFinding], place: Place) -> Iterator[FindingEvent]:
    for copy in copies:
        if copy.copy_of is not None:
            holder = unit.touch_finding(copy.copy_of, place.now)
            if holder.status == "open":
                yield _event(holder, copy, "withdrawn", place)


def _event(holder: StoredFinding, copy: StoredFinding, change: str, place: Place) -> FindingEvent:
    return FindingEvent(
        "finding.updated",
        holder,
        place.revision,
        "copy",
        copy={"outlet": copy.outlet, "url": copy.url, "change": change},
        occasion=f"{change} {place.article_id}.{place.revision}",
    )

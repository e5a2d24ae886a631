"""Saves a judged article, its findings and the messages that tell of them, as one unit of work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alerts.changes import Changes, plan_changes
from alerts.judge import Judgement
from alerts.routing import Audience, FindingEvent, messages_for
from state.articles import ArticleWrite, SavedArticle
from state.finding import Verdict
from state.findings import StoredFinding
from state.unit import Unit

_WHY: dict[Verdict, str] = {
    "corrects": "The article now says outright that it is not so.",
    "relays": "The article no longer says so itself; it still passes the claim on.",
    "irrelevant": "The article no longer names the law.",
}
_NO_LONGER = "The article no longer says so."


@dataclass(frozen=True, slots=True)
class Applied:
    """What saving a judged article did.

    Attributes:
        queued: How many messages are new in the outbox, held ones among them.
    """

    saved: SavedArticle
    opened: tuple[StoredFinding, ...] = ()
    updated: tuple[StoredFinding, ...] = ()
    corrected: tuple[StoredFinding, ...] = ()
    queued: int = 0


def apply_judgement(
    unit: Unit, write: ArticleWrite, judgement: Judgement, audience: Audience
) -> Applied:
    """Saves the article, brings its findings to the judgement, and queues what there is to tell.

    Everything happens in the unit's one transaction, so that no finding is without its messages,
    and no message without its finding. Doing it again with the same article changes nothing.

    Args:
        unit: The open transaction.
        write: The article as visited; its time is the time of every change.
        judgement: Of that article.
        audience: Who can be told.
    """
    saved = unit.save_article(write)
    changes = plan_changes(unit.findings_of(saved.id), judgement)
    opened, updated, corrected = _store(unit, saved, changes, write, judgement.verdict)
    events = _events(opened, updated, corrected, saved.revision)
    messages = [one for event in events for one in messages_for(event, audience, write.now)]
    queued = unit.enqueue(messages, write.now)
    return Applied(saved, opened, updated, corrected, queued)


Stored = tuple[StoredFinding, ...]


def _store(
    unit: Unit, saved: SavedArticle, changes: Changes, write: ArticleWrite, verdict: Verdict
) -> tuple[Stored, Stored, Stored]:
    """Corrections first, so that a finding that takes over from another is told after it."""
    why = _WHY.get(verdict, _NO_LONGER)
    corrected = tuple(
        unit.close_finding(old.id, "corrected", write.now, why) for old in changes.corrected
    )
    updated = tuple(
        unit.update_finding(old.id, saved.revision, new, verdict, write.now)
        for old, new in changes.updated
    )
    opened = tuple(
        unit.open_finding(saved.id, saved.revision, new, verdict, write.now)
        for new in changes.opened
    )
    return opened, updated, corrected


def _events(
    opened: Stored, updated: Stored, corrected: Stored, revision: int
) -> Iterable[FindingEvent]:
    yield from (FindingEvent("finding.corrected", one, revision) for one in corrected)
    yield from (FindingEvent("finding.updated", one, revision) for one in updated)
    yield from (FindingEvent("finding.opened", one, revision) for one in opened)

"""Saves a judged article, its findings and the messages that tell of them, as one unit of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from alerts.changes import Changes, plan_changes
from alerts.copies import Place, handed_over, spread
from alerts.judge import Judgement
from alerts.routing import Audience, Cause, FindingEvent, FindingEventType, messages_for
from alerts.text_changes import text_changes
from state.articles import ArticleWrite, SavedArticle
from state.finding import StoredFinding, Verdict
from state.message import Message
from state.unit import Unit

_WHY: dict[Verdict, str] = {
    "corrects": "The article now says outright that it is not so.",
    "relays": "The article no longer says so itself; it still passes the claim on.",
    "irrelevant": "The article no longer names the law.",
}
_NO_LONGER = "The article no longer says so."
_OTHERWISE = "The article is as it was; a later version of the program reads it otherwise."


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


@dataclass(frozen=True, slots=True)
class Occasion:
    """What brings an article's findings to a judgement.

    Attributes:
        revision: The article's latest.
        why: The reason to give where a finding closes; None: what the verdict says.
    """

    article_id: int
    revision: int
    now: datetime
    cause: Cause = "article"
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """What bringing an article's findings to a judgement changed."""

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
    if saved.change == "flip_flop":
        return Applied(saved)
    cause: Cause = "reading" if saved.change == "reading" else "article"
    why = _OTHERWISE if cause == "reading" else None
    occasion = Occasion(saved.id, saved.revision, write.now, cause, why)
    brought = bring_findings(unit, occasion, judgement, audience)
    return Applied(saved, brought.opened, brought.updated, brought.corrected, brought.queued)


def bring_findings(
    unit: Unit, occasion: Occasion, judgement: Judgement, audience: Audience
) -> Brought:
    """Brings a saved article's findings to a judgement, and queues what there is to tell.

    Doing it again with the same judgement changes nothing.
    """
    known, kin = unit.findings_of(occasion.article_id), unit.kin(occasion.article_id)
    changes = plan_changes(known, judgement, kin)
    why = occasion.why or _WHY.get(judgement.verdict, _NO_LONGER)
    place = Place(occasion.article_id, occasion.revision, judgement.verdict, occasion.now)
    moved = handed_over(unit, changes.corrected, place, why)
    kept = {event.finding.id for event in moved}
    left = tuple(old for old in changes.corrected if old.id not in kept)
    opened, updated, corrected = _store(unit, replace(changes, corrected=left), occasion, place)
    copies = spread(unit, changes, place, why)
    opened += copies.opened
    texts = _texts(unit, occasion) if opened or updated or corrected else None
    messages = [
        message
        for event in (*moved, *_events(opened, updated, corrected, occasion), *copies.events)
        for message in _messages(unit, event, texts, audience)
    ]
    updated += tuple(event.finding for event in (*moved, *copies.events))
    return Brought(opened, updated, corrected, unit.enqueue(messages, occasion.now))


def _messages(
    unit: Unit, event: FindingEvent, texts: Mapping[str, Any] | None, audience: Audience
) -> list[Message]:
    """A correction goes to those who were told of what it corrects, and to nobody else."""
    finding = event.finding
    asks = event.type == "finding.corrected" or event.cause == "copy"
    told = unit.told(finding.id) if asks else None
    if event.copy is None and texts is not None:
        event = replace(event, texts=texts)
    return messages_for(event, audience, finding.updated_at, told)


def _texts(unit: Unit, occasion: Occasion) -> Mapping[str, Any] | None:
    """What the article was changed from and to, where it was."""
    if occasion.cause != "article" or occasion.revision == 1:
        return None
    revisions = unit.revisions(occasion.article_id)
    return text_changes(revisions[0], revisions[-1])


Stored = tuple[StoredFinding, ...]


def _store(
    unit: Unit, changes: Changes, occasion: Occasion, place: Place
) -> tuple[Stored, Stored, Stored]:
    """Corrections first, so that a finding that takes over from another is told after it."""
    verdict, at = place.verdict, place.now
    why = occasion.why or _WHY.get(verdict, _NO_LONGER)
    corrected = tuple(unit.close_finding(old.id, "corrected", at, why) for old in changes.corrected)
    updated = tuple(
        unit.update_finding(old.id, occasion.revision, new, verdict, at)
        for old, new in changes.updated
    )
    opened = tuple(
        unit.open_finding(occasion.article_id, occasion.revision, new, verdict, at)
        for new in changes.opened
    )
    return opened, updated, corrected


def _events(
    opened: Stored, updated: Stored, corrected: Stored, occasion: Occasion
) -> Iterable[FindingEvent]:
    kinds: tuple[tuple[FindingEventType, Stored], ...] = (
        ("finding.corrected", corrected),
        ("finding.updated", updated),
        ("finding.opened", opened),
    )
    for kind, findings in kinds:
        for one in findings:
            yield FindingEvent(kind, one, occasion.revision, occasion.cause)

"""Judges stored articles again, as they were read, when the record of the law has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from alerts.judge import Judgement
from alerts.record_changes import Occasion, bring_findings
from alerts.routing import Audience
from extract.article import Article
from extract.claim import Reading
from state.judging import ReadArticle, Verdicts
from state.store import Store
from state.unit import Unit

_BATCH = 100


@dataclass(frozen=True, slots=True)
class Retrial:
    """What to judge again, how, and who is told.

    Attributes:
        judge: Holds an article and its reading against the record as it is now.
        since: Articles published before this day are left alone; those of no known day are not.
        why: The reason to give where a finding closes.
        now: The time of every change.
    """

    judge: Callable[[Article, Reading], Judgement]
    since: date
    why: str
    audience: Audience
    now: datetime


@dataclass(slots=True)
class Rejudged:
    """What judging again came to, in numbers."""

    judged: int = 0
    opened: int = 0
    updated: int = 0
    closed: int = 0
    queued: int = 0


def judge_again(store: Store, retrial: Retrial, batch: int = _BATCH) -> Rejudged:
    """Judges the stored articles again, and opens, updates and closes their findings.

    Each batch is one transaction, with its messages. Ended at any point it can be begun again:
    what was brought to the record already stays as it is, and is told no second time.

    Raises:
        StateError: The database could not be used; the batches until then are kept.
    """
    total, after = Rejudged(), 0
    while True:
        with store.unit() as unit:
            read = unit.read_articles(retrial.since, after, batch)
            for one in read:
                _judge_one(unit, one, retrial, total)
        if len(read) < batch:
            return total
        after = read[-1].id


def _judge_one(unit: Unit, read: ReadArticle, retrial: Retrial, total: Rejudged) -> None:
    judgement = retrial.judge(read.article, read.reading)
    verdicts = Verdicts(judgement.verdict, judgement.severity, judgement.accurate_context)
    unit.save_verdicts(read, verdicts)
    occasion = Occasion(read.id, read.revision, retrial.now, "record", retrial.why)
    brought = bring_findings(unit, occasion, judgement, retrial.audience)
    total.judged += 1
    total.opened += len(brought.opened)
    total.updated += len(brought.updated)
    total.closed += len(brought.corrected)
    total.queued += brought.queued

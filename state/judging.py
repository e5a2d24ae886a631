"""Stored articles as they were read, to be judged again when the record of the law changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, or_, select, update

from extract.article import Article
from extract.claim import Reading
from state.codec import reading_from_json
from state.finding import Severity, Verdict
from state.tables import articles, revisions


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What an article was judged to be."""

    verdict: Verdict
    severity: Severity
    accurate_context: bool


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article's latest text, and what was read in it.

    Attributes:
        revision: The number of that text.
        article: ``published`` is the day that is kept, the source's where the page gives none.
    """

    id: int
    revision: int
    article: Article
    reading: Reading
    verdicts: Verdicts


def read_articles(connection: Connection, since: date, after: int, limit: int) -> list[ReadArticle]:
    """Articles published on a day or later, or on no known day, in the order of their ids.

    They are locked until the transaction's end where the database locks rows, so that no visit
    comes between judging and keeping.

    Args:
        connection: The open transaction.
        since: The first day.
        after: Only articles whose id is greater.
        limit: At most this many.
    """
    latest = and_(
        revisions.c.article_id == articles.c.id, revisions.c.number == articles.c.revision
    )
    dated = or_(articles.c.published.is_(None), articles.c.published >= since)
    columns = (revisions.c.title, revisions.c.text, revisions.c.reading)
    judged = (articles.c.verdict, articles.c.severity, articles.c.accurate_context)
    known = (articles.c.id, articles.c.revision, articles.c.url, articles.c.published)
    statement = (
        select(*known, *judged, *columns)
        .join(revisions, latest)
        .where(dated, articles.c.id > after)
        .order_by(articles.c.id)
        .limit(limit)
        .with_for_update(of=articles)
    )
    return [_read(row) for row in connection.execute(statement)]


def save_verdicts(connection: Connection, read: ReadArticle, verdicts: Verdicts) -> None:
    """Keep what an article's latest text was judged to be."""
    if verdicts == read.verdicts:
        return
    values: dict[str, Any] = {
        "verdict": verdicts.verdict,
        "severity": verdicts.severity,
        "accurate_context": verdicts.accurate_context,
    }
    connection.execute(update(articles).where(articles.c.id == read.id).values(**values))
    number = and_(revisions.c.article_id == read.id, revisions.c.number == read.revision)
    connection.execute(update(revisions).where(number).values(**values))


def _read(row: Any) -> ReadArticle:
    reading = reading_from_json(row.reading)
    article = Article(row.text, row.title, row.url, reading.lang, row.published)
    verdicts = Verdicts(row.verdict, row.severity, row.accurate_context)
    return ReadArticle(row.id, row.revision, article, reading, verdicts)

"""Articles and their revisions: every text that was ever seen under an address."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, update

from extract.article import Article
from extract.claim import Reading
from state.clusters import place_article
from state.codec import reading_from_json, reading_to_json
from state.database import first, insert_unseen
from state.finding import Severity, Verdict, WarcRecord
from state.revising import FLIP_FLOP, Change, Version, weigh
from state.tables import articles, revisions, storable


@dataclass(frozen=True, slots=True)
class ArticleWrite:
    """One visit of an article, and what came of it.

    Attributes:
        article: Its ``url`` is the canonical one, and is required.
        next_visit_at: When to visit again; None, or an irrelevant article: never.
        versions: What read and judged it (programs, lexicons, rules), as one line; see
            :func:`state.revising.versions_line`.
        published: The day to keep where the page itself gives none: the source's.
        sketch: Of the text, by which copies are found; see :mod:`extract.sketch`.
        warc: Where the page's bytes are kept.
        keep: Keeps them, where they are not kept yet; called for a new revision alone.
        baseline: See :func:`state.revising.weigh`.
    """

    source: str
    outlet: str
    article: Article
    reading: Reading
    verdict: Verdict
    severity: Severity
    accurate_context: bool
    now: datetime
    versions: str
    etag: str | None = None
    last_modified: str | None = None
    next_visit_at: datetime | None = None
    published: date | None = None
    sketch: bytes | None = None
    warc: WarcRecord | None = None
    keep: Callable[[], WarcRecord] | None = None
    baseline: Article | None = None


@dataclass(frozen=True, slots=True)
class SavedArticle:
    """What saving a visit did.

    Attributes:
        revision: The number of the article's latest revision, from 1.
        is_new: Whether the address was not known before.
        change: What the visit of a known article brought; ``none`` when new.
    """

    id: int
    revision: int
    is_new: bool
    change: Change = "none"

    @property
    def text_changed(self) -> bool:
        """Whether this is a later text of a known article."""
        return self.change == "edit"


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as of its last visit. ``next_visit_at`` None: it is not visited again."""

    id: int
    url: str
    source: str
    outlet: str
    title: str | None
    lang: str | None
    published: date | None
    text_hash: str
    verdict: Verdict
    first_seen_at: datetime
    visits: int
    etag: str | None
    last_modified: str | None
    revision: int
    next_visit_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredRevision:
    """One text of an article, and how it was read."""

    number: int
    title: str | None
    text: str
    lang: str | None
    published: date | None
    seen_at: datetime
    reading: Reading
    verdict: Verdict
    versions: str
    warc: WarcRecord | None


@dataclass(frozen=True, slots=True)
class Revisit:
    """An article that is to be visited again.

    Attributes:
        source: What led to it; the settings may no longer know it.
        attempts: How often a visit was tried in vain since the last one.
        versions: Those that read its last text.
        published: The day that is kept: the page's own, or else the source's.
    """

    url: str
    source: str
    outlet: str
    etag: str | None
    last_modified: str | None
    visits: int
    attempts: int
    versions: str
    published: date | None = None


def text_hash(article: Article) -> str:
    """What tells two texts of an article apart: headline and body, nothing else of the page."""
    content = f"{article.title or ''}\n\n{article.text}"
    return hashlib.sha256(storable(content).encode()).hexdigest()


def find_article(connection: Connection, url: str) -> StoredArticle | None:
    """The article under this canonical URL."""
    row = connection.execute(select(articles).where(articles.c.url == storable(url))).first()
    return _stored(row) if row is not None else None


def article_revisions(connection: Connection, article_id: int) -> list[StoredRevision]:
    """Every text of the article, oldest first."""
    rows = connection.execute(
        select(revisions).where(revisions.c.article_id == article_id).order_by(revisions.c.number)
    )
    return [_revision(row) for row in rows]


def save_article(connection: Connection, write: ArticleWrite) -> SavedArticle:
    """Keep a visit; an edit becomes a revision of its own.

    Of what moves on a page by itself nothing is kept; another reading of the same article replaces
    the last one; see :func:`state.revising.weigh`. A text that flips back is left unprocessed: the
    validators that came with it are forgotten, and the article is soon visited again.

    Raises:
        ValueError: The article has no URL.
    """
    if not write.article.url:
        raise ValueError("an article is stored under its URL, and this one has none")
    url = storable(write.article.url)
    values = _values(write)
    born = {"url": url, "first_seen_at": write.now, "revision": 1, "visits": 1}
    if insert_unseen(connection, articles, [{**values, **born}], "url"):
        row = first(connection, articles, articles.c.url == url)
        assert row is not None  # noqa: S101 - inserted above, in the same transaction
        _add_revision(connection, row.id, 1, write)
        place_article(connection, row.id, write.sketch)
        return SavedArticle(row.id, 1, is_new=True)
    row = first(connection, articles, articles.c.url == url)
    assert row is not None  # noqa: S101 - the insert found it, and rows are never deleted
    return _save_again(connection, row, values, write)


def due_revisits(
    connection: Connection, now: datetime, limit: int, sources: Sequence[str] | None = None
) -> list[Revisit]:
    """The articles whose next visit is due, of these sources or of any, the longest due first."""
    latest = and_(
        revisions.c.article_id == articles.c.id, revisions.c.number == articles.c.revision
    )
    columns = [articles.c[name] for name in Revisit.__dataclass_fields__ if name != "versions"]
    due = (
        select(*columns, revisions.c.versions)
        .join(revisions, latest)
        .where(articles.c.next_visit_at <= now)
        .order_by(articles.c.next_visit_at, articles.c.id)
        .limit(limit)
    )
    if sources is not None:
        due = due.where(articles.c.source.in_(sources))
    return [Revisit(**row._mapping) for row in connection.execute(due)]


def postpone_revisit(
    connection: Connection,
    url: str,
    now: datetime,
    next_visit_at: datetime | None,
    attempts: int = 0,
) -> None:
    """Keep that a visit brought nothing, and when to come again.

    With ``attempts``, the tries in vain since the last visit, it was only tried.
    """
    visited = {} if attempts else {"last_seen_at": now, "visits": articles.c.visits + 1}
    connection.execute(
        update(articles)
        .where(articles.c.url == storable(url))
        .values(next_visit_at=next_visit_at, attempts=attempts, **visited)
    )


def _save_again(
    connection: Connection, row: Row[Any], values: dict[str, object], write: ArticleWrite
) -> SavedArticle:
    history = article_revisions(connection, row.id)
    change = weigh([_version(one) for one in history], _new_version(write), write.baseline)
    if change == "flip_flop":
        _wait_out(connection, row, write)
        return SavedArticle(row.id, row.revision, is_new=False, change=change)
    moved = change == "none" and row.text_hash != values["text_hash"]
    if moved:
        # The text that is kept stays the one that was read: offsets of its claims count in it.
        values |= {"text_hash": row.text_hash, "title": row.title}
    # What named the law once may name it again.
    values["next_visit_at"] = write.next_visit_at
    number = row.revision + 1 if change == "edit" else row.revision
    visited = {**values, "revision": number, "visits": articles.c.visits + 1}
    connection.execute(update(articles).where(articles.c.id == row.id).values(**visited))
    if change == "edit":
        _add_revision(connection, row.id, number, write)
    elif moved:
        _judge_again(connection, row.id, number, write)
    else:
        _read_again(connection, row.id, number, write)
    if change != "none":
        place_article(connection, row.id, write.sketch)
    return SavedArticle(row.id, number, is_new=False, change=change)


def _wait_out(connection: Connection, row: Row[Any], write: ArticleWrite) -> None:
    """Keep that the visit was made; the text is looked at again once a day has passed."""
    soon = write.now + FLIP_FLOP
    planned = write.next_visit_at
    connection.execute(
        update(articles)
        .where(articles.c.id == row.id)
        .values(
            last_seen_at=write.now,
            visits=articles.c.visits + 1,
            attempts=0,
            next_visit_at=min(planned, soon) if planned else soon,
            etag=None,
            last_modified=None,
        )
    )


def _version(revision: StoredRevision) -> Version:
    return Version(
        revision.title, revision.text, revision.reading, revision.versions, revision.seen_at
    )


def _new_version(write: ArticleWrite) -> Version:
    article = write.article
    title = None if article.title is None else storable(article.title)
    return Version(title, storable(article.text), write.reading, write.versions, write.now)


def _values(write: ArticleWrite) -> dict[str, object]:
    article = write.article
    return {
        "source": write.source,
        "outlet": write.outlet,
        "title": article.title,
        "lang": write.reading.lang or article.lang,
        "published": article.published or write.published,
        "modified": article.modified,
        "author": article.author,
        "text_hash": text_hash(article),
        "last_seen_at": write.now,
        "attempts": 0,
        "next_visit_at": None if write.verdict == "irrelevant" else write.next_visit_at,
        "etag": write.etag,
        "last_modified": write.last_modified,
    } | _judgement(write)


def _judgement(write: ArticleWrite) -> dict[str, object]:
    return {
        "verdict": write.verdict,
        "severity": write.severity,
        "accurate_context": write.accurate_context,
    }


def _reading(write: ArticleWrite) -> dict[str, object]:
    return {
        "lang": write.reading.lang or write.article.lang,
        "published": write.article.published or write.published,
        "reading": reading_to_json(write.reading),
        "versions": write.versions,
    } | _judgement(write)


def _add_revision(
    connection: Connection, article_id: int, number: int, write: ArticleWrite
) -> None:
    warc = write.warc or (write.keep() if write.keep else None)
    values = {
        "article_id": article_id,
        "number": number,
        "title": write.article.title,
        "text": write.article.text,
        "text_hash": text_hash(write.article),
        "seen_at": write.now,
        "warc_file": warc.file if warc else None,
        "warc_offset": warc.offset if warc else None,
        "warc_sha256": warc.sha256 if warc else None,
    }
    connection.execute(insert(revisions).values(**values, **_reading(write)))


def _read_again(connection: Connection, article_id: int, number: int, write: ArticleWrite) -> None:
    """The same article, read anew: what is kept of it is brought to the present reading."""
    values = {
        "title": write.article.title,
        "text": write.article.text,
        "text_hash": text_hash(write.article),
    }
    connection.execute(
        update(revisions)
        .where(revisions.c.article_id == article_id, revisions.c.number == number)
        .values(**values, **_reading(write))
    )


def _judge_again(connection: Connection, article_id: int, number: int, write: ArticleWrite) -> None:
    connection.execute(
        update(revisions)
        .where(revisions.c.article_id == article_id, revisions.c.number == number)
        .values(published=write.article.published or write.published, **_judgement(write))
    )


def _stored(row: Row[Any]) -> StoredArticle:
    return StoredArticle(
        **{name: row._mapping[name] for name in StoredArticle.__dataclass_fields__}
    )


def _revision(row: Row[Any]) -> StoredRevision:
    return StoredRevision(
        number=row.number,
        title=row.title,
        text=row.text,
        lang=row.lang,
        published=row.published,
        seen_at=row.seen_at,
        reading=reading_from_json(row.reading),
        verdict=row.verdict,
        versions=row.versions,
        warc=warc_of(row),
    )


def warc_of(row: Row[Any]) -> WarcRecord | None:
    """The archive's entry that a row of revisions names."""
    if row.warc_file is None:
        return None
    return WarcRecord(row.warc_file, row.warc_offset, row.warc_sha256)

"""Articles and their revisions: every text that was ever seen under an address."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from extract.article import Article
from extract.claim import Reading
from state.codec import reading_from_json, reading_to_json
from state.database import first, insert_unseen
from state.finding import Severity, Verdict
from state.tables import articles, revisions, storable


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """Where the bytes of a page are kept."""

    file: str
    offset: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ArticleWrite:
    """One visit of an article, and what came of it.

    Attributes:
        article: Its ``url`` is the canonical one, and is required.
        next_visit_at: When to visit again; None, or an irrelevant article: never.
        versions: What read and judged it (programs, lexicons, rules), as one line.
        published: The day to keep where the page itself gives none: the source's.
        cluster: What articles of the same text share.
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
    cluster: str | None = None
    warc: WarcRecord | None = None


@dataclass(frozen=True, slots=True)
class SavedArticle:
    """What saving a visit did.

    Attributes:
        revision: The number of the article's latest revision, from 1.
        is_new: Whether the address was not known before.
        text_changed: Whether the text or the title differs from the last visit's; False when new.
    """

    id: int
    revision: int
    is_new: bool
    text_changed: bool


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
    """An article that is to be visited again."""

    url: str
    source: str
    title: str | None
    etag: str | None
    last_modified: str | None
    visits: int


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
    """Keep a visit; a text that differs from the last one becomes a revision of its own.

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
        return SavedArticle(row.id, 1, is_new=True, text_changed=False)
    row = first(connection, articles, articles.c.url == url)
    assert row is not None  # noqa: S101 - the insert found it, and rows are never deleted
    return _save_again(connection, row, values, write)


def due_revisits(connection: Connection, source: str, now: datetime, limit: int) -> list[Revisit]:
    """The source's articles whose next visit is due, the longest due first."""
    rows = connection.execute(
        select(articles)
        .where(articles.c.source == source, articles.c.next_visit_at <= now)
        .order_by(articles.c.next_visit_at, articles.c.id)
        .limit(limit)
    )
    return [
        Revisit(row.url, row.source, row.title, row.etag, row.last_modified, row.visits)
        for row in rows
    ]


def postpone_revisit(
    connection: Connection, url: str, now: datetime, next_visit_at: datetime | None
) -> None:
    """Keep that a visit brought nothing (not modified, or failed), and when to come again."""
    connection.execute(
        update(articles)
        .where(articles.c.url == storable(url))
        .values(next_visit_at=next_visit_at, last_seen_at=now, visits=articles.c.visits + 1)
    )


def _save_again(
    connection: Connection, row: Row[Any], values: dict[str, object], write: ArticleWrite
) -> SavedArticle:
    changed = row.text_hash != values["text_hash"]
    number = row.revision + 1 if changed else row.revision
    connection.execute(
        update(articles)
        .where(articles.c.id == row.id)
        .values(**values, revision=number, visits=articles.c.visits + 1)
    )
    if changed:
        _add_revision(connection, row.id, number, write)
    else:
        _read_again(connection, row.id, number, write)
    return SavedArticle(row.id, number, is_new=False, text_changed=changed)


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
        "cluster": write.cluster,
        "last_seen_at": write.now,
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
    warc = write.warc
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
    # The same text under a newer lexicon or rule: the reading is replaced, the text stays.
    connection.execute(
        update(revisions)
        .where(revisions.c.article_id == article_id, revisions.c.number == number)
        .values(**_reading(write))
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

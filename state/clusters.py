"""Articles that carry the same text, over all outlets: found by their sketches, in the database."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from extract.sketch import ALIKE, KIND, bands_of, likeness
from state.database import upsert
from state.tables import articles, bands, sketches

# More than so many articles under one key are boilerplate that many pages share.
_MOST_CANDIDATES = 200
_LOCK = 0x5761_6976


def place_article(connection: Connection, article_id: int, sketch: bytes | None) -> str | None:
    """Keep an article's sketch, and put it into the cluster of the text that it copies.

    Args:
        connection: The open transaction; others that place articles wait for its end.
        article_id: The article.
        sketch: Of its text; None where the text is too short for one, and so in no cluster.

    Returns:
        The cluster's name; None where no other article carries the text.
    """
    if connection.dialect.name == "postgresql":
        # Of two copies that are saved at the same time one must see the other.
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    connection.execute(delete(bands).where(bands.c.article_id == article_id))
    name = None
    if sketch is None:
        connection.execute(delete(sketches).where(sketches.c.article_id == article_id))
    else:
        keys = bands_of(sketch)
        name = _cluster_of(connection, sketch, keys)
        row = {"article_id": article_id, "sketch": sketch, "kind": KIND}
        upsert(connection, sketches, "article_id", row)
        unique = [{"key": key, "article_id": article_id} for key in sorted(set(keys))]
        connection.execute(insert(bands), unique)
    connection.execute(update(articles).where(articles.c.id == article_id).values(cluster=name))
    return name


def _cluster_of(connection: Connection, sketch: bytes, keys: Iterable[int]) -> str | None:
    """The cluster of the most alike article, made where that one was alone until now."""
    scored = [(likeness(sketch, row.sketch), row) for row in _candidates(connection, keys)]
    alike = [(score, row) for score, row in scored if score >= ALIKE]
    if not alike:
        return None
    _, nearest = max(alike, key=lambda pair: (pair[0], -pair[1].article_id))
    name: str | None = nearest.cluster
    if name is None:
        name = f"c_{secrets.token_hex(6)}"
        mine = articles.c.id == nearest.article_id
        connection.execute(update(articles).where(mine).values(cluster=name))
    return name


def _candidates(connection: Connection, keys: Iterable[int]) -> list[Row[tuple[int, bytes, str]]]:
    """Articles that share a key: first those that share the most."""
    shared = (
        select(bands.c.article_id, func.count().label("shared"))
        .where(bands.c.key.in_(sorted(set(keys))))
        .group_by(bands.c.article_id)
        .order_by(func.count().desc(), bands.c.article_id)
        .limit(_MOST_CANDIDATES)
        .subquery()
    )
    statement = (
        select(sketches.c.article_id, sketches.c.sketch, articles.c.cluster)
        .join(shared, shared.c.article_id == sketches.c.article_id)
        .join(articles, articles.c.id == sketches.c.article_id)
        .where(sketches.c.kind == KIND)
    )
    return list(connection.execute(statement))

"""Fills a database with articles of months, faster than crawling would."""

from __future__ import annotations

import random
import struct
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert

from extract.claim import Mention, Reading
from extract.sketch import KIND, bands_of
from state.codec import reading_to_json
from state.database import Database
from state.store import open_store
from state.tables import articles, bands, links, revisions, sketches

_BATCH = 2_000
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_TEXT = "Section 907 of the Freedom Support Act still stands. " * 20
_READING = reading_to_json(Reading("en", (Mention("Section 907", 0, 11, False),)))


def fill(url: str, count: int) -> None:
    """Stores so many articles, each with its text, link, sketch and the keys of that."""
    open_store(url).close()
    database = Database(url)
    chance = random.Random(1)
    for first in range(0, count, _BATCH):
        with database.writing() as connection:
            _fill(connection, range(first + 1, min(first + _BATCH, count) + 1), chance)
    database.close()


def _fill(connection: Connection, ids: range, chance: random.Random) -> None:
    made = {n: struct.pack("<128I", *(chance.getrandbits(32) for _ in range(128))) for n in ids}
    connection.execute(insert(links), [_link(n) for n in ids])
    connection.execute(insert(articles), [_article(n) for n in ids])
    connection.execute(insert(revisions), [_revision(n) for n in ids])
    rows = [{"article_id": n, "sketch": sketch, "kind": KIND} for n, sketch in made.items()]
    connection.execute(insert(sketches), rows)
    keys = [{"key": key, "article_id": n} for n, sketch in made.items() for key in bands_of(sketch)]
    connection.execute(insert(bands), keys)


def _link(n: int) -> dict[str, object]:
    return {"url": f"https://old.example/{n}", "source": f"s{n % 8}", "found_at": _AT,
            "outcome": "article", "settled_at": _AT, "attempts": 1}  # fmt: skip


def _article(n: int) -> dict[str, object]:
    return {
        "id": n,
        "url": f"https://old.example/{n}",
        "source": f"s{n % 8}",
        "outlet": "Old",
        "title": f"Story {n}",
        "lang": "en",
        "text_hash": f"{n:064x}",
        "revision": 1,
        "first_seen_at": _AT,
        "last_seen_at": _AT,
        "visits": 6,
        "next_visit_at": datetime.now(UTC) + timedelta(days=1 + n % 30),
        **_JUDGED,
    }


def _revision(n: int) -> dict[str, object]:
    return {
        "article_id": n,
        "number": 1,
        "title": f"Story {n}",
        "text": f"{n} {_TEXT}",
        "text_hash": f"{n:064x}",
        "lang": "en",
        "seen_at": _AT,
        "reading": _READING,
        "versions": "bench",
        **_JUDGED,
    }


_JUDGED = {"verdict": "background", "severity": "none", "accurate_context": False}

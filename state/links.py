"""Links to pages: each canonical URL is fetched once, and again only when a retry is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from state.database import insert_unseen
from state.sources import note_new_links
from state.tables import links, storable

LinkOutcome = Literal["irrelevant", "not_article", "failed", "forbidden", "article"]

# A claimed link that nobody settles (its process died) is given out again after this time.
CLAIM_FOR = timedelta(minutes=10)
# PostgreSQL indexes no more; no article has such an address.
LONGEST_URL = 2000
_LEFTOVERS = 200
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link as a source shows it.

    Attributes:
        url: Canonical.
        published: The day the source gives for it.
        outlet: The outlet the source names for it, where that is not the source's own.
        attempts: How often it was fetched in vain before.
    """

    url: str
    title: str | None = None
    published: date | None = None
    outlet: str | None = None
    attempts: int = 0


def claim_links(
    connection: Connection, source: str, found: Sequence[FoundLink], now: datetime
) -> list[FoundLink]:
    """Record the links not known yet; return those that the caller is to fetch and settle.

    That is: the ones not known, the known ones whose retry is due, and after them links of the
    same source whose retry is due although it no longer shows them. What is returned is nobody
    else's for CLAIM_FOR. URLs above LONGEST_URL bytes are left out.
    """
    wanted = {storable(link.url): link for link in found if not _is_too_long(link.url)}
    unseen = _insert(connection, source, wanted, now)
    if unseen:
        note_new_links(connection, source, now)
    attempts: dict[str, FoundLink] = {}
    for chunk in _chunks(sorted(wanted.keys() - unseen)):
        attempts |= _take(connection, links.c.url.in_(chunk), now)
    fresh = [link for url, link in wanted.items() if url in unseen]
    again = [attempts[url] for url in wanted if url in attempts]
    return fresh + again + _take_leftovers(connection, source, now)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a link; with ``retry_at`` it stays open and is given out again then."""

    url: str
    outcome: LinkOutcome
    at: datetime
    retry_at: datetime | None = None
    error: str | None = None


def settle_link(connection: Connection, settlement: Settlement) -> None:
    """Keep what became of a link; one that is not known is recorded with it."""
    url = storable(settlement.url)
    if _is_too_long(url):
        return
    insert_unseen(connection, links, [{"url": url, "found_at": settlement.at}], "url")
    connection.execute(
        update(links)
        .where(links.c.url == url)
        .values(
            outcome=settlement.outcome,
            settled_at=settlement.at,
            due_at=settlement.retry_at,
            error=settlement.error,
            attempts=links.c.attempts + 1,
        )
    )


def release_claims(connection: Connection, now: datetime) -> int:
    """Give out again at once what is claimed; for a crawler that knows it is the only one."""
    claimed = update(links).where(links.c.due_at > now, links.c.due_at <= now + CLAIM_FOR)
    never_settled = links.c.settled_at.is_(None)
    return connection.execute(claimed.where(never_settled).values(due_at=now)).rowcount


def open_links(connection: Connection) -> int:
    """How many links wait to be fetched."""
    count = select(func.count()).select_from(links).where(links.c.due_at.is_not(None))
    return connection.scalar(count) or 0


def _insert(
    connection: Connection, source: str, wanted: dict[str, FoundLink], now: datetime
) -> set[str]:
    # In one order for all: two processes that insert the same links must not wait crosswise.
    rows = [
        {
            "url": url,
            "source": source,
            "title": link.title,
            "outlet": link.outlet,
            "published": link.published,
            "found_at": now,
            "due_at": now + CLAIM_FOR,
        }
        for url, link in sorted(wanted.items())
    ]
    return insert_unseen(connection, links, rows, "url")


def _take(
    connection: Connection, where: ColumnElement[bool], now: datetime
) -> dict[str, FoundLink]:
    taken = connection.execute(
        update(links)
        .where(where, links.c.due_at <= now)
        .values(due_at=now + CLAIM_FOR)
        .returning(links)
    )
    return {row.url: _link(row) for row in taken}


def _take_leftovers(connection: Connection, source: str, now: datetime) -> list[FoundLink]:
    due = (
        select(links.c.url)
        .where(links.c.source == source, links.c.due_at <= now)
        .order_by(links.c.due_at)
        .limit(_LEFTOVERS)
    )
    taken = _take(connection, links.c.url.in_(due), now)
    return [taken[url] for url in sorted(taken)]


def _link(row: Row[Any]) -> FoundLink:
    return FoundLink(row.url, row.title, row.published, row.outlet, row.attempts)


def _is_too_long(url: str) -> bool:
    return len(storable(url).encode()) > LONGEST_URL


def _chunks(urls: Sequence[str]) -> Iterable[Sequence[str]]:
    return (urls[start : start + _CHUNK] for start in range(0, len(urls), _CHUNK))

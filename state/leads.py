"""Leads: articles that a search names by title and outlet, without an address to fetch.

An article is found once one of its outlet's own ways in lists the same title.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from state.database import insert_unseen
from state.lead import Lead, fold_title
from state.tables import leads, storable

# What its outlet has not listed after this time, it will not list any more.
WAITS_FOR = timedelta(days=14)
_LONGEST_KEY = 500


@dataclass(frozen=True, slots=True)
class StoredLead:
    """A lead in the database.

    Attributes:
        source: The source whose search named it.
        url: Where the article was found; None while it was not.
    """

    key: str
    source: str
    title: str
    outlet: str
    site: str
    published: date | None
    noted_at: datetime
    url: str | None
    found_at: datetime | None


def add_leads(
    connection: Connection, source: str, found: Sequence[Lead], now: datetime
) -> list[Lead]:
    """Keep the leads that are not known yet, and return those."""
    usable = {storable(lead.key): lead for lead in found if len(lead.key) <= _LONGEST_KEY}
    rows = [
        {
            "key": key,
            "source": source,
            "title": lead.title,
            "folded": fold_title(lead.title),
            "outlet": lead.outlet,
            "site": lead.site,
            "published": lead.published,
            "noted_at": now,
        }
        for key, lead in sorted(usable.items())
    ]
    new = insert_unseen(connection, leads, rows, "key")
    return [lead for key, lead in usable.items() if key in new]


def open_leads(connection: Connection, now: datetime) -> list[StoredLead]:
    """The leads whose article was not found, and may still be, the last noted first."""
    statement = select(leads).where(*_open(now)).order_by(leads.c.noted_at.desc(), leads.c.key)
    return [_lead(row) for row in connection.execute(statement)]


def settle_leads(
    connection: Connection, keys: Collection[str], titles: Mapping[str, str], now: datetime
) -> list[StoredLead]:
    """Mark the open ones among these leads as found whose title is listed; return those.

    Args:
        connection: Of the transaction.
        keys: Of the leads that may be meant.
        titles: Folded titles, each with the address of its article.
        now: The time.
    """
    if not keys or not titles:
        return []
    rows = connection.execute(select(leads).where(leads.c.key.in_(list(keys)), *_open(now)))
    found = [row for row in rows if row.folded in titles]
    for row in found:
        place = update(leads).where(leads.c.key == row.key)
        connection.execute(place.values(url=titles[row.folded], found_at=now))
    return [_lead(row, titles[row.folded], now) for row in found]


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return leads.c.url.is_(None), leads.c.noted_at > now - WAITS_FOR


def _lead(row: Row[Any], url: str | None = None, found_at: datetime | None = None) -> StoredLead:
    return StoredLead(
        key=row.key,
        source=row.source,
        title=row.title,
        outlet=row.outlet,
        site=row.site,
        published=row.published,
        noted_at=row.noted_at,
        url=url or row.url,
        found_at=found_at or row.found_at,
    )

"""Findings: opened, updated with each revision, closed for good."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, insert, select, update

from state.articles import warc_of
from state.codec import claim_from_json, claim_to_json, reference_from_json, reference_to_json
from state.errors import UnknownEntryError
from state.finding import Confirmation, Finding, FindingQuery, StoredFinding, Verdict
from state.tables import articles, findings, revisions

Closing = Literal["corrected", "dismissed"]
_BATCH = 500


@dataclass(frozen=True, slots=True)
class FindingWrite:
    """A finding in one revision of an article."""

    article_id: int
    revision: int
    finding: Finding
    verdict: Verdict
    now: datetime


def query_findings(connection: Connection, query: FindingQuery) -> list[StoredFinding]:
    """The findings that fit, the last opened first; copies are listed with the one they copy."""
    statement = _joined().where(findings.c.copy_of.is_(None))
    statement = statement.order_by(findings.c.opened_at.desc(), findings.c.id)
    if query.status is not None:
        statement = statement.where(findings.c.status == query.status)
    if query.since is not None:
        statement = statement.where(findings.c.updated_at >= query.since)
    if query.confirmed:
        statement = statement.where(findings.c.confirmed_at.is_not(None))
    if query.langs:
        statement = statement.where(revisions.c.lang.in_(query.langs))
    return _all(connection, statement.limit(query.limit))


def find_finding(connection: Connection, finding_id: str) -> StoredFinding | None:
    """The finding with this id."""
    found = _all(connection, _joined().where(findings.c.id == finding_id))
    return found[0] if found else None


def article_findings(
    connection: Connection, article_id: int, *, only_open: bool
) -> list[StoredFinding]:
    """The article's findings in the order in which they were opened, copies among them."""
    statement = _joined().where(findings.c.article_id == article_id)
    if only_open:
        statement = statement.where(findings.c.status == "open")
    return _all(connection, statement.order_by(findings.c.opened_at, findings.c.id))


def open_finding(connection: Connection, write: FindingWrite) -> StoredFinding:
    """Open a finding under a new id; where the same rule's is open already, update that one."""
    same = and_(
        findings.c.article_id == write.article_id,
        findings.c.rule == write.finding.rule,
        findings.c.status == "open",
    )
    existing = connection.scalar(select(findings.c.id).where(same))
    if existing is not None:
        return update_finding(connection, existing, write)
    finding_id = f"f_{secrets.token_hex(6)}"
    born = {
        "id": finding_id,
        "article_id": write.article_id,
        "status": "open",
        "opened_at": write.now,
    }
    connection.execute(insert(findings).values(**born, **_values(write)))
    return _existing(connection, finding_id)


def kin(connection: Connection, article_id: int) -> list[StoredFinding]:
    """Findings, open or dismissed, of other articles that carry the same text."""
    cluster = select(articles.c.cluster).where(articles.c.id == article_id).scalar_subquery()
    statement = _joined().where(
        articles.c.cluster == cluster,
        articles.c.id != article_id,
        findings.c.copy_of.is_(None),
        findings.c.status.in_(("open", "dismissed")),
    )
    return _all(connection, statement.order_by(findings.c.opened_at, findings.c.id))


def add_copy(connection: Connection, holder_id: str, write: FindingWrite) -> StoredFinding:
    """Keep a finding as a copy of another one; return that one with it."""
    born = {
        "id": f"f_{secrets.token_hex(6)}",
        "article_id": write.article_id,
        "status": "open",
        "opened_at": write.now,
        "copy_of": holder_id,
    }
    connection.execute(insert(findings).values(**born, **_values(write)))
    return touch_finding(connection, holder_id, write.now)


def release_copy(connection: Connection, copy_id: str, write: FindingWrite) -> StoredFinding:
    """Make a copy a finding of its own, opened now.

    Raises:
        UnknownEntryError: No finding with this id is open.
    """
    own: dict[str, object] = {"copy_of": None, "opened_at": write.now}
    _change(connection, copy_id, _values(write) | own)
    return _existing(connection, copy_id)


def touch_finding(connection: Connection, finding_id: str, now: datetime) -> StoredFinding:
    """Keep that something of a finding changed, such as its copies, whatever its status."""
    where = findings.c.id == finding_id
    connection.execute(update(findings).where(where).values(updated_at=now))
    return _existing(connection, finding_id)


def hand_over(
    connection: Connection, finding_id: str, now: datetime, why: str | None
) -> StoredFinding | None:
    """Let an open finding go on in the first of its copies; None where it has none.

    The finding keeps its id. What it was in its own article is kept as a copy that was corrected.
    """
    where = and_(findings.c.copy_of == finding_id, findings.c.status == "open")
    oldest = select(findings).where(where).order_by(findings.c.opened_at, findings.c.id).limit(1)
    heir = connection.execute(oldest).mappings().first()
    mine = (
        connection.execute(select(findings).where(findings.c.id == finding_id)).mappings().first()
    )
    if heir is None or mine is None:
        return None
    closed = {"status": "corrected", "closed_at": now, "updated_at": now, "why": why}
    # First out of the way: an article has one open finding of a rule.
    connection.execute(update(findings).where(findings.c.id == heir["id"]).values(**closed))
    moved = {name: heir[name] for name in _EVIDENCE}
    _change(connection, finding_id, {**moved, "updated_at": now})
    left = {name: mine[name] for name in _EVIDENCE} | {"opened_at": mine["opened_at"]}
    connection.execute(update(findings).where(findings.c.id == heir["id"]).values(**left))
    return _existing(connection, finding_id)


_EVIDENCE = (
    "article_id", "revision", "rule", "severity", "verdict", "message", "claim", "record",
)  # fmt: skip


def update_finding(connection: Connection, finding_id: str, write: FindingWrite) -> StoredFinding:
    """Bring an open finding to what a later revision says.

    Raises:
        UnknownEntryError: No finding with this id is open.
    """
    _change(connection, finding_id, _values(write))
    return _existing(connection, finding_id)


def close_finding(
    connection: Connection, finding_id: str, status: Closing, now: datetime, why: str | None
) -> StoredFinding:
    """Close an open finding.

    Raises:
        UnknownEntryError: No finding with this id is open.
    """
    closed: dict[str, object] = {"status": status, "closed_at": now, "updated_at": now, "why": why}
    _change(connection, finding_id, closed)
    return _existing(connection, finding_id)


def confirm_finding(
    connection: Connection, finding_id: str, confirmation: Confirmation
) -> StoredFinding:
    """Keep a reader's word that a finding is right, in place of any earlier one.

    A corrected finding was right in its time; a dismissed one was not.

    Raises:
        UnknownEntryError: No finding with this id is open or corrected.
    """
    given = {
        "confirmed_at": confirmation.at,
        "confirmed_by": confirmation.by,
        "confirmed_why": confirmation.why,
        "updated_at": confirmation.at,
    }
    where = and_(findings.c.id == finding_id, findings.c.status != "dismissed")
    if connection.execute(update(findings).where(where).values(**given)).rowcount == 0:
        raise UnknownEntryError("open or corrected finding", finding_id)
    return _existing(connection, finding_id)


def _change(connection: Connection, finding_id: str, values: dict[str, object]) -> None:
    where = and_(findings.c.id == finding_id, findings.c.status == "open")
    if connection.execute(update(findings).where(where).values(**values)).rowcount == 0:
        raise UnknownEntryError("open finding", finding_id)


def _values(write: FindingWrite) -> dict[str, object]:
    finding = write.finding
    return {
        "revision": write.revision,
        "rule": finding.rule,
        "severity": finding.severity,
        "verdict": write.verdict,
        "message": finding.message,
        "claim": claim_to_json(finding.claim),
        "record": reference_to_json(finding.record),
        "updated_at": write.now,
    }


def _joined() -> Select[Any]:
    revision: ColumnElement[bool] = and_(
        revisions.c.article_id == findings.c.article_id,
        revisions.c.number == findings.c.revision,
    )
    columns = (
        articles.c.outlet,
        articles.c.url,
        articles.c.cluster,
        revisions.c.title,
        revisions.c.published,
        revisions.c.lang,
        revisions.c.warc_file,
        revisions.c.warc_offset,
        revisions.c.warc_sha256,
    )
    source = findings.join(revisions, revision).join(
        articles, articles.c.id == findings.c.article_id
    )
    return select(findings, *columns).select_from(source)


def _existing(connection: Connection, finding_id: str) -> StoredFinding:
    found = find_finding(connection, finding_id)
    if found is None:
        raise UnknownEntryError("finding", finding_id)
    return found


def _all(connection: Connection, statement: Select[Any]) -> list[StoredFinding]:
    rows = connection.execute(statement).all()
    copies = _copies(connection, [row.id for row in rows if row.cluster is not None])
    return [_stored(row, copies.get(row.id, [])) for row in rows]


def _copies(connection: Connection, ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    members: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for first in range(0, len(ids), _BATCH):
        rows = connection.execute(
            select(findings.c.copy_of, articles.c.outlet, articles.c.url)
            .join(articles, articles.c.id == findings.c.article_id)
            .where(findings.c.copy_of.in_(ids[first : first + _BATCH]), findings.c.status == "open")
            .order_by(articles.c.first_seen_at, articles.c.id)
        )
        for holder, outlet, url in rows:
            members[holder].append((outlet, url))
    return members


def _stored(row: Row[Any], copies: list[tuple[str, str]]) -> StoredFinding:
    return StoredFinding(
        id=row.id,
        status=row.status,
        rule=row.rule,
        severity=row.severity,
        verdict=row.verdict,
        outlet=row.outlet,
        url=row.url,
        title=row.title,
        published=row.published,
        lang=row.lang,
        message=row.message,
        claim=claim_from_json(row.claim),
        record=reference_from_json(row.record),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        updated_at=row.updated_at,
        cluster=row.cluster,
        copies=tuple(copies),
        warc=warc_of(row),
        article_id=row.article_id,
        revision=row.revision,
        why=row.why,
        copy_of=row.copy_of,
        confirmed=_confirmation(row),
    )


def _confirmation(row: Row[Any]) -> Confirmation | None:
    if row.confirmed_at is None:
        return None
    return Confirmation(row.confirmed_at, row.confirmed_by, row.confirmed_why)

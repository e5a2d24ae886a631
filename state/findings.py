"""Findings: opened, updated with each revision, closed for good."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, insert, select, update

from extract.claim import Claim
from state.articles import WarcRecord, warc_of
from state.codec import claim_from_json, claim_to_json, reference_from_json, reference_to_json
from state.errors import UnknownEntryError
from state.finding import Finding, FindingStatus, RecordReference, Severity, Verdict
from state.tables import articles, findings, revisions

Closing = Literal["corrected", "dismissed"]


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding with its article, as of the last revision in which it was found.

    Attributes:
        id: Short and safe in URLs.
        updated_at: The last time that anything of it changed.
        cluster: What articles of the same text share; None where there is only this one.
        copies: Outlet and URL of the other articles of the cluster.
        warc: Where the page's bytes are kept.
        why: The reason that was given for closing it.
    """

    id: str
    status: FindingStatus
    rule: str
    severity: Severity
    verdict: Verdict
    outlet: str
    url: str
    title: str | None
    published: date | None
    lang: str | None
    message: str
    claim: Claim
    record: RecordReference
    opened_at: datetime
    closed_at: datetime | None
    updated_at: datetime
    cluster: str | None = None
    copies: tuple[tuple[str, str], ...] = ()
    warc: WarcRecord | None = None
    article_id: int = 0
    revision: int = 1
    why: str | None = None


@dataclass(frozen=True, slots=True)
class FindingQuery:
    """Which findings are asked for.

    Attributes:
        since: Only those of which something changed at or after this time.
        langs: Only articles in these languages; empty: in any.
        limit: The newest so many.
    """

    status: FindingStatus | None = None
    since: datetime | None = None
    langs: tuple[str, ...] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class FindingWrite:
    """A finding in one revision of an article."""

    article_id: int
    revision: int
    finding: Finding
    verdict: Verdict
    now: datetime


def query_findings(connection: Connection, query: FindingQuery) -> list[StoredFinding]:
    """The findings that fit, the last opened first."""
    statement = _joined().order_by(findings.c.opened_at.desc(), findings.c.id)
    if query.status is not None:
        statement = statement.where(findings.c.status == query.status)
    if query.since is not None:
        statement = statement.where(findings.c.updated_at >= query.since)
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
    """The article's findings in the order in which they were opened."""
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
    members = _clusters(connection, [row.cluster for row in rows if row.cluster is not None])
    return [_stored(row, members.get(row.cluster, [])) for row in rows]


def _clusters(
    connection: Connection, names: Sequence[str]
) -> dict[str | None, list[tuple[str, str]]]:
    members: dict[str | None, list[tuple[str, str]]] = defaultdict(list)
    if names:
        rows = connection.execute(
            select(articles.c.cluster, articles.c.outlet, articles.c.url)
            .where(articles.c.cluster.in_(set(names)))
            .order_by(articles.c.first_seen_at, articles.c.id)
        )
        for cluster, outlet, url in rows:
            members[cluster].append((outlet, url))
    return members


def _stored(row: Row[Any], members: list[tuple[str, str]]) -> StoredFinding:
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
        copies=tuple(member for member in members if member[1] != row.url),
        warc=warc_of(row),
        article_id=row.article_id,
        revision=row.revision,
        why=row.why,
    )

"""Digests: all that a period brought, or that a recipient has not been told yet, in one message."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from alerts.payload import finding_data
from alerts.render import Renderer
from alerts.routing import Audience, Recipient
from state.findings import FindingQuery, StoredFinding
from state.message import Message, QueuedMessage
from state.store import Store

Format = Literal["text", "html", "json"]
Data = dict[str, Any]
_GROUPS: tuple[tuple[str, str, Callable[[Mapping[str, Any]], bool]], ...] = (
    ("high", "States a repeal", lambda f: f["status"] == "open" and f["severity"] == "high"),
    ("medium", "Passes a repeal on", lambda f: f["status"] == "open" and f["severity"] == "medium"),
    ("low", "Notices", lambda f: f["status"] == "open" and f["severity"] in ("low", "none")),
    ("corrected", "Corrected", lambda f: f["status"] == "corrected"),
    ("dismissed", "Dismissed", lambda f: f["status"] == "dismissed"),
)


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time, aware."""

    since: datetime
    until: datetime


def digest_of(findings: Iterable[StoredFinding], period: Period) -> Data:
    """The digest of findings: plain JSON values, grouped, each finding once."""
    return _digest([finding_data(finding) for finding in findings], [], period)


def digest_of_messages(messages: Sequence[QueuedMessage], now: datetime) -> Data:
    """The digest of messages that were held for a recipient; of a finding, the latest state."""
    latest: dict[str, Data] = {}
    notices: list[Data] = []
    for queued in messages:
        payload = dict(queued.message.payload)
        if queued.message.type.startswith("finding."):
            latest[str(payload["id"])] = payload
        else:
            notices.append(_notice(queued.message.type, payload))
    since = min((queued.created_at for queued in messages), default=now)
    return _digest(list(latest.values()), notices, Period(since, now))


def period_digest(store: Store, period: Period) -> Data:
    """The digest of everything that changed in a period."""
    findings = store.findings(FindingQuery(since=period.since))
    return digest_of((one for one in findings if one.updated_at < period.until), period)


def render_digest(data: Mapping[str, Any], form: Format, renderer: Renderer) -> str:
    """The digest in a form for people or programs."""
    if form == "json":
        return json.dumps(data, ensure_ascii=False, indent=2)
    rendered = renderer.render("digest", data)
    return rendered.html if form == "html" else rendered.text


def with_caveat(data: Mapping[str, Any], caveat: str | None) -> Data:
    """The digest with what its readers must know of the record, in one line."""
    return {**data, "record_caveat": caveat}


def queue_digests(store: Store, now: datetime, caveat: str | None = None) -> int:
    """Folds what is held for each recipient into one message; returns how many were queued.

    Taking the held messages and queueing the digest is one transaction for each recipient. For
    whom nothing is held, nothing is queued.

    Args:
        store: Holds the messages.
        now: The current time.
        caveat: What every reader must know of the record, in one line.
    """
    with store.unit() as unit:
        waiting = unit.recipients_with_held()
    return sum(_queue_digest(store, recipient, now, caveat) for recipient in waiting)


def period_digest_messages(
    data: Mapping[str, Any], audience: Audience, now: datetime
) -> list[Message]:
    """A period's digest for everyone who can be told; none where it has nothing to tell."""
    if not data["total"]:
        return []
    occasion = f"{data['since']}/{data['until']}"
    everyone = [(name, one) for name, some in audience.recipients.items() for one in some]
    return [_message(data, recipient, occasion, now) for recipient in everyone]


def _queue_digest(store: Store, recipient: Recipient, now: datetime, caveat: str | None) -> int:
    with store.unit() as unit:
        messages = unit.fold(*recipient, now)
        if not messages:
            return 0
        ids = "\n".join(queued.id for queued in messages)
        occasion = hashlib.sha256(ids.encode()).hexdigest()[:16]
        data = with_caveat(digest_of_messages(messages, now), caveat)
        return unit.enqueue([_message(data, recipient, occasion, now)], now)


def _message(
    data: Mapping[str, Any], recipient: Recipient, occasion: str, now: datetime
) -> Message:
    channel, address = recipient
    key = f"digest:{occasion}:{channel}:{address}"
    return Message(key, "digest", channel, address, data, now)


def _digest(findings: list[Data], notices: list[Data], period: Period) -> Data:
    groups = [
        {"name": name, "title": title, "findings": members}
        for name, title, belongs in _GROUPS
        if (members := [one for one in findings if belongs(one)])
    ]
    return {
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "total": len(findings) + len(notices),
        "counts": {
            "opened": sum(one["status"] == "open" for one in findings),
            "corrected": sum(one["status"] == "corrected" for one in findings),
            "notices": len(notices),
        },
        "groups": groups,
        "notices": notices,
    }


def _notice(kind: str, payload: Data) -> Data:
    subject = payload.get("source") or payload.get("title") or payload.get("event") or ""
    detail = payload.get("error") or payload.get("caveat") or ""
    return {"type": kind, "subject": subject, "detail": detail, **payload}

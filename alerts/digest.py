"""Digests: all that a period brought, or that a recipient has not been told yet, in one message."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from alerts.channels.channel import Channel
from alerts.parts import fit_of, parts_of
from alerts.payload import finding_data
from alerts.routing import Audience, Recipient
from alerts.stories import by_story
from state.finding import FindingQuery, StoredFinding
from state.message import Message, QueuedMessage
from state.store import Store
from state.unit import Unit

Data = dict[str, Any]
_MOST_STANDING = 20
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


def with_caveat(data: Mapping[str, Any], caveat: str | None) -> Data:
    """The digest with what its readers must know of the record, in one line."""
    return {**data, "record_caveat": caveat}


def queue_digests(
    store: Store,
    now: datetime,
    foot: Mapping[str, Any] | None = None,
    even_empty: Iterable[Recipient] = (),
    channels: Iterable[Channel] = (),
) -> int:
    """Folds what is held for each recipient into one message; returns how many were queued.

    Taking the held messages and queueing the digest is one transaction for each recipient. Where
    one message of a channel cannot name all of it, several do; the foot is the first one's.

    Args:
        store: Holds the messages.
        now: The current time.
        foot: What stands at the foot of each; see :func:`alerts.digest_foot.foot_of`.
        even_empty: For whom a digest is queued even where nothing is held for them; for anybody
            else there is none then.
        channels: Over which they are to go, as far as they are known.
    """
    with store.unit() as unit:
        waiting = unit.recipients_with_held()
    open_now = store.findings(FindingQuery(status="open"))
    make = _Maker(store, now, foot or {}, open_now, tuple(channels))
    queued = sum(make.queue(recipient) for recipient in waiting)
    return queued + sum(make.queue_empty(one) for one in set(even_empty) - set(waiting))


def period_digest_messages(
    data: Mapping[str, Any], audience: Audience, now: datetime
) -> list[Message]:
    """A period's digest for everyone who can be told; none where it has nothing to tell."""
    if not data["total"]:
        return []
    occasion = f"{data['since']}/{data['until']}"
    everyone = [(name, one) for name, some in audience.recipients.items() for one in some]
    return [_message(data, recipient, occasion, now) for recipient in everyone]


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes each recipient's digest of one moment."""

    store: Store
    now: datetime
    foot: Mapping[str, Any]
    open_now: Sequence[StoredFinding]
    channels: Sequence[Channel]

    def queue(self, recipient: Recipient) -> int:
        with self.store.unit() as unit:
            messages = unit.fold(*recipient, self.now)
            if not messages:
                return 0
            foot = self._foot(unit, digest_of_messages(messages, self.now), recipient)

            def part(told: Sequence[QueuedMessage], before: int) -> Message:
                return self._part(told, _caveat_of(foot) if before else foot, recipient)

            queued = 0
            for message, told in parts_of(messages, part, fit_of(self.channels, recipient[0])):
                queued += unit.enqueue([message], self.now)
                unit.mark_folded_into(told, message.key)
            return queued

    def queue_empty(self, recipient: Recipient) -> int:
        day = self.now - timedelta(days=1)
        with self.store.unit() as unit:
            data = _digest([], [], Period(day, self.now))
            data |= self._foot(unit, data, recipient)
            message = _message(data, recipient, f"empty {self.now.date()}", self.now)
            return unit.enqueue([message], self.now)

    def _part(
        self, told: Sequence[QueuedMessage], foot: Mapping[str, Any], recipient: Recipient
    ) -> Message:
        ids = "\n".join(queued.id for queued in told)
        occasion = hashlib.sha256(ids.encode()).hexdigest()[:16]
        data = {**digest_of_messages(told, self.now), **foot}
        return _message(data, recipient, occasion, self.now)

    def _foot(self, unit: Unit, data: Data, recipient: Recipient) -> Data:
        """What the recipient was told before the digest and still stands, and the foot of all."""
        told = unit.threads_told(*recipient)
        new = {one["id"] for group in data["groups"] for one in group["findings"]}
        standing = [one for one in self.open_now if one.id in told - new]
        shown = [_in_short(one) for one in standing[:_MOST_STANDING]]
        return {"standing": {"total": len(standing), "findings": shown}, **self.foot}


def _caveat_of(foot: Mapping[str, Any]) -> Data:
    """What of the foot every message must say."""
    return {"record_caveat": foot["record_caveat"]} if "record_caveat" in foot else {}


def _in_short(finding: StoredFinding) -> Data:
    return {
        "id": finding.id,
        "severity": finding.severity,
        "outlet": finding.outlet,
        "title": finding.title,
        "url": finding.url,
        "opened_at": finding.opened_at.isoformat(),
    }


def _message(
    data: Mapping[str, Any], recipient: Recipient, occasion: str, now: datetime
) -> Message:
    channel, address = recipient
    key = f"digest:{occasion}:{channel}:{address}"
    return Message(key, "digest", channel, address, data, now)


def _digest(findings: list[Data], notices: list[Data], period: Period) -> Data:
    groups = [
        {"name": name, "title": title, "total": len(members), "findings": by_story(members)}
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

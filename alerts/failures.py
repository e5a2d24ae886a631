"""What others are told of messages that could not be delivered. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from alerts.routing import Audience, Notice, Recipient, messages_of_notice
from state.message import Message, QueuedMessage

_MOST_NAMED = 20


def undelivered_messages(
    queued: QueuedMessage, error: str, audience: Audience, now: datetime
) -> list[Message]:
    """Tells of a message that is dead, with what it would have told.

    Over every other channel; where there is none, the other recipients of its own. Of a message
    that itself tells of a failure nobody is told, so that failures do not breed.
    """
    if queued.message.type in ("delivery.failed", "test"):
        return []
    own = queued.message.channel
    others = _others(audience, own) or [
        (own, one) for one in audience.recipients.get(own, ()) if one != queued.message.recipient
    ]
    notice = Notice("delivery.failed", queued.id, "1", _data(queued, error))
    return messages_of_notice(notice, audience, others, now)


def disabled_messages(channel: str, error: str, audience: Audience, now: datetime) -> list[Message]:
    """Tells over every other channel that one was disabled."""
    data = {"channel": channel, "recipient": None, "error": error, "disabled": True, "about": None}
    notice = Notice("delivery.failed", channel, now.isoformat(), data)
    return messages_of_notice(notice, audience, _others(audience, channel), now)


def _others(audience: Audience, channel: str) -> list[Recipient]:
    return [
        (name, one)
        for name, recipients in audience.recipients.items()
        if name != channel
        for one in recipients
    ]


def _data(queued: QueuedMessage, error: str) -> dict[str, Any]:
    return {
        "message": queued.id,
        "channel": queued.message.channel,
        "recipient": queued.message.recipient,
        "queued_at": queued.created_at.isoformat(),
        "error": error,
        "disabled": False,
        "about": _about(queued.message),
    }


def _about(message: Message) -> dict[str, Any]:
    """What the message would have told: a finding whole, anything else by its names."""
    payload = message.payload
    is_finding = message.type.startswith("finding.")
    return {
        "type": message.type,
        "finding": dict(payload) if is_finding else None,
        "names": [] if is_finding else _names(payload),
    }


def _names(payload: Mapping[str, Any]) -> list[str]:
    findings = [one for group in payload.get("groups", ()) for one in group["findings"]]
    named = [f"{one['outlet']}: {one['title'] or one['url']}" for one in findings]
    own = payload.get("source") or payload.get("title") or payload.get("event")
    return ([str(own)] if own else named)[:_MOST_NAMED]

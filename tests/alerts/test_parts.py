"""What is folded is told: where one message cannot name it all, several do, and none cuts it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.bursts import Bursts
from alerts.channels.apprise import AppriseChannel, AppriseSettings
from alerts.channels.webhook import WebhookChannel, WebhookSettings
from alerts.digest import Period, digest_of, queue_digests
from alerts.dispatcher import Limits, deliver_due
from alerts.parts import parts_of
from alerts.payload import finding_data
from alerts.render import Renderer
from alerts.shortening import body_within, keeps_all
from crawler.session import utc_now
from state.finding import Severity
from state.message import Message, QueuedMessage
from state.store import Store
from tests.support.alerting import LAW, NOW, claim, stored
from tests.support.databases import make_store
from tests.support.rooms import chat_room
from tests.support.webhooks import SECRET, Receiver, webhook_receiver

LIMITS = Limits(bursts=Bursts(most=5, window=timedelta(minutes=10)))
MANY = 74


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    with closing(make_store(tmp_path)) as opened:
        yield opened


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A webhook receiver that verifies."""
    with webhook_receiver() as running:
        yield running


def hook(receiver: Receiver) -> WebhookChannel:
    """A channel that may call loopback."""
    settings = WebhookSettings("hook", receiver.url, SECRET, ("127.0.0.0/8",), timeout=5)
    return WebhookChannel(settings, utc_now)


def payload(number: int, severity: Severity = "high", status: str = "open") -> dict[str, Any]:
    """A finding, of a story of its own, with all that one can have."""
    return finding_data(
        stored(
            id=f"f_{number:03}",
            status=status,
            severity=severity,
            url=f"https://wire.example/{number}",
            claim=claim(sentence=f"It was repealed, says number {number}. " * 8),
            copies=tuple((f"O{n}", f"https://o{n}.example/{number}") for n in range(5)),
        )
    )


def put(store: Store, numbers: Sequence[int], *, held: bool = False, channel: str = "hook") -> None:
    """Queues, or holds, a message on each finding."""
    messages = [
        Message(f"k_{n}", "finding.opened", channel, channel, payload(n), NOW, held, f"f_{n:03}")
        for n in numbers
    ]
    with store.unit() as unit:
        unit.enqueue(messages, NOW)


def named(data: dict[str, Any]) -> list[str]:
    """The ids of a digest's findings."""
    return [one["id"] for group in data["groups"] for one in group["findings"]]


def test_a_burst_over_a_webhook_names_every_finding(store: Store, receiver: Receiver):
    """Of 74 findings at once each is in one body, all are short, and each has its own id."""
    put(store, range(MANY))

    deliver_due(store, [hook(receiver)], lambda: NOW, LIMITS)

    bodies = dict(zip(receiver.ids, receiver.bodies, strict=True))
    told = [one for body in bodies.values() for one in named(body["data"])]
    assert sorted(told) == [f"f_{n:03}" for n in range(MANY)]
    assert max(receiver.sizes) < 20_000
    assert len(bodies) == len(receiver.ids) < MANY / 5
    assert {"digest"} == {body["type"] for body in bodies.values()}
    folded = store.messages("folded", limit=1000)
    assert MANY == len(folded)
    assert all(one.message.thread in named(bodies[str(one.folded_into)]["data"]) for one in folded)


def test_a_scheduled_digest_over_a_webhook_names_every_finding(store: Store, receiver: Receiver):
    """What was held is told in as many messages as hold it; the foot and the rest are told once."""
    put(store, range(MANY), held=True)
    foot = {"record_caveat": "It may be out of date.", "chart": {"days": [], "most": 0}}

    queued = queue_digests(store, NOW, foot, channels=[hook(receiver)])
    deliver_due(store, [hook(receiver)], lambda: NOW, LIMITS)

    told = [body["data"] for body in receiver.bodies]
    assert sorted(one for data in told for one in named(data)) == [f"f_{n:03}" for n in range(MANY)]
    assert max(receiver.sizes) < 20_000
    assert queued == len(set(receiver.ids)) == len(told)
    assert {"It may be out of date."} == {data["record_caveat"] for data in told}
    assert [0] == [at for at, data in enumerate(told) if "chart" in data or "standing" in data]
    assert queue_digests(store, NOW, foot, channels=[hook(receiver)]) == 0


def test_a_burst_in_a_chat_room_names_every_finding(store: Store):
    """A room's messages are short too."""
    put(store, range(30), channel="room")
    with chat_room() as room:
        channel = AppriseChannel(AppriseSettings("room", room.url), Renderer(LAW))
        deliver_due(store, [channel], lambda: NOW, LIMITS)
        texts = [got["message"] for got in room.got]

    assert all(any(f"example/{n}\n" in text for text in texts) for n in range(30))
    assert 1 < len(texts) < 10


def queued(number: int, severity: Severity, status: str = "open") -> QueuedMessage:
    """A message on a finding."""
    data = payload(number, severity, status)
    message = Message(f"{number}{status}", "finding.opened", "hook", "hook", data, NOW)
    return QueuedMessage(f"msg_{number}_{status}", message, "queued", 0, NOW)


def part(told: Sequence[QueuedMessage], before: int) -> Message:
    """A message that tells which part it is, and of how many."""
    return Message(f"{before}", "digest", "hook", "hook", {"told": [one.id for one in told]}, NOW)


def test_the_most_severe_and_oldest_are_told_first():
    """A finding stays together with its correction, which needs the room of both."""
    messages = [
        queued(1, "low"),
        queued(2, "high"),
        queued(3, "medium"),
        queued(4, "high"),
        queued(2, "high", "corrected"),
    ]

    parts = parts_of(messages, part, lambda one: len(one.payload["told"]) <= 2)

    assert [["msg_2_open", "msg_2_corrected"], ["msg_4_open", "msg_3_open"], ["msg_1_open"]] == [
        one.payload["told"] for one, _ in parts
    ]


def test_what_does_not_fit_alone_goes_out_all_the_same():
    """Nothing is kept back for want of room."""
    messages = [queued(n, "high") for n in range(3)]

    assert 3 == len(list(parts_of(messages, part, lambda _: False)))


@given(st.integers(1, 60), st.integers(1, 20))
def test_parts_tell_everything_once(count: int, room: int):
    """Each is as full as can be, and says how many went before it."""
    messages = [queued(n, "high") for n in range(count)]

    parts = list(parts_of(messages, part, lambda one: len(one.payload["told"]) <= room))

    assert [one.id for _, told in parts for one in told] == [one.id for one in messages]
    assert [f"{n}" for n in range(-(-count // room))] == [one.key for one, _ in parts]


@given(st.integers(1, 14), st.integers(1, 60), st.integers(0, 30))
def test_what_is_found_to_fit_is_kept(count: int, words: int, copies: int):
    """A body that is said to keep everything does."""
    findings = [
        stored(
            id=f"f_{n}",
            url=f"https://wire.example/{n}",
            claim=claim(sentence=f"Это отменено {n}. " * words),
            copies=tuple((f"O{n}", f"https://o{n}.example/") for n in range(copies)),
        )
        for n in range(count)
    ]
    data = digest_of(findings, Period(NOW, NOW))

    kept = len(named(json.loads(body_within(20_000, {"type": "digest"}, data))["data"]))

    assert keeps_all(20_000, {"type": "digest"}, data) <= (kept == count)

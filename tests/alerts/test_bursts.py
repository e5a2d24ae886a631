"""Bursts: what is too much to read one by one is one message, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alerts.bursts import Bursts
from alerts.channels.channel import Delivered, Outcome, Proof, Retry
from alerts.dispatcher import DeliveryCounts, Limits, deliver_due
from alerts.payload import finding_data
from state.message import Message, MessageType, QueuedMessage
from state.store import Store, open_store
from tests.support.alerting import NOW, stored
from tests.support.databases import postgres_database, sqlite_url

LIMITS = Limits(bursts=Bursts(most=3, window=timedelta(minutes=10)))
MINUTE = timedelta(minutes=1)


@dataclass
class Sink:
    """A channel that takes everything, or answers as it is told."""

    name: str = "mail"
    answer: Outcome = field(default_factory=Delivered)
    given: list[QueuedMessage] = field(default_factory=list)

    def send(self, queued: QueuedMessage) -> Outcome:
        self.given.append(queued)
        return self.answer

    def names_all(self, message: Message) -> bool:
        return True

    def probe(self) -> Proof:
        return Proof(True, "it is there")

    def types(self) -> list[str]:
        """What it was given, in order, forgotten afterwards."""
        types = [one.message.type for one in self.given]
        self.given.clear()
        return types


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    if request.param == "sqlite":
        with closing(open_store(sqlite_url(tmp_path))) as opened:
            yield opened
        return
    with postgres_database() as url, closing(open_store(url)) as opened:
        yield opened


def put(
    store: Store,
    finding: str,
    kind: MessageType = "finding.opened",
    recipient: str = "a",
    at: datetime = NOW,
) -> None:
    """Queues one message on a finding."""
    status = "corrected" if kind == "finding.corrected" else "open"
    payload = finding_data(stored(id=finding, status=status, url=f"https://o.example/{finding}"))
    key = f"{kind}-{finding}-{recipient}"
    message = Message(key, kind, "mail", recipient, payload, at, thread=finding)
    with store.unit() as unit:
        unit.enqueue([message], at)


def deliver(store: Store, sink: Sink, now: datetime = NOW) -> DeliveryCounts:
    """One run of the dispatcher."""
    return deliver_due(store, [sink], lambda: now, LIMITS)


def test_as_many_as_are_read_one_by_one_go_out_so(store: Store):
    """Up to the bound every message is its own."""
    for n in range(3):
        put(store, f"f_{n}")
    sink = Sink()

    deliver(store, sink)

    assert sink.types() == ["finding.opened"] * 3


def test_more_at_once_are_one_message_that_tells_all(store: Store):
    """Beyond the bound all of them are one message, at once, for that recipient alone."""
    for n in range(7):
        put(store, f"f_{n}")
    put(store, "f_0", recipient="b")
    sink = Sink()

    counts = deliver(store, sink)

    assert counts == DeliveryCounts(delivered=2)
    burst = next(one for one in sink.given if one.message.recipient == "a")
    assert burst.message.type == "digest" and burst.message.payload["burst"] is True
    assert burst.message.payload["total"] == 7
    assert sorted(one.message.type for one in sink.given) == ["digest", "finding.opened"]
    folded = store.messages("folded")
    assert [burst.id] * 7 == [one.folded_into for one in folded]


def test_what_trickles_waits_for_the_window_s_end_and_is_one_then(store: Store):
    """After the bound one more is put off, not dropped; with others it is one message later."""
    sink = Sink()
    for n in range(3):
        put(store, f"f_{n}")
    deliver(store, sink)
    for n in range(3, 8):
        put(store, f"f_{n}", at=NOW + MINUTE * (n - 2))
        deliver(store, sink, NOW + MINUTE * (n - 2))
    before = sink.types()
    deliver(store, sink, NOW + MINUTE * 11)

    assert before[:3] == ["finding.opened"] * 3
    assert "finding.opened" not in before[3:] + sink.types()
    told = [
        finding["id"]
        for one in store.messages("delivered")
        if one.message.type == "digest"
        for group in one.message.payload["groups"]
        for finding in group["findings"]
    ]
    assert sorted(told) == [f"f_{n}" for n in range(3, 8)]
    assert {"delivered", "folded"} == {one.status for one in store.messages()}


def test_after_a_burst_the_next_waits_for_the_window(store: Store):
    """What comes right after a burst is not sent before the window is over, and then it is."""
    sink = Sink()
    for n in range(5):
        put(store, f"f_{n}")
    deliver(store, sink)
    put(store, "f_9", at=NOW + MINUTE)

    early = deliver(store, sink, NOW + MINUTE)
    late = deliver(store, sink, NOW + MINUTE * 10)

    assert (early, late) == (DeliveryCounts(), DeliveryCounts(delivered=1))
    assert sink.types() == ["digest", "finding.opened"]


def test_what_was_tried_is_not_folded(store: Store):
    """A message that may have arrived keeps its id: folded, it could be told twice."""
    for n in range(3):
        put(store, f"f_{n}")
    deliver(store, Sink(answer=Retry("busy")))
    tried = {one.id for one in store.messages()}
    for n in range(3, 8):
        put(store, f"f_{n}")
    sink = Sink()

    deliver(store, sink, NOW + timedelta(hours=1))

    given = {one.id for one in sink.given}
    assert tried <= given
    assert sink.types().count("digest") == 1


def test_what_a_channel_that_was_down_held_up_is_folded(store: Store):
    """After a night without the server its messages are not a hundred mails."""
    for n in range(20):
        put(store, f"f_{n}")
    down = Sink(answer=Retry("no route", channel_down=True))
    deliver_due(store, [down], lambda: NOW, Limits(bursts=Bursts(most=1000)))
    sink = Sink()

    deliver(store, sink, NOW + timedelta(hours=1))

    assert len(down.given) == 1
    assert sorted(sink.types()) == ["digest", "finding.opened"]


def test_a_correction_answers_the_burst_that_told_of_its_finding(store: Store):
    """What a burst told is answered in the burst's thread, and not before it is out."""
    for n in range(5):
        put(store, f"f_{n}")
    sink = Sink()
    deliver(store, sink)
    burst = sink.given[0]
    put(store, "f_1", "finding.corrected", at=NOW + MINUTE)
    sink.given.clear()

    deliver(store, sink, NOW + MINUTE * 11)

    (correction,) = sink.given
    assert correction.message.type == "finding.corrected"
    assert correction.in_reply_to == burst.id


def test_a_correction_waits_for_the_burst_before_it(store: Store):
    """While the burst is still to go out, what it tells is not corrected."""
    for n in range(5):
        put(store, f"f_{n}")
    deliver(store, Sink(answer=Retry("busy")))
    put(store, "f_1", "finding.corrected")
    for key in store.messages("queued"):
        assert key.message.type in ("digest", "finding.corrected")

    leased = store.lease_messages(NOW + timedelta(hours=1), 10, MINUTE)

    assert ["digest"] == [one.message.type for one in leased]


def test_opened_and_corrected_in_one_burst_is_told_once(store: Store):
    """The burst has a finding's latest state."""
    for n in range(4):
        put(store, f"f_{n}")
    put(store, "f_0", "finding.corrected")
    sink = Sink()

    deliver(store, sink)

    (burst,) = sink.given
    names = {group["name"]: len(group["findings"]) for group in burst.message.payload["groups"]}
    assert names == {"high": 3, "corrected": 1}


@dataclass
class Busy(Sink):
    """A channel during whose sending more comes in for one recipient: so many each time."""

    store: Store | None = None
    coming: list[int] = field(default_factory=list)

    def send(self, queued: QueuedMessage) -> Outcome:
        if self.store is not None and self.coming:
            for n in range(self.coming.pop()):
                put(self.store, f"late_{len(self.coming)}_{n}")
        return Sink.send(self, queued)


def test_what_comes_in_during_a_run_is_counted_too(store: Store):
    """A run that lasts sends no more one by one than the bound; what is more waits."""
    put(store, "f_0")
    sink = Busy(store=store, coming=[1] * 50)

    deliver(store, sink)

    assert sink.types() == ["finding.opened"] * 3
    assert [NOW + MINUTE * 10] == [one.due_at for one in store.messages("queued")]


def test_after_a_burst_nothing_follows_one_by_one_in_the_run(store: Store):
    """What comes in while others are sent is folded at once, or at the window's end."""
    put(store, "f_0")
    sink = Busy(store=store, coming=[25, 25])

    deliver(store, sink)
    during = sink.types()
    deliver(store, sink, NOW + MINUTE * 10)

    assert during == ["finding.opened", "digest"]
    assert sink.types() == ["digest"]
    assert len(store.messages("folded")) == 50

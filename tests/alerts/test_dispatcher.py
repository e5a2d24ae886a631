"""Delivery from a real outbox: once to each, through failures, crashes and repeats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.channels.channel import Delivered, Gone, Outcome, Refused, Retry
from alerts.channels.email import EmailChannel, EmailSettings
from alerts.channels.webhook import WebhookChannel, WebhookSettings
from alerts.dispatcher import DeliveryCounts, Limits, deliver_due, wait_before
from alerts.judge import judge
from alerts.payload import finding_data
from alerts.record_changes import apply_judgement
from alerts.render import Renderer
from alerts.routing import Audience
from state.message import Message, MessageType, QueuedMessage
from state.store import Store
from tests.support.alerting import LAW, NOW, RECORD, claim, reading, rules, stored, write
from tests.support.databases import make_store
from tests.support.smtp import mail_server
from tests.support.webhooks import SECRET, webhook_receiver


@dataclass
class Clock:
    """A time that stands still until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, span: timedelta) -> None:
        """Moves on."""
        self.now += span


@dataclass
class Sink:
    """A channel that answers as it is told, and remembers what it was given."""

    name: str
    answer: Callable[[QueuedMessage], Outcome] = lambda _: Delivered()
    given: list[str] = field(default_factory=list)

    def send(self, queued: QueuedMessage) -> Outcome:
        self.given.append(queued.id)
        return self.answer(queued)


class CrashError(Exception):
    """The process dies."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = make_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    """A time to move."""
    return Clock()


def put(
    store: Store, channel: str, recipient: str = "r", kind: MessageType = "finding.opened"
) -> str:
    """Queues one message of a thread of its own; returns its id."""
    number = len(store.messages())
    key = f"key-{number}"
    payload = finding_data(stored())
    with store.unit() as unit:
        unit.enqueue([Message(key, kind, channel, recipient, payload, NOW, thread=key)], NOW)
    return store.messages()[-1].id


def status_of(store: Store, message_id: str) -> str:
    """What became of a message."""
    return next(one.status for one in store.messages() if one.id == message_id)


def still() -> float:
    """No jitter: the whole wait."""
    return 1.0


def test_a_message_goes_out_once(store: Store, clock: Clock):
    """What was delivered is not sent by the next run."""
    put(store, "a")
    sink = Sink("a")

    first = deliver_due(store, [sink], clock)
    second = deliver_due(store, [sink], clock)

    assert (first, second) == (DeliveryCounts(delivered=1), DeliveryCounts())
    assert len(sink.given) == 1


def test_a_run_that_is_over_takes_up_no_more(store: Store, clock: Clock):
    """What a program that ends has not taken up stays due as it was, for the next one."""
    for _ in range(3):
        put(store, "a")
    sink = Sink("a")

    counts = deliver_due(store, [sink], clock, Limits(batch=1, is_over=lambda: bool(sink.given)))

    assert counts == DeliveryCounts(delivered=1)
    assert [one.attempts for one in store.messages("queued")] == [0, 0]
    assert deliver_due(store, [sink], clock) == DeliveryCounts(delivered=2)


def test_a_retry_waits_longer_each_time_under_the_same_id(store: Store, clock: Clock):
    """A message that fails for now is due again after a wait that doubles."""
    message_id = put(store, "a")
    sink = Sink("a", lambda _: Retry("busy"))
    waits = []
    for _ in range(4):
        assert deliver_due(store, [sink], clock, Limits(jitter=still)) == DeliveryCounts(deferred=1)
        before = clock.now
        while not store.lease_messages(clock.now, 1, timedelta(0)):
            clock.pass_by(timedelta(seconds=5))
        # Looking took a lease of no length, which counts as a try.
        waits.append((clock.now - before).total_seconds())

    assert waits == sorted(waits) and waits[-1] > waits[0] >= 30
    assert set(sink.given) == {message_id}


def test_a_receiver_s_wish_is_heard(store: Store, clock: Clock):
    """A message is not tried before the time that the receiver asked for, up to a day."""
    put(store, "a")
    sink = Sink("a", lambda _: Retry("busy", timedelta(hours=2)))
    deliver_due(store, [sink], clock, Limits(jitter=still))

    clock.pass_by(timedelta(hours=1, minutes=59))
    assert deliver_due(store, [sink], clock) == DeliveryCounts()
    clock.pass_by(timedelta(minutes=2))
    assert deliver_due(store, [sink], clock) == DeliveryCounts(deferred=1)


def test_a_wish_of_years_is_cut_to_a_day(store: Store, clock: Clock):
    """No receiver can put an alert off for longer than a day."""
    put(store, "a")
    deliver_due(store, [Sink("a", lambda _: Retry("busy", timedelta(days=9999)))], clock)

    clock.pass_by(timedelta(days=1))

    assert deliver_due(store, [Sink("a")], clock) == DeliveryCounts(delivered=1)


def test_after_the_last_try_it_is_dead(store: Store, clock: Clock):
    """A message that never gets through is given up, with the reason, and not tried again."""
    message_id = put(store, "a")
    sink = Sink("a", lambda _: Retry("busy"))
    limits = Limits(tries=3, patience=timedelta(0))
    results = []
    for _ in range(5):
        results.append(deliver_due(store, [sink], clock, limits))
        clock.pass_by(timedelta(days=1))

    assert results[2:] == [DeliveryCounts(dead=1), DeliveryCounts(), DeliveryCounts()]
    assert len(sink.given) == 3
    assert status_of(store, message_id) == "dead"
    assert "given up after 3 tries: busy" in str(store.messages()[0].last_error)


def test_a_refusal_is_dead_at_once(store: Store, clock: Clock):
    """What a receiver will never take is not tried again."""
    message_id = put(store, "a")

    assert deliver_due(store, [Sink("a", lambda _: Refused("550"))], clock) == DeliveryCounts(
        dead=1
    )
    assert status_of(store, message_id) == "dead"


def test_a_channel_that_is_down_holds_up_no_other(store: Store, clock: Clock):
    """Of a channel that is down one message is tried; the others wait unsent; the rest goes out."""
    ids = [put(store, "down" if n % 2 else "up") for n in range(10)]
    down = Sink("down", lambda _: Retry("no route", channel_down=True))
    up = Sink("up")

    counts = deliver_due(store, [down, up], clock)

    assert counts == DeliveryCounts(delivered=5, deferred=5)
    assert (len(down.given), up.given) == (1, ids[::2])


def test_messages_put_off_unsent_are_never_given_up(store: Store, clock: Clock):
    """When a channel is down, only the message that was tried can die of it."""
    ids = [put(store, "a") for _ in range(3)]
    down = Sink("a", lambda _: Retry("no route", channel_down=True))

    deliver_due(store, [down], clock, Limits(tries=1, patience=timedelta(0)))

    assert down.given == ids[:1]
    assert ["dead", "queued", "queued"] == [one.status for one in store.messages()]


def test_a_weekend_without_the_server_loses_nothing(store: Store, clock: Clock):
    """A channel that was down for three days is told all within half an hour."""
    for _ in range(5):
        put(store, "a")
    down, up = Sink("a", lambda _: Retry("no route", channel_down=True)), Sink("a")
    end = clock.now + timedelta(days=3) - timedelta(minutes=1)
    while clock.now < end:
        deliver_due(store, [down], clock)
        clock.pass_by(timedelta(minutes=15))

    clock.pass_by(timedelta(minutes=30))

    assert deliver_due(store, [up], clock) == DeliveryCounts(delivered=5)


def test_one_bad_recipient_holds_up_no_other(store: Store, clock: Clock):
    """Recipients of one channel are judged one by one."""
    bad, good = put(store, "a", "bad"), put(store, "a", "good")
    sink = Sink("a", lambda q: Refused("550") if q.message.recipient == "bad" else Delivered())

    assert deliver_due(store, [sink], clock) == DeliveryCounts(delivered=1, dead=1)
    assert (status_of(store, bad), status_of(store, good)) == ("dead", "delivered")


def test_gone_disables_the_channel_and_keeps_its_messages(store: Store, clock: Clock):
    """A receiver that is gone is not called again; the reason is kept, and so are its messages."""
    for _ in range(3):
        put(store, "a")
    sink = Sink("a", lambda _: Gone("answered 410"))

    deliver_due(store, [sink], clock)
    clock.pass_by(timedelta(days=2))
    later = deliver_due(store, [sink], clock)

    assert later == DeliveryCounts()
    assert len(sink.given) == 1
    assert store.disabled_channels() == {"a": "answered 410"}
    assert ["queued"] * 3 == [one.status for one in store.messages()]


def test_a_channel_that_the_settings_lost_is_told(store: Store, clock: Clock):
    """Messages of an unknown channel wait, and say why."""
    put(store, "old")

    assert deliver_due(store, [Sink("new")], clock) == DeliveryCounts(deferred=1)
    assert "no channel 'old'" in str(store.messages()[0].last_error)


def test_a_crash_between_sending_and_recording_repeats_under_the_same_id(
    store: Store, clock: Clock
):
    """After the crash the message is sent again when its lease ends, and not before."""
    message_id = put(store, "a")

    def die(_: QueuedMessage) -> Outcome:
        raise CrashError

    crashing, sink = Sink("a", die), Sink("a")
    with pytest.raises(CrashError):
        deliver_due(store, [crashing], clock)

    assert deliver_due(store, [sink], clock) == DeliveryCounts()
    clock.pass_by(Limits().lease)
    assert deliver_due(store, [sink], clock) == DeliveryCounts(delivered=1)
    assert crashing.given == sink.given == [message_id]


def test_a_slow_channel_does_not_send_past_the_lease(store: Store, clock: Clock):
    """A message whose lease is running out is left to the next one: nobody sends it twice."""
    for _ in range(3):
        put(store, "a")

    def slow(_: QueuedMessage) -> Outcome:
        clock.pass_by(timedelta(minutes=10))
        return Delivered()

    assert deliver_due(store, [Sink("a", slow)], clock, Limits(batch=3)).delivered == 1
    clock.pass_by(timedelta(minutes=15))
    assert deliver_due(store, [Sink("a")], clock) == DeliveryCounts(delivered=2)


def test_a_run_ends_at_its_total(store: Store, clock: Clock):
    """No more messages are taken than the limit says."""
    for _ in range(5):
        put(store, "a")

    assert deliver_due(store, [Sink("a")], clock, Limits(batch=2, total=3)).delivered == 3


@given(attempt=st.integers(0, 10_000), jitter=st.floats(0, 1))
def test_waits_are_bounded(attempt: int, jitter: float):
    """No wait is shorter than half the first or longer than the longest."""
    limits = Limits()

    assert limits.first_wait / 2 <= wait_before(attempt, limits, jitter) <= limits.longest_wait


def test_the_main_job_end_to_end(store: Store):
    """A finding reaches two mail recipients and a webhook once each; a correction answers."""
    start = datetime.now(UTC)
    audience = Audience((), {"mail": ("a@desk.example", "b@desk.example"), "hook": ("hook",)})
    clock = Clock(start)

    def visit(text: str, *claims: object) -> None:
        visited = write(reading(*claims), text, clock())  # type: ignore[arg-type]
        judgement = judge(visited.article, visited.reading, RECORD, rules())
        with store.unit() as unit:
            apply_judgement(unit, visited, judgement, audience)

    with mail_server() as server, webhook_receiver() as receiver:
        settings = EmailSettings(
            "mail", audience.recipients["mail"], "w@desk.example", server.url()
        )
        hook = WebhookSettings("hook", receiver.url, SECRET, ("127.0.0.0/8",))
        channels = [
            EmailChannel(settings, LAW, Renderer(LAW), clock, server.tls),
            WebhookChannel(hook, clock),
        ]
        visit("Repealed.", claim())
        server.mailbox.recipient_replies["b@desk.example"] = "451 later"
        counts = [deliver_due(store, channels, clock)]
        server.mailbox.recipient_replies.clear()
        clock.pass_by(timedelta(minutes=1))
        counts += [deliver_due(store, channels, clock), deliver_due(store, channels, clock)]
        visit("Not repealed.", claim(modality="negated"))
        counts += [deliver_due(store, channels, clock), deliver_due(store, channels, clock)]

        assert counts == [
            DeliveryCounts(delivered=2, deferred=1),
            DeliveryCounts(delivered=1),
            DeliveryCounts(),
            DeliveryCounts(delivered=3),
            DeliveryCounts(),
        ]
        for recipient in audience.recipients["mail"]:
            opening, correction = server.mailbox.to(recipient)
            assert correction["In-Reply-To"] == opening["Message-ID"]
            assert correction["Subject"].startswith("Corrected: Caspian Wire")
        assert ["finding.opened", "finding.corrected"] == [one["type"] for one in receiver.bodies]
        assert receiver.rejected == 0

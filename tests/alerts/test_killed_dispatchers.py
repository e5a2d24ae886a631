"""kill -9 of the dispatcher at every step, and several at once: nothing lost, repeats tell so."""

from __future__ import annotations

import random
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.payload import finding_data
from state.message import Message
from state.store import Store, open_store
from tests.support.alerting import NOW, stored
from tests.support.databases import postgres_database, sqlite_url
from tests.support.dispatching import LIMITS, STEPS, Addresses, Nursery, nursery
from tests.support.rooms import Room, chat_room
from tests.support.smtp import MailServer, plain_mail_server
from tests.support.webhooks import Receiver, webhook_receiver

HUNDRED = 100


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server."""
    with plain_mail_server() as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A webhook receiver that verifies."""
    with webhook_receiver() as running:
        yield running


@pytest.fixture
def room() -> Iterator[Room]:
    """A chat room behind Apprise."""
    with chat_room() as running:
        yield running


@pytest.fixture
def ends(server: MailServer, receiver: Receiver, room: Room) -> Ends:
    """All that messages go to."""
    return Ends(server, receiver, room)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
        return
    with postgres_database() as address:
        yield address


@dataclass(frozen=True)
class Ends:
    """Where messages go, by every kind of channel."""

    server: MailServer
    receiver: Receiver
    room: Room

    @property
    def addresses(self) -> Addresses:
        """Their addresses for settings."""
        smtp = f"smtp://127.0.0.1:{self.server.port}?tls=none"
        return Addresses(smtp, self.receiver.url, self.room.url)

    def seen(self) -> Counter[str]:
        """How often each id arrived, over all ways."""
        mails = [known.strip("<>").partition("@")[0] for known in self.server.mailbox.known]
        return Counter(mails) + Counter(self.receiver.ids) + Counter(self.room.ids)


def put(store: Store, first: int, count: int) -> set[str]:
    """Queues so many messages for each channel."""
    payload = finding_data(stored())
    messages = [
        Message(f"{channel}-{n}", "finding.opened", channel, f"r@{channel}.example", payload, NOW)
        for n in range(first, first + count)
        for channel in ("mail", "hook", "room")
    ]
    known = {one.id for one in store.messages(limit=10_000)}
    with store.unit() as unit:
        unit.enqueue(messages, NOW)
    return {one.id for one in store.messages(limit=10_000)} - known


def kill(nest: Nursery, round_: int) -> None:
    """One dispatcher that dies at a step, at its first to third time there."""
    step = STEPS[round_ % len(STEPS)]
    count = 1 if "lease" in step else random.Random(round_).randint(1, 3)
    ended = nest.run(NOW + LIMITS.lease * (round_ + 1), step, count)

    assert ended == -signal.SIGKILL, step


@pytest.mark.timeout(300)
def test_a_hundred_kills_lose_nothing(url: str, ends: Ends):
    """A dispatcher killed at every step, a hundred times: each message arrives, under one id."""
    rounds = HUNDRED if url.startswith("sqlite") else len(STEPS) * 2
    with closing(open_store(url)) as store, nursery(url, ends.addresses) as nest:
        ids = put(store, 0, 4)
        for round_ in range(rounds):
            kill(nest, round_)
            # There is always enough for the next one to come to its step.
            waiting = sum(one.status != "delivered" for one in store.messages(limit=10_000))
            if waiting < 8:
                ids |= put(store, len(ids), 4)
        ended = nest.run(NOW + LIMITS.lease * (rounds + 1))
        statuses = Counter(one.status for one in store.messages(limit=10_000))

    arrived = ends.seen()
    assert ended == 0
    assert statuses == {"delivered": len(ids)}
    assert ids == arrived.keys()
    # Only who died between the answer and the mark had a message sent again: never two for one.
    assert sum(arrived.values()) - len(ids) <= rounds
    assert ends.receiver.rejected == 0


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_repeats_only_what_may_have_arrived(tmp_path: Path, ends: Ends, step: str):
    """Killed before handing in, a message arrives once; after it, twice under one id."""
    url = sqlite_url(tmp_path)
    with closing(open_store(url)) as store, nursery(url, ends.addresses) as nest:
        ids = put(store, 0, 1)
        first = nest.run(NOW, step)
        second = nest.run(NOW)
        third = nest.run(NOW + LIMITS.lease)

    arrived = ends.seen()
    handed_in = step in ("handed in", "answered", "marked, not committed")
    assert (first, second, third) == (-signal.SIGKILL, 0, 0)
    assert ids == arrived.keys()
    assert sum(arrived.values()) == len(ids) + handed_in


@pytest.mark.timeout(300)
def test_dispatchers_at_once_send_nothing_twice(url: str, ends: Ends):
    """Three processes that deliver together: each message arrives once."""
    with closing(open_store(url)) as store, ExitStack() as stack:
        ids = put(store, 0, 40)
        nests = [stack.enter_context(nursery(url, ends.addresses)) for _ in range(3)]
        for nest in nests:
            nest.start(NOW + timedelta(seconds=1))
        ended = [nest.ended() for nest in nests]
        statuses = Counter(one.status for one in store.messages())

    assert ended == [0, 0, 0]
    assert statuses == {"delivered": 120}
    assert ends.seen() == dict.fromkeys(ids, 1)

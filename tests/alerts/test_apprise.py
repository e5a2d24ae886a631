"""Channels of Apprise, by its plain JSON service, to a real receiver on loopback."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.channels.apprise import AppriseChannel, AppriseSettings
from alerts.channels.channel import Delivered, Retry
from alerts.dispatcher import DeliveryCounts, deliver_due
from alerts.errors import ChannelSetupError
from alerts.payload import finding_data
from alerts.render import Renderer
from state.message import Message, QueuedMessage
from tests.support.alerting import LAW, NOW, stored
from tests.support.databases import make_store
from tests.support.rooms import Room, chat_room


@pytest.fixture
def room() -> Iterator[Room]:
    """A service."""
    with chat_room() as made:
        yield made


def channel(url: str) -> AppriseChannel:
    """A channel to a service."""
    return AppriseChannel(AppriseSettings("room", url), Renderer(LAW))


def queued(**fields: object) -> QueuedMessage:
    """An alert on its way."""
    payload = finding_data(stored(**fields))
    message = Message("key", "finding.opened", "room", "room", payload, NOW)
    return QueuedMessage("msg_1", message, "leased", 1, NOW)


@contextmanager
def logs_of_everything() -> Iterator[io.StringIO]:
    """What comes to the program's handler, of whatever level."""
    written, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(written), root.level
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    root.addHandler(handler)
    root.setLevel(1)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def test_a_message_arrives_with_its_id(room: Room):
    """Subject, text and, so that a reader can tell a repeat, the message's id."""
    outcome = channel(room.url).send(queued())

    (got,) = room.got
    assert outcome == Delivered()
    assert got["title"].startswith("Caspian Wire states that Section 907 was repealed")
    assert "[repealed]" in got["message"] and got["message"].endswith("[msg_1]")
    assert got["type"] == "warning"


@pytest.mark.parametrize("status", [400, 404, 429, 500])
def test_what_was_not_taken_is_tried_again(room: Room, status: int):
    """Apprise does not say why, so nothing is ever refused for good; no secret is told."""
    room.answers.append(status)

    outcome = channel(room.url).send(queued())

    assert isinstance(outcome, Retry)
    assert "secret" not in outcome.error


def test_a_long_message_is_cut_to_what_the_service_takes(room: Room):
    """The text is shorter than the service allows, and still ends with the id."""
    channel(room.url).send(queued(title="T" * 10_000, message="M" * 100_000))

    (got,) = room.got
    assert len(got["message"]) <= 20_000
    assert got["message"].endswith("[msg_1]")


@pytest.mark.parametrize("url", ["nonsense://x", "slack://", "not an address"])
def test_an_address_that_apprise_does_not_know_is_told_at_start(url: str):
    """A channel that can never work stops the start; the address, a secret, is not told."""
    with pytest.raises(ChannelSetupError, match="channel room: url") as caught:
        channel(url)

    assert url not in str(caught.value)


def test_what_apprise_logs_is_kept_from_our_logs(room: Room):
    """Neither at start nor at sending does a line of Apprise's, with an address in it, come out."""
    room.answers.append(500)
    with logs_of_everything() as written:
        with pytest.raises(ChannelSetupError):
            channel("slak://SECRETtokenA/SECRETtokenB")
        channel(room.url).send(queued())
        logging.getLogger("apprise.plugins").error("%s", room.url)

    assert "werkzeug" in written.getvalue()
    assert "apprise" not in written.getvalue()
    assert "SECRET" not in written.getvalue()


def test_it_is_under_the_same_outbox(room: Room, tmp_path: Path):
    """What a service did not take waits, and goes out once, later."""
    store = make_store(tmp_path)
    with store.unit() as unit:
        unit.enqueue([queued().message], NOW)
    room.answers.append(503)

    counts = [
        deliver_due(store, [channel(room.url)], lambda at=at: NOW + at)
        for at in (timedelta(0), timedelta(minutes=1), timedelta(minutes=2))
    ]
    store.close()

    assert counts == [DeliveryCounts(deferred=1), DeliveryCounts(delivered=1), DeliveryCounts()]
    assert len(room.got) == 2 and len(set(room.ids)) == 1


def test_a_probe_sends_nothing(room: Room):
    """Apprise can prove an address only by sending, and says so."""
    proof = channel(room.url).probe()

    assert proof.ok and "only sending" in proof.said
    assert room.got == []

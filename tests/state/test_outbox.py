"""The outbox: queued once, leased to one, sent once, through crashes."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest

from state.errors import UnknownEntryError, WrongStateError
from state.message import QueuedMessage
from state.store import Store
from tests.support.stored import MINUTE, NOW, message

LEASE = 5 * MINUTE


def _queue(store: Store, *keys: str, **changes: object) -> list[QueuedMessage]:
    with store.unit() as unit:
        unit.enqueue([message(key, **changes) for key in keys], NOW)
    return [queued for queued in store.messages() if queued.message.key in keys]


def _status(store: Store, message_id: str) -> str:
    return {queued.id: queued.status for queued in store.messages()}[message_id]


def test_a_key_is_queued_once(store: Store) -> None:
    """Queueing a key again changes nothing, within a unit and after it."""
    with store.unit() as unit:
        assert unit.enqueue([message("k"), message("k"), message("l")], NOW) == 2
    with store.unit() as unit:
        assert unit.enqueue([message("k", payload={})], NOW) == 0

    assert [q.message for q in store.messages()] == [message("k"), message("l")]


def test_ids_are_stable_and_unlike(store: Store) -> None:
    """An id is made once per message and survives every try."""
    first, second = _queue(store, "a", "b")
    leased = store.lease_messages(NOW, 10, LEASE)

    assert [q.id for q in leased] == [first.id, second.id]
    assert first.id.startswith("msg_") and len(first.id) == 36 and first.id != second.id


def test_nothing_is_leased_before_its_time_or_twice(store: Store) -> None:
    """A message is due from not_before on, and within the lease nobody else gets it."""
    _queue(store, "a", not_before=NOW + MINUTE)

    assert store.lease_messages(NOW, 10, LEASE) == []
    (leased,) = store.lease_messages(NOW + MINUTE, 10, LEASE)
    assert (leased.status, leased.attempts) == ("leased", 1)
    assert store.lease_messages(NOW + LEASE, 10, LEASE) == []


def test_an_expired_lease_comes_back(store: Store) -> None:
    """What a dead dispatcher had taken is given out again, with the try counted."""
    _queue(store, "a")
    store.lease_messages(NOW, 10, LEASE)

    (again,) = store.lease_messages(NOW + LEASE, 10, LEASE)
    assert again.attempts == 2


def test_the_limit_holds(store: Store) -> None:
    """No more than asked for, the oldest first."""
    queued = _queue(store, "a", "b", "c")

    assert [q.id for q in store.lease_messages(NOW, 2, LEASE)] == [q.id for q in queued[:2]]


def test_delivered_is_final(store: Store) -> None:
    """A delivered message is never leased again, even when marks come late or twice."""
    (queued,) = _queue(store, "a")
    store.lease_messages(NOW, 10, LEASE)
    store.mark_delivered(queued.id, NOW)
    store.mark_delivered(queued.id, NOW + MINUTE)
    store.mark_deferred(queued.id, NOW, NOW, "late")
    store.mark_dead(queued.id, NOW, "late")

    (stored,) = store.messages("delivered")
    assert (stored.delivered_at, stored.last_error) == (NOW, None)
    assert store.lease_messages(NOW + timedelta(days=9), 10, LEASE) == []


def test_a_deferred_message_waits(store: Store) -> None:
    """It returns at retry_at, with the error to be read meanwhile."""
    (queued,) = _queue(store, "a")
    store.lease_messages(NOW, 10, LEASE)
    store.mark_deferred(queued.id, NOW, NOW + 20 * MINUTE, "answer 503")

    assert store.messages()[0].last_error == "answer 503"
    assert store.lease_messages(NOW + 19 * MINUTE, 10, LEASE) == []
    assert [q.id for q in store.lease_messages(NOW + 20 * MINUTE, 10, LEASE)] == [queued.id]


def test_a_dead_message_returns_only_when_asked(store: Store) -> None:
    """Dead is final until a person retries it, and then its tries begin anew."""
    (queued,) = _queue(store, "a")
    store.lease_messages(NOW, 10, LEASE)
    store.mark_dead(queued.id, NOW, "no such user")
    assert store.lease_messages(NOW + timedelta(days=9), 10, LEASE) == []

    store.retry_message(queued.id, NOW)
    assert [q.attempts for q in store.lease_messages(NOW, 10, LEASE)] == [1]


def test_a_discarded_message_is_not_sent(store: Store) -> None:
    """Discarding says why; unknown and delivered messages cannot be discarded or retried."""
    first, second = _queue(store, "a", "b")
    assert store.discard_message(first.id, "mistake", NOW).last_error == "mistake"
    store.mark_delivered(second.id, NOW)

    assert store.lease_messages(NOW, 10, LEASE) == []
    for message_id in (second.id, "msg_unknown"):
        with pytest.raises(UnknownEntryError, match=message_id):
            store.discard_message(message_id, "x", NOW)
        with pytest.raises(UnknownEntryError, match=message_id):
            store.retry_message(message_id, NOW)


def test_a_disabled_channel_sends_nothing(store: Store) -> None:
    """Its messages wait, others go, and enabling it lets them go."""
    _queue(store, "a")
    _queue(store, "b", channel="hook")
    store.disable_channel("hook", "410 Gone", NOW)
    store.disable_channel("hook", "gone for good", NOW)

    assert store.disabled_channels() == {"hook": "gone for good"}
    assert [q.message.key for q in store.lease_messages(NOW, 10, LEASE)] == ["a"]
    store.enable_channel("hook")
    assert [q.message.key for q in store.lease_messages(NOW, 10, LEASE)] == ["b"]


def test_later_messages_of_a_thread_answer_the_first(store: Store) -> None:
    """Only the same recipient's, over the same channel."""
    (first,) = _queue(store, "a", thread="f_1")
    (second,) = _queue(store, "b", thread="f_1")
    (third,) = _queue(store, "c", thread="f_1")
    (other,) = _queue(store, "d", thread="f_1", recipient="else@example.org")
    (elsewhere,) = _queue(store, "e", thread="f_1", channel="hook")

    assert first.in_reply_to is None
    assert [second.in_reply_to, third.in_reply_to] == [first.id, first.id]
    assert [other.in_reply_to, elsewhere.in_reply_to] == [None, None]


def test_no_correction_overtakes_its_alert(store: Store) -> None:
    """The answer waits while the first of its thread is to go, and not for a dead one."""
    (first,) = _queue(store, "a", thread="f_1")
    (answer,) = _queue(store, "b", thread="f_1")

    assert [q.id for q in store.lease_messages(NOW, 10, LEASE)] == [first.id]
    store.mark_deferred(first.id, NOW, NOW + 9 * MINUTE, "later")
    assert store.lease_messages(NOW + MINUTE, 10, LEASE) == []
    store.mark_dead(first.id, NOW + MINUTE, "never")
    assert [q.id for q in store.lease_messages(NOW + MINUTE, 10, LEASE)] == [answer.id]


def test_held_messages_wait_for_their_digest(store: Store) -> None:
    """They are never leased; folding takes each once, for its recipient alone."""
    _queue(store, "a", "b", held=True)
    _queue(store, "c", held=True, recipient="else@example.org")
    assert store.lease_messages(NOW + timedelta(days=9), 10, LEASE) == []

    with store.unit() as unit:
        recipients = unit.recipients_with_held()
        folded = unit.fold("mail", "desk@example.org", NOW)
        assert unit.fold("mail", "desk@example.org", NOW) == []

    assert recipients == [("mail", "desk@example.org"), ("mail", "else@example.org")]
    assert [q.message.key for q in folded] == ["a", "b"]
    assert [q.message.key for q in store.messages("held")] == ["c"]


def test_what_a_digest_told_is_not_answered(store: Store) -> None:
    """A message never sent on its own has no id that a mail could refer to."""
    _queue(store, "a", thread="f_1", held=True)
    (later,) = _queue(store, "b", thread="f_1")

    assert later.in_reply_to is None


def test_a_deferred_message_tells_when_it_is_tried_next(store: Store) -> None:
    """What was wished at first stays beside it."""
    (queued,) = _queue(store, "a")
    store.lease_messages(NOW, 10, LEASE)
    store.mark_deferred(queued.id, NOW, NOW + 9 * MINUTE, "answered 503")

    (waiting,) = store.messages("queued")
    assert (waiting.due_at, waiting.message.not_before) == (NOW + 9 * MINUTE, NOW)


def test_a_message_in_another_state_is_no_unknown_one(store: Store) -> None:
    """Who settles a delivered message learns that it was, and not that there is none."""
    (queued,) = _queue(store, "a")
    store.lease_messages(NOW, 10, LEASE)
    with pytest.raises(WrongStateError, match=f"{queued.id}' is being sent"):
        store.retry_message(queued.id, NOW)
    store.mark_delivered(queued.id, NOW)

    with pytest.raises(WrongStateError, match=f"message '{queued.id}' was delivered"):
        store.discard_message(queued.id, "x", NOW)
    with pytest.raises(UnknownEntryError, match="no message with id 'msg_x'"):
        store.retry_message("msg_x", NOW)


def test_a_list_shows_the_newest_in_order(store: Store) -> None:
    """The limit leaves out the oldest."""
    _queue(store, "a", "b", "c")

    assert [q.message.key for q in store.messages(limit=2)] == ["b", "c"]


def test_dispatchers_at_once_share_no_message(store: Store) -> None:
    """Leased from three threads at once, each message goes to exactly one."""
    keys = [f"k{number}" for number in range(90)]
    _queue(store, *keys)
    taken: list[str] = []

    def dispatch() -> None:
        while batch := store.lease_messages(NOW, 7, LEASE):
            taken.extend(queued.message.key for queued in batch)

    threads = [Thread(target=dispatch) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken.extend(queued.message.key for queued in store.lease_messages(NOW, 99, LEASE))

    assert sorted(taken) == sorted(keys)
    assert store.counts()["outbox"] == {"leased": 90}

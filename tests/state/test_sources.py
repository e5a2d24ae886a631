"""Sources: when they are due, and when they count as failing."""

from __future__ import annotations

from datetime import timedelta

from state.pacing import FAILING_AFTER
from state.store import FoundLink, Poll, Store
from tests.support.stored import MINUTE, NOW

EVERY = {"b": 30 * MINUTE, "a": 60 * MINUTE}


def test_unknown_sources_are_due(store: Store) -> None:
    """Sources never polled are due, in the order of the settings."""
    assert store.due_sources(NOW, EVERY) == ["b", "a"]


def test_a_source_is_due_again_after_its_interval(store: Store) -> None:
    """Without a time from the server the interval counts from the last poll."""
    store.record_poll(Poll("b", NOW, ok=True, links=3))

    assert store.due_sources(NOW + 29 * MINUTE, EVERY) == ["a"]
    assert store.due_sources(NOW + 30 * MINUTE, EVERY) == ["b", "a"]


def test_a_source_is_never_polled_earlier_than_its_server_asks(store: Store) -> None:
    """The next poll that was recorded wins over the interval."""
    store.record_poll(Poll("b", NOW, ok=False, error="429", next_poll_at=NOW + timedelta(hours=5)))

    assert "b" not in store.due_sources(NOW + timedelta(hours=4), EVERY)
    assert "b" in store.due_sources(NOW + timedelta(hours=5), EVERY)


def test_a_source_that_only_yielded_links_is_due(store: Store) -> None:
    """Links recorded before the first poll do not count as a poll."""
    store.claim_links("b", [FoundLink("https://a.example/1")], NOW)

    assert "b" in store.due_sources(NOW, EVERY)


def test_the_change_is_told_once(store: Store) -> None:
    """Failing is told at the third failure in a row, recovery at the first good poll after it."""
    oks = [True, *[False] * (FAILING_AFTER + 1), True, True, False, True]

    told = [store.record_poll(Poll("a", NOW, ok=ok, error="x")) for ok in oks]

    quiet = [None] * FAILING_AFTER
    assert told == [*quiet, "failing", None, "recovered", None, None, None]


def test_health_holds_what_the_polls_said(store: Store) -> None:
    """A failure keeps the last good poll's time, links and validators."""
    store.record_poll(Poll("a", NOW, ok=True, links=7, etag='"e"', last_modified="Sun"))
    store.claim_links("a", [FoundLink("https://a.example/1")], NOW + MINUTE)
    store.record_poll(Poll("a", NOW + 2 * MINUTE, ok=False, error="answer 500"))

    (health,) = store.source_health()
    assert (health.name, health.last_polled_at, health.last_ok_at) == ("a", NOW + 2 * MINUTE, NOW)
    assert (health.failures_in_row, health.last_error, health.is_failing) == (
        1,
        "answer 500",
        False,
    )
    assert (health.links_last, health.etag, health.last_modified) == (7, '"e"', "Sun")
    assert health.last_new_at == NOW + MINUTE


def test_a_good_poll_clears_the_error(store: Store) -> None:
    """After a good poll nothing is left of the failure."""
    store.record_poll(Poll("a", NOW, ok=False, error="answer 500"))
    store.record_poll(Poll("a", NOW, ok=True))

    (health,) = store.source_health()
    assert (health.failures_in_row, health.last_error) == (0, None)

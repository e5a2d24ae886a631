"""Watchers are told what is new to them, once."""

from __future__ import annotations

from datetime import timedelta

from state.store import Poll, Sighting, Store, Validators
from tests.support.stored import NOW


def seen(store: Store, state: str, subject: str = "bill 1", source: str = "congress") -> str:
    """Notes a sighting in a unit of its own."""
    with store.unit() as unit:
        return unit.note_sighting(Sighting(subject, state, source, NOW))


def test_only_another_state_is_new(store):
    """The first state of a subject is the first, another one is new, each of them once."""
    assert ["first", "known", "new", "known"] == [seen(store, one) for one in "aabb"]


def test_an_old_state_is_not_new_again(store):
    """A copy that lags behind brings back a state that is known."""
    assert ["first", "new", "known"] == [seen(store, one) for one in "aba"]


def test_subjects_are_shared_by_sources(store):
    """What one source has seen is known when another one sees it."""
    assert "first" == seen(store, "a")
    assert "known" == seen(store, "a", source="bulk data")
    assert "first" == seen(store, "a", subject="bill 2")


def test_what_was_seen(store):
    """Those of some subjects that were seen are told, also where none is asked for."""
    seen(store, "a")

    assert {"bill 1"} == store.sighted(["bill 1", "bill 2"])
    assert set() == store.sighted([])


def test_sightings_are_part_of_the_unit(store):
    """What is rolled back was never seen."""
    try:
        with store.unit() as unit:
            unit.note_sighting(Sighting("bill 1", "a", "congress", NOW))
            raise RuntimeError("power cut")
    except RuntimeError:
        pass

    assert "first" == seen(store, "a")


def test_validators_are_those_of_the_last_answer(store):
    """An address is asked with what its server sent last; an unknown one with nothing."""
    for etag in ('"1"', '"2"'):
        with store.unit() as unit:
            unit.keep_validators([Validators("https://a.example", etag, None)])

    found = store.validators(["https://a.example", "https://b.example"])

    assert {"https://a.example": Validators("https://a.example", '"2"', None)} == found
    assert {} == store.validators([])


def test_a_postponed_source_is_not_due(store):
    """A source that was put off is due again then, and is neither well nor failing for that."""
    every = {"a": timedelta(minutes=1)}
    store.postpone_source("a", NOW + timedelta(hours=1))

    assert [] == store.due_sources(NOW, every)
    assert ["a"] == store.due_sources(NOW + timedelta(hours=1), every)
    (health,) = store.source_health()
    assert (None, None, 0) == (
        health.last_polled_at, health.last_ok_at, health.failures_in_row,
    )  # fmt: skip
    store.record_poll(Poll("a", NOW, ok=True))
    assert [] == store.due_sources(NOW, every)

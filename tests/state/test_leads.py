"""Leads of searches, and the pace of sources, as the database keeps them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from state.lead import Lead, fold_title
from state.leads import WAITS_FOR
from state.pacing import Sight, Terms, window_of
from state.store import Poll, Store
from tests.support.stored import MINUTE, NOW

LEAD = Lead("CBMi1", "Senate «repeals» the Act", "Wire", "wire.example", date(2026, 2, 28))
HOUR = timedelta(hours=1)


def add(store: Store, *found: Lead, now=NOW) -> list[Lead]:
    with store.unit() as unit:
        return unit.add_leads("search", found, now)


def settle(store: Store, *titles: str, keys=("CBMi1",), now=NOW):
    with store.unit() as unit:
        folded = {fold_title(title): f"https://wire.example/{n}" for n, title in enumerate(titles)}
        return unit.settle_leads(keys, folded, now)


def test_a_lead_is_new_once(store: Store) -> None:
    """A lead that a search names again is no new one, nor is one whose key is a server's joke."""
    other = replace(LEAD, key="CBMi2")

    assert add(store, LEAD) == [LEAD]
    assert add(store, LEAD, other, replace(LEAD, key="x" * 501)) == [other]
    assert [one.key for one in store.open_leads(NOW)] == ["CBMi1", "CBMi2"]


def test_a_lead_is_found_by_its_title(store: Store) -> None:
    """Marks, case and spaces do not matter; what was found is no longer open, nor found twice."""
    add(store, LEAD)

    (found,) = settle(store, "Weather", "SENATE  repeals the act!")

    assert (found.url, found.found_at) == ("https://wire.example/1", NOW)
    assert store.open_leads(NOW) == []
    assert settle(store, "Senate repeals the Act") == []


def test_another_title_is_no_lead(store: Store) -> None:
    """A lead stays open where its title is not listed, or it is not meant."""
    add(store, LEAD)

    assert settle(store, "Senate repeals an Act") == []
    assert settle(store, LEAD.title, keys=()) == []
    assert [one.title for one in store.open_leads(NOW)] == [LEAD.title]


def test_leads_are_not_waited_for_for_ever(store: Store) -> None:
    """What was not listed in two weeks is neither told nor matched any more."""
    add(store, LEAD)

    assert store.open_leads(NOW + WAITS_FOR) == []
    assert settle(store, LEAD.title, now=NOW + WAITS_FOR) == []


def poll(store: Store, at, **sight) -> object:
    terms = Terms(HOUR, expect_every=timedelta(days=2))
    return store.record_poll(
        Poll("a", at, ok=True, links=2, etag='"e"', sight=Sight(**sight), terms=terms)
    )


def test_the_pace_outlives_the_process(store: Store) -> None:
    """Window, rhythm and misses are read back as they were written."""
    poll(store, NOW, window=window_of(["a", "b"]))
    poll(store, NOW + HOUR, window=window_of(["c", "d"]))

    (health,) = store.source_health()
    assert (health.missed_at, health.overlap, health.gap) == (NOW + HOUR, 0.0, 1800.0)
    assert health.last_fresh_at == NOW + HOUR
    # Twice as soon as planned, and then again as the list covers one hour only.
    assert health.next_poll_at == NOW + HOUR + 20 * MINUTE
    assert store.due_sources(NOW + HOUR + 19 * MINUTE, {"a": HOUR}) == []


def test_silence_is_told_once_and_so_is_its_end(store: Store) -> None:
    """A silent source fails at once, keeps its last good poll, and recovers with news."""
    days = timedelta(days=1)
    told = [
        poll(store, NOW, window=window_of(["a"])),
        poll(store, NOW + 1 * days, window=window_of(["a"])),
        poll(store, NOW + 3 * days, window=window_of(["a"])),
        poll(store, NOW + 4 * days),
    ]
    (silent,) = store.source_health()

    assert told == [None, None, "failing", None]
    assert (silent.is_failing, silent.last_ok_at) == (True, NOW + 1 * days)
    assert "nothing new for 4 days" in (silent.last_error or "")
    assert poll(store, NOW + 5 * days, window=window_of(["a", "b"])) == "recovered"


def test_haste_asks_for_everything(store: Store) -> None:
    """A hastened source is due, and is not asked whether anything has changed."""
    poll(store, NOW, window=window_of(["a"]))

    with store.unit() as unit:
        assert unit.hasten_source("a", NOW + 10 * MINUTE)
        assert not unit.hasten_source("a", NOW + 10 * MINUTE)
        assert not unit.hasten_source("unknown", NOW)

    (health,) = store.source_health()
    assert (health.next_poll_at, health.etag) == (NOW + 10 * MINUTE, None)

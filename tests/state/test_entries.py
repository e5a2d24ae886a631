"""Candidates and what operators enter into the record, on every database."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest

from state.errors import UnknownEntryError
from state.store import Candidate, Store
from tests.support.stored import EVENT, MINUTE, NOW

CANDIDATE = Candidate(
    source_kind="federal_register",
    document="2026-01234",
    title="Extension of Waiver",
    url="https://fr.example/2026-01234",
    date=date(2026, 8, 10),
    citation="91 FR 12345",
    kind="extension",
)


def test_a_candidate_is_kept_once(store: Store) -> None:
    """The same document found again is known, whatever its title is by then."""
    assert store.add_candidate(CANDIDATE, NOW)
    assert not store.add_candidate(replace(CANDIDATE, title="Another title"), NOW + MINUTE)

    (kept,) = store.candidates()
    assert (kept.title, kept.found_at, kept.status) == ("Extension of Waiver", NOW, "open")
    assert (kept.date, kept.citation, kept.kind) == (date(2026, 8, 10), "91 FR 12345", "extension")


def test_another_document_is_another_candidate(store: Store) -> None:
    """The number counts within its kind of source: neither number nor kind alone is the key."""
    assert store.add_candidate(CANDIDATE, NOW)
    assert store.add_candidate(replace(CANDIDATE, document="2026-01235"), NOW)
    assert store.add_candidate(replace(CANDIDATE, source_kind="govinfo"), NOW)

    assert len(store.candidates("open")) == 3


def test_a_candidate_says_what_to_run(store: Store) -> None:
    """The command names its id and kind, where its finder gave no other."""
    store.add_candidate(CANDIDATE, NOW)
    store.add_candidate(replace(CANDIDATE, document="2", kind=None), NOW)
    store.add_candidate(replace(CANDIDATE, document="3", accept="read it first"), NOW)

    commands = {one.document: one.accept for one in store.candidates()}
    assert commands == {
        "2026-01234": f"waiverwatch record add --candidate {CANDIDATE.id} --kind extension",
        "2": f"waiverwatch record add --candidate {replace(CANDIDATE, document='2').id} "
        "--kind KIND",
        "3": "read it first",
    }


def test_a_settled_candidate_stays_settled(store: Store) -> None:
    """It is neither found anew nor settled again; who, when and why are kept."""
    store.add_candidate(CANDIDATE, NOW)
    settled = store.settle_candidate(CANDIDATE.id, "rejected", "ada", "a notice of 2002", NOW)

    assert (settled.settled_by, settled.settled_at, settled.why) == ("ada", NOW, "a notice of 2002")
    assert not store.add_candidate(CANDIDATE, NOW + MINUTE)
    assert store.candidates("open") == []
    assert store.candidates("rejected") == [settled]
    with pytest.raises(UnknownEntryError, match=CANDIDATE.id):
        store.settle_candidate(CANDIDATE.id, "accepted", "ada", None, NOW)


def test_an_entry_is_kept_whole(store: Store) -> None:
    """Every field of the event comes back, with who and when."""
    store.add_record_entry(EVENT, "ada", NOW)

    (entry,) = store.record_entries()
    assert entry.event == EVENT
    assert (entry.entered_by, entry.entered_at, entry.stands) == ("ada", NOW, True)
    assert (entry.candidate, entry.judged_at) == (None, None)


def test_an_entry_accepts_its_candidate(store: Store) -> None:
    """Entry and acceptance are one transaction; a candidate is accepted once."""
    store.add_candidate(CANDIDATE, NOW)
    with store.unit() as unit:
        entry = unit.add_record_entry(EVENT, "ada", NOW, CANDIDATE.id)
    with pytest.raises(UnknownEntryError), store.unit() as unit:
        unit.add_record_entry(replace(EVENT, instrument="x"), "ada", NOW, CANDIDATE.id)

    assert [one.candidate for one in store.record_entries()] == [CANDIDATE.id]
    assert [one.status for one in store.candidates()] == ["accepted"]
    assert entry.candidate == CANDIDATE.id


def test_a_withdrawn_entry_stays_to_be_seen(store: Store) -> None:
    """It no longer stands, and has to be judged without."""
    entry = store.add_record_entry(EVENT, "ada", NOW)
    with store.unit() as unit:
        unit.mark_judged([entry], NOW)
        withdrawn = unit.withdraw_record_entry(entry.id, "bob", "a hoax", NOW + MINUTE)

    assert (withdrawn.stands, withdrawn.judged_at) == (False, None)
    assert store.record_entries() == [withdrawn]
    assert (withdrawn.withdrawn_by, withdrawn.why) == ("bob", "a hoax")
    with pytest.raises(UnknownEntryError), store.unit() as unit:
        unit.withdraw_record_entry(entry.id, "bob", "again", NOW)


def test_judged_is_marked_for_the_entry_as_it_was(store: Store) -> None:
    """An entry withdrawn while the articles were judged by it is still to be judged without."""
    entry = store.add_record_entry(EVENT, "ada", NOW)
    with store.unit() as unit:
        withdrawn = unit.withdraw_record_entry(entry.id, "bob", "a hoax", NOW + MINUTE)
        unit.mark_judged([entry], NOW + 2 * MINUTE)
    assert [one.judged_at for one in store.record_entries()] == [None]

    with store.unit() as unit:
        unit.mark_judged([withdrawn], NOW + 3 * MINUTE)
    assert [one.judged_at for one in store.record_entries()] == [NOW + 3 * MINUTE]


def test_entries_are_checked_one_after_the_other(store: Store) -> None:
    """Whoever reads the entries in a unit keeps others from adding one until it ends."""
    reading, seen = threading.Event(), []

    def add_unless_there() -> None:
        with store.unit() as unit:
            known = unit.record_entries()
            seen.append(len(known))
            reading.set()
            if not known:
                unit.add_record_entry(EVENT, "ada", NOW)

    first = threading.Thread(target=add_unless_there)
    with store.unit() as unit:
        unit.record_entries()
        first.start()
        assert not reading.wait(0.3)
        unit.add_record_entry(EVENT, "bob", NOW)
    first.join()

    assert seen == [1]
    assert [entry.entered_by for entry in store.record_entries()] == ["bob"]

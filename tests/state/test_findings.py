"""Findings: their whole life, and what is asked of them."""

from __future__ import annotations

import pytest

from state.errors import UnknownEntryError
from state.store import Confirmation, FindingQuery, Store, WarcRecord
from tests.support.stored import CLAIM, MINUTE, NOW, REFERENCE, URL, finding, opened, write


def test_an_opened_finding_returns_whole(store: Store) -> None:
    """Claim, cues and record entry come back as they went in, with the article's data."""
    made = opened(store)

    stored = store.finding(made.id)
    assert stored == made
    assert (stored.claim, stored.record) == (CLAIM, REFERENCE)
    assert (stored.status, stored.outlet, stored.url, stored.lang) == ("open", "Outlet", URL, "en")
    assert (stored.opened_at, stored.updated_at, stored.closed_at) == (NOW, NOW, None)
    assert set(made.id) <= set("abcdef0123456789_")


def test_opening_twice_updates(store: Store) -> None:
    """One rule has one open finding in an article: a repeat finds it."""
    first, second = opened(store), opened(store)

    assert second.id == first.id
    assert len(store.findings()) == 1


def test_an_update_carries_the_later_revision(store: Store) -> None:
    """Severity, evidence and headline follow the text, the day of opening stays."""
    made = opened(store)
    with store.unit() as unit:
        saved = unit.save_article(write("Text two", warc=WarcRecord("f", 1, "00")))
        changed = finding(severity="medium")
        unit.update_finding(made.id, saved.revision, changed, "relays", NOW + MINUTE)

    stored = store.finding(made.id)
    assert stored is not None
    assert (stored.severity, stored.verdict, stored.revision) == ("medium", "relays", 2)
    assert (stored.opened_at, stored.updated_at) == (NOW, NOW + MINUTE)
    assert stored.warc == WarcRecord("f", 1, "00")


def test_a_closed_finding_never_reopens(store: Store) -> None:
    """After a correction the same claim opens a new finding under a new id."""
    made = opened(store)
    with store.unit() as unit:
        closed = unit.close_finding(made.id, "corrected", NOW + MINUTE)
        assert unit.open_findings(made.article_id) == []
    again = opened(store)

    assert (closed.status, closed.closed_at) == ("corrected", NOW + MINUTE)
    assert again.id != made.id
    with store.unit() as unit:
        assert {f.id for f in unit.findings_of(made.article_id)} == {made.id, again.id}
        assert [f.id for f in unit.open_findings(made.article_id)] == [again.id]


def test_a_dismissal_keeps_its_reason(store: Store) -> None:
    """Why a person dismissed it can be read afterwards."""
    made = opened(store)
    with store.unit() as unit:
        unit.close_finding(made.id, "dismissed", NOW, "satire")

    stored = store.finding(made.id)
    assert stored is not None and (stored.status, stored.why) == ("dismissed", "satire")


def test_a_confirmation_is_kept_beside_the_status(store: Store) -> None:
    """Who confirmed a finding, when and why can be read afterwards; the last word counts."""
    made = opened(store)
    first, last = Confirmation(NOW, "Ann"), Confirmation(NOW + MINUTE, "Bob", "seen live")
    for word in (first, last):
        with store.unit() as unit:
            assert unit.confirm_finding(made.id, word).confirmed == word

    stored = store.finding(made.id)
    assert stored is not None
    assert (stored.status, stored.confirmed) == ("open", last)
    assert stored.updated_at == NOW + MINUTE


def test_a_confirmed_finding_lives_on(store: Store) -> None:
    """It is updated and corrected as any other, and stays confirmed; a corrected one can be too."""
    made = opened(store)
    word = Confirmation(NOW, "Ann")
    with store.unit() as unit:
        unit.confirm_finding(made.id, word)
        unit.update_finding(made.id, 1, finding(severity="medium"), "relays", NOW + MINUTE)
        closed = unit.close_finding(made.id, "corrected", NOW + MINUTE)
        again = unit.confirm_finding(made.id, Confirmation(NOW + 2 * MINUTE, "Bob"))

    assert (closed.status, closed.severity, closed.confirmed) == ("corrected", "medium", word)
    assert (again.status, again.closed_at) == ("corrected", NOW + MINUTE)


def test_what_was_dismissed_cannot_be_confirmed(store: Store) -> None:
    """Dismissed and unknown findings are told of by id, and stay as they are."""
    made = opened(store)
    with store.unit() as unit:
        unit.close_finding(made.id, "dismissed", NOW, "satire")
    for finding_id in (made.id, "f_unknown"):
        with pytest.raises(UnknownEntryError, match=finding_id), store.unit() as unit:
            unit.confirm_finding(finding_id, Confirmation(NOW, "Ann"))

    stored = store.finding(made.id)
    assert stored is not None and stored.confirmed is None


def test_confirmed_findings_can_be_asked_for(store: Store) -> None:
    """A query may leave out what nobody confirmed."""
    one, other = opened(store, "https://a/1"), opened(store, "https://a/2")
    with store.unit() as unit:
        unit.confirm_finding(one.id, Confirmation(NOW, "Ann"))

    assert [one.id] == [found.id for found in store.findings(FindingQuery(confirmed=True))]
    assert {one.id, other.id} == {found.id for found in store.findings()}


def test_what_is_not_open_cannot_change(store: Store) -> None:
    """Closed and unknown findings are told of by id, and stay as they are."""
    made = opened(store)
    with store.unit() as unit:
        unit.close_finding(made.id, "corrected", NOW)
    for finding_id in (made.id, "f_unknown"):
        with pytest.raises(UnknownEntryError, match=finding_id), store.unit() as unit:
            unit.close_finding(finding_id, "dismissed", NOW)
        with pytest.raises(UnknownEntryError, match=finding_id), store.unit() as unit:
            unit.update_finding(finding_id, 1, finding(), "asserts", NOW)


def test_queries_narrow_what_is_listed(store: Store) -> None:
    """Status, time, language and limit each leave out what does not fit; newest first."""
    first = opened(store, "https://a/1")
    with store.unit() as unit:
        saved = unit.save_article(write(url="https://a/2"))
        second = unit.open_finding(saved.id, 1, finding(), "asserts", NOW + MINUTE)
        unit.close_finding(second.id, "corrected", NOW + 2 * MINUTE)

    def ids(query: FindingQuery) -> list[str]:
        return [stored.id for stored in store.findings(query)]

    assert ids(FindingQuery()) == [second.id, first.id]
    assert ids(FindingQuery(status="open")) == [first.id]
    assert ids(FindingQuery(since=NOW + MINUTE)) == [second.id]
    assert ids(FindingQuery(langs=("ru", "en"), limit=1)) == [second.id]
    assert ids(FindingQuery(langs=("ru",))) == []


def test_counts_tell_what_is_stored(store: Store) -> None:
    """Numbers by status, and the age of the longest waiting message."""
    assert store.counts()["articles"] == 0
    opened(store)

    counts = store.counts()
    assert (counts["articles"], counts["findings"], counts["outbox"]) == (1, {"open": 1}, {})
    assert counts["oldest_queued"] is None

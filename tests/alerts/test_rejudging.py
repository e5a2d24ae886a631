"""Stored articles are judged again as they were read, and what changes is told once."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from alerts.digest import queue_digests
from alerts.judge import judge
from alerts.record_changes import apply_judgement
from alerts.rejudging import Rejudged, Retrial, judge_again
from alerts.render import Renderer
from alerts.routing import Audience
from extract.claim import Claim
from state.event import Event
from state.record import Record
from state.store import Store, open_store
from tests.support.alerting import LAW, NOW, RECORD, article, claim, reading, rules, write
from tests.support.databases import emptied, make_store, postgres_database

RULES = rules()
AUDIENCE = Audience((), {"mail": ("a@desk.example",)})
REPEAL = Event(date(2025, 8, 20), "repealed", "Public Law 1", "high", citation="1 Stat. 1")
RENEWAL = Event(
    date(2025, 8, 15), "extension", "The renewal", "high", citation="90 FR 2",
    until=date(2026, 8, 15), until_basis="source",
)  # fmt: skip
REPEALED = RECORD.with_events([REPEAL])
LATER = NOW + timedelta(days=30)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store, on each database."""
    if request.param == "sqlite":
        opened = make_store(tmp_path)
    else:
        opened = open_store(emptied(request.getfixturevalue("postgres")))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with postgres_database() as url:
        yield url


def visit(store: Store, name: str, published: date | None, *claims: Claim) -> None:
    """An article as the crawl keeps it."""
    url = f"https://wire.example/{name}"
    visited = write(reading(*claims), url=url)
    visited = replace(visited, article=article(published, url=url))
    with store.unit() as unit:
        judgement = judge(visited.article, visited.reading, RECORD, RULES)
        visited = replace(visited, verdict=judgement.verdict, severity=judgement.severity)
        apply_judgement(unit, visited, judgement, AUDIENCE)


def again(store: Store, record: Record, since: date = REPEAL.date, batch: int = 2) -> Rejudged:
    """Judges again by this record."""

    def judged(article, reading):
        return judge(article, reading, record, RULES)

    return judge_again(store, Retrial(judged, since, "Public Law 1.", AUDIENCE, LATER), batch)


def statuses(store: Store) -> dict[str, str]:
    """The status of each finding by its article's name."""
    return {one.url.rpartition("/")[2]: one.status for one in store.findings()}


def test_a_repeal_makes_later_claims_true(store: Store):
    """Findings of articles from that day on close with the reason; earlier ones stay open."""
    visit(store, "before", date(2025, 8, 19), claim())
    visit(store, "that-day", date(2025, 8, 20), claim())
    visit(store, "after", date(2025, 9, 1), claim())
    visit(store, "undated", None, claim())
    total = again(store, REPEALED)

    assert total == Rejudged(judged=3, opened=0, updated=0, closed=3, queued=3)
    assert statuses(store) == {
        "before": "open",
        "that-day": "corrected",
        "after": "corrected",
        "undated": "corrected",
    }
    after = store.article("https://wire.example/after")
    before = store.article("https://wire.example/before")
    assert after is not None and before is not None
    assert (after.verdict, before.verdict) == ("accurate", "asserts")
    assert store.revisions(after.id)[-1].verdict == "accurate"
    assert {one.why for one in store.findings() if one.closed_at} == {"Public Law 1."}


def test_what_was_judged_stays_judged(store: Store):
    """A second time nothing changes and nobody is told."""
    visit(store, "after", date(2025, 9, 1), claim())
    again(store, REPEALED)
    told = len(store.messages())

    assert again(store, REPEALED) == Rejudged(judged=1)
    assert len(store.messages()) == told


def test_it_is_told_as_a_withdrawal_in_reply(store: Store):
    """The message does not claim that the article was corrected."""
    visit(store, "after", date(2025, 9, 1), claim())
    again(store, REPEALED)

    opening, closing = store.messages()
    assert closing.in_reply_to == opening.id
    rendered = Renderer(LAW).render(closing.message.type, closing.message.payload)
    assert rendered.subject.startswith("Withdrawn: ")
    assert rendered.text.startswith("Withdrawn. Public Law 1.")
    assert "Corrected" not in rendered.html


def test_a_repeal_taken_back_opens_findings(store: Store):
    """Without it the claims contradict the record as before, as findings of their own."""
    visit(store, "after", date(2025, 9, 1), claim())
    again(store, REPEALED)
    total = again(store, RECORD)

    assert total == Rejudged(judged=1, opened=1, queued=1)
    assert sorted(one.status for one in store.findings()) == ["corrected", "open"]
    assert store.messages()[-1].message.type == "finding.opened"


def test_a_new_reference_waits_for_the_digest(store: Store):
    """A renewal changes what open findings cite; that is told, without haste, each time."""
    visit(store, "after", date(2025, 9, 1), claim())
    renewed = RECORD.with_events([RENEWAL])
    assert again(store, renewed) == Rejudged(judged=1, updated=1, queued=1)
    assert again(store, renewed) == Rejudged(judged=1)

    (finding,) = store.findings()
    assert finding.record.citation == "90 FR 2"
    (held,) = store.messages("held")
    rendered = Renderer(LAW).render(held.message.type, held.message.payload)
    assert "The record of Section 907 was brought up to date" in rendered.text
    assert "brought up to date" in rendered.html and "was changed" not in rendered.html
    assert queue_digests(store, LATER) == 1


def test_each_change_of_the_record_is_told(store: Store):
    """Also one that leads back to what was told before."""
    visit(store, "after", date(2025, 9, 1), claim())
    renewed = RECORD.with_events([RENEWAL])
    for record, hours in ((renewed, 0), (RECORD, 1), (renewed, 2)):

        def judged(article, reading, record=record):
            return judge(article, reading, record, RULES)

        at = LATER + timedelta(hours=hours)
        judge_again(store, Retrial(judged, RENEWAL.date, "", AUDIENCE, at))

    assert len(store.messages("held")) == 3


def test_what_was_dismissed_stays_dismissed(store: Store):
    """A person's word is not overruled by an entry."""
    visit(store, "after", date(2025, 9, 1), claim())
    with store.unit() as unit:
        unit.close_finding(store.findings()[0].id, "dismissed", NOW, "satire")
    again(store, REPEALED)

    assert again(store, RECORD).opened == 0
    assert [one.status for one in store.findings()] == ["dismissed"]


def test_text_that_could_not_be_read_is_left_alone(store: Store):
    """An unread article is unjudged by every record."""
    visited = write(replace(reading(), unread="no text"), "")
    with store.unit() as unit:
        unit.save_article(replace(visited, verdict="unjudged"))

    assert again(store, REPEALED, date(2025, 1, 1)) == Rejudged(judged=1)


def test_it_can_be_broken_off_and_begun_again(store: Store):
    """Each batch is kept with its messages; a second run does the rest, and tells nobody twice."""
    for number in range(5):
        visit(store, f"n{number}", date(2025, 9, 1), claim())
    seen = []

    def breaking(article, reading):
        seen.append(article)
        if len(seen) > 4:
            raise RuntimeError("power cut")
        return judge(article, reading, REPEALED, RULES)

    with pytest.raises(RuntimeError, match="power cut"):
        judge_again(store, Retrial(breaking, REPEAL.date, "x", AUDIENCE, LATER), 2)
    assert sorted(statuses(store).values()) == ["corrected"] * 4 + ["open"]
    total = again(store, REPEALED)

    assert (total.judged, total.closed) == (5, 1)
    keys = [one.message.key for one in store.messages()]
    assert len(keys) == len(set(keys)) == 10


def test_memory_does_not_grow_with_the_articles(tmp_path: Path):
    """Four times the articles need about the same memory."""
    store = make_store(tmp_path)
    text = "Text. " * 4000

    def peak_of(count: int) -> int:
        with store.unit() as unit:
            for number in range(count):
                url = f"https://wire.example/{count}-{number}"
                unit.save_article(write(reading(claim()), text, url=url))
        tracemalloc.start()
        again(store, RECORD, date(2025, 1, 1), batch=20)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak_of(20)
    small, large = peak_of(60), peak_of(240)
    store.close()

    assert large < 1.5 * small

"""Articles: one row per address, one revision per text."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import event

from extract.article import Article
from extract.claim import Reading
from state.store import Store, WarcRecord
from tests.support.databases import make_store
from tests.support.stored import MINUTE, NOW, READING, URL, write

DAY = timedelta(days=1)
WARC = WarcRecord("2026-03.warc.gz", 2**40, "ab" * 32)


def test_a_first_visit_is_new(store: Store) -> None:
    """The article is stored whole, with its first revision."""
    with store.unit() as unit:
        saved = unit.save_article(write(warc=WARC, etag='"e"', next_visit_at=NOW + MINUTE))

    article = store.article(URL)
    assert article is not None
    assert (saved.revision, saved.is_new, saved.text_changed) == (1, True, False)
    assert (article.id, article.visits, article.verdict) == (saved.id, 1, "asserts")
    assert (article.etag, article.next_visit_at) == ('"e"', NOW + MINUTE)
    (revision,) = store.revisions(saved.id)
    assert (revision.text, revision.reading) == ("The law was repealed.", READING)
    assert revision.warc == WARC


def test_the_same_text_again_is_no_revision(store: Store) -> None:
    """A second visit counts, and a newer reading of the same text replaces the older."""
    newer = write(reading=Reading("en"), verdict="background", versions="lexicon 2")
    with store.unit() as unit:
        unit.save_article(write())
        saved = unit.save_article(newer)

    article = store.article(URL)
    assert article is not None
    assert (saved.revision, saved.is_new, saved.text_changed) == (1, False, False)
    assert (article.visits, article.verdict) == (2, "background")
    (revision,) = store.revisions(saved.id)
    assert (revision.reading, revision.versions) == (Reading("en"), "lexicon 2")


def test_every_text_is_kept(store: Store) -> None:
    """Text A, then B, then after days A again are three revisions, in order."""
    for days, text in enumerate(("A", "B", "A")):
        with store.unit() as unit:
            saved = unit.save_article(write(text, now=NOW + days * DAY))

    assert (saved.revision, saved.text_changed) == (3, True)
    assert [(r.number, r.text) for r in store.revisions(saved.id)] == [(1, "A"), (2, "B"), (3, "A")]


def test_a_changed_headline_is_a_change(store: Store) -> None:
    """Headlines make claims: a new one is a new revision."""
    with store.unit() as unit:
        unit.save_article(write("A"))
        saved = unit.save_article(write(article=Article("A", title="Other", url=URL)))

    assert (saved.revision, saved.text_changed) == (2, True)


def test_the_pages_date_wins_over_the_sources(store: Store) -> None:
    """The source's date is kept only where the page has none."""
    dated = Article("A", url=URL, published=date(2026, 1, 2))
    with store.unit() as unit:
        unit.save_article(write("A", published=date(2026, 1, 1)))
        undated = unit.article(URL)
        unit.save_article(write(article=dated, published=date(2026, 1, 1)))
        both = unit.article(URL)

    assert undated is not None and undated.published == date(2026, 1, 1)
    assert both is not None and both.published == date(2026, 1, 2)


def test_a_unit_sees_what_it_wrote(store: Store) -> None:
    """Within the transaction the article and its revisions are there already."""
    with store.unit() as unit:
        saved = unit.save_article(write("A"))

        assert unit.article(URL) is not None
        assert [revision.text for revision in unit.revisions(saved.id)] == ["A"]


def test_what_no_database_takes_is_replaced_one_for_one(store: Store) -> None:
    """NUL and lone surrogates become one sign each, so that offsets still fit."""
    with store.unit() as unit:
        saved = unit.save_article(write("a\x00b\ud800c"))
        again = unit.save_article(write("a\x00b\ud800c"))

    assert not again.text_changed
    assert store.revisions(saved.id)[0].text == "a\ufffdb\ufffdc"


def test_an_article_without_url_is_a_fault(store: Store) -> None:
    """Nothing can be stored under no address."""
    with pytest.raises(ValueError, match="URL"), store.unit() as unit:
        unit.save_article(write(article=Article("A")))


def test_times_return_as_aware_utc(store: Store) -> None:
    """Whatever zone a time came in, it returns as the same moment in UTC."""
    baku = datetime(2026, 3, 1, 16, 0, tzinfo=timezone(timedelta(hours=4)))
    with store.unit() as unit:
        unit.save_article(write(now=baku))

    article = store.article(URL)
    assert article is not None
    assert article.first_seen_at == NOW
    assert article.first_seen_at.tzinfo is UTC


def test_due_revisits_come_longest_due_first(store: Store) -> None:
    """Those of any source, or of some, whose time has come, and no more than asked for."""
    with store.unit() as unit:
        for name, minutes in (("late", 2), ("early", 1), ("future", 9)):
            unit.save_article(write(url=f"https://a/{name}", next_visit_at=NOW + minutes * MINUTE))
        unit.save_article(write(url="https://a/never"))
        unit.save_article(write(url="https://b/x", source="other", next_visit_at=NOW))

    def due(limit: int, sources: list[str] | None = None) -> list[str]:
        return [one.url for one in store.due_revisits(NOW + 2 * MINUTE, limit, sources)]

    assert due(10) == ["https://b/x", "https://a/early", "https://a/late"]
    assert due(10, ["outlet-feed"]) == ["https://a/early", "https://a/late"]
    assert due(1, ["outlet-feed"]) == ["https://a/early"]
    assert due(10, ["elsewhere"]) == []


def test_an_idle_look_for_revisits_reads_an_index(tmp_path: Path) -> None:
    """Where nothing is due, the articles that are stored are not read."""
    asked = []
    with closing(make_store(tmp_path)) as store:
        engine = store._database.engine
        event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
        store.due_revisits(NOW, 10)
        ((statement, values),) = [one for one in asked if one[0].startswith("SELECT")]
        with engine.begin() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()

    steps = [step.detail for step in plan]
    assert "SEARCH articles USING INDEX ix_articles_next_visit_at (next_visit_at<?)" == steps[0]
    assert not any("SCAN" in step or "TEMP B-TREE" in step for step in steps)


def test_an_irrelevant_article_is_never_visited_again(store: Store) -> None:
    """The verdict ends the visits, whatever the caller planned."""
    with store.unit() as unit:
        unit.save_article(write(verdict="irrelevant", next_visit_at=NOW))

    assert store.due_revisits(NOW + MINUTE, 10) == []


def test_a_postponed_revisit_waits_and_counts(store: Store) -> None:
    """A visit that brought nothing moves the next one, and counts as a visit."""
    with store.unit() as unit:
        unit.save_article(write(next_visit_at=NOW))
    store.postpone_revisit(URL, NOW, NOW + 5 * MINUTE)

    assert store.due_revisits(NOW + 4 * MINUTE, 10) == []
    (revisit,) = store.due_revisits(NOW + 5 * MINUTE, 10)
    assert (revisit.visits, revisit.attempts) == (2, 0)


def test_a_visit_that_was_only_tried_does_not_count(store: Store) -> None:
    """The tries in vain are kept apart from the visits, until one of those is made."""
    with store.unit() as unit:
        unit.save_article(write(next_visit_at=NOW))
    store.postpone_revisit(URL, NOW, NOW, attempts=3)
    (tried,) = store.due_revisits(NOW, 1)
    with store.unit() as unit:
        unit.save_article(write(next_visit_at=NOW))
    (visited,) = store.due_revisits(NOW, 1)

    assert ((1, 3), (2, 0)) == (
        (tried.visits, tried.attempts),
        (visited.visits, visited.attempts),
    )

"""Copies of a text: how they are found, and the one finding that tells of them all."""

from __future__ import annotations

import random

import pytest

from extract.sketch import sketch_of
from state.findings import FindingWrite
from state.store import Store, StoredFinding
from tests.support.stored import MINUTE, NOW, finding, write

WORDS = [a + b for a in ("bar", "tel", "nor", "sim", "kap") for b in ("ado", "inum", "est", "or")]


def story(seed: int, words: int = 200) -> str:
    """A text of its own for each seed."""
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) for _ in range(words)) + "."


def save(store: Store, url: str, text: str, **more) -> int:
    with store.unit() as unit:
        wrote = write(text, url, outlet=url[8:], sketch=sketch_of(text), **more)
        return unit.save_article(wrote).id


def cluster(store: Store, url: str) -> str | None:
    with store._database.reading() as connection:
        from sqlalchemy import select

        from state.tables import articles

        return connection.scalar(select(articles.c.cluster).where(articles.c.url == url))


def hold(store: Store, article_id: int, rule: str = "repeal-asserted") -> StoredFinding:
    with store.unit() as unit:
        return unit.open_finding(article_id, 1, finding(rule), "asserts", NOW)


def test_a_copy_joins_the_cluster_of_its_text(store: Store) -> None:
    """A text with an agency line of its own is a copy; another story is none."""
    save(store, "https://a", story(1))
    save(store, "https://other", story(2))
    save(store, "https://b", "Agency, 2 March. " + story(1))
    save(store, "https://c", story(1) + " Read the whole story on our site.")

    name = cluster(store, "https://a")
    assert name is not None
    assert [name, name] == [cluster(store, f"https://{one}") for one in "bc"]
    assert cluster(store, "https://other") is None


def test_texts_that_are_too_short_are_nobodys_copies(store: Store) -> None:
    """Two notices of a few words may well be alike by chance."""
    for url in ("https://a", "https://b"):
        save(store, url, "The law was repealed yesterday.")

    assert cluster(store, "https://a") is cluster(store, "https://b") is None


def test_an_article_that_is_rewritten_leaves_the_cluster(store: Store) -> None:
    """What it was compared by goes with its old text."""
    save(store, "https://a", story(1))
    save(store, "https://b", story(1))
    assert cluster(store, "https://b") is not None

    save(store, "https://b", story(3), now=NOW + MINUTE)

    assert cluster(store, "https://b") is None
    save(store, "https://c", story(3))
    assert cluster(store, "https://c") == cluster(store, "https://b") != cluster(store, "https://a")


def test_one_finding_lists_its_copies(store: Store) -> None:
    """A copy is listed with the finding that it copies, and not by itself."""
    first, second = (save(store, url, story(1)) for url in ("https://a", "https://b"))
    made = hold(store, first)
    with store.unit() as unit:
        (held,) = unit.kin(second)
        told = unit.add_copy(held.id, FindingWrite(second, 1, finding(), "asserts", NOW + MINUTE))

    assert (made.id, (("b", "https://b"),)) == (told.id, told.copies)
    assert NOW + MINUTE == told.updated_at
    assert [told] == store.findings()
    assert {"open": 1} == store.counts()["findings"]
    with store.unit() as unit:
        (own,) = unit.findings_of(second)
        assert (made.id, "open") == (own.copy_of, own.status)


def test_a_finding_goes_on_in_its_first_copy(store: Store) -> None:
    """What its own outlet corrected stands elsewhere: the finding keeps its id, and moves."""
    first, second, third = (save(store, f"https://{one}", story(1)) for one in "abc")
    made = hold(store, first)
    with store.unit() as unit:
        for later, article in enumerate((second, third), 1):
            write_ = FindingWrite(article, 1, finding(), "asserts", NOW + later * MINUTE)
            unit.add_copy(made.id, write_)
        moved = unit.hand_over(made.id, NOW + 9 * MINUTE, "no longer says so")

    assert moved is not None
    assert (made.id, "open", "https://b") == (moved.id, moved.status, moved.url)
    assert (("c", "https://c"),) == moved.copies
    with store.unit() as unit:
        (left,) = unit.findings_of(first)
        assert ("corrected", made.id) == (left.status, left.copy_of)
        (own,) = unit.findings_of(second)
        assert (made.id, None) == (own.id, own.copy_of)


def test_a_finding_without_copies_stays(store: Store) -> None:
    """There is nothing to hand it over to."""
    made = hold(store, save(store, "https://a", story(1)))
    with store.unit() as unit:
        assert unit.hand_over(made.id, NOW, None) is None

    assert "https://a" == store.finding(made.id).url


def test_a_copy_becomes_a_finding_of_its_own(store: Store) -> None:
    """Released, it is listed by itself and counted from then."""
    first, second = (save(store, url, story(1)) for url in ("https://a", "https://b"))
    made = hold(store, first)
    wrote = FindingWrite(second, 1, finding(), "asserts", NOW + MINUTE)
    with store.unit() as unit:
        unit.add_copy(made.id, wrote)
        (copy,) = unit.findings_of(second)
        own = unit.release_copy(copy.id, wrote)

    assert (None, NOW + MINUTE) == (own.copy_of, own.opened_at)
    assert {made.id, own.id} == {one.id for one in store.findings()}
    assert () == store.finding(made.id).copies


@pytest.mark.parametrize("edit", [0.0, 0.05])
def test_nearly_every_copy_is_found(store: Store, edit: float) -> None:
    """Of copies with every twentieth word another, nearly all join; of other stories none does."""
    chance = random.Random(7)
    found = 0
    for seed in range(20):
        words = story(seed, 150).split()
        save(store, f"https://a{seed}", " ".join(words))
        copied = [chance.choice(WORDS) if chance.random() < edit else word for word in words]
        save(store, f"https://b{seed}", " ".join(copied))
        found += cluster(store, f"https://a{seed}") is not None
    names = {cluster(store, f"https://a{seed}") for seed in range(20)} - {None}

    assert found >= 18
    assert found == len(names)

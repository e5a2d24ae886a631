"""Links: fetched once, retried when due, lost by no crash."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Thread

import pytest

from state.links import CLAIM_FOR, LONGEST_URL
from state.store import FoundLink, Store
from tests.support.stored import MINUTE, NOW

A = FoundLink("https://a.example/1", "One", date(2026, 2, 28), "Agency")
B = FoundLink("https://a.example/2")


def test_unseen_links_are_given_out_once(store: Store) -> None:
    """A link is returned to the first who shows it, and to nobody else."""
    assert store.claim_links("feed", [A, B], NOW) == [A, B]
    assert store.claim_links("feed", [A, B], NOW) == []
    assert store.claim_links("sitemap", [B], NOW) == []


def test_one_poll_that_lists_a_link_twice_gets_it_once(store: Store) -> None:
    """Duplicates within one poll are one link."""
    assert store.claim_links("feed", [A, A], NOW) == [A]


@pytest.mark.parametrize("outcome", ["irrelevant", "not_article", "forbidden", "article", "failed"])
def test_a_settled_link_never_returns(store: Store, outcome: str) -> None:
    """Without a time for a retry every outcome is final."""
    store.claim_links("feed", [A], NOW)
    store.settle_link(A.url, outcome, NOW)  # type: ignore[arg-type]

    assert store.claim_links("feed", [A], NOW + timedelta(days=400)) == []


def test_a_failed_link_returns_when_its_retry_is_due(store: Store) -> None:
    """Before retry_at it rests; from then on it is given out, with its tries counted."""
    store.claim_links("feed", [A], NOW)
    store.settle_link(A.url, "failed", NOW, retry_at=NOW + 30 * MINUTE, error="503")

    assert store.claim_links("feed", [A], NOW + 29 * MINUTE) == []
    (again,) = store.claim_links("feed", [A], NOW + 30 * MINUTE)
    assert again == FoundLink(A.url, A.title, A.published, A.outlet, attempts=1)


def test_a_due_retry_returns_though_the_feed_has_moved_on(store: Store) -> None:
    """A link that its source no longer shows is not forgotten, and only its source gets it."""
    store.claim_links("feed", [A], NOW)
    store.settle_link(A.url, "failed", NOW, retry_at=NOW + MINUTE)

    assert store.claim_links("other", [], NOW + MINUTE) == []
    assert [link.url for link in store.claim_links("feed", [], NOW + MINUTE)] == [A.url]


def test_a_claim_that_nobody_settles_returns(store: Store) -> None:
    """What a dead process had claimed is given out again after CLAIM_FOR."""
    store.claim_links("feed", [A], NOW)

    assert store.claim_links("feed", [A], NOW + CLAIM_FOR - MINUTE) == []
    assert [link.url for link in store.claim_links("feed", [A], NOW + CLAIM_FOR)] == [A.url]


def test_released_claims_return_at_once(store: Store) -> None:
    """Releasing frees what was claimed, and leaves planned retries alone."""
    store.claim_links("feed", [A, B], NOW)
    store.settle_link(B.url, "failed", NOW, retry_at=NOW + MINUTE)

    assert store.release_claims(NOW) == 1
    assert [link.url for link in store.claim_links("feed", [A, B], NOW)] == [A.url]


def test_a_page_known_by_another_address_counts_as_seen(store: Store) -> None:
    """Settling an address that no source listed keeps it from being fetched."""
    store.settle_link(B.url, "article", NOW)

    assert store.claim_links("feed", [B], NOW) == []


def test_addresses_that_no_index_holds_are_left_out(store: Store) -> None:
    """The longest URL is taken, a longer one is neither stored nor an error."""
    longest = FoundLink("https://a.example/" + "ж" * ((LONGEST_URL - 18) // 2))
    longer = FoundLink(longest.url + "жж")

    assert store.claim_links("feed", [longer, longest], NOW) == [longest]
    store.settle_link(longer.url, "failed", NOW)


def test_many_links_are_taken_in_one_call(store: Store) -> None:
    """A sitemap's thousands are claimed whole, in their order, and retried whole."""
    found = [FoundLink(f"https://a.example/{number}") for number in range(2500, 0, -1)]

    assert store.claim_links("feed", found, NOW) == found
    again = store.claim_links("feed", found, NOW + CLAIM_FOR)
    assert [link.url for link in again] == [link.url for link in found]


def test_two_claimants_share_no_link(store: Store) -> None:
    """Claimed from two threads at once, each link goes to exactly one."""
    found = [FoundLink(f"https://a.example/{number}") for number in range(200)]
    taken: list[str] = []

    def claim() -> None:
        for start in range(0, 200, 20):
            taken.extend(x.url for x in store.claim_links("s", found[start : start + 20], NOW))

    threads = [Thread(target=claim) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(link.url for link in found) == sorted(taken)

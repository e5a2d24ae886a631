"""Crawlers know of each other, and what a dead one had claimed is given out again."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from state.store import FoundLink, Store, open_store
from tests.support.stored import MINUTE, NOW

ROOT = Path(__file__).parents[2]
LINKS = [FoundLink(f"https://a/{n}") for n in range(3)]

CRAWLER = """
import sys, time
from state.store import FoundLink, open_store
from tests.support.stored import NOW
store = open_store(sys.argv[1])
with store.crawling(NOW):
    store.claim_links("a", [FoundLink(f"https://a/{n}") for n in range(3)], NOW)
    print("claimed", flush=True)
    time.sleep(60)
"""


def test_a_dead_crawlers_claims_are_given_out_again(url: str) -> None:
    """While it lives its links are its own; once it was killed they are everybody's."""
    with closing(open_store(url)) as store:
        command = [sys.executable, "-c", CRAWLER, url]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "claimed\n"
            with store.crawling(NOW + MINUTE) as beside:
                assert store.claim_links("a", LINKS, NOW + MINUTE) == []
            process.send_signal(signal.SIGKILL)
        released = _released_in_time(store)
        again = store.claim_links("a", LINKS, NOW + MINUTE)

    assert (0, 3) == (beside, released)
    assert {one.url for one in LINKS} == {one.url for one in again}


def _released_in_time(store: Store) -> int:
    """What a crawl gives out again, asked until a server has noticed that a session is dead."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with store.crawling(NOW + MINUTE) as released:
            if released:
                return released
        time.sleep(0.05)
    return 0


def test_two_crawlers_leave_each_other_their_claims(store: Store, url: str) -> None:
    """The second one gives out nothing while the first is at work, nor does one after it."""
    with store.crawling(NOW), closing(open_store(url)) as other:
        store.claim_links("a", LINKS, NOW)
        for _ in range(2):
            with other.crawling(NOW + MINUTE) as released:
                assert 0 == released

    with store.crawling(NOW + MINUTE) as released:
        assert 3 == released

"""kill -9 at any moment, many times over: nothing is lost, and nothing happens twice.

WAIVERWATCH_KILLS says how often; where it does not, 200 times in CI and 60 elsewhere. Most
processes are forked from one that has loaded all, so that the signal meets them at work; a few are
started as anybody starts them.
"""

import os
import random
import shlex
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from alerts.bursts import Bursts
from alerts.channels.webhook import WebhookChannel, WebhookSettings
from alerts.dispatcher import Limits, deliver_due
from crawler.archive import Archive
from extract.sameness import essence
from state.store import Store, open_store
from tests.support.outlets import Outlet, outlets
from tests.support.webhooks import Receiver, webhook_receiver

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("WAIVERWATCH_KILLS", "200" if os.environ.get("CI") else "60"))
REAL = max(2, KILLS // 30)
SEED = int(os.environ.get("WAIVERWATCH_SEED", "907"))
LEADS = {
    "claim": "Section 907 of the Freedom Support Act has been repealed.",
    "waiver": "The President has waived Section 907 of the Freedom Support Act for another year.",
    "noise": "The second of three cranes reached the harbour on Tuesday night.",
}
WORDS = [
    first + second
    for first in ("har", "min", "tor", "bel", "can", "dov", "fir", "gam")
    for second in ("bour", "ister", "nado", "fry", "dle", "etail", "ewood", "bit", "ton")
]


def story(kind: str, number: int, edition: int = 0) -> str:
    """A text of its own, so that no two are copies; an edition more is an edit."""
    chance = random.Random(number)
    body = " ".join(chance.choice(WORDS) for _ in range(90))
    note = f" This text was brought up to date, edition {edition}, on Friday." if edition else ""
    return f"{LEADS[kind]} The {body}.{note}"


class Town:
    """Outlets that publish and edit while they are being crawled."""

    def __init__(self, sites: list[Outlet], chance: random.Random) -> None:
        self.sites, self.chance = sites, chance
        self.told: dict[str, tuple[str, list[str]]] = {}

    def publish(self) -> None:
        """Each turn brings a story or two, and an edit of one that is there."""
        for _ in range(self.chance.randint(1, 2)):
            number = len(self.told)
            kind = ("claim", "waiver", "noise")[number % 3]
            site = self.chance.choice(self.sites)
            self._tell(site, f"/{kind}-{number}", kind, story(kind, number))
        if self.told and self.chance.random() < 0.5:
            url = self.chance.choice(sorted(self.told))
            kind, texts = self.told[url]
            site = next(one for one in self.sites if url.startswith(one.base))
            number = int(url.rpartition("-")[2])
            self._tell(site, url[len(site.base) :], kind, story(kind, number, len(texts)))
        for site in self.sites:
            site.serve_rss()

    def _tell(self, site: Outlet, path: str, kind: str, text: str) -> None:
        url = site.tell(path, f"News number {path.rpartition('-')[2]}", text, "2025-08-11")
        self.told.setdefault(url, (kind, []))[1].append(text)

    def of(self, *kinds: str) -> set[str]:
        """The addresses of the stories of these kinds."""
        return {url for url, (kind, _) in self.told.items() if kind in kinds}


@contextmanager
def nursery() -> Iterator[subprocess.Popen[str]]:
    """The process that others are forked from."""
    command = [sys.executable, "-m", "tests.support.nursery"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "ready\n"
        yield process
        process.stdin.close()


WORDS_OF_CRAWL = ("crawl", "--all", "--json")


def forked(parent: subprocess.Popen[str], folder: Path, after: float | None) -> int:
    """Runs a pass, and kills it after so many seconds; returns how it ended."""
    parent.stdin.write(shlex.join([str(folder), *WORDS_OF_CRAWL]) + "\n")
    parent.stdin.flush()
    child = int(parent.stdout.readline())
    if after is not None:
        time.sleep(after)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    return int(parent.stdout.readline())


def started(folder: Path, after: float | None) -> int:
    """The same, with a process as anybody starts it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler", *WORDS_OF_CRAWL],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def configure(folder: Path, sites: list[Outlet], hook: Receiver) -> None:
    feeds = "".join(
        f'[[source]]\nname = "s{n}"\nurl = "{site.url("/rss.xml")}"\nkind = "feed"\n'
        for n, site in enumerate(sites)
    )
    (folder / "waiverwatch.toml").write_text(
        '[crawl]\nbuiltin_sources = false\nallow_networks = ["127.0.0.0/8"]\n'
        'per_host_delay = "0s"\nper_host_concurrency = 4\nrevisit = ["1s"]\n'
        f'[service]\nburst = 1000\n{feeds}[[channel]]\nname = "hook"\nkind = "webhook"\n'
        f'url = "{hook.url}"\nsecret = "{hook.secret}"\n'
    )


@pytest.mark.timeout(120 + 10 * KILLS)
def test_nothing_is_lost_and_nothing_doubled(tmp_path):
    """After every kill the next pass goes on; in the end each story and alert is there once."""
    chance = random.Random(SEED)
    with outlets(3) as sites, webhook_receiver() as hook, nursery() as parent:
        configure(tmp_path, sites, hook)
        town = Town(sites, chance)
        town.publish()
        # The first one makes the database.
        assert forked(parent, tmp_path, None) == 0
        town.publish()
        begun = time.monotonic()
        assert forked(parent, tmp_path, None) == 0
        whole = time.monotonic() - begun
        ends = Counter()
        for turn in range(KILLS):
            town.publish()
            if turn % (KILLS // REAL) == 0:
                ends[started(tmp_path, chance.uniform(2, 8))] += 1
            else:
                ends[forked(parent, tmp_path, chance.uniform(0.1, 1.2) * whole)] += 1
        assert ends[-signal.SIGKILL] > KILLS / 2, ends
        assert set(ends) <= {0, -signal.SIGKILL}, ends
        time.sleep(1.1)
        assert forked(parent, tmp_path, None) == 0
        with closing(open_store(f"sqlite:///{tmp_path / 'waiverwatch.db'}")) as store:
            deliver_later(store, hook)
            check_articles(store, town, tmp_path)
            check_alerts(store, town, hook)


def deliver_later(store: Store, hook: Receiver) -> None:
    """What a killed process was sending is sent again once its lease has run out."""
    later = datetime.now(UTC) + timedelta(days=1)
    settings = WebhookSettings("hook", hook.url, hook.secret, ("127.0.0.0/8",))
    limits = Limits(bursts=Bursts(most=1_000))
    deliver_due(store, [WebhookChannel(settings, lambda: datetime.now(UTC))], lambda: later, limits)


def check_articles(store: Store, town: Town, folder: Path) -> None:
    """Every story is stored once, with its last text, each text once, and its page is there."""
    archive = Archive(folder / "archive")
    for url in town.of("claim", "waiver"):
        article = store.article(url)
        assert article is not None, url
        revisions = store.revisions(article.id)
        _, told = town.told[url]
        found = [essence("", one.text) for one in revisions]
        assert essence("", told[-1]) == found[-1], url
        assert len(found) == len(set(found)), url
        assert set(found) <= {essence("", text) for text in told}, url
        for one in revisions:
            assert one.warc is not None
            assert one.text.split()[0].encode() in archive.read(one.warc).body
    with store._database.reading() as connection:
        open_links = connection.scalar(sql("SELECT count(*) FROM links WHERE due_at IS NOT NULL"))
        settled = set(
            connection.execute(sql("SELECT url FROM links WHERE outcome IS NOT NULL")).scalars()
        )
    assert 0 == open_links
    assert town.told.keys() == settled
    assert {None} == {store.article(url) for url in town.of("noise")}


def check_alerts(store: Store, town: Town, hook: Receiver) -> None:
    """Each claim has one open finding; each finding was told of once, under one id."""
    findings = store.findings()
    assert town.of("claim") == {one.url for one in findings}
    assert len(findings) == len(town.of("claim"))
    assert {"open"} == {one.status for one in findings}
    opened = [one for one in store.messages(limit=100_000) if one.message.type == "finding.opened"]
    assert Counter(one.id for one in findings) == Counter(one.message.thread for one in opened)
    assert {"delivered"} == {one.status for one in opened}
    assert 0 == hook.rejected
    assert {one.id for one in opened} <= set(hook.ids)
    received = {body["data"]["id"] for body in hook.bodies if body["type"] == "finding.opened"}
    assert {one.id for one in findings} == received

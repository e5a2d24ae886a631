"""Faults of sources, pages, the database and the program itself: each is outlived, and told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from state.errors import DatabaseUnavailable
from tests.support.outlets import outlets, rss
from tests.support.passes import feed


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"body": b"", "status": 500}, "status 500"),
        ({"body": b"<!DOCTYPE html><html><body>Sorry</body></html>"}, "a web page, not a feed"),
        ({"body": b""}, "the feed is empty"),
        ({"body": rss("").encode()}, "the feed lists no links"),
        ({"body": b"", "status": 404}, "status 404"),
        ({"body": b"x" * 3_100_000}, "larger than allowed"),
    ],
)
def test_a_source_that_fails(desk, answer: dict, why: str) -> None:
    """A source that cannot be read is an outcome of its own; the others are read."""
    with outlets(2) as (bad, good):
        bad.put("/rss.xml", **answer)
        good.tell("/a.html", "The Act", "repealed")

        report = desk.within(retries=0).crawl(
            feed("bad", bad.url("/rss.xml")), feed("good", good.serve_rss())
        )

    failed, read = report.sources
    assert "failed" == failed.outcome
    assert why in failed.error
    assert ("ok", 1) == (read.outcome, read.fetched)
    assert not report.all_failed


def test_failing_and_recovered_are_told(desk, site) -> None:
    """A source that fails three times is told once, and once more when it is read again."""
    site.tell("/a.html", "Weather", "It rains.")
    url = site.serve_rss()
    site.pages["/rss.xml"].faults = [500] * 4

    told = [desk.within(retries=0).crawl(feed("news", url)).messages.queued for _ in range(6)]

    assert [0, 0, 1, 0, 1, 0] == told
    messages = [queued.message for queued in desk.store.messages()]
    assert ["source.failing", "source.recovered"] == [one.type for one in messages]
    assert ("news", "status 500", 3) == tuple(
        messages[0].payload[key] for key in ("source", "error", "failures_in_row")
    )


@pytest.mark.parametrize("fault", [503, 429, "reset", "short"])
def test_a_fault_is_outlived_within_the_pass(desk, site, fault) -> None:
    """A page that fails once is fetched in the same pass."""
    site.tell("/a.html", "The Act", "repealed")
    site.pages["/a.html"].faults = [fault]

    report = desk.crawl(feed("news", site.serve_rss()))

    assert (1, 0, 1) == (report.articles.fetched, report.articles.failed, report.findings.opened)


@pytest.mark.parametrize("fault", [503, 429, "reset", "slow", "short"])
def test_a_lasting_fault_is_outlived_by_the_next_pass(desk, site, fault) -> None:
    """A page that fails throughout a pass is fetched by the next, though its feed is unchanged."""
    site.tell("/a.html", "The Act", "repealed")
    faults = site.pages["/a.html"].faults = [fault] * 20
    source = feed("news", site.serve_rss())
    desk = desk.within(timeout=timedelta(seconds=1))

    first = desk.crawl(source)
    faults.clear()
    second, third = desk.crawl(source), desk.crawl(source)

    assert (0, 1) == (first.articles.fetched, first.articles.failed)
    assert (1, 0, 1) == (second.articles.fetched, second.articles.failed, second.findings.opened)
    assert "not_modified" == second.sources[0].outcome
    assert 0 == third.articles.fetched


def test_retry_after_is_kept(desk, site) -> None:
    """A server that asks to be left alone for long is left alone for that long."""
    site.tell("/a.html", "The Act", "repealed")
    site.pages["/a.html"].faults = [503]
    site.pages["/a.html"].headers = {"Retry-After": "600"}
    source = feed("news", site.serve_rss())

    first, second = desk.crawl(source), desk.crawl(source)
    desk.clock.forward(seconds=601)
    third = desk.crawl(source)

    assert (1, 0, 0) == tuple(one.articles.failed for one in (first, second, third))
    assert (0, 0, 1) == tuple(one.articles.fetched for one in (first, second, third))


def test_pages_that_are_gone_are_given_up(desk, site) -> None:
    """A page that does not exist is tried once more, much later, and then never."""
    site.tell("/a.html", "The Act", "repealed")
    url = site.serve_rss()
    del site.pages["/a.html"]

    for hours in (0, 1, 7, 100):
        desk.clock.forward(hours=hours)
        desk.crawl(feed("news", url))

    assert 2 == site.counts()["/a.html"]
    assert ("failed", "status 404") == desk.settled()["/a.html"]


def test_a_page_that_kills_its_worker(desk, site) -> None:
    """A page that no worker can read fails alone."""
    site.tell("/bad.html", "The Act", "CRASH")
    site.tell("/good.html", "The Act", "repealed")

    report = desk.crawl(feed("news", site.serve_rss()))

    assert (1, 1) == (report.articles.failed, report.findings.opened)
    assert ("failed", "the worker process ended by signal 11") == desk.settled()["/bad.html"]


def test_a_database_that_goes_away_ends_the_pass(desk, site, monkeypatch) -> None:
    """Where nothing can be kept the pass ends with that error, and the next one makes up for it."""
    for number in range(3):
        site.tell(f"/{number}.html", "The Act", "repealed")
    source = feed("news", site.serve_rss())

    def away():
        raise DatabaseUnavailable("sqlite:///watch.db", "it is gone")

    with monkeypatch.context() as patched:
        patched.setattr(desk.store, "unit", away)
        with pytest.raises(DatabaseUnavailable, match="it is gone"):
            desk.crawl(source)
    desk.clock.forward(minutes=11)

    assert 3 == desk.crawl(source).findings.opened


def test_a_bug_is_not_swallowed(desk, site) -> None:
    """A fault of the program surfaces at the pass's end, after everything else was done."""

    class Broken(type(desk.reader)):
        async def read_page(self, page):
            if page.url.endswith("0.html"):
                raise RuntimeError("a bug")
            return await super().read_page(page)

    for number in range(3):
        site.tell(f"/{number}.html", "The Act", "repealed")
    source = feed("news", site.serve_rss())

    with pytest.raises(RuntimeError, match="a bug"):
        replace(desk, reader=Broken()).crawl(source)

    assert 2 == len(desk.store.findings())
    assert desk.store.latest_runs()[0].finished_at is not None

"""Passes: every page once, faults outlived, edits found, and a report of it all."""

import asyncio
import itertools
import json
import time
from dataclasses import replace
from datetime import date, timedelta

import pytest

from crawler.crawl import PassRequest, run_async, run_pass
from crawler.errors import PassError
from crawler.sources import SourceConfig
from state.errors import DatabaseUnavailable
from tests.support.outlets import article_page, news_sitemap, outlets, rss, sitemap_index
from tests.support.passes import START, feed

HOUR = timedelta(hours=1)


def stored(desk, url: str):
    return desk.store.article(url)


def test_every_kind_of_source(desk) -> None:
    """Pages listed by feed, sitemap and front page are fetched once, and not again."""
    with outlets(3) as sites:
        for number, site in enumerate(sites):
            site.tell("/news/a.html", f"The Act {number}", "It was repealed.")
            site.tell("/news/b.html", "Weather", "It rains.")
        sources = (
            feed("rss", sites[0].serve_rss()),
            SourceConfig("map", sites[1].serve_sitemap(), "sitemap"),
            SourceConfig("front", sites[2].serve_front(), "front", link_pattern="/news/"),
        )

        first, second = desk.crawl(*sources), desk.crawl(*sources)

        for site in sites:
            counts = site.counts()
            assert (1, 1, 0) == tuple(
                counts[f"/{p}"] for p in ("news/a.html", "news/b.html", "about")
            )
    assert ["ok"] * 3 == [one.outcome for one in first.sources]
    assert (6, 3, 3) == (
        first.articles.fetched, first.articles.skipped_irrelevant, first.articles.relevant
    )  # fmt: skip
    assert 3 == first.findings.opened == first.messages.queued
    assert (0, 0) == (second.articles.fetched, second.findings.opened)
    assert 3 == len(desk.store.findings())


def test_report_is_the_contract(desk, site) -> None:
    """The report serialises to the object of ``crawl --json``, and is kept with the run."""
    site.tell("/a.html", "The Act", "repealed")

    report = desk.crawl(feed("news", site.serve_rss()))
    data = json.loads(json.dumps(report.as_data()))

    assert {
        "run_id": report.run_id,
        "started_at": START.isoformat(),
        "finished_at": START.isoformat(),
        "sources": [
            {
                "name": "news", "outcome": "ok", "links": 1, "new": 1, "fetched": 1,
                "not_modified": 0, "failed": 0, "error": None,
            }
        ],
        "articles": {
            "fetched": 1, "skipped_irrelevant": 0, "extracted": 1, "relevant": 1, "unchanged": 0,
            "revised": 0, "failed": 0,
        },
        "findings": {"opened": 1, "corrected": 0, "updated": 0},
        "messages": {"queued": 1, "delivered": 0, "deferred": 0, "dead": 0},
    } == data  # fmt: skip
    (run,) = desk.store.latest_runs()
    assert (report.run_id, data) == (run.id, run.summary)


def test_one_page_of_two_sources(desk, site) -> None:
    """A page that two sources list, under two spellings, is fetched once."""
    site.tell("/a.html", "The Act", "repealed")
    plain = site.serve_rss()
    other = site.put(
        "/two.xml", rss(f"<item><link>{site.url('/a.html?utm_source=x')}</link></item>")
    )
    other.content_type = "application/rss+xml"

    report = desk.crawl(feed("one", plain), feed("two", site.url("/two.xml")))

    assert 1 == site.counts()["/a.html"]
    assert [1, 1] == [one.links for one in report.sources]
    assert 1 == sum(one.new for one in report.sources)


def test_redirected_link_is_kept_where_it_led(desk, site) -> None:
    """An article is known by the address that its link led to in the end."""
    site.put("/story.html", article_page("The Act", "repealed"))
    site.tell("/short", "The Act", "")
    site.redirect("/short", "/story.html?utm_campaign=x")

    site.pages["/story.html?utm_campaign=x"] = site.pages["/story.html"]
    desk.crawl(feed("news", site.serve_rss()))

    assert stored(desk, site.url("/story.html")) is not None
    assert stored(desk, site.url("/short")) is None


def test_dates(desk, site) -> None:
    """The page's own date wins over the feed's, and where neither is known it stays unknown."""
    site.tell("/own.html", "t", "t", published="2026-02-20")
    site.put("/own.html", article_page("The Act", "repealed", published="2026-02-01"))
    site.tell("/feed.html", "The Act", "repealed", published="2026-02-20")
    site.tell("/none.html", "The Act", "repealed", published=None)

    desk.crawl(feed("news", site.serve_rss()))

    dates = [stored(desk, site.url(f"/{name}.html")).published for name in ("own", "feed", "none")]
    assert [date(2026, 2, 1), date(2026, 2, 20), None] == dates


def test_due_sources_only(desk, site) -> None:
    """A pass polls what is due; all or named sources only when asked to."""
    site.tell("/a.html", "The Act", "repealed")
    sources = (
        feed("half", site.serve_rss(), every=HOUR / 2),
        feed("day", site.serve_rss(), every=24 * HOUR),
    )

    def polled(**request) -> list[str]:
        return [one.name for one in desk.crawl(*sources, **request).sources]

    assert ["half", "day"] == polled(everything=False)
    assert [] == polled(everything=False)
    desk.clock.forward(minutes=31)
    assert ["half"] == polled(everything=False)
    assert ["half", "day"] == polled(everything=True)
    assert ["day"] == polled(everything=False, only=("day",))
    with pytest.raises(PassError, match='"nobody" is no source'):
        polled(only=("nobody",))


def test_filters(desk, site) -> None:
    """Pattern, required words and age bound what is followed; undated links pass the age."""
    site.tell("/news/old.html", "The Act then", "repealed", published="2025-01-01")
    site.tell("/news/new.html", "The Act now", "repealed", published="2026-02-28")
    site.tell("/news/undated.html", "The Act ever", "repealed", published=None)
    site.tell("/news/sport.html", "Football", "repealed", published="2026-02-28")
    site.tell("/video/new.html", "The Act on film", "repealed", published="2026-02-28")
    source = feed("news", site.serve_rss(), link_pattern="/news/", must_mention=("the act",))

    desk.crawl(source, since=timedelta(days=7))

    assert {"/rss.xml", "/news/new.html", "/news/undated.html"} == set(site.paths())


def test_limit_leaves_the_rest_for_later(desk, site) -> None:
    """A pass with a limit fetches so many pages of a source, the next pass the others."""
    for number in range(5):
        site.tell(f"/{number}.html", "The Act", "repealed")
    url = site.serve_rss()
    site.pages["/rss.xml"].etag = False

    counts = [desk.crawl(feed("news", url), limit=2).articles.fetched for _ in range(4)]

    assert [2, 2, 1, 0] == counts


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


def test_what_is_no_article(desk, site) -> None:
    """A page without an article is remembered, and not asked for again."""
    site.tell("/a.html", "The Act", "t")
    site.put("/a.html", "<html><body>the Act, but no article</body></html>")
    source = feed("news", site.serve_rss())

    desk.crawl(source), desk.crawl(source)

    assert 1 == site.counts()["/a.html"]
    assert "not_article" == desk.settled()["/a.html"][0]


def test_names_behind_markup_are_seen(desk, site) -> None:
    """The cheap look before extraction is not fooled by markup or entities within the name."""
    site.tell("/a.html", "t", "t")
    site.put(
        "/a.html",
        article_page("t", "").replace("<p></p>", "<p>the&nbsp;Act</p><i>the <b>A</b>ct</i>"),
    )

    report = desk.crawl(feed("news", site.serve_rss()))

    assert (0, 1) == (
        report.articles.skipped_irrelevant - report.articles.extracted,
        report.articles.extracted,
    )


class TestRevisits:
    """Articles are visited again, and what changed is judged anew."""

    def tell(self, site, text: str) -> None:
        site.tell("/a.html", "The Act", text)

    def source(self, site) -> SourceConfig:
        return feed("news", site.serve_rss())

    def test_unchanged_is_not_sent_again(self, desk, site) -> None:
        """An article that did not change answers 304, and its next visit is later."""
        self.tell(site, "repealed")
        source = self.source(site)
        desk = desk.within(revisit=(HOUR, 6 * HOUR))
        desk.crawl(source)

        counts = []
        for hours in (0.5, 0.6, 1, 5.5, 6.1):
            desk.clock.forward(hours=hours)
            counts.append(desk.crawl(source).articles.unchanged)

        assert [0, 1, 0, 1, 1] == counts
        assert 4 == site.counts()["/a.html"]
        assert 1 == len(desk.store.findings())

    def test_a_correction_closes(self, desk, site) -> None:
        """An article that no longer says so closes its finding, and is told of."""
        self.tell(site, "repealed")
        source = self.source(site)
        desk.crawl(source)
        self.tell(site, "It still stands.")
        desk.clock.forward(hours=1)

        report = desk.crawl(source)

        assert (1, 1, 1) == (
            report.articles.revised, report.findings.corrected, report.messages.queued
        )  # fmt: skip
        (finding,) = desk.store.findings()
        assert "corrected" == finding.status

    def test_a_correction_that_drops_the_law_closes(self, desk, site) -> None:
        """Also an article that no longer names the law at all is read again to its end."""
        site.tell("/a.html", "The Act", "repealed, says the Act")
        source = self.source(site)
        desk.crawl(source)
        site.tell("/a.html", "Weather", "It rains.")
        desk.clock.forward(hours=1)

        assert 1 == desk.crawl(source).findings.corrected

    def test_a_worsening_opens(self, desk, site) -> None:
        """An article that was harmless and now asserts opens a finding."""
        self.tell(site, "It stands, says the Act.")
        source = self.source(site)
        first = desk.crawl(source)
        self.tell(site, "repealed, says the Act")
        desk.clock.forward(hours=1)

        assert (0, 1) == (first.findings.opened, desk.crawl(source).findings.opened)

    def test_a_change_of_evidence_updates(self, desk, site) -> None:
        """A finding whose severity changed is updated, not opened again."""
        self.tell(site, "repealed, says the Act")
        source = self.source(site)
        desk.crawl(source)
        self.tell(site, "repealed for good, says the Act")
        desk.clock.forward(hours=1)

        report = desk.crawl(source)

        assert (0, 1, 0) == (
            report.findings.opened, report.findings.updated, report.findings.corrected
        )  # fmt: skip

    @pytest.mark.parametrize("fault", [503, 404, "reset"])
    def test_a_page_that_fails_is_no_correction(self, desk, site, fault) -> None:
        """A known article that cannot be fetched keeps its finding, and is visited again."""
        self.tell(site, "repealed")
        source = self.source(site)
        desk = desk.within(retries=0, revisit=(HOUR,))
        desk.crawl(source)
        faults = site.pages["/a.html"].faults = [fault] * 20
        desk.clock.forward(hours=1)
        failed = desk.crawl(source)
        faults.clear()
        desk.clock.forward(hours=1)
        again = desk.crawl(source)

        assert (1, 0) == (failed.articles.failed, failed.findings.corrected)
        assert (0, 1) == (again.articles.failed, again.articles.unchanged)
        assert "open" == desk.store.findings()[0].status

    def test_an_article_that_moved_away_is_no_correction(self, desk, site) -> None:
        """A known article that now leads to the front page keeps its finding."""
        self.tell(site, "repealed")
        source = self.source(site)
        desk.crawl(source)
        site.put("/", article_page("Front", "Welcome"))
        site.redirect("/a.html", "/")
        desk.clock.forward(hours=1)

        report = desk.crawl(source)

        assert (1, 0) == (report.articles.failed, report.findings.corrected)
        assert "open" == desk.store.findings()[0].status


def test_an_index_is_asked_for_again(desk, site) -> None:
    """New pages of a sitemap are found although the index above it is unchanged."""
    site.tell("/a.html", "Weather", "It rains.")
    source = SourceConfig("map", site.serve_sitemap(), "sitemap")
    desk.crawl(source)
    site.tell("/b.html", "The Act", "repealed")
    site.serve_sitemap()

    assert 1 == desk.crawl(source).findings.opened


def test_nesting_is_bounded(desk, site) -> None:
    """Indexes that name each other, or ever more, end at the bounds."""
    site.put(
        "/sitemap.xml",
        sitemap_index(*(site.url(f"/{n}.xml") for n in range(30))),
        "application/xml",
    )
    for number in range(30):
        names = [site.url(f"/{number}-{more}.xml") for more in range(30)]
        site.put(f"/{number}.xml", sitemap_index(site.url("/0.xml"), *names), "application/xml")
    entry = f"<url><loc>{site.url('/a.html')}</loc></url>"
    site.put("/29.xml", news_sitemap(entry), "application/xml")
    site.put("/a.html", article_page("The Act", "repealed"))

    source = SourceConfig("map", site.url("/sitemap.xml"), "sitemap")
    report = desk.within(nested=40, retries=0).crawl(source)

    asked = [path for path in site.paths() if path.endswith(".xml")]
    assert 41 == len(asked) == len(set(asked))
    assert ("ok", 1) == (report.sources[0].outcome, report.findings.opened)


def test_hosts_are_not_crowded(desk, site) -> None:
    """No host has more requests in flight than the limits say."""
    for number in range(12):
        site.tell(f"/{number}.html", "Weather", "It rains.")
    url = site.serve_rss()
    site.delay = 0.05

    desk.within(per_host_concurrency=2).crawl(feed("news", url))

    assert 2 == site.peak


def test_hosts_are_given_time(desk, site) -> None:
    """Requests to one host keep the delay of the limits."""
    for number in range(3):
        site.tell(f"/{number}.html", "Weather", "It rains.")

    desk.within(per_host_delay=timedelta(seconds=0.2)).crawl(feed("news", site.serve_rss()))

    times = [one.at for one in site.asked]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert 5 == len(times)
    assert min(gaps) > 0.15


def test_large_pages_are_cut_off(desk, site) -> None:
    """A page beyond the bound, plain or packed, is not read; the others are."""
    import gzip

    big = article_page("The Act", "repealed " * 50_000)
    site.tell("/plain.html", "t", "t")
    site.put("/plain.html", big)
    site.tell("/packed.html", "t", "t")
    packed = gzip.compress(big.encode())
    site.put("/packed.html", packed, headers={"Content-Encoding": "gzip"})
    site.tell("/good.html", "The Act", "repealed")

    report = desk.within(max_page=100_000).crawl(feed("news", site.serve_rss()))

    assert len(packed) < 100_000
    assert (1, 2) == (report.articles.fetched, report.articles.failed)
    for path in ("/plain.html", "/packed.html"):
        assert ("failed", "it is larger than allowed") == desk.settled()[path]


def test_endless_redirects_end(desk, site) -> None:
    """A page that leads to itself is given up after the longest chain."""
    site.tell("/a.html", "t", "t")
    site.redirect("/a.html", "/a.html")

    desk.within(redirects=3).crawl(feed("news", site.serve_rss()))

    assert 4 == site.counts()["/a.html"]
    assert "failed" == desk.settled()["/a.html"][0]


def test_a_pass_ends_in_time(desk, site) -> None:
    """A pass that takes too long is ended, and says which sources were not read."""
    site.tell("/a.html", "The Act", "repealed")
    url = site.serve_rss()
    site.pages["/rss.xml"].faults = ["slow"] * 9
    began = time.monotonic()

    desk = desk.within(pass_time=timedelta(seconds=0.5), timeout=timedelta(seconds=3))
    report = desk.crawl(feed("news", url))

    assert "stopped" == report.sources[0].outcome
    assert time.monotonic() - began < 9


def test_a_pass_can_be_cancelled(desk, site) -> None:
    """A pass that is told to end ends soon, and the next one runs."""
    site.tell("/a.html", "The Act", "repealed")
    source = feed("news", site.serve_rss())
    site.pages["/a.html"].faults = ["slow"] * 2

    async def cancelled() -> float:
        request = PassRequest((source,), replace(desk.limits, timeout=timedelta(seconds=30)))
        running = asyncio.ensure_future(run_pass(request, desk.parts()))
        while "/a.html" not in site.paths():
            await asyncio.sleep(0.02)
        began = time.monotonic()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert running.cancelled()
        return time.monotonic() - began

    assert run_async(cancelled()) < 8
    desk.clock.forward(minutes=11)
    assert 1 == desk.crawl(source).findings.opened


def test_many_passes_on_one_loop(desk, site) -> None:
    """Passes run again and again beside other work on the loop of a service."""

    async def serve() -> list[int]:
        opened = []
        for number in range(5):
            site.tell(f"/{number}.html", "The Act", "repealed")
            request = PassRequest((feed("news", site.serve_rss()),), desk.limits, everything=True)
            opened.append((await run_pass(request, desk.parts())).findings.opened)
        return opened

    assert [1] * 5 == run_async(serve())
    assert [1] * 5 == [site.counts()[f"/{number}.html"] for number in range(5)]


def test_only_one_loop_at_a_time(desk, site) -> None:
    """A pass on a second loop, while the first one runs, is refused in one line."""
    site.tell("/a.html", "The Act", "repealed")
    source = feed("news", site.serve_rss())
    request = PassRequest((source,), desk.limits, everything=True)

    async def both() -> None:
        await run_pass(request, desk.parts())
        await asyncio.to_thread(run_async, run_pass(request, desk.parts()))

    with pytest.raises(PassError, match="runs elsewhere"):
        run_async(both())


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


def test_progress_is_told(desk, site) -> None:
    """Whoever watches a pass is told of each page, and at the end of the end."""
    site.tell("/a.html", "The Act", "repealed")
    site.tell("/b.html", "Weather", "It rains.")
    seen = []

    def listen(report) -> None:
        seen.append((report.articles.fetched, report.finished_at is not None))

    replace(desk, progress=listen).crawl(feed("news", site.serve_rss()))

    assert (0, False) == seen[0]
    assert (2, True) == seen[-1]

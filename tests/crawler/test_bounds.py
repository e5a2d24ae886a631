"""Bounds of a pass: hosts are not crowded, nothing is endless, and it can be ended and repeated."""

import asyncio
import gzip
import itertools
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.crawl import PassRequest, run_async, run_pass
from crawler.discovery import Discovery
from crawler.errors import PassError
from crawler.sources import SourceConfig
from tests.support.outlets import article_page, news_sitemap, sitemap_index
from tests.support.passes import feed


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


def test_a_source_is_judged_by_its_last_answer(desk, site, monkeypatch) -> None:
    """A sitemap that fails while another one is still being kept does not speak for the source."""
    locations = (site.url("/gone.xml"), site.url("/news.xml"))
    site.put("/sitemap.xml", sitemap_index(*locations), "application/xml")
    entry = f"<url><loc>{site.url('/a.html')}</loc></url>"
    site.put("/news.xml", news_sitemap(entry), "application/xml")
    site.put("/a.html", article_page("The Act", "repealed"))
    claim, polls = Discovery.claim, []
    record = Discovery.record

    def slowly(self, visit, *rest):
        # Long enough for the other sitemap to answer meanwhile.
        time.sleep(0.3)
        return claim(self, visit, *rest)

    def counted(self, visit, now):
        polls.append(visit.report.outcome)
        return record(self, visit, now)

    monkeypatch.setattr(Discovery, "claim", slowly)
    monkeypatch.setattr(Discovery, "record", counted)
    source = SourceConfig("map", site.url("/sitemap.xml"), "sitemap")
    report = desk.within(retries=0).crawl(source)

    assert ("ok", 1) == (report.sources[0].outcome, report.findings.opened)
    assert ["ok"] == polls


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

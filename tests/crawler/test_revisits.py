"""Articles are visited again, and what changed is judged anew."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from crawler.crawl import PassRequest, run_async, run_pass
from crawler.revisits import host_visits
from crawler.sources import SourceConfig
from state.store import Revisit
from tests.support.outlets import Outlet, article_page, outlet
from tests.support.passes import Desk, feed

HOUR = timedelta(hours=1)


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

    @pytest.mark.parametrize(
        ("own", "kept"), [(None, date(2026, 2, 27)), ("2026-02-01", date(2026, 2, 1))]
    )
    @pytest.mark.parametrize("versions", ["stand-in 1", "stand-in 2"])
    def test_the_day_that_the_source_gave_stays(self, desk, site, own, kept, versions) -> None:
        """It is kept over visits of a page that states none; the day of the page itself wins."""
        self.tell(site, "repealed")
        source = self.source(site)
        desk.crawl(source)
        site.put("/a.html", article_page("The Act", "repealed", own) + " ")
        desk.clock.forward(hours=1)

        report = replace(desk, versions=versions).crawl(source)

        assert (1, 0) == (report.articles.revisited, report.articles.not_modified)
        article = desk.store.article(site.url("/a.html"))
        assert article is not None
        assert kept == article.published
        assert [kept] == [one.published for one in desk.store.revisions(article.id)]

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


class TestWhateverBecameOfTheSource:
    """A revisit hangs on no poll: the article is due, not its source."""

    def corrected(self, desk: Desk, site: Outlet) -> None:
        """An article that the source "news" led to, and that was corrected an hour later."""
        site.tell("/a.html", "The Act", "repealed")
        desk.crawl(feed("news", site.serve_rss(), every=timedelta(days=1)))
        site.tell("/a.html", "The Act", "It still stands.")
        desk.clock.forward(hours=1)

    def test_renamed(self, desk, site) -> None:
        """Under another name of its source a correction is found, and the article stays as kept."""
        self.corrected(desk, site)

        report = desk.crawl(feed("news-2", site.url("/rss.xml"), outlet="Renamed"))

        assert (1, ["news-2"]) == (
            report.findings.corrected, [one.name for one in report.sources]
        )  # fmt: skip
        article = desk.store.article(site.url("/a.html"))
        assert article is not None
        assert ("news", "127.0.0.1") == (article.source, article.outlet)

    @pytest.mark.parametrize("everything", [True, False])
    def test_removed(self, desk, site, everything) -> None:
        """With no source left at all a correction is found, closes the finding, and is told of."""
        self.corrected(desk, site)

        report = desk.crawl(everything=everything)

        assert ([], 1, 1, 1) == (
            report.sources, report.articles.revisited, report.findings.corrected,
            report.messages.queued,
        )  # fmt: skip
        assert "corrected" == desk.store.findings()[0].status

    def test_disabled(self, desk, site) -> None:
        """Articles of a disabled source are looked at; the source itself is left alone."""
        self.corrected(desk, site)
        source = feed("news", site.url("/rss.xml"))

        assert 1 == desk.crawl(disabled=(source,)).findings.corrected
        assert 1 == site.counts()["/rss.xml"]

    def test_not_due(self, desk, site) -> None:
        """An article does not wait for the next poll of its source."""
        source = feed("news", site.url("/rss.xml"), every=timedelta(days=1))
        self.corrected(desk, site)

        report = desk.crawl(source, everything=False)

        assert ([], 1) == (report.sources, report.findings.corrected)
        assert 1 == site.counts()["/rss.xml"]

    def test_chosen_by_name(self, desk, site) -> None:
        """A pass over chosen sources looks at their articles alone."""
        self.corrected(desk, site)
        news = feed("news", site.url("/rss.xml"))
        with outlet() as elsewhere:
            other = feed("other", elsewhere.serve_rss())

            assert 0 == desk.crawl(news, other, only=("other",)).articles.revisited
            assert 1 == desk.crawl(news, other, only=("news",)).findings.corrected

    def test_named_anew(self, desk, site) -> None:
        """An outlet that the settings name otherwise now is named so from the next visit on."""
        self.corrected(desk, site)
        desk.crawl(feed("news", site.url("/rss.xml"), outlet="The News"))

        article = desk.store.article(site.url("/a.html"))
        assert article is not None
        assert "The News" == article.outlet


class TestManners:
    """What holds for every fetch holds for revisits."""

    def known(self, desk: Desk, site: Outlet, *paths: str) -> SourceConfig:
        for path in paths:
            site.tell(path, "The Act", "repealed")
        source = feed("news", site.serve_rss())
        desk.crawl(source)
        desk.clock.forward(hours=1)
        return source

    def test_once_in_a_pass(self, desk, site) -> None:
        """What is due and listed too is fetched once."""
        source = self.known(desk, site, "/a.html")
        desk.crawl(source)

        assert 2 == site.counts()["/a.html"]

    def test_robots(self, desk, site) -> None:
        """An article that robots.txt forbids by now is not fetched, and stays as it is."""
        self.known(desk, site, "/a.html")
        desk.robots._known.clear()
        site.put("/robots.txt", "User-agent: *\nDisallow: /", "text/plain")

        report = desk.crawl()

        assert (1, 1) == (report.articles.failed, site.counts()["/a.html"])
        assert "open" == desk.store.findings()[0].status

    def test_guard(self, desk, site) -> None:
        """An article in a private network is fetched no more once that is not allowed."""
        self.known(desk, site, "/a.html")

        report = desk.within(allow_networks=()).crawl()

        assert (1, 1) == (report.articles.failed, site.counts()["/a.html"])

    def test_the_pace_of_a_source_that_is_not_polled(self, desk, site) -> None:
        """The delay that a disabled source asks for holds for its articles."""
        source = self.known(desk, site, "/a.html", "/b.html", "/c.html")
        calm = replace(source, delay=timedelta(seconds=0.4))

        desk.crawl(disabled=(calm,))

        at = [one.at for one in site.asked if one.path.endswith(".html")][3:]
        assert 3 == len(at)
        assert min(later - sooner for sooner, later in pairwise(at)) > 0.35

    def test_a_host_in_one_pass_at_a_time(self, desk, site) -> None:
        """While one pass asks a host, another leaves the articles there alone, and no others."""
        source = self.known(desk, site, "/a.html")
        with outlet(host="127.0.0.2") as elsewhere:
            elsewhere.tell("/b.html", "The Act", "repealed")
            desk.crawl(feed("other", elsewhere.serve_rss()))
            desk.clock.forward(hours=1)
            parts = desk.parts()

            async def beside() -> int:
                with parts.traffic.asking([source]):
                    report = await run_pass(PassRequest((), desk.limits), parts)
                return report.articles.revisited

            asked = site.counts()["/a.html"]
            assert 1 == run_async(beside())
        assert (asked, 2) == (site.counts()["/a.html"], elsewhere.counts()["/b.html"])

    def test_a_host_is_free_once_its_articles_are_fetched(self, desk, site) -> None:
        """Other passes may ask a host while this one still waits for another host."""
        self.known(desk, site, "/a.html")
        source = feed("news", site.url("/rss.xml"))
        with outlet(host="127.0.0.2") as slow:
            slow.tell("/s.html", "The Act", "repealed")
            desk.crawl(feed("slow", slow.serve_rss()))
            desk.clock.forward(hours=1)
            slow.pages["/s.html"].faults = ["slow"] * 9
            parts = desk.parts()

            async def wait() -> bool:
                first = asyncio.ensure_future(run_pass(PassRequest((), desk.limits), parts))
                async with asyncio.timeout(20):
                    while "/s.html" not in slow.paths()[2:] or not parts.traffic.free([source]):
                        await asyncio.sleep(0.02)
                waiting = not first.done()
                await first
                return waiting

            assert run_async(wait())

    def test_what_is_new_comes_first(self, desk, site) -> None:
        """A new page does not wait until all known articles of its host were looked at again."""
        paths = [f"/{number}.html" for number in range(30)]
        self.known(desk, site, *paths)
        site.tell("/new.html", "The Act", "repealed")
        source = feed("news", site.serve_rss())
        desk = desk.within(per_host_delay=timedelta(seconds=0.05), per_host_concurrency=1)
        before = len(site.paths())

        desk.crawl(source)

        asked = [path for path in site.paths()[before:] if path != "/robots.txt"]
        assert {*paths, "/new.html", "/rss.xml"} == set(asked)
        assert "/rss.xml" == asked[0]
        assert asked.index("/new.html") < 5

    def test_a_server_that_is_away_is_not_hammered(self, desk, site) -> None:
        """After a failure an article is tried again, ever later; only then does it count."""
        self.known(desk, site, "/a.html")
        site.pages["/a.html"].faults = [503] * 99
        desk = desk.within(retries=0, revisit=(HOUR, 24 * HOUR))

        tried = []
        for _ in range(4 * 40):
            before = site.counts()["/a.html"]
            desk.crawl()
            if site.counts()["/a.html"] > before:
                tried.append(desk.clock.now)
            desk.clock.forward(minutes=15)

        waits = [later - sooner for sooner, later in pairwise(tried)]
        assert [0.25, 1, 6, 24] == [wait / HOUR for wait in waits][:4]


def test_no_host_takes_more_than_its_share() -> None:
    """Of one host a pass takes no more than it may ask for, the longest due first."""
    due = [Revisit(f"http://www.a.example/{n}", "s", "A", None, None, 1, 0, "") for n in range(999)]
    other = Revisit("http://b.example/1", "s", "B", None, None, 1, 0, "")
    same = Revisit("http://a.example/2", "s", "A", None, None, 1, 0, "")

    first, second = host_visits([same, *due, other])

    assert ([same, *due[:199]], 200) == (first.due, first.errands)
    assert {"www.a.example", "a.example"} == first.hosts
    assert [other] == second.due

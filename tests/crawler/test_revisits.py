"""Articles are visited again, and what changed is judged anew."""

from datetime import timedelta

import pytest

from crawler.sources import SourceConfig
from tests.support.outlets import article_page
from tests.support.passes import feed

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

"""Passes: every page once, what is wanted and no more, and a report of it all."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from crawler.errors import PassError
from crawler.sources import SourceConfig
from tests.support.outlets import article_page, outlets, rss
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
                "not_modified": 0, "failed": 0, "error": None, "missed": False,
            }
        ],
        "articles": {
            "fetched": 1, "skipped_irrelevant": 0, "extracted": 1, "relevant": 1, "unchanged": 0,
            "revised": 0, "failed": 0, "revisited": 0, "not_modified": 0,
        },
        "findings": {"opened": 1, "corrected": 0, "updated": 0},
        "messages": {"queued": 1, "delivered": 0, "deferred": 0, "dead": 0},
        "leads": {"noted": 0, "found": 0, "no_way_in": []},
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


def test_an_index_is_asked_for_again(desk, site) -> None:
    """New pages of a sitemap are found although the index above it is unchanged."""
    site.tell("/a.html", "Weather", "It rains.")
    source = SourceConfig("map", site.serve_sitemap(), "sitemap")
    desk.crawl(source)
    site.tell("/b.html", "The Act", "repealed")
    site.serve_sitemap()

    assert 1 == desk.crawl(source).findings.opened


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

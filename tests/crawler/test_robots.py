"""robots.txt: obeyed without a race, remembered over passes, and slow where it asks for that."""

import itertools
from datetime import timedelta

import pytest
from scrapy.robotstxt import ProtegoRobotParser

from crawler.robots import RobotsMemory, RobotsRefusedError, RobotsRules
from tests.support.outlets import outlets
from tests.support.passes import feed

FORBID = "User-agent: *\nDisallow: /private/\n"


def fill(site, count: int = 10) -> None:
    for number in range(count):
        folder = "private" if number % 2 else "open"
        site.tell(f"/{folder}/{number}.html", "The Act", "repealed")


def test_forbidden_pages_are_never_fetched(desk) -> None:
    """Requests that wait for one robots.txt together are all held to it."""
    with outlets(2) as (lister, site):
        # The feed is on another host, so that all pages meet an unread robots.txt at once.
        site.put("/robots.txt", FORBID, "text/plain")
        fill(site, 20)
        lister.stories = site.stories
        url = lister.serve_rss()
        lister.pages["/rss.xml"].body = lister.pages["/rss.xml"].body.replace(
            lister.base.encode(), site.base.encode()
        )
        site.delay = 0.05

        report = desk.within(per_host_concurrency=16).crawl(feed("news", url))

    assert 1 == site.counts()["/robots.txt"]
    assert [] == [path for path in site.paths() if "private" in path]
    assert (10, 10) == (report.articles.fetched, report.articles.failed)
    forbidden = {path: what for path, what in desk.settled().items() if "private" in path}
    assert {("forbidden", "robots.txt forbids it")} == set(forbidden.values())


@pytest.mark.parametrize("status", [500, 503, 429])
def test_unreadable_means_no(desk, site, status: int) -> None:
    """Where robots.txt answers with a failure nothing is fetched, and the source says why."""
    fill(site)
    url = site.serve_rss()
    site.put("/robots.txt", b"", status=status)

    report = desk.within(retries=0).crawl(feed("news", url))

    assert [] == site.paths()
    assert f"robots.txt cannot be read (status {status})" == report.sources[0].error


@pytest.mark.parametrize("fault", ["reset", "slow"])
def test_no_answer_means_no(desk, site, fault: str) -> None:
    """Where robots.txt is not answered nothing is fetched."""
    fill(site)
    url = site.serve_rss()
    site.put("/robots.txt", b"", faults=[fault] * 5)

    report = desk.within(retries=0, timeout=timedelta(seconds=1)).crawl(feed("news", url))

    assert [] == site.paths()
    assert report.sources[0].error.startswith("robots.txt cannot be read")


def test_a_failure_is_no_lasting_no(desk, site) -> None:
    """The next pass asks for robots.txt again, and fetches what it had to leave."""
    fill(site, 1)
    url = site.serve_rss()
    site.put("/robots.txt", b"", "text/plain", faults=[503])

    first = desk.within(retries=0).crawl(feed("news", url))
    second = desk.within(retries=0).crawl(feed("news", url))

    assert ("failed", "ok") == (first.sources[0].outcome, second.sources[0].outcome)
    assert 1 == second.articles.fetched


@pytest.mark.parametrize("status", [404, 403, 410])
def test_absent_means_yes(desk, site, status: int) -> None:
    """Where there is no robots.txt everything may be fetched."""
    fill(site, 4)
    url = site.serve_rss()
    site.put("/robots.txt", b"", status=status)

    assert 4 == desk.crawl(feed("news", url)).articles.fetched


def test_remembered_over_passes(desk, site) -> None:
    """A robots.txt is asked for once in its time, not once in each pass."""
    site.put("/robots.txt", FORBID, "text/plain")
    fill(site, 2)
    url = site.serve_rss()

    for _ in range(3):
        desk.crawl(feed("news", url))

    assert 1 == site.counts()["/robots.txt"]
    assert 3 == site.counts()["/rss.xml"]


def test_redirects_are_held_to_the_rules(desk) -> None:
    """A page that leads to a forbidden one, here or elsewhere, is not followed there."""
    with outlets(2) as (site, other):
        for one in (site, other):
            one.put("/robots.txt", FORBID, "text/plain")
            one.put("/private/x.html", "secret")
        site.tell("/a.html", "t", "t")
        site.tell("/b.html", "t", "t")
        site.redirect("/a.html", "/private/x.html")
        site.redirect("/b.html", other.url("/private/x.html"))

        report = desk.crawl(feed("news", site.serve_rss()))

        assert "/private/x.html" not in site.paths() + other.paths()
    assert 2 == report.articles.failed


def test_crawl_delay_is_kept(desk, site) -> None:
    """Requests to a host that asks for a delay keep it."""
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.3\n", "text/plain")
    fill(site, 3)

    desk.crawl(feed("news", site.serve_rss()))

    times = [one.at for one in site.asked if one.path != "/robots.txt"]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert 4 == len(times)
    assert min(gaps) > 0.25
    assert 1 == site.peak


def test_crawl_delay_is_capped(desk, site) -> None:
    """A host that asks for an hour between requests is asked within the cap."""
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 3600\n", "text/plain")
    fill(site, 2)

    limits = {"max_crawl_delay": timedelta(seconds=0.2), "pass_time": timedelta(seconds=20)}
    report = desk.within(**limits).crawl(feed("news", site.serve_rss()))

    assert 2 == report.articles.fetched


def test_rules_for_us_by_name() -> None:
    """Rules for this program are its own; rules for others are not."""
    body = b"User-agent: waiverwatch\nDisallow: /w/\n\nUser-agent: *\nDisallow: /all/\n"
    rules = RobotsRules(parser=ProtegoRobotParser(body, None))

    rules.check("https://news.example/all/x", "waiverwatch")
    with pytest.raises(RobotsRefusedError) as refused:
        rules.check("https://news.example/w/x", "waiverwatch")
    assert refused.value.lasting


def test_memory_forgets() -> None:
    """Files are believed for their time, absence shorter, and only so many hosts are known."""
    now = [0.0]
    memory = RobotsMemory(ttl=timedelta(hours=1), clock=lambda: now[0], largest=2)
    memory.keep("https://a.example", RobotsRules(parser=ProtegoRobotParser(b"", None)))
    memory.keep("https://b.example", RobotsRules())

    now[0] = 600
    assert memory.recall("https://a.example") is not None
    assert memory.recall("https://b.example") is None
    now[0] = 3601
    assert memory.recall("https://a.example") is None

    memory.keep("https://c.example", RobotsRules())
    memory.keep("https://d.example", RobotsRules())
    assert memory.recall("https://c.example") is not None
    assert memory.recall("https://b.example") is None

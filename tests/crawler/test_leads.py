"""Leads through passes: noted, looked for at their outlet, found by title, or told of."""

from datetime import timedelta
from html import escape

import pytest

from crawler.sources import SourceConfig
from tests.support.outlets import Outlet, outlets, rss
from tests.support.passes import Desk, feed

# Instead of the seconds that GDELT itself asks for.
BRIEFLY = timedelta(milliseconds=1)


def search(site: Outlet, *named: tuple[str, str, str]) -> SourceConfig:
    """A search of Google News that names articles: title, outlet, host."""
    items = "".join(
        f"<item><title>{escape(title)} - {outlet}</title>"
        f"<link>{site.url(f'/rss/articles/id{number}')}</link>"
        f'<source url="https://{host}">{outlet}</source></item>'
        for number, (title, outlet, host) in enumerate(named)
    )
    site.put("/search?hl=en&q=act%20when%3A3d", rss(items), "text/xml")
    return SourceConfig("google", site.url("/search?hl=en"), "google_news", query="act")


@pytest.fixture
def sites():
    """An outlet and a search."""
    with outlets(2) as both:
        yield both


def source(site: Outlet, **more) -> SourceConfig:
    return feed("wire", site.serve_rss(), outlet="Wire", **more)


def test_a_lead_is_found_at_its_outlet(desk: Desk, sites) -> None:
    """What a search names is looked for soon, and fetched although the source's filters miss it."""
    wire, google = sites
    wire.tell("/other.html", "Weather", "It rains.")
    news = source(wire, must_mention=("nothing",))
    desk.crawl(news)
    desk.clock.forward(minutes=6)
    wire.tell("/a.html", "Senate “repeals” the Act", "It was repealed.")
    wire.serve_rss()
    found = search(google, ('Senate "Repeals" the Act', "Wire", "wire.example"))

    first = desk.crawl(found, news, only=("google",))
    second = desk.crawl(found, news, everything=False)

    assert (1, 0, []) == (first.leads.noted, first.leads.found, first.leads.no_way_in)
    assert ["wire"] == [one.name for one in second.sources]
    assert (1, 1) == (second.leads.found, second.findings.opened)
    assert [] == desk.store.open_leads(desk.clock())
    assert ["/search?hl=en&q=act%20when%3A3d"] == google.paths()


def test_a_lead_is_found_though_its_feed_is_unchanged(desk: Desk, sites) -> None:
    """An article that was listed before it was named is found: the feed is asked for all of it."""
    wire, google = sites
    wire.tell("/a.html", "The Act repealed", "It was repealed.")
    news = source(wire)
    desk.crawl(news)
    desk.clock.forward(minutes=6)

    found = search(google, ("The Act repealed", "Wire", "wire.example"))
    desk.crawl(found, news, only=("google",))
    report = desk.crawl(found, news, everything=False)

    assert (1, "ok") == (report.leads.found, report.sources[0].outcome)
    assert 0 == report.findings.opened


def test_a_lead_is_noted_once(desk: Desk, sites) -> None:
    """A search that names the same article again hastens nothing."""
    wire, google = sites
    wire.tell("/other.html", "Weather", "It rains.")
    news, found = source(wire), search(google, ("Lost", "Wire", "wire.example"))
    desk.crawl(found, news)
    desk.clock.forward(minutes=6)

    again = desk.crawl(found, news, only=("google",))

    assert 0 == again.leads.noted
    assert [] == desk.crawl(found, news, everything=False).sources


def test_outlets_without_a_way_in_are_told(desk: Desk, sites) -> None:
    """Outlets that no source leads into are in the report, the most named first."""
    wire, google = sites
    wire.tell("/other.html", "Weather", "It rains.")
    found = search(
        google,
        ("A", "Daily", "www.daily.example"), ("B", "Post", "post.example"),
        ("C", "Post", "post.example"), ("D", "Wire", "wire.example"),
    )  # fmt: skip

    report = desk.crawl(found, source(wire))

    assert [("Post", "post.example", 2), ("Daily", "daily.example", 1)] == [
        (one.outlet, one.site, one.leads) for one in report.leads.no_way_in
    ]
    assert {"outlet": "Post", "site": "post.example", "leads": 2} == report.as_data()["leads"][
        "no_way_in"
    ][0]


def test_the_same_title_elsewhere_is_another_article(desk: Desk, sites) -> None:
    """A title is not found at an outlet that the search did not name."""
    wire, google = sites
    wire.tell("/a.html", "The Act repealed", "It was repealed.")
    found = search(google, ("The Act repealed", "Post", "post.example"))
    desk.crawl(found)

    report = desk.crawl(source(wire))

    assert 0 == report.leads.found


def test_gdelt_leads_to_articles(desk: Desk, sites) -> None:
    """Articles that GDELT names are fetched by their links, and belong to their own outlet."""
    wire, api = sites
    wire.tell("/a.html", "The Act", "It was repealed.")
    body = f'{{"articles": [{{"url": "{wire.url("/a.html")}", "title": "The Act"}}]}}'
    gdelt = SourceConfig("gdelt", api.url("/doc?query=act"), "gdelt", "GDELT", delay=BRIEFLY)
    api.put(gdelt.address.removeprefix(api.base), body, "application/json")

    report = desk.crawl(gdelt, source(wire), only=("gdelt",))

    (finding,) = desk.store.findings()
    assert (1, "Wire") == (report.findings.opened, finding.outlet)


def test_gdelt_that_refuses(desk: Desk, sites) -> None:
    """A refusal in plain text with status 200 is a failure, told in its words."""
    _, api = sites
    gdelt = SourceConfig("gdelt", api.url("/doc?query=act"), "gdelt", delay=BRIEFLY)
    api.put(gdelt.address.removeprefix(api.base), "Your search was too broad.", "text/html")

    (one,) = desk.crawl(gdelt).sources

    assert ("failed", "the search answered: Your search was too broad.") == (one.outcome, one.error)

"""The pace of sources through passes: due, missed, silent, failing, and told to people."""

from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from alerts.channels.email import EmailChannel, EmailSettings
from alerts.channels.webhook import WebhookChannel, WebhookSettings
from alerts.dispatcher import deliver_due
from alerts.render import Renderer
from alerts.routing import Audience
from crawler.session import utc_now
from crawler.sources import SourceConfig
from tests.support.alerting import LAW
from tests.support.outlets import Outlet, rss
from tests.support.passes import START, Desk, feed
from tests.support.smtp import mail_server
from tests.support.webhooks import SECRET, webhook_receiver

HOUR = timedelta(hours=1)


def tell(site: Outlet, *numbers: int) -> str:
    """Lists these articles, and no others."""
    site.stories.clear()
    for number in numbers:
        site.tell(f"/{number}.html", f"Weather {number}", "It rains.")
    return site.serve_rss()


def health(desk: Desk):
    (found,) = desk.store.source_health()
    return found


def due_in(desk: Desk) -> timedelta:
    return health(desk).next_poll_at - desk.clock()


def test_what_may_be_missed_is_told(desk: Desk, site) -> None:
    """A feed that rolled past its last poll is polled sooner; report and log say so."""
    news = feed("news", tell(site, 1, 2, 3), every=HOUR)
    desk.crawl(news)
    desk.clock.forward(hours=1)
    tell(site, 4, 5, 6)

    with capture_logs() as logs:
        (report,) = desk.crawl(news).sources

    assert ("ok", True) == (report.outcome, report.missed)
    assert due_in(desk) <= HOUR / 2
    assert ["news"] == [one["source"] for one in logs if "missed" in one["event"]]


def test_filters_do_not_look_like_misses(desk: Desk, site) -> None:
    """Overlap is measured on all that a feed lists, not on what its filters let through."""
    news = feed("news", tell(site, 1, 2, 3), every=HOUR, must_mention=("weather 3", "weather 4"))
    desk.crawl(news)
    desk.clock.forward(hours=1)
    tell(site, 2, 3, 4)

    (report,) = desk.crawl(news).sources

    assert not report.missed
    assert 0 < (health(desk).overlap or 0) < 1


def test_servers_that_ask_for_patience(desk: Desk, site) -> None:
    """Retry-After and Cache-Control move the next poll."""
    news = feed("news", tell(site, 1), every=HOUR)
    page = site.pages["/rss.xml"]
    page.headers = {"Cache-Control": "public, max-age=5400"}
    desk.crawl(news)
    after_good = due_in(desk)
    page.faults, page.headers = [503], {"Retry-After": "14400"}
    desk.crawl(news)

    assert (1.5 * HOUR, 4 * HOUR) == (after_good, due_in(desk))


@pytest.mark.parametrize(
    ("answer", "minutes"),
    [
        ({"status": 404}, 120),
        ({"status": 410}, 120),
        ({"status": 403}, 120),
        ({"status": 500}, 60),
        ({"status": 429}, 60),
        ({"body": rss("")}, 60),
        ({"body": "<!DOCTYPE html><html><title>Just a moment...</title></html>"}, 60),
    ],
)
def test_classes_of_failures(desk: Desk, site, answer: dict, minutes: int) -> None:
    """What is gone is asked for later than what has trouble."""
    site.put("/rss.xml", **{"body": "x"} | answer)

    desk.within(retries=0).crawl(feed("news", site.url("/rss.xml"), every=HOUR))

    assert minutes == due_in(desk) / timedelta(minutes=1)


@pytest.mark.parametrize(
    ("url", "minutes"),
    [
        ("http://nowhere.invalid/rss", 120),
        ("http://10.0.0.1/rss", 120),
        ("http://127.0.0.1:9/rss", 5),
    ],
)
def test_classes_of_failures_on_the_way(desk: Desk, url: str, minutes: int) -> None:
    """A name that nobody knows and an address that is refused are hard, a refused connection not.

    The robots.txt of such hosts cannot be read either, which is why nothing is asked at all.
    """
    desk.within(retries=0).crawl(feed("news", url, every=HOUR))

    assert health(desk).failures_in_row == 1
    assert due_in(desk) / timedelta(minutes=1) in (minutes, 60)


def test_a_slow_server_is_tried_again_soon(desk: Desk, site) -> None:
    """A server that does not answer in time is asked again in five minutes."""
    news = feed("news", tell(site, 1), every=HOUR)
    desk.crawl(news)
    site.pages["/rss.xml"].faults = ["slow"] * 3

    desk.within(retries=0, timeout=timedelta(seconds=1)).crawl(news)

    assert timedelta(minutes=5) == due_in(desk)


def test_consent_pages_are_failures(desk: Desk, site) -> None:
    """A front page that became a consent page fails, though it is a page with links."""
    site.put("/consent", "<html><title>Before you continue</title><a href='/a/b'>x</a></html>")
    site.redirect("/", "/consent")

    (one,) = desk.crawl(SourceConfig("news", site.url("/"), "front")).sources

    assert ("failed", "answered a consent page") == (one.outcome, one.error)


def test_a_page_behind_a_check_is_not_forgotten(desk: Desk, site) -> None:
    """A page that answers a check for browsers is tried again, and read once it is there."""
    site.tell("/a.html", "The Act", "repealed")
    site.put("/a.html", "<html><title>Just a moment...</title></html>")
    news = feed("news", site.serve_rss())

    first = desk.crawl(news)
    site.tell("/a.html", "The Act", "repealed")
    second = desk.crawl(news)

    assert (0, 1, 0) == (
        first.articles.fetched, first.articles.failed, first.articles.skipped_irrelevant
    )  # fmt: skip
    assert 1 == second.findings.opened


def test_silence_is_told_once_and_so_is_its_end(desk: Desk, site) -> None:
    """A source that lists nothing new for longer than expected fails, until it does again."""
    news = feed("news", tell(site, 1), every=HOUR, expect_every=timedelta(days=2))
    outcomes = []
    for _ in range(5):
        outcomes.append(desk.crawl(news).sources[0].outcome)
        desk.clock.forward(days=1)
    tell(site, 1, 2)
    outcomes.append(desk.crawl(news).sources[0].outcome)

    assert ["ok", "not_modified", "not_modified", "failed", "failed", "ok"] == outcomes
    messages = [queued.message for queued in desk.store.messages()]
    assert ["source.failing", "source.recovered"] == [one.type for one in messages]
    assert "nothing new for 3 days" in messages[0].payload["error"]


def test_failing_and_recovery_reach_people(desk: Desk, site) -> None:
    """Both go out, once each, by mail and webhook: why, when it was last read, what is known."""
    audience = Audience(recipients={"mail": ("desk@example.org",), "hook": ("hook",)})
    news = feed("news", tell(site, 1), every=HOUR, outlet="The <News>", caveat="403 at night")
    desk = replace(desk, audience=audience).within(retries=0)
    desk.crawl(news)
    site.pages["/rss.xml"].faults = [500] * 4

    with mail_server() as server, webhook_receiver() as receiver:
        channels = (
            EmailChannel(
                EmailSettings("mail", ("desk@example.org",), "w@example.org", server.url()),
                LAW,
                Renderer(LAW),
                desk.clock,
                server.tls,
            ),
            WebhookChannel(
                WebhookSettings("hook", receiver.url, SECRET, ("127.0.0.0/8",)), utc_now
            ),
        )
        for _ in range(6):
            desk.crawl(news)
            deliver_due(desk.store, channels, desk.clock)
            desk.clock.forward(hours=12)

        mails, hooks = server.mailbox.mails, receiver.bodies

    assert ["Source failing: news", "Source works again: news"] == [
        one["subject"].partition("] ")[2] or one["subject"] for one in mails
    ]
    text = mails[0].get_body(("plain",)).get_content()
    page = mails[0].get_body(("html",)).get_content()
    assert "status 500" in text and "403 at night" in text and "The <News>" in text
    assert "The &lt;News&gt;" in page and "403 at night" in page
    assert ["source.failing", "source.recovered"] == [one["type"] for one in hooks]
    failing = hooks[0]["data"]
    assert ("news", 3, "status 500", START.isoformat()) == tuple(
        failing[key] for key in ("source", "failures_in_row", "error", "last_ok_at")
    )

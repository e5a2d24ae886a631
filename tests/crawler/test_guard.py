"""The guard against private networks, and the other doors that Scrapy leaves open."""

import asyncio
import socket
import ssl
from datetime import timedelta
from ipaddress import ip_network

import pytest
import trustme
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings
from twisted.internet.address import IPv4Address, IPv6Address

from alerts.channels.channel import Delivered
from alerts.channels.webhook import WebhookChannel, WebhookSettings
from crawler.documents import DocumentError
from crawler.fetch import fetch_page
from crawler.fetching import scrapy_settings, user_agent
from crawler.guard import GuardedResolver, refusal
from crawler.limits import CrawlLimits
from crawler.settings import CrawlSettings
from crawler.spiders.base import NewsSpider
from state.message import QueuedMessage
from tests.support.outlets import outlet, outlets
from tests.support.passes import LOOPBACK, START, feed
from tests.support.stored import message
from tests.support.webhooks import SECRET


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "data:text/html,x",
        "ftp://news.example/x",
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://0.0.0.0/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[fe80::1%25eth0]/",
        "http://user@news.example/",
        "http:///x",
        "http://[::1/",
    ],
)
def test_refused_spellings(url: str) -> None:
    """Whatever spells a private address, another scheme or a user is refused before a request."""
    assert refusal(url, ()) is not None


@pytest.mark.parametrize(
    "url", ["https://news.example/a", "http://93.184.216.34/", "http://8.8.8.8:81/"]
)
def test_public_addresses_pass(url: str) -> None:
    """Names and public addresses pass the first wall."""
    assert refusal(url, ()) is None


def test_allowed_networks_pass() -> None:
    """A private network that is allowed may be fetched, another may not."""
    networks = (ip_network("10.1.0.0/16"),)

    assert refusal("http://10.1.2.3/", networks) is None
    assert refusal("http://10.2.2.3/", networks) is not None


class Receiver:
    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.done = asyncio.Event()

    def resolutionBegan(self, resolution: object) -> None:
        pass

    def addressResolved(self, address: object) -> None:
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:
        self.done.set()


async def resolved(monkeypatch, found: list[str], networks=(), kinds=None) -> list[str]:
    """The addresses that the resolver lets through for a name with these addresses."""

    async def answer(host, port, **_):
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [
            (socket.AF_INET6, 1, 6, "", (one, port, 0, 0))
            if ":" in one
            else (socket.AF_INET, 1, 6, "", (one, port))
            for one in found
        ]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answer)
    resolver, receiver = GuardedResolver(), Receiver()
    resolver.networks = networks
    resolver.resolveHostName(receiver, "news.example", 80, kinds)
    await asyncio.wait_for(receiver.done.wait(), 5)
    return receiver.addresses


async def test_resolver_filters_every_address(monkeypatch) -> None:
    """Of a name's addresses only the public ones are connected to."""
    found = ["127.0.0.1", "8.8.8.8", "::1", "2606:4700::1111", "169.254.169.254"]

    assert ["8.8.8.8", "2606:4700::1111"] == await resolved(monkeypatch, found)
    assert ["127.0.0.1", "8.8.8.8", "2606:4700::1111"] == await resolved(
        monkeypatch, found, networks=LOOPBACK
    )


async def test_resolver_minds_the_family(monkeypatch) -> None:
    """Only addresses of the kinds that were asked for are told."""
    found = ["8.8.8.8", "2606:4700::1111"]

    assert ["8.8.8.8"] == await resolved(monkeypatch, found, kinds=[IPv4Address])
    assert ["2606:4700::1111"] == await resolved(monkeypatch, found, kinds=[IPv6Address])


async def test_unknown_names_have_no_address(monkeypatch) -> None:
    """A name that does not exist yields nothing, and no error of its own."""
    assert [] == await resolved(monkeypatch, [])


def test_a_private_source_is_refused(desk) -> None:
    """A source on a private address is not asked at all, and the report says why."""
    with outlet() as site:
        site.tell("/a.html", "The Act", "repealed")

        report = desk.within(allow_networks=()).crawl(feed("news", site.serve_rss()))

        assert [] == site.asked
    (source,) = report.sources
    why = "127.0.0.1 is no public address (crawl.allow_networks can allow it)"
    assert ("failed", why) == (source.outcome, source.error)


def test_a_name_that_leads_inside_is_refused(desk, monkeypatch) -> None:
    """A name is connected to only at public addresses, whatever it resolves to."""
    with outlet() as site:
        site.tell("/a.html", "The Act", "repealed")
        url = site.serve_rss().replace("127.0.0.1", "localhost")

        report = desk.within(allow_networks=()).crawl(feed("news", url))

        assert [] == site.asked
    (source,) = report.sources
    assert "failed" == source.outcome
    assert "robots.txt cannot be read (its host has no public address)" == source.error


def test_redirects_inside_are_refused(desk) -> None:
    """No redirect leads to a private address or a file, however it is spelled."""
    # The outlet itself is allowed by its exact address; everything else on the machine is not.
    desk = desk.within(allow_networks=(ip_network("127.0.0.1/32"),))
    with outlets(2) as (site, inner):
        port = inner.base.rsplit(":", 1)[1]
        targets = {
            "/1.html": f"http://127.0.0.2:{port}/secret",
            "/2.html": f"http://127.2:{port}/secret",
            "/3.html": f"http://0x7f000002:{port}/secret",
            "/4.html": f"http://[::ffff:127.0.0.2]:{port}/secret",
            "/5.html": f"http://0.0.0.0:{port}/secret",
            "/6.html": "http://169.254.169.254/latest/meta-data/",
            "/7.html": "file:///etc/passwd",
            "/8.html": f"http://user@127.0.0.2:{port}/secret",
        }
        for path, target in targets.items():
            site.tell(path, "t", "t")
            site.redirect(path, target)

        report = desk.crawl(feed("news", site.serve_rss()))

        assert [] == inner.asked
    assert len(targets) == report.articles.failed
    assert {"failed"} == {outcome for outcome, _ in desk.settled().values()}


def test_unsafe_defaults_are_off() -> None:
    """Each of Scrapy's doors that was found open is shut in what a crawl really runs with."""
    limits = CrawlLimits(
        contact="mailto:a@example.org", max_page=1000, timeout=timedelta(seconds=7), retries=1
    )
    crawler = AsyncCrawlerRunner(scrapy_settings(limits, ())).create_crawler(NewsSpider)
    settings: Settings = crawler.settings

    off = (
        "TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "HTTPPROXY_ENABLED", "COOKIES_ENABLED",
        "METAREFRESH_ENABLED", "HTTPCACHE_ENABLED", "ROBOTSTXT_OBEY",
    )  # fmt: skip
    assert [] == [name for name in off if settings.getbool(name)]
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    assert {"http", "https"} == {scheme for scheme, handler in handlers.items() if handler}
    assert 1000 == settings.getint("DOWNLOAD_MAXSIZE")
    assert 7 == settings.getfloat("DOWNLOAD_TIMEOUT")
    assert 5 == settings.getint("REDIRECT_MAX_TIMES")
    middlewares = settings.getwithbase("DOWNLOADER_MIDDLEWARES")
    stock = "scrapy.downloadermiddlewares."
    assert middlewares[stock + "robotstxt.RobotsTxtMiddleware"] is None
    assert 10 == middlewares["crawler.guard.GuardMiddleware"]
    assert 100 == middlewares["crawler.robots.RobotsMiddleware"]


def test_nothing_listens_while_a_pass_runs(desk, monkeypatch) -> None:
    """A pass opens no port: no console and no remote control."""
    opened = []
    with outlet() as site:
        site.tell("/a.html", "The Act", "repealed")
        source = feed("news", site.serve_rss())
        desk.crawl(source)
        from twisted.internet import reactor

        monkeypatch.setattr(reactor, "listenTCP", lambda *where, **_: opened.append(where))
        report = desk.crawl(source)

    assert "not_modified" == report.sources[0].outcome
    assert [] == opened


def test_pages_are_asked_for_by_name(desk) -> None:
    """Every request carries the program's name and who answers for it."""
    with outlet() as site:
        site.tell("/a.html", "The Act", "repealed")
        desk.within(contact="mailto:a@example.org").crawl(feed("news", site.serve_rss()))
        agents = {one.headers["user-agent"] for one in site.asked}

    assert {user_agent("mailto:a@example.org")} == agents
    assert agents.pop().startswith("waiverwatch/")


def test_environment_proxies_are_ignored(desk, monkeypatch) -> None:
    """A proxy named in the environment is not used: it would lead around the guard."""
    with outlets(2) as (site, proxy):
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.base)
        site.tell("/a.html", "The Act", "repealed")

        report = desk.crawl(feed("news", site.serve_rss()))

        assert [] == proxy.asked
    assert 1 == report.articles.fetched


def test_certificates_are_verified(desk, tmp_path, monkeypatch) -> None:
    """A host whose certificate nobody vouches for is not read; one that is trusted is."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with outlet(
        scheme="https", wrap=lambda plain: context.wrap_socket(plain, server_side=True)
    ) as site:
        site.tell("/a.html", "The Act", "repealed")
        source = feed("news", site.serve_rss())

        refused = desk.within(retries=0).crawl(source)
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        trusted = desk.crawl(source)

    assert ("failed", 0) == (refused.sources[0].outcome, refused.articles.fetched)
    assert ("ok", 1) == (trusted.sources[0].outcome, trusted.articles.fetched)


@pytest.fixture
def rebinding(monkeypatch):
    """A name that leads to the outlet when it is first looked up, and elsewhere from then on."""
    looked_up = []
    known = socket.getaddrinfo

    def look_up(host, port, *more, **options):
        if host != "rebind.example":
            return known(host, port, *more, **options)
        looked_up.append(host)
        there = "127.0.0.1" if len(looked_up) == 1 else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (there, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return looked_up


EXACTLY = (ip_network("127.0.0.1/32"),)


def test_a_name_that_changes_its_mind_is_refused(desk, rebinding) -> None:
    """What counts is the address that is connected to: each lookup is judged by itself."""
    with outlet() as site:
        site.put("/robots.txt", "", "text/plain", headers={"Connection": "close"})
        site.tell("/a.html", "The Act", "repealed")
        url = site.serve_rss().replace("127.0.0.1", "rebind.example")

        report = desk.within(allow_networks=EXACTLY, retries=0).crawl(feed("news", url))

        assert ["/robots.txt"] == [one.path for one in site.asked]
    assert 2 <= len(rebinding)
    (source,) = report.sources
    assert ("failed", "its host has no public address") == (source.outcome, source.error)


def test_check_judges_each_lookup(rebinding) -> None:
    """So does the one page that ``check`` fetches, on every hop."""
    with outlet() as site:
        url = site.url("/moved").replace("127.0.0.1", "rebind.example")
        site.put("/moved", b"", status=302, headers={"Location": url, "Connection": "close"})

        # The server sends us there, so nobody is told how to allow it.
        with pytest.raises(DocumentError, match=r"leads to 127\.0\.0\.2, which is not public$"):
            fetch_page(url, CrawlSettings(allow_networks=EXACTLY))

        assert 1 == len(site.asked)


@pytest.mark.parametrize(
    "host",
    ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "[::ffff:127.0.0.1]",
     "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "user@127.0.0.1", "user:pass@127.0.0.1", "localhost",
     "localhost.", "0"],
)  # fmt: skip
@pytest.mark.parametrize("way", ["check", "webhook", "feed"])
def test_no_way_in_takes_any_spelling(desk, host, way) -> None:
    """Whatever spells this machine, none of the ways out connects to it."""
    with outlet() as inner:
        inner.tell("/a.html", "The Act", "repealed")
        inner.serve_rss()
        port = inner.base.rsplit(":", 1)[1]
        url = f"http://{host}:{port}/rss.xml"
        if way == "check":
            with pytest.raises(DocumentError):
                fetch_page(url, CrawlSettings())
        elif way == "webhook":
            call_hook(url)
        else:
            assert "failed" == refused_pass(desk, url).sources[0].outcome

        assert [] == inner.asked


def call_hook(url: str) -> None:
    settings = WebhookSettings("hook", url, SECRET)
    queued = QueuedMessage("msg_1", message(), "leased", 1, START)
    outcome = WebhookChannel(settings, lambda: START).send(queued)
    assert not isinstance(outcome, Delivered)


def refused_pass(desk, url: str):
    return desk.within(allow_networks=(), retries=0).crawl(feed("news", url))

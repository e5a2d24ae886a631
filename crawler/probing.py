"""Finds the ways into a site, and shows what they list, as a pass would see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from crawler.discovery import Choice
from crawler.documents import DocumentError
from crawler.errors import ListingError
from crawler.fetch import Reply
from crawler.fetching import ROBOTS_NAME
from crawler.interstitials import interstitial
from crawler.links import canonical_url
from crawler.listings import read_listing
from crawler.robots import RobotsRefusedError, RobotsRules, rules_of
from crawler.sources import Answer, Listed, Listing, SourceConfig, SourceKind

_USUAL_FEEDS = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
_USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_index.xml", "/sitemap.xml")
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Way:
    """A way in that was looked for.

    Attributes:
        how: Where its address comes from.
        listing: What it lists; None where it cannot be read.
        error: Why it cannot be read.
    """

    kind: SourceKind
    url: str
    how: str
    listing: Listing | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A link that a way in lists.

    Attributes:
        is_wanted: Whether the source's filters let it through.
        refusal: Why it would not be fetched; None where it would.
    """

    link: Listed
    is_wanted: bool
    refusal: str | None


@dataclass
class Prober:
    """Asks a site for its ways in, one request after another.

    Attributes:
        fetch: Gets what an address answers; raises DocumentError.
        wait: Called between two requests, with the seconds that robots.txt asks for.
        largest: Bounds a sitemap once unpacked.
    """

    fetch: Callable[[str], Reply]
    wait: Callable[[float], None]
    largest: int
    _robots: dict[str, RobotsRules] = field(default_factory=dict)
    _is_first: bool = True

    def find(self, url: str) -> list[Way]:
        """The ways into a site: at the address itself, named by the site, or at usual places."""
        given, page = self._given(url)
        ways = [given]
        if page is not None:
            ways += self._named(page)
        if page is not None or given.listing is None:
            ways += self._usual(url, ways)
        return ways

    def ask(self, kind: SourceKind, url: str, how: str) -> Way:
        """A way in, and what it lists. Of an index of sitemaps the newest one is read."""
        way = Way(kind, url, how)
        try:
            listing = self._listing(kind, url)
            if not listing.links and listing.nested:
                below = self._listing(kind, listing.nested[0])
                listing = replace(listing, links=below.links)
        except (DocumentError, ListingError) as error:
            return replace(way, error=str(error).removeprefix(f"{url}: "))
        return replace(way, listing=listing)

    def preview(self, way: Way, source: SourceConfig, most: int) -> list[Preview]:
        """The first links that a way in lists."""
        links = way.listing.links[:most] if way.listing else ()
        wanted = {one.url for one in Choice().choose(source, links)}
        return [Preview(one, one.url in wanted, self._refusal(one.url)) for one in links]

    def _given(self, url: str) -> tuple[Way, Reply | None]:
        """What lies at the address itself; its page, where it is one."""
        try:
            reply = self._get(url)
        except DocumentError as error:
            return Way("front", url, "given", error=str(error).removeprefix(f"{url}: ")), None
        answer = _answer(reply)
        for kind in _likely(reply):
            try:
                return Way(kind, url, "given", read_listing(kind, answer, self.largest)), None
            except ListingError:
                continue
        barrier = interstitial(answer.url, answer.body, answer.content_type)
        if barrier:
            return Way("front", url, "given", error=f"answered {barrier}"), reply
        try:
            return Way("front", url, "given", read_listing("front", answer, self.largest)), reply
        except ListingError as error:
            return Way("front", url, "given", error=str(error)), reply

    def _named(self, reply: Reply) -> list[Way]:
        """What the page and its robots.txt name; what they name and cannot be read is told too."""
        sitemaps = self._rules(reply.page.url).sitemaps()[:_MOST_NAMED]
        feeds = list(_alternates(reply))[:_MOST_NAMED]
        ways = [self.ask("feed", url, "named by the page") for url in feeds]
        return ways + [self.ask("sitemap", url, "named by robots.txt") for url in sitemaps]

    def _usual(self, url: str, known: list[Way]) -> list[Way]:
        """The first feed and the first sitemap at usual places, where none is known yet."""
        places: list[tuple[SourceKind, tuple[str, ...]]] = [
            ("feed", _USUAL_FEEDS),
            ("sitemap", _USUAL_SITEMAPS),
        ]
        found = []
        for kind, paths in places:
            if not any(way.kind == kind and way.listing for way in known):
                tried = (self.ask(kind, urljoin(url, path), "a usual place") for path in paths)
                found += [way for way in [next((w for w in tried if w.listing), None)] if way]
        return found

    def _listing(self, kind: SourceKind, url: str) -> Listing:
        reply = self._get(url)
        barrier = interstitial(reply.page.url, reply.page.body, reply.page.content_type)
        if barrier:
            raise ListingError(f"answered {barrier}")
        return read_listing(kind, _answer(reply), self.largest)

    def _get(self, url: str) -> Reply:
        refusal = self._refusal(url)
        if refusal:
            raise DocumentError(f"{url}: {refusal}")
        reply = self._fetch(url)
        if reply.status != 200:
            raise DocumentError(f"{url}: status {reply.status}")
        return reply

    def _fetch(self, url: str) -> Reply:
        if not self._is_first:
            rules = self._robots.get(_host(url))
            self.wait(rules.crawl_delay(ROBOTS_NAME) if rules else 0.0)
        self._is_first = False
        return self.fetch(url)

    def _refusal(self, url: str) -> str | None:
        try:
            self._rules(url).check(url, ROBOTS_NAME)
        except RobotsRefusedError as error:
            return str(error)
        return None

    def _rules(self, url: str) -> RobotsRules:
        host = _host(url)
        if host not in self._robots:
            try:
                reply = self._fetch(f"{host}/robots.txt")
                self._robots[host] = rules_of(reply.status, reply.page.body)
            except DocumentError as error:
                self._robots[host] = RobotsRules(unreadable=str(error).partition(": ")[2])
        return self._robots[host]


def best_way(ways: list[Way]) -> Way | None:
    """The way in that shows most of what is new: a feed before a sitemap before a front page."""
    ranks: dict[str, int] = {"feed": 0, "sitemap": 1, "front": 2}
    usable = [way for way in ways if way.listing is not None]
    return min(usable, key=lambda way: ranks.get(way.kind, 3), default=None)


def _likely(reply: Reply) -> tuple[SourceKind, ...]:
    return ("feed", "sitemap") if reply.page.body.strip() else ()


def _alternates(reply: Reply) -> Iterator[str]:
    """The feeds that a page names in its head."""
    try:
        root = html.document_fromstring(reply.page.body, parser=html.HTMLParser(no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError):
        return
    seen = set()
    for link in root.iterfind(".//link[@href]"):
        is_feed = link.get("type", "").partition(";")[0].strip().lower() in _FEED_TYPES
        url = canonical_url(link.get("href", ""), reply.page.url)
        if is_feed and "alternate" in link.get("rel", "").lower() and url and url not in seen:
            seen.add(url)
            yield url


def _answer(reply: Reply) -> Answer:
    return Answer(reply.page.url, reply.page.body, reply.page.content_type)


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"

"""A small web of outlets with faults: real HTTP servers on free loopback ports, in threads."""

from __future__ import annotations

import gzip
import hashlib
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
Fault = int | str
"""A status to answer instead of the page, or "reset", "slow", "short"."""


@dataclass
class Page:
    """What an outlet answers under a path."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: bool = True
    faults: list[Fault] = field(default_factory=list)


@dataclass
class Asked:
    """A request that an outlet was sent."""

    path: str
    headers: dict[str, str]
    at: float


@dataclass
class Story:
    """An article of an outlet, as its way in lists it."""

    path: str
    title: str
    published: str | None


class Outlet:
    """One host: pages by path, and a log of what was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.stories: list[Story] = []
        self.asked: list[Asked] = []
        self.in_flight = self.peak = 0
        self.delay = 0.0
        self.base = ""

    def url(self, path: str) -> str:
        """The address of a path of this outlet."""
        return f"{self.base}{path}"

    def put(self, path: str, body: bytes | str, content_type: str = HTML, **more: Any) -> Page:
        """Serves this under the path from now on."""
        raw = body.encode() if isinstance(body, str) else body
        self.pages[path] = Page(raw, content_type, **more)
        return self.pages[path]

    def tell(self, path: str, title: str, text: str, published: str | None = "2026-02-27") -> str:
        """Publishes a story, or edits it; returns its address."""
        self.put(path, article_page(title, text))
        self.stories = [one for one in self.stories if one.path != path]
        self.stories.append(Story(path, title, published))
        return self.url(path)

    def redirect(self, path: str, location: str) -> None:
        """Sends whoever asks for the path elsewhere."""
        self.put(path, b"", status=302, headers={"Location": location})

    def paths(self, *, robots: bool = False) -> list[str]:
        """The paths asked for, in order."""
        return [one.path for one in self.asked if robots or one.path != "/robots.txt"]

    def counts(self) -> Counter[str]:
        """How often each path was asked for."""
        return Counter(one.path for one in self.asked)

    # Ways in

    def serve_rss(self, path: str = "/rss.xml") -> str:
        """Lists the stories in an RSS feed; call again after a change."""
        items = "".join(
            f"<item><title>{escape(one.title)}</title><link>{self.url(one.path)}</link>"
            + (f"<pubDate>{_rfc822(one.published)}</pubDate>" if one.published else "")
            + "</item>"
            for one in self.stories
        )
        self.put(path, rss(items), "application/rss+xml")
        return self.url(path)

    def serve_sitemap(self, path: str = "/sitemap.xml") -> str:
        """Lists the stories in a packed news sitemap behind an index."""
        entries = "".join(
            f"<url><loc>{self.url(one.path)}</loc><news:news>"
            f"<news:publication_date>{one.published or ''}</news:publication_date>"
            f"<news:title>{escape(one.title)}</news:title></news:news></url>"
            for one in self.stories
        )
        self.put("/news.xml.gz", gzip.compress(news_sitemap(entries)), "application/x-gzip")
        self.put(path, sitemap_index(self.url("/news.xml.gz")), XML)
        return self.url(path)

    def serve_front(self, path: str = "/") -> str:
        """Lists the stories as links of the front page."""
        links = "".join(f'<a href="{one.path}">{escape(one.title)}</a>' for one in self.stories)
        self.put(path, f"<html><body><nav><a href='/about'>About</a></nav>{links}</body></html>")
        return self.url(path)


def article_page(title: str, text: str, published: str | None = None) -> str:
    """A page with an article."""
    date = f'<meta property="article:published_time" content="{published}">' if published else ""
    return (
        f"<html><head><title>{escape(title)}</title>{date}</head><body><article>"
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p></article></body></html>"
    )


def rss(items: str) -> str:
    """An RSS feed of these items."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title>'
        f"<link>http://outlet.example/</link><description>n</description>{items}</channel></rss>"
    )


def news_sitemap(entries: str) -> bytes:
    """A sitemap of these entries."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
        ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
        f"{entries}</urlset>"
    ).encode()


def sitemap_index(*locations: str) -> bytes:
    """An index of sitemaps."""
    entries = "".join(f"<sitemap><loc>{escape(one)}</loc></sitemap>" for one in locations)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'
    ).encode()


def _rfc822(day: str) -> str:
    parsed = time.strptime(day, "%Y-%m-%d")
    return time.strftime("%a, %d %b %Y 08:00:00 +0000", parsed)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        outlet = self.server.outlet
        with self.server.lock:
            headers = {name.lower(): value for name, value in self.headers.items()}
            outlet.asked.append(Asked(self.path, headers, time.monotonic()))
            outlet.in_flight += 1
            outlet.peak = max(outlet.peak, outlet.in_flight)
        try:
            time.sleep(outlet.delay)
            self._answer(outlet.pages.get(self.path))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with self.server.lock:
                outlet.in_flight -= 1

    def _answer(self, page: Page | None) -> None:
        if page is None:
            return self._send(404, {"Content-Type": HTML}, b"<h1>not found</h1>")
        if page.faults:
            return self._fail(page, page.faults.pop(0))
        etag = f'"{hashlib.sha256(page.body).hexdigest()[:16]}"'
        headers = {"Content-Type": page.content_type, **({"ETag": etag} if page.etag else {})}
        if page.etag and self.headers.get("If-None-Match") == etag:
            return self._send(304, headers, b"")
        return self._send(page.status, headers | page.headers, page.body)

    def _fail(self, page: Page, fault: Fault) -> None:
        if isinstance(fault, int):
            return self._send(fault, {"Content-Type": HTML} | page.headers, b"try later")
        if fault == "slow":
            self.server.stopping.wait(5)
        elif fault == "short":
            self.wfile.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 999\r\n"
            )
            self.wfile.write(b"\r\n<p>and then")
        else:
            # Closed with this, a connection is reset.
            option = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, option)
        self.close_connection = True
        return None

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, outlet: Outlet, host: str, wrap: Callable[[Any], Any] | None) -> None:
        super().__init__((host, 0), _Handler)
        if wrap is not None:
            self.socket = wrap(self.socket)
        self.outlet, self.lock, self.stopping = outlet, threading.Lock(), threading.Event()
        self.open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        # Not shutdown first: a connection that is to be reset must only be closed.
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass

    def end(self) -> None:
        self.stopping.set()
        self.shutdown()
        for connection in list(self.open):
            connection.close()
        self.server_close()


@contextmanager
def outlets(
    count: int = 1,
    *,
    host: str = "127.0.0.1",
    scheme: str = "http",
    wrap: Callable[[Any], Any] | None = None,
) -> Iterator[list[Outlet]]:
    """Runs so many outlets until the block ends.

    Args:
        count: How many.
        host: The loopback address that they are all on.
        scheme: Of their addresses.
        wrap: Makes a listening socket one that speaks TLS.
    """
    servers = [_Server(Outlet(), host, wrap) for _ in range(count)]
    for server in servers:
        server.outlet.base = f"{scheme}://{host}:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield [server.outlet for server in servers]
    finally:
        for server in servers:
            server.end()


@contextmanager
def outlet(**options: Any) -> Iterator[Outlet]:
    """Runs one outlet until the block ends."""
    with outlets(1, **options) as running:
        yield running[0]

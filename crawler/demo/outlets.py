"""Sample outlets: web sites on loopback that serve the pages of a watch's ``demo.toml``."""

from __future__ import annotations

import html
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from threading import Thread
from typing import Any, Literal

from crawler.errors import WatchError
from crawler.settings_schema import SourceSettings

Kind = Literal["feed", "sitemap", "front"]
_WAYS_IN: dict[Kind, str] = {"feed": "/rss.xml", "sitemap": "/sitemap.xml", "front": "/"}
_PAGE = Template((Path(__file__).parent / "page.html").read_text(encoding="utf-8"))
_HTML, _XML = "text/html; charset=utf-8", "application/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Story:
    """One page.

    Attributes:
        expect: The verdict that it should get.
        corrected: The text after its correction; None for a page that is never corrected.
    """

    path: str
    title: str
    published: date
    expect: str
    text: str
    corrected_title: str | None = None
    corrected: str | None = None


@dataclass(slots=True)
class Outlet:
    """A web site with one way in."""

    name: str
    kind: Kind
    lang: str
    stories: tuple[Story, ...]
    base: str = ""
    is_corrected: bool = False
    requests: list[str] = field(default_factory=list)

    def source(self) -> SourceSettings:
        """The outlet as a source of the settings."""
        return SourceSettings(
            name=self.name,
            outlet=self.name,
            url=self.base + _WAYS_IN[self.kind],
            kind=self.kind,
            langs=(self.lang,),
        )

    def answer(self, path: str) -> tuple[str, str] | None:
        """Content type and body under a path; None where there is nothing."""
        if path == "/robots.txt":
            return "text/plain", "User-agent: *\nAllow: /\n"
        if path == _WAYS_IN[self.kind]:
            return _way_in(self)
        for story in self.stories:
            if story.path == path:
                return _HTML, _page(self, story)
        return None


def load_outlets(path: Path) -> tuple[Outlet, ...]:
    """The outlets of a watch's ``demo.toml``.

    Raises:
        WatchError: The watch has none, or the file is wrong.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        return tuple(_outlet(entry) for entry in found["outlet"])
    except FileNotFoundError:
        raise WatchError(f"{path}: this watch has no sample outlets") from None
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise WatchError(f"{path}: cannot be used: {error}") from error


def _outlet(entry: dict[str, Any]) -> Outlet:
    stories = tuple(Story(**story) for story in entry["article"])
    return Outlet(entry["name"], entry["kind"], entry["lang"], stories)


@contextmanager
def served(outlets: tuple[Outlet, ...]) -> Iterator[None]:
    """Serves the outlets, each on a free port of 127.0.0.1, until the block ends."""
    with ExitStack() as stack:
        for outlet in outlets:
            stack.enter_context(_served(outlet))
        yield


@contextmanager
def _served(outlet: Outlet) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            outlet.requests.append(self.path)
            found = outlet.answer(self.path.partition("?")[0])
            kind, text = found or (_HTML, "<h1>Not found</h1>")
            body = text.encode()
            self.send_response(200 if found else 404)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """The demonstration tells of requests in its own words."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as base:
        outlet.base = base
        yield


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[str]:
    """Runs an HTTP server in a thread until the block ends, and gives its address."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _page(outlet: Outlet, story: Story) -> str:
    is_corrected = outlet.is_corrected and story.corrected is not None
    text = story.corrected if is_corrected else story.text
    title = story.corrected_title if is_corrected else story.title
    paragraphs = (text or "").strip().splitlines()
    return _PAGE.substitute(
        lang=outlet.lang,
        outlet=html.escape(outlet.name),
        title=html.escape(title or story.title),
        published=story.published.isoformat(),
        paragraphs="\n".join(f"<p>{html.escape(line)}</p>" for line in paragraphs),
    )


def _way_in(outlet: Outlet) -> tuple[str, str]:
    if outlet.kind == "front":
        items = "".join(
            f'<li><a href="{story.path}">{html.escape(story.title)}</a></li>'
            for story in outlet.stories
        )
        head = f"<head><title>{html.escape(outlet.name)}</title></head>"
        return _HTML, f"<!DOCTYPE html><html>{head}<body><ul>{items}</ul></body></html>"
    if outlet.kind == "sitemap":
        items = "".join(
            f"<url><loc>{outlet.base}{story.path}</loc></url>" for story in outlet.stories
        )
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return _XML, f'<?xml version="1.0"?><urlset xmlns="{space}">{items}</urlset>'
    items = "".join(
        f"<item><title>{html.escape(story.title)}</title>"
        f"<link>{outlet.base}{story.path}</link></item>"
        for story in outlet.stories
    )
    channel = f"<title>{html.escape(outlet.name)}</title><link>{outlet.base}/</link>{items}"
    return _XML, f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}</channel></rss>'

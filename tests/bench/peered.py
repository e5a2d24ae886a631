"""What peers make of the pages; run by their own Python, and imports nothing of ours.

``newsplease PORT PAGES HOSTS``: news-please's library fetches and extracts ``/p/0`` and on, as it
does by itself: a thread for each page fetches, a process for each core extracts. No images.
``fundus PORT PAGES HOSTS``: fundus crawls the feeds without its delay, each host a publisher and so
a thread. Its parser is told where title, text and date stand, as for each of its publishers.

Prints one JSON object: seconds, CPU, and of each page number, title, text and date.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

Found = tuple[int, str | None, str | None, str | None]


def newsplease(port: int, pages: int, hosts: int) -> Callable[[], Iterable[Found]]:
    """Prepares ``NewsPlease.from_urls`` for pages 0 and on."""
    from newsplease import NewsPlease

    numbers = {f"http://{_host(n % hosts, port)}/p/{n}": n for n in range(pages)}

    def fetch(urls: list[str]) -> dict[str, Any]:
        # Without a dictionary of arguments, from_urls gives back nothing for any page.
        return NewsPlease.from_urls(urls, request_args={"timeout": 30}, fetch_images=False)

    def run() -> list[Found]:
        return [
            (numbers[url], found.title, found.maintext, str(found.date_publish))
            for url, found in fetch(list(numbers)).items()
            if found
        ]

    fetch(list(numbers)[:1])  # loads its extractors, which the processes then inherit
    return run


def fundus(port: int, pages: int, hosts: int) -> Callable[[], Iterable[Found]]:
    """Prepares fundus' crawler for a publisher on each host, with a feed of its share of pages."""
    from fundus import Crawler, RSSFeed
    from fundus.publishers.base_objects import Publisher

    each, parser = pages // hosts, _fundus_parser()
    publishers = [
        Publisher(
            name=f"s{n}",
            domain=f"http://{_host(n, port)}/",
            parser=parser,
            sources=[RSSFeed(f"http://{_host(n, port)}/feed-{n * each}-{each}.xml")],
        )
        for n in range(hosts)
    ]
    crawler = Crawler(*publishers, delay=0.0)

    def run() -> list[Found]:
        return [
            (
                int(found.html.requested_url.rpartition("/")[2]),
                found.title,
                found.plaintext,
                str(found.publishing_date),
            )
            for found in crawler.crawl(only_complete=False)
        ]

    return run


def _fundus_parser() -> type:
    from fundus.parser import BaseParser, ParserProxy, attribute
    from fundus.parser.utility import extract_article_body_with_selector, generic_date_parsing
    from lxml.etree import XPath

    class Parser(ParserProxy):
        class V1(BaseParser):
            paragraphs = XPath("//article/p")

            @attribute
            def title(self):
                return self.precomputed.meta.get("og:title")

            @attribute
            def body(self):
                return extract_article_body_with_selector(self.precomputed.doc, self.paragraphs)

            @attribute
            def publishing_date(self):
                return generic_date_parsing(self.precomputed.meta.get("article:published_time"))

    return Parser


def _host(number: int, port: int) -> str:
    return f"127.0.0.{2 + number}:{port}"


def _cpu() -> float:
    """Seconds of this process, and of its children that ended."""
    return sum(os.times()[:4])


def main(kind: str, *numbers: str) -> None:
    """Times one of them; what is loaded once is loaded before."""
    run = {"newsplease": newsplease, "fundus": fundus}[kind](*map(int, numbers))
    cpu, begun = _cpu(), time.perf_counter()
    found = list(run())
    seconds = time.perf_counter() - begun
    answer = {"seconds": seconds, "cpu": _cpu() - cpu, "pages": len(found), "found": found}
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""What others take for a part of the work, each in a process of its own; prints one JSON object.

``scrapy PORT PAGES``: Scrapy alone fetches the pages, and looks at one element of each.
``trafilatura PAGES KILOBYTES``: trafilatura alone, default settings with metadata, extracts pages
that all name the law, in as many processes as there are cores.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time

from tests.bench.web import page

HOSTS = 8


def scrapy(port: int, pages: int) -> dict[str, float]:
    """Fetches ``/p/0`` and on."""
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess

    class Spider(scrapy.Spider):
        name = "bare"
        seen = 0

        async def start(self):
            self.begun = time.perf_counter()
            for number in range(pages):
                host = f"127.0.0.{2 + number % HOSTS}:{port}"
                yield scrapy.Request(f"http://{host}/p/{number}", dont_filter=True)

        def parse(self, response):
            self.seen += bool(response.css("title::text").get())

        def closed(self, reason):
            seconds = time.perf_counter() - self.begun
            print(json.dumps({"seconds": seconds, "pages": self.seen}), flush=True)

    process = AsyncCrawlerProcess(
        {
            "CONCURRENT_REQUESTS": 32,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
            "DOWNLOAD_DELAY": 0,
            "ROBOTSTXT_OBEY": True,
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
        }
    )
    process.crawl(Spider)
    process.start()
    return {}


def _extract(number: int) -> bool:
    from trafilatura import bare_extraction

    found = bare_extraction(_PAGES[number % len(_PAGES)], with_metadata=True)
    return found is not None


_PAGES: list[str] = []


def _prepare(pages: int, size: int) -> None:
    _PAGES[:] = [page(n, 100, size).decode() for n in range(pages)]
    _extract(0)


def trafilatura(pages: int, kilobytes: int) -> dict[str, float]:
    """Extracts pages 0 and on; what is loaded once is loaded before."""
    cores = os.cpu_count() or 1
    size = kilobytes * 1000
    with multiprocessing.Pool(cores, _prepare, (pages, size)) as pool:
        pool.map(_extract, [0] * cores * 4, chunksize=1)
        begun = time.perf_counter()
        found = sum(pool.map(_extract, range(pages), chunksize=4))
        return {"seconds": time.perf_counter() - begun, "pages": found}


if __name__ == "__main__":
    kind, *numbers = sys.argv[1:]
    answer = {"scrapy": scrapy, "trafilatura": trafilatura}[kind](*map(int, numbers))
    if answer:
        print(json.dumps(answer))

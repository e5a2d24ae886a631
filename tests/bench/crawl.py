"""What a crawl costs, as ratios within one run; every page is our own.

Sizes come from the environment: WAIVERWATCH_BENCH_PAGES (800), WAIVERWATCH_BENCH_KILOBYTES (80),
WAIVERWATCH_BENCH_MANY (20000), WAIVERWATCH_BENCH_STORED (100000), WAIVERWATCH_BENCH_RUNS (3).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.bare import HOSTS
from tests.bench.stored import fill

ROOT = Path(__file__).parents[2]


def _size(name: str, default: int) -> int:
    return int(os.environ.get(f"WAIVERWATCH_BENCH_{name}", default))


PAGES, KILOBYTES, RUNS = _size("PAGES", 800), _size("KILOBYTES", 80), _size("RUNS", 3)
MANY, STORED = _size("MANY", 20_000), _size("STORED", 100_000)


def main() -> None:
    """Prints a line for each ratio."""
    print(f"crawling {PAGES} pages of {KILOBYTES} kB, medians of {RUNS} runs")
    few_named()
    all_named()
    nothing_new()
    many_pages()
    many_stored()


def few_named() -> None:
    """Pages a second against Scrapy alone, where two in a hundred name the law."""
    ours, theirs = [], []
    with web(2) as port:
        for _ in range(RUNS):
            theirs.append(rate(_call("tests.bench.bare", "scrapy", port, PAGES)))
            ours.append(rate(crawl(port, PAGES)[0]))
    tell("2 % name the law: of bare Scrapy's pages a second", ours, theirs, "at least 0.7")


def all_named() -> None:
    """Pages a second against trafilatura alone, where all name the law."""
    ours, theirs = [], []
    with web(100) as port:
        for _ in range(RUNS):
            theirs.append(rate(_call("tests.bench.bare", "trafilatura", PAGES, KILOBYTES)))
            ours.append(rate(crawl(port, PAGES)[0]))
    tell("all name the law: of bare trafilatura's pages a second", ours, theirs, "at least 0.75")


def nothing_new() -> None:
    """CPU of a first pass and of the next, in which nothing is new."""
    with web(2) as port:
        first, again = crawl(port, PAGES, passes=2)
    ratio = first["cpu"] / max(again["cpu"], 0.01)
    print(
        f"  nothing is new: {first['cpu']:.2f} s CPU, then {again['cpu']:.2f} s:"
        f" {ratio:.0f} times cheaper (at least 20)"
    )


def many_pages() -> None:
    """Memory of the main process over very many pages."""
    with web(2) as port:
        (done,) = crawl(port, MANY)
    print(f"  {done['pages']} pages: {done['rss']:.0f} MB at most in the main process (below 300)")


def many_stored() -> None:
    """Seconds of the same pass over few and over very many stored articles."""
    few, many = [], []
    with web(100) as port:
        for _ in range(RUNS):
            few.append(crawl(port, 200, stored=1_000)[0]["seconds"])
            many.append(crawl(port, 200, stored=STORED)[0]["seconds"])
    ratio = statistics.median(many) / statistics.median(few)
    print(
        f"  200 pages beside {STORED} stored articles instead of 1000: {ratio:.2f} times the time"
        f" ({_shown(few)} and {_shown(many)} s; at most 1.2)"
    )


@contextmanager
def web(share: int) -> Iterator[int]:
    """The port of a web of which so many pages in a hundred name the law."""
    ready = str(min(PAGES, 2_000))
    command = [sys.executable, "-m", "tests.bench.web", str(share), str(KILOBYTES), ready]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def crawl(port: int, pages: int, *, passes: int = 1, stored: int = 0) -> list[dict[str, Any]]:
    """What passes over these pages cost, in a fresh folder, or beside stored articles."""
    with tempfile.TemporaryDirectory() as folder:
        if stored:
            fill(f"sqlite:///{folder}/waiverwatch.db", stored)
        return crawl_in(folder, port, pages, passes=passes)


def crawl_in(folder: str, port: int, pages: int, *, passes: int = 1) -> list[dict[str, Any]]:
    """What passes over these pages cost; the folder keeps what they stored."""
    each = pages // HOSTS
    sources = "".join(
        f'[[source]]\nname = "s{n}"\nkind = "feed"\n'
        f'url = "http://127.0.0.{2 + n}:{port}/feed-{n * each}-{each}.xml"\n'
        for n in range(HOSTS)
    )
    Path(folder, "waiverwatch.toml").write_text(_SETTINGS + sources)
    names = ",".join(f"s{n}" for n in range(HOSTS))
    return _lines("tests.bench.passes", *[names] * passes, folder=folder)


_SETTINGS = """
[crawl]
builtin_sources = false
allow_networks = ["127.0.0.0/8"]
concurrency = 32
per_host_concurrency = 4
per_host_delay = "0s"
"""


def _call(module: str, *words: object) -> dict[str, Any]:
    return _lines(module, *words)[-1]


def _lines(module: str, *words: object, folder: str | None = None) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, words)],
        cwd=folder or ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def rate(done: dict[str, Any]) -> float:
    """Pages a second."""
    return done["pages"] / done["seconds"]


def tell(what: str, ours: list[float], theirs: list[float], wanted: str) -> None:
    """Prints the ratio of the medians, and what is wanted of it."""
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"  {what}: {ratio:.2f} ({_shown(ours)} to {_shown(theirs)}; {wanted})")


def _shown(values: list[float]) -> str:
    return f"{statistics.median(values):.3g} [{min(values):.3g}-{max(values):.3g}]"

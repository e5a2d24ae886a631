"""News-please and fundus on the pages of our own crawl, as ratios within one run.

They live in ``.venv-peers``, which is made where it is missing, with the versions of ``peers.txt``.
Ours is a whole pass: feeds, robots.txt, pages, archive, database. Theirs ends with the article in
memory. Sizes come from the environment, as those of :mod:`tests.bench.crawl`.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.bench.bare import HOSTS
from tests.bench.crawl import KILOBYTES, PAGES, ROOT, RUNS, crawl_in, rate, tell, web
from tests.bench.web import page

HOME = ROOT / ".venv-peers"
PYTHON = HOME / "bin" / "python"
PINS = ROOT / "tests" / "bench" / "peers.txt"
OURS, PEERS = "ours", {"newsplease": "news-please", "fundus": "fundus"}

Runs = dict[str, list[dict[str, Any]]]
Found = tuple[int, str | None, str | None, str | None]


def main() -> None:
    """Prints a line for each ratio, and what each got right."""
    make_environment()
    number = PAGES // HOSTS * HOSTS
    print(f"{number} pages of {KILOBYTES} kB through peers, medians of {RUNS} runs", flush=True)
    for share, what in ((2, "2 % name the law"), (100, "all name the law")):
        runs = measured(share, number)
        for peer, name in PEERS.items():
            _tell_ratio(f"{what}: of the pages a second of {name}", runs[OURS], runs[peer])
    # These runs are those over pages that all name the law: of others we keep nothing.
    for who, done in runs.items():
        _tell_right(PEERS.get(who, who), done[-1]["found"], number)
    judged = runs[OURS][-1]["relevant"]
    print(f"  ours: {judged} of {number} judged; the others are in no language that it reads")


def make_environment() -> None:
    """Makes the peers' environment, unless it is there with these versions.

    Raises:
        SystemExit: Where it cannot be made; says why.
    """
    ready = HOME / ".ready"
    if ready.exists() and ready.read_text() == PINS.read_text():
        return
    print(f"installing {', '.join(PEERS.values())} into {HOME.name}", file=sys.stderr, flush=True)
    _install("-m", "venv", "--clear", str(HOME), python=sys.executable)
    words = "-m pip install --quiet --disable-pip-version-check --no-input --retries 2"
    _install(*words.split(), "--requirement", str(PINS), python=str(PYTHON))
    ready.write_text(PINS.read_text())


def _install(*words: str, python: str) -> None:
    done = subprocess.run([python, *words], capture_output=True, check=False, text=True)
    if done.returncode:
        raise SystemExit(
            f"the environment of the peers ({HOME.name}) cannot be made, so there is nothing to"
            f" compare with; is there a network? {_reason(done)}"
        )


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    """The line that says what went wrong."""
    lines = (done.stdout + done.stderr).splitlines() or [f"it ended with {done.returncode}"]
    errors = [line for line in lines if line.startswith(("ERROR", "Error"))]
    return (errors or lines)[-1]


def measured(share: int, pages: int) -> Runs:
    """Runs of ours and of each peer, by turns, over a web of which a share names the law."""
    runs: Runs = defaultdict(list)
    with web(share) as port:
        for _ in range(RUNS):
            runs[OURS].append(_ours(port, pages))
            for peer in PEERS:
                runs[peer].append(_theirs(peer, port, pages))
    return runs


def _ours(port: int, pages: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        (done,) = crawl_in(folder, port, pages)
        with closing(sqlite3.connect(Path(folder, "waiverwatch.db"))) as database:
            rows = database.execute(_KEPT).fetchall()
    return {**done, "found": [(int(url.rpartition("/")[2]), *rest) for url, *rest in rows]}


_KEPT = """
select a.url, r.title, r.text, r.published
from articles a join revisions r on r.article_id = a.id and r.number = a.revision
"""


def _theirs(peer: str, port: int, pages: int) -> dict[str, Any]:
    words = [peer, *map(str, (port, pages, HOSTS))]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            # -P: what lies beside the script is none of theirs.
            [str(PYTHON), "-P", str(ROOT / "tests" / "bench" / "peered.py"), *words],
            cwd=folder,
            env={**os.environ, "NO_PROXY": "*", "no_proxy": "*", "PYTHONPATH": ""},
            capture_output=True,
            check=False,
            text=True,
        )
    if done.returncode:
        raise SystemExit(f"{PEERS[peer]} cannot be timed: {_reason(done)}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if not answer["pages"]:
        raise SystemExit(f"{PEERS[peer]} cannot be timed: it took none of the pages")
    return answer


def _tell_ratio(what: str, ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> None:
    cpu = f"{_cpu_of_page(ours):.0f} to {_cpu_of_page(theirs):.0f} ms CPU a page"
    tell(what, [rate(one) for one in ours], [rate(one) for one in theirs], cpu)


def _cpu_of_page(runs: list[dict[str, Any]]) -> float:
    return statistics.median(1000 * one["cpu"] / one["pages"] for one in runs)


def _tell_right(who: str, found: Iterable[Found], pages: int) -> None:
    """Says for which share of pages title, text and date are exactly those of the page."""
    right = [_right(*one) for one in found]
    title, text, date = (100 * sum(column) / pages for column in zip(*right, strict=True))
    print(f"  {who}: title right of {title:.0f} %, text of {text:.0f} %, date of {date:.0f} %")


def _right(
    number: int, title: str | None, text: str | None, date: str | None
) -> tuple[bool, bool, bool]:
    """Whether title, text and date are right; the headline may stand before the text."""
    html = page(number, 100, 0).decode()
    (headline,) = re.findall(r"<h1>(.*?)</h1>", html)
    story = _plain(" ".join(re.findall(r"<p>(.*?)</p>", html)))
    return (
        _plain(title) == _plain(headline),
        _plain(text).removeprefix(_plain(headline)).strip() == story,
        (date or "").startswith("2025-08-11"),
    )


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())

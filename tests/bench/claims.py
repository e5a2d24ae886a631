"""How many articles a second ``waiverwatch check --format jsonl`` judges on one core.

Articles of 3,000 characters, made of our own labelled cases, in all five languages: of those that
mean the law, and of those about something else with the same number, whose digits are changed, so
that nothing is named. The start of the program and of each language is timed by itself and taken
off, and the best of three runs counts.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

CASES = Path(__file__).parents[1] / "cases"
LENGTH = 3_000
ARTICLES = 600
RUNS = 3
OTHER_NUMBER = str.maketrans("0123456789", "1234567890")


def main() -> None:
    """Prints a line for each kind of article."""
    with tempfile.TemporaryDirectory() as folder:
        named, other, first = (Path(folder) / name for name in ("named", "other", "first"))
        named.write_text("\n".join(_articles(named=True)), "utf-8")
        other.write_text("\n".join(_articles(named=False)), "utf-8")
        first.write_text("\n".join(islice(_articles(named=True), len(_files()))), "utf-8")
        start = min(_seconds(first) for _ in range(RUNS))
        print(f"check --format jsonl, {ARTICLES} articles of {LENGTH} characters, one process")
        print(f"  starting, in every language  {start:8.2f} s")
        slow = _rate(named, start)
        fast = _rate(other, start)
    print(f"  articles that name the law   {slow:8.0f} a second")
    print(f"  articles that do not         {fast:8.0f} a second, {fast / slow:.1f} times as many")


def _articles(*, named: bool) -> Iterator[str]:
    files = cycle([_texts(path, named=named) for path in _files()])
    for number, texts in zip(range(ARTICLES), files, strict=False):
        text = ""
        while len(text) < LENGTH:
            text += next(texts) + "\n"
        if not named:
            text = text.translate(OTHER_NUMBER)
        yield json.dumps({"id": str(number), "title": None, "text": text[:LENGTH]})


def _files() -> list[Path]:
    return sorted(CASES.glob("*.jsonl"))


def _texts(path: Path, *, named: bool) -> Iterator[str]:
    cases = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return cycle([case["text"] for case in cases if (case["label"] != "irrelevant") == named])


def _rate(path: Path, start: float) -> float:
    best = min(_seconds(path) for _ in range(RUNS))
    return ARTICLES / (best - start)


def _seconds(path: Path) -> float:
    command = [sys.executable, "-m", "crawler", "check", "--format", "jsonl", "--json", str(path)]
    begun = perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr.decode())
    return perf_counter() - begun

"""How many articles a second ``waiverwatch check --format jsonl`` judges on one core.

Articles of 3,000 characters, made of our own labelled cases, in all five languages: of those that
mean the law, and of those about something else with the same number, whose digits are changed, so
that nothing is named. What counts is the time of the processor, as other programs may be running,
and the middle one of five runs. The start of the program and of each language is timed by itself,
and taken off.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from statistics import median

CASES = Path(__file__).parents[1] / "cases"
LENGTH = 3_000
NAMED, OTHER = 600, 3_000  # articles; it takes more of what is soon done to tell it from the start
RUNS = 5
OTHER_NUMBER = str.maketrans("0123456789", "1234567890")


def main() -> None:
    """Prints a line for each kind of article."""
    with tempfile.TemporaryDirectory() as folder:
        named, other, one, first = (Path(folder) / name for name in ("named", "other", "1", "5"))
        named.write_text("\n".join(_articles(NAMED, named=True)), "utf-8")
        other.write_text("\n".join(_articles(OTHER, named=False)), "utf-8")
        one.write_text("\n".join(_articles(1, named=True)), "utf-8")
        first.write_text("\n".join(_articles(len(_files()), named=True)), "utf-8")
        # In turn, so that what slows the machine down for a while slows all of them.
        runs = [[_seconds(path) for path in (named, other, one, first)] for _ in range(RUNS)]
    slow, fast, single, start = (median(times) for times in zip(*runs, strict=True))
    named_rate, other_rate = NAMED / (slow - start), OTHER / (fast - start)
    print(f"check --format jsonl, articles of {LENGTH} characters, one process")
    print(f"  starting, for one article    {single:8.2f} s")
    print(f"  starting, in every language  {start:8.2f} s")
    print(f"  articles that name the law   {named_rate:8.0f} a second")
    ratio = other_rate / named_rate
    print(f"  articles that do not         {other_rate:8.0f} a second, {ratio:.1f} times as many")


def _articles(count: int, *, named: bool) -> Iterator[str]:
    files = cycle([_texts(path, named=named) for path in _files()])
    for number, texts in zip(range(count), files, strict=False):
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


def _seconds(path: Path) -> float:
    """The time of the processor that judging a file of articles takes."""
    command = [sys.executable, "-m", "crawler", "check", "--format", "jsonl", "--json", str(path)]
    begun = _spent()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr.decode())
    return _spent() - begun


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

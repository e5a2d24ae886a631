"""How many articles a second ``waiverwatch check --format jsonl`` judges on one core.

Articles of 3,000 characters, made of our own labelled cases, in all five languages:

- as outlets write them: one of our whole articles that mean the law, and then other news;
- about nothing but the law: our cases joined, with a claim in every other sentence;
- about something else: those of another thing of the same number, with other digits.

What counts is the time of the processor, as other programs may be running, and the middle one of
three runs. The start of the program and of each language is timed by itself, and taken off.
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
# Articles: so many that what is made once, as the look-up of each new word, does not count.
NAMED, OTHER = 1_500, 3_000
RUNS = 3
OTHER_NUMBER = str.maketrans("0123456789", "1234567890")


def main() -> None:
    """Prints a line for each kind of article."""
    kinds = {
        "usual": usual(NAMED),
        "dense": joined(NAMED, named=True),
        "other": joined(OTHER, named=False),
        "one": usual(1),
        "first": joined(len(_files("*")), named=True),
    }
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in kinds]
        for path, articles in zip(paths, kinds.values(), strict=True):
            path.write_text("\n".join(articles), "utf-8")
        # In turn, so that what slows the machine down for a while slows all of them.
        runs = [[_seconds(path) for path in paths] for _ in range(RUNS)]
    seconds = dict(zip(kinds, (median(times) for times in zip(*runs, strict=True)), strict=True))
    start = seconds["first"]
    print(f"check --format jsonl, articles of {LENGTH} characters, one process")
    print(f"  starting, for one article         {seconds['one']:8.2f} s")
    print(f"  starting, in every language       {start:8.2f} s")
    print(f"  articles that name the law        {NAMED / (seconds['usual'] - start):8.0f} a second")
    print(f"  about nothing but the law         {NAMED / (seconds['dense'] - start):8.0f} a second")
    print(f"  articles that do not name it      {OTHER / (seconds['other'] - start):8.0f} a second")


def usual(count: int) -> Iterator[str]:
    """Articles of which one part is about the law, and the rest is other news."""
    files = _files("*-articles")
    abouts = [_texts(path, named=True) for path in files]
    others = [_texts(path, named=False) for path in files]
    for number, (about, other) in zip(
        range(count), cycle(zip(abouts, others, strict=True)), strict=False
    ):
        text = next(about) + "\n"
        while len(text) < LENGTH:
            text += next(other).translate(OTHER_NUMBER) + "\n"
        yield _article(number, text)


def joined(count: int, *, named: bool) -> Iterator[str]:
    """Articles made of cases of one kind."""
    files = cycle([_texts(path, named=named) for path in _files("*")])
    for number, texts in zip(range(count), files, strict=False):
        text = ""
        while len(text) < LENGTH:
            text += next(texts) + "\n"
        yield _article(number, text if named else text.translate(OTHER_NUMBER))


def _article(number: int, text: str) -> str:
    return json.dumps({"id": str(number), "title": None, "text": text[:LENGTH]})


def _files(name: str) -> list[Path]:
    return sorted(CASES.glob(f"{name}.jsonl"))


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

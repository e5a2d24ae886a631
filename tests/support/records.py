"""A watch of our own with a small record, and an entry that brings the built-in one up to date."""

from __future__ import annotations

import shutil
from pathlib import Path

BUILT_IN = Path(__file__).parents[2] / "crawler" / "watches" / "section-907"
CURRENT = (
    "record", "add", "--kind", "extension", "--date", "2026-08-08", "--instrument", "A renewal",
    "--citation", "1 FR 1", "--url", "https://fr.example/1", "--until", "2999-01-01",
)  # fmt: skip
RECORD = """
[[event]]
date = 1992-10-24
kind = "enacted"
instrument = "The act"
citation = "106 Stat. 3357"
url = "{act}"
confidence = "high"

[[event]]
date = 2025-08-08
kind = "extension"
instrument = "The memorandum"
citation = "90 FR 1"
url = "{memo}"
confidence = "high"
until = {until}
until_basis = "source"
"""


def own_watch(
    folder: Path,
    until: str = "2999-01-01",
    act: str = "https://law.example/act",
    memo: str = "https://law.example/memo",
    langs: tuple[str, ...] = (),
) -> Path:
    """A watch with the built-in words and rules, and a record whose last waiver ends then.

    With fewer languages it loads sooner, in each process that loads it.
    """
    watch = folder / "watch"
    shutil.copytree(BUILT_IN, watch)
    for lexicon in (watch / "lexicons").iterdir():
        if langs and lexicon.stem not in langs:
            lexicon.unlink()
    text = RECORD.format(act=act, memo=memo, until=until)
    (watch / "record.toml").write_text(text, encoding="utf-8")
    return watch

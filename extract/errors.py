"""What can go wrong in :mod:`extract`.

ExtractError
└── LexiconError    a lexicon or language file that cannot be used
"""

from __future__ import annotations

from pathlib import Path


class ExtractError(Exception):
    """Anything that this package raises on purpose."""


class LexiconError(ExtractError):
    """A lexicon file is wrong; names the file, the line where known, and why.

    Attributes:
        file: The file that holds the entry.
        line: Its line, counted from 1; None where the whole file is meant.
        why: What is wrong, in one line.
    """

    def __init__(self, file: Path, line: int | None, why: str) -> None:
        self.file, self.line, self.why = file, line, why
        place = f"{file}:{line}" if line else str(file)
        super().__init__(f"{place}: {why}")

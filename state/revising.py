"""Says what a visit of a known article brought: nothing, another reading, or an edit. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from extract.article import Article
from extract.claim import Reading
from extract.sameness import essence

Change = Literal["none", "reading", "flip_flop", "edit"]

# A text that is taken back so soon was an accident, or another server's older copy.
FLIP_FLOP = timedelta(days=1)
# Where the old page's bytes are gone, only much of the same text can be the same article read anew.
_MUCH = 0.9


@dataclass(frozen=True, slots=True)
class Version:
    """One state of an article's text.

    Attributes:
        reading: What was read in it.
        versions: What extracted, read and judged it; see :func:`versions_line`.
        seen_at: When it was first seen.
    """

    title: str | None
    text: str
    reading: Reading
    versions: str
    seen_at: datetime

    @property
    def essence(self) -> str:
        """What of it does not change by itself."""
        return essence(self.title, self.text)


def weigh(history: Sequence[Version], new: Version, baseline: Article | None = None) -> Change:
    """What a visit brought.

    ``none``: the same article, whatever moved around it. ``reading``: the same article, read by
    another version of the program or its lexicons. ``flip_flop``: an earlier text, back within a
    day of its change, which is waited out. ``edit``: another text.

    Args:
        history: All texts of the article, oldest first; at least one.
        new: What the visit found.
        baseline: The last text's page as the present program extracts it, where it extracts
            otherwise than the one that kept the text.
    """
    last = history[-1]
    if not _is_same(last, new, baseline):
        earlier = {one.essence for one in history[:-1]}
        back = new.essence in earlier and new.seen_at - last.seen_at < FLIP_FLOP
        return "flip_flop" if back else "edit"
    return "none" if last.versions == new.versions else "reading"


def _is_same(last: Version, new: Version, baseline: Article | None) -> bool:
    if not same_extractor(last.versions, new.versions):
        return _is_same_page(last, new, baseline)
    if last.essence != new.essence:
        return False
    # What is left out as furniture must never have changed what the article claims.
    return last.versions != new.versions or _claims(last.reading) == _claims(new.reading)


def _is_same_page(last: Version, new: Version, baseline: Article | None) -> bool:
    if baseline is not None:
        return essence(baseline.title, baseline.text) == new.essence
    if last.essence == new.essence:
        return True
    words = difflib.SequenceMatcher(None, last.essence.split(), new.essence.split(), autojunk=False)
    return words.ratio() >= _MUCH


def _claims(reading: Reading) -> list[tuple[str, str, str, str]]:
    return [
        (
            " ".join(essence(claim.sentence, "").split()),
            claim.end_state,
            claim.voice,
            claim.modality,
        )
        for claim in reading.claims
    ]


def versions_line(*, program: str, extractor: str, lexicons: str, rules: str) -> str:
    """What reads and judges articles, as one line that is kept with each text."""
    return f"{program}, {_EXTRACTOR}{extractor}, lexicons {lexicons}, rules {rules}"


_EXTRACTOR = "extractor "


def same_extractor(one: str, other: str) -> bool:
    """Whether the same program took two texts out of their pages."""
    return extractor_of(one) == extractor_of(other)


def extractor_of(versions: str) -> str:
    """What took the text out of the page, by the line; empty where it does not say."""
    parts = (part for part in versions.split(", ") if part.startswith(_EXTRACTOR))
    return next(parts, "").removeprefix(_EXTRACTOR)

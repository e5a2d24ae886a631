"""Takes the patterns of a lexicon apart: the steps that lead from word to word."""

from __future__ import annotations

from dataclasses import dataclass

OPENING, CLOSE = "<<", ">>"  # steps of a pattern: where a sentence opens and closes, marks aside
DEFAULT_GAP = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a pattern.

    Attributes:
        words: The words that may stand there, as the pattern writes them; empty for a gap.
        gap: How many tokens a gap skips at most.
        optional: True where the step may be left out.
    """

    words: tuple[str, ...] = ()
    gap: int = 0
    optional: bool = False

    @property
    def needed(self) -> bool:
        """True where one of its words must stand there."""
        return bool(self.words) and not self.optional

    @property
    def edge(self) -> bool:
        """True for the opening or the close of a sentence, where no word stands."""
        return bool(self.words) and self.words[0] in (OPENING, CLOSE)


def read_pattern(pattern: str) -> list[Step]:
    """Returns the steps of ``pattern``, whose words stand with spaces between."""
    return [_read_step(part) for part in pattern.split()]


def _read_step(part: str) -> Step:
    optional = part.endswith("?")
    part = part.removesuffix("?")
    if part.startswith(".."):
        return Step(gap=int(part[2:] or DEFAULT_GAP), optional=optional)
    choices = part.split("/")
    shared = choices[-1].partition("~=")[2]  # "a/b~=state" gives both the feature
    if shared:
        choices = [c if "~" in c else f"{c}~={shared}" for c in choices]
    return Step(tuple(dict.fromkeys(choices)), optional=optional)

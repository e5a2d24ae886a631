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


def spell_out(pattern: str) -> list[str]:
    """Returns the patterns that ``pattern`` stands for, a choice of several words being another.

    Those words are written with ``_`` between: "a/b_c d" is "a d" and "b c d".
    """
    written = [""]
    for part in pattern.split():
        ways = _ways(part) if "_" in part else [part]
        written = [f"{before} {way}" for before in written for way in ways]
    return [one.strip() for one in written]


def _ways(part: str) -> list[str]:
    mark = "?" if part.endswith("?") else ""
    choices = part.removesuffix("?").split("/")
    shared = choices[-1].partition("~=")[2]
    tail = f"~={shared}" if shared else ""
    choices = [choice.removesuffix(tail) for choice in choices]
    alone = [choice for choice in choices if "_" not in choice]
    ways = ["/".join(alone) + tail + mark] if alone else []
    longer = [choice.replace("_", " ") + tail for choice in choices if "_" in choice]
    return ways + longer


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

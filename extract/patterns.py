"""Takes the patterns of a lexicon apart: the steps that lead from word to word."""

from __future__ import annotations

from dataclasses import dataclass

OPENING, CLOSE = "<<", ">>"  # steps of a pattern: where a sentence opens and closes, marks aside
DEFAULT_GAP = 3
SPELT = 64  # patterns that one may stand for: more are hardly meant, and cost time at every start


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

    Raises:
        ValueError: A ``_`` joins no words, or there would be more than ``SPELT`` patterns.
    """
    written = [""]
    for part in pattern.split():
        ways = _ways(part) if "_" in part else [part]
        if len(written) * len(ways) > SPELT:
            raise ValueError(f"{pattern!r}: more than {SPELT} patterns in one, by its '_'")
        written = [f"{before} {way}" for before in written for way in ways]
    return [" ".join(one.split()) for one in written]


def _ways(part: str) -> list[str]:
    mark = "?" if part.endswith("?") else ""
    choices = part.removesuffix("?").split("/")
    shared = choices[-1].partition("~=")[2]
    tail = f"~={shared}" if shared else ""
    choices = [choice.removesuffix(tail) for choice in choices]
    alone = [choice for choice in choices if "_" not in choice]
    ways = ["/".join(alone) + tail + mark] if alone else []
    longer = [choice.split("_") for choice in choices if "_" in choice]
    if not all(word for words in longer for word in words):
        raise ValueError(f"{part!r}: a '_' stands between two words of a choice")
    ways += [" ".join(words) + tail for words in longer]
    return [*ways, ""] if mark and not alone else ways


def read_pattern(pattern: str) -> list[Step]:
    """Returns the steps of ``pattern``, whose words stand with spaces between.

    Raises:
        ValueError: A gap is not written ``..`` or ``..n``, or a choice lacks a word.
    """
    return [_read_step(part) for part in pattern.split()]


def _read_step(part: str) -> Step:
    optional = part.endswith("?")
    part = part.removesuffix("?")
    if part.startswith(".."):
        if part[2:] and not part[2:].isdecimal():
            raise ValueError(f"{part!r}: a gap is written .. or ..n")
        return Step(gap=int(part[2:] or DEFAULT_GAP), optional=optional)
    choices = part.split("/")
    if not all(choices) and part != "/":
        raise ValueError(f"{part!r}: a choice lacks a word")
    shared = choices[-1].partition("~=")[2]  # "a/b~=state" gives both the feature
    if shared:
        choices = [c if "~" in c else f"{c}~={shared}" for c in choices]
    return Step(tuple(dict.fromkeys(choices)), optional=optional)

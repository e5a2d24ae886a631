"""Grows the inflected forms of a word from its stem and an inflection class.

An inflection class maps features to endings. Endings are written in a small notation:

``abc``      letters as they are
``(a|b)``    either; ``(a|)`` or ``(a)?`` makes it optional
``A``        a letter that harmony decides, as the language file's ``[harmony]`` says
``<y>``      only after a vowel
``<:i>``     only after a consonant
``~``        the stem, for endings that also prefix something; without it the ending follows
``-n``       at the start: drop the stem's last n letters first
``@name``    at the end: each ending of the class ``name`` in turn, its features added

All of it is data, so that a new language brings its own classes along.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from extract.tokens import fold

MAX_FORMS = 20_000  # of one word: more is a slip in an ending, not a language


@dataclass(frozen=True, slots=True)
class Sounds:
    """A language's vowels and the letters that harmony decides.

    Attributes:
        vowels: The vowels, lower case.
        harmony: Per deciding letter, a map from the letters it follows to what it becomes. Keys
            that hold vowels look at the last vowel, others at the last letter; "" is the rest.
    """

    vowels: str = ""
    harmony: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _decided: dict[tuple[str, str], str] = field(default_factory=dict, repr=False, compare=False)

    def join(self, stem: str, ending: str) -> str:
        """Returns ``stem`` with ``ending`` attached, each letter decided by what precedes it."""
        return stem + self.ending_after(self.heard(stem), ending)

    def heard(self, stem: str) -> str:
        """Returns all of ``stem`` that decides on an ending: its last vowel and its last letter."""
        last_vowel = next((c for c in reversed(stem) if c in self.vowels), "")
        return last_vowel if stem.endswith(last_vowel) and last_vowel else last_vowel + stem[-1:]

    def ending_after(self, heard: str, ending: str) -> str:
        """Returns ``ending`` as it sounds after a stem of which ``heard`` is heard."""
        known = self._decided.get((heard, ending))
        if known is None:
            word = heard
            for letter, condition in _letters(ending):
                if condition and self._ends_in_vowel(word) != (condition == "vowel"):
                    continue
                word += self._decide(word, letter)
            known = self._decided[heard, ending] = word[len(heard) :]
        return known

    def _ends_in_vowel(self, word: str) -> bool:
        return bool(word) and word[-1] in self.vowels

    def _decide(self, word: str, letter: str) -> str:
        choices = self.harmony.get(letter)
        if choices is None:
            return letter
        last_vowel = next((c for c in reversed(word) if c in self.vowels), "")
        last_letter = word[-1:]
        for follows, becomes in choices.items():
            seen = last_vowel if follows and follows[0] in self.vowels else last_letter
            if seen and seen in follows:
                return becomes
        return choices.get("", "")


def _letters(ending: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(ending):
        if ending[position] == "<":
            close = ending.index(">", position)
            inner = ending[position + 1 : close]
            condition = "consonant" if inner.startswith(":") else "vowel"
            for letter in inner.lstrip(":"):
                yield letter, condition
            position = close + 1
        else:
            yield ending[position], ""
            position += 1


def expand(pattern: str) -> list[str]:
    """Returns every ending that ``pattern`` stands for.

    Raises:
        ValueError: Brackets do not match.
    """
    alternatives, rest = _alternatives(pattern, 0)
    if rest != len(pattern):
        raise ValueError(f"unmatched ')' in ending {pattern!r}")
    return alternatives


def _alternatives(pattern: str, position: int) -> tuple[list[str], int]:
    done: list[str] = []
    current = [""]
    while position < len(pattern) and pattern[position] != ")":
        if pattern[position] == "|":
            done += current
            current, position = [""], position + 1
            continue
        if pattern[position] == "(":
            inner, position = _alternatives(pattern, position + 1)
            if position >= len(pattern):
                raise ValueError(f"unmatched '(' in ending {pattern!r}")
            position += 1
        else:
            inner, position = [pattern[position]], position + 1
        if position < len(pattern) and pattern[position] == "?":
            inner, position = [*inner, ""], position + 1
        current = [left + right for left, right in product(current, inner)]
    return done + current, position


@dataclass(frozen=True, slots=True)
class Inflection:
    """An inflection class: pairs of a set of features and the endings that carry it."""

    endings: tuple[tuple[frozenset[str], tuple[str, ...]], ...]

    def forms(self, stem: str, sounds: Sounds) -> dict[str, set[str]]:
        """Returns every form of ``stem``, folded, with the features it may carry.

        Raises:
            ValueError: There are more than ``MAX_FORMS``.
        """
        forms: dict[str, set[str]] = {}
        bases = [_Base(stem[: len(stem) - n], sounds) for n in range(MOST_DROPPED + 1)]
        for features, endings in self.endings:
            for ending in endings:
                forms.setdefault(_attach(bases, ending), set()).update(features)
            if len(forms) > MAX_FORMS:
                raise ValueError(f"over {MAX_FORMS} forms of {stem!r}")
        return forms


MOST_DROPPED = 9  # letters of a stem, as a digit can say


class _Base:
    """What an ending is attached to; a stem without its last letters, perhaps."""

    def __init__(self, stem: str, sounds: Sounds) -> None:
        self._heard = sounds.heard(stem)
        self._folded = fold(stem)
        self._sounds = sounds

    def attach(self, ending: str) -> str:
        return self._folded + fold(self._sounds.ending_after(self._heard, ending))


def _attach(bases: Sequence[_Base], ending: str) -> str:
    base = bases[0]
    if ending.startswith("-") and ending[1:2].isdigit():
        base, ending = bases[int(ending[1])], ending[2:]
    if "~" in ending:
        before, after = ending.split("~", 1)
        return fold(before) + base.attach(after)
    return base.attach(ending)


def read_inflection(
    table: Mapping[str, str | list[str]], known: Mapping[str, Inflection] | None = None
) -> Inflection:
    """Returns the class that a ``[inflection.NAME]`` table describes.

    Keys are features joined by ``+``; values are one ending pattern or several, which may build
    on the ``known`` classes.

    Raises:
        ValueError: An ending cannot be read.
    """
    endings = []
    for features, patterns in table.items():
        own = frozenset(features.split("+"))
        for pattern in [patterns] if isinstance(patterns, str) else patterns:
            endings += _endings(own, pattern, known or {})
    return Inflection(tuple(endings))


def _endings(
    own: frozenset[str], pattern: str, known: Mapping[str, Inflection]
) -> list[tuple[frozenset[str], tuple[str, ...]]]:
    before, at, name = pattern.partition("@")
    grown = expand(before)
    if not at:
        return [(own, tuple(grown))]
    if name not in known:
        raise ValueError(f"no inflection class {name!r} above this one")
    return [
        (own | features, tuple(left + right for left in grown for right in endings))
        for features, endings in known[name].endings
    ]

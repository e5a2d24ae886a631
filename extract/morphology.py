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

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import NamedTuple

from extract.tokens import fold

MAX_FORMS = 20_000  # of one word: more is a slip in an ending, not a language


@dataclass(frozen=True, slots=True, eq=False)
class Sounds:
    """A language's vowels and the letters that harmony decides.

    Attributes:
        vowels: The vowels, lower case.
        harmony: Per deciding letter, a map from the letters it follows to what it becomes. Keys
            that hold vowels look at the last vowel, others at the last letter; "" is the rest.
    """

    vowels: str = ""
    harmony: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _decided: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)
    _letters: dict[str, str] = field(default_factory=lambda: {"": ""}, repr=False)
    _first: dict[tuple[bool, ...], str] = field(default_factory=dict, repr=False)

    def join(self, stem: str, ending: str) -> str:
        """Returns ``stem`` with ``ending`` attached, each letter decided by what precedes it."""
        return stem + self.ending_after(self.heard(stem), ending)

    def heard(self, stem: str) -> str:
        """Returns all of ``stem`` that decides on an ending: its last vowel and its last letter.

        Of letters between which no rule tells, one stands for all.
        """
        last_vowel = next((c for c in reversed(stem) if c in self.vowels), "")
        if last_vowel and stem[-1] == last_vowel:
            return self._alike(last_vowel)
        return "".join(map(self._alike, (last_vowel, *stem[-1:])))

    def _alike(self, letter: str) -> str:
        known = self._letters.get(letter)
        if known is None:
            rules = (follows for choices in self.harmony.values() for follows in choices)
            told = (letter in self.vowels, *(letter in follows for follows in rules))
            known = self._letters[letter] = self._first.setdefault(told, letter)
        return known

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


@dataclass(frozen=True)
class Inflection:
    """An inflection class: pairs of a set of features and the endings that carry it."""

    endings: tuple[tuple[frozenset[str], tuple[str, ...]], ...]
    _attached: dict[tuple[Sounds, tuple[str, ...]], tuple[_Ending, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def forms(self, stem: str, sounds: Sounds) -> dict[str, frozenset[str]]:
        """Returns every form of ``stem``, folded, with the features it may carry.

        Raises:
            ValueError: There are more than ``MAX_FORMS``.
        """
        bases = {dropped: stem[: len(stem) - dropped] for dropped in self.drops}
        folded = {dropped: fold(base) for dropped, base in bases.items()}
        forms: dict[str, frozenset[str]] = {}
        for dropped, before, after, features in self._after(bases, sounds):
            form = f"{before}{folded[dropped]}{after}"
            known = forms.get(form)
            forms[form] = features if known is None else known | features
        if len(forms) > MAX_FORMS:
            raise ValueError(f"over {MAX_FORMS} forms of {stem!r}")
        return forms

    @cached_property
    def drops(self) -> tuple[int, ...]:
        """How many letters of the stem the endings drop; no ending drops another number."""
        listed = (ending for _, endings in self.endings for ending in endings)
        return tuple(sorted({_taken_apart(ending)[0] for ending in listed}))

    @cached_property
    def features(self) -> frozenset[str]:
        """Every feature that a form may carry."""
        return frozenset(feature for features, _ in self.endings for feature in features)

    @cached_property
    def size(self) -> int:
        """How many endings there are."""
        return sum(len(endings) for _, endings in self.endings)

    def _after(self, bases: Mapping[int, str], sounds: Sounds) -> tuple[_Ending, ...]:
        """Returns the endings as they sound after a stem; stems that sound alike share them."""
        heard = {dropped: sounds.heard(base) for dropped, base in bases.items()}
        key = (sounds, tuple(heard.values()))
        known = self._attached.get(key)
        if known is None:
            known = self._attached[key] = tuple(self._sounding(heard, sounds))
        return known

    def _sounding(self, heard: Mapping[int, str], sounds: Sounds) -> Iterator[_Ending]:
        merged: dict[tuple[int, str, str], frozenset[str]] = {}
        for features, endings in self.endings:
            for ending in endings:
                dropped, before, after = _taken_apart(ending)
                sound = fold(sounds.ending_after(heard[dropped], after))
                place = (dropped, fold(before), sound)
                known = merged.get(place)
                merged[place] = features if known is None else known | features
        return (_Ending(*place, features) for place, features in merged.items())


class _Ending(NamedTuple):
    """An ending as it sounds: how many letters it drops, what stands before the stem and after."""

    dropped: int
    before: str
    after: str
    features: frozenset[str]


def _taken_apart(ending: str) -> tuple[int, str, str]:
    """Returns how many letters an ending drops, and what it says before the stem and after."""
    drops = ending.startswith("-") and ending[1:2].isdigit()
    dropped, rest = (int(ending[1]), ending[2:]) if drops else (0, ending)
    before, stem, after = rest.partition("~")
    return (dropped, before, after) if stem else (dropped, "", before)


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

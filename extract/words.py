"""The words of a lexicon's patterns, and the forms they grow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from extract.morphology import MAX_FORMS, Inflection, Sounds
from extract.tokens import fold

Readings = tuple[tuple[str, frozenset[str]], ...]
"""The words that a form may be, each with the features it then carries."""
ANY = "*"  # opens a word that stands for each that bears its ending


@dataclass(frozen=True, slots=True)
class Word:
    """A word as a pattern writes it.

    Attributes:
        stem: Its stem, or the whole of it where it does not inflect.
        inflection: How it inflects; None where it does not.
        features: What a form must carry; of a word that does not inflect, what it carries.
    """

    stem: str
    inflection: Inflection | None = None
    features: frozenset[str] = frozenset()

    def forms(self, sounds: Sounds) -> dict[str, frozenset[str]]:
        """Returns its folded forms, with the features each may carry."""
        if self.inflection is None:
            return {fold(self.stem): self.features}
        grown = self.inflection.forms(self.stem, sounds)
        if not self.features:
            return grown
        return {form: known for form, known in grown.items() if self.features <= known}

    @property
    def core(self) -> str:
        """What every form holds, folded: its stem, as far as no ending drops it."""
        drops = self.inflection.drops if self.inflection else (0,)
        kept = min((self.stem[: len(self.stem) - dropped] for dropped in drops), key=len)
        return fold(kept).removeprefix(ANY)


def read_word(spec: str, inflections: Mapping[str, Inflection]) -> Word:
    """Returns the word: ``stem``, ``stem~class``, ``stem~class:feature`` or ``word~=feature``.

    Raises:
        ValueError: There is no such class, none of its forms carries the feature, or it grows
            forms without end.
    """
    stem, _, inflected = spec.partition("~")
    name, _, wanted = inflected.partition(":")
    if not name:
        return Word(stem)
    if name.startswith("="):
        return Word(stem, features=frozenset(name[1:].split("+")))
    if name not in inflections:
        raise ValueError(f"{spec!r}: no inflection class {name!r}")
    inflection = inflections[name]
    needed = frozenset(wanted.split("+")) if wanted else frozenset()
    if not needed <= inflection.features:
        raise ValueError(f"{spec!r}: no form carries {wanted!r}")
    if inflection.size > MAX_FORMS:
        raise ValueError(f"{spec!r}: over {MAX_FORMS} forms")
    return Word(stem, inflection, needed)


def grow_forms(words: Mapping[str, Word], sounds: Sounds) -> dict[str, Readings]:
    """Returns every form of ``words``, with the words it may be."""
    forms: dict[str, Readings] = {}
    for spec, word in words.items():
        alone: dict[frozenset[str], Readings] = {}  # forms that carry the same share a reading
        for form, features in word.forms(sounds).items():
            reading = alone.get(features)
            if reading is None:
                reading = alone[features] = ((spec, features),)
            forms[form] = forms[form] + reading if form in forms else reading
    return forms

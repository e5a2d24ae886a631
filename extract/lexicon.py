"""What a lexicon holds once it is loaded: entries, the words they are made of, and the grammar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Literal

from extract.entry import NAMES, Entry, Side
from extract.morphology import Sounds
from extract.needles import Needles
from extract.patterns import Step, read_pattern
from extract.tree import Node, reach
from extract.vocabulary import Vocabulary
from extract.words import Readings, Word, grow_forms


@dataclass(frozen=True, slots=True)
class Binding:
    """How an action finds the thing it ends.

    Attributes:
        forms: Features of the action this rule is for, any of them; ``a+b`` asks for both.
        side: Where to look.
        cases: Features the thing must carry, where it carries any; empty: any.
        gap: How many unknown words may lie between.
        before: A word group of which one must stand in the verb group before the action.
        also: Another such group, where two are asked for ("would have *been* repealed").
        lacks: A word group of which none may stand there.
        between: A word group of which one must lie between.
        reads: What the action's form turns out to be; empty: what its features say.
        commas: How many commas may lie between.
        agrees: True where action and thing must not differ in case, gender or number.
        governed: A word group of which one must stand directly before the thing. Without it, none
            of the group ``preposition`` may; ``any``: it makes no difference.
        over: True where things may lie between that differ in case, or that a word of the group
            ``postposition`` follows.
        initial: True where the action must open its sentence, or stand right behind a mark.
        objectless: True where no object (another thing, a word of the group ``determiner``) may
            directly follow the action.
        stops: A word group of endings; a word that bears one is the thing itself, unknown as it is.
    """

    forms: frozenset[str]
    side: Side
    cases: frozenset[str] = frozenset()
    gap: int = 2
    before: str = ""
    between: str = ""
    lacks: str = ""
    reads: str = ""
    commas: int = 3
    agrees: bool = False
    governed: str = ""
    over: bool = False
    stops: str = ""
    initial: bool = False
    objectless: bool = False
    also: str = ""

    def is_for(self, features: frozenset[str]) -> bool:
        """True for an action that carries ``features``."""
        return "any" in self.forms or any(features.issuperset(f.split("+")) for f in self.forms)


CASES = frozenset(("nom", "acc", "gen", "dat", "loc", "abl", "ins"))
GENDERS = frozenset(("masc", "fem", "neut", "plur"))


def agree(
    one: frozenset[str], other: frozenset[str], categories: tuple[frozenset[str], ...]
) -> bool:
    """True where two words, by all that is known of them, share a value of each category."""
    return all(
        not (one & values and other & values) or bool(one & other & values) for values in categories
    )


@dataclass(frozen=True)
class Grammar:
    """What the reading of a language needs beside its entries.

    Attributes:
        lang: ISO 639-1 code.
        head: Whether a noun's complement follows it (``first``) or precedes it (``last``).
        words: Groups of words by their part in a sentence: ``light``, ``barrier``, ``link``, ...
        abbreviations: Words whose full stop ends no sentence; with ``#``, before a number only.
        modality: The modality that a form of an action has by itself, by feature.
        ordinal_dot: True where a number and a full stop make an ordinal.
        definite: True where a later mention ("the amendment") needs a word of ``definite``.
        reported_left: True where a verb of saying stands at the end of what is said.
    """

    lang: str
    head: Literal["first", "last"]
    words: Mapping[str, frozenset[str]]
    bindings: tuple[Binding, ...]
    modality: Mapping[str, str]
    abbreviations: frozenset[str]
    ordinal_dot: bool = False
    definite: bool = False
    reported_left: bool = False
    _joined: dict[tuple[str, ...], frozenset[str]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _bindings_for: dict[frozenset[str], tuple[Binding, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def any_of(self, *groups: str) -> frozenset[str]:
        """Returns the words of several groups."""
        known = self._joined.get(groups)
        if known is None:  # asked for by name, and so no more than the program names
            empty: frozenset[str] = frozenset()
            known = empty.union(*(self.words.get(group, empty) for group in groups))
            self._joined[groups] = known
        return known

    def bindings_for(self, features: frozenset[str]) -> tuple[Binding, ...]:
        """Returns the bindings of an action that carries ``features``, in order."""
        known = self._bindings_for.get(features)
        if known is None:  # a language has so many sets of features, and no more
            known = tuple(binding for binding in self.bindings if binding.is_for(features))
            self._bindings_for[features] = known
        return known


@dataclass(frozen=True)
class Lexicon:
    """A language's entries, ready for matching.

    Attributes:
        words: The words of the patterns, by the name they have in the pattern tree.
        root: The pattern tree over words.
    """

    grammar: Grammar
    entries: tuple[Entry, ...]
    words: Mapping[str, Word]
    sounds: Sounds
    root: Node

    def __getstate__(self) -> dict[str, object]:
        """What was loaded; what was grown from it since, a copy in another process grows itself."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @cached_property
    def forms(self) -> Mapping[str, Readings]:
        """For every folded form, the words it may be and the features it then carries.

        Grown when the language is first read, since most runs read few languages.
        """
        return grow_forms(self.words, self.sounds)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What the words of a text are, as far as a pattern may hold them."""
        return Vocabulary(self.forms, self.root)

    @cached_property
    def names(self) -> Vocabulary:
        """The same of the patterns alone that name the law, or may; found in more places than here.

        What opens and closes a sentence makes no difference to them, nor does a longer match.
        """
        root = Node()
        for entry, steps in self._naming():
            for node in reach(root, steps):
                node.entries += (entry,)
        named = {word for steps in self.naming_steps() for step in steps for word in step.words}
        used = {name: word for name, word in self.words.items() if name in named}
        return Vocabulary(grow_forms(used, self.sounds), root)

    @cached_property
    def needles(self) -> Needles:
        """What a text must hold for the law to be named in it: made of the patterns themselves."""
        return Needles(
            [[self.words[word].core for word in step.words] for step in steps if step.needed]
            for steps in self.naming_steps()
        )

    def naming_steps(self) -> Iterator[list[Step]]:
        """Yields the steps of every pattern that names the law, or may."""
        return (steps for _, steps in self._naming())

    def _naming(self) -> Iterator[tuple[Entry, list[Step]]]:
        """Yields the patterns that name the law, or may."""
        for entry in self.entries:
            titled = entry.kind == "context" and entry.value == "title"
            if entry.kind in NAMES or titled:  # a noun beside the title names the law
                for pattern in entry.patterns:
                    yield entry, [step for step in read_pattern(pattern) if not step.edge]

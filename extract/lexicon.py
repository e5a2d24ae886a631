"""What a lexicon holds once it is loaded: entries, the words they are made of, and the grammar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from extract.claim import EndState
from extract.morphology import Sounds
from extract.words import Readings, Word, grow_forms

Side = Literal["left", "right", "both"]

# What an entry can stand for. The first group belongs to a law, the second to a language.
KINDS = {
    "name": "names the law",
    "bare": "may name the law, where the article names it elsewhere",
    "description": "describes the law without naming it",
    "other": "another thing under the same number or word",
    "context": "a sign that the article is about the law's field",
    "foreign": "a sign that the article is about another field",
    "action": "how a law, a waiver or a restriction ends, stands or is set aside",
    "noun": "a thing that can be ended: its class says what",
    "negation": "denies",
    "prospect": "places in the future: wish, duty, plan, request",
    "hypothesis": "supposes, or comes near without reaching",
    "question": "asks",
    "fact": "presupposes, against a cue that would place in the future",
    "temporary": "limits in time, so that an end is a suspension",
    "manner": "says how it was done; its value names the manner",
    "speech": "attributes to a speaker",
    "credit": "names the source of a report, who is no speaker",
    "correction": "says that what was claimed is not so",
    "repeat": "says that the waiver spoken of before was, or lacked, its like",
    "pass": "means nothing here; hides what it contains",
}
NOUN_CLASSES = (
    "law",
    "waiver",
    "restriction",
    "ban",
    "embargo",
    "effect",
    "part",
    "other",
    "pronoun",
    "one",
    "rival",
)
# What a repeat says, by its value.
REPEATS: dict[str, EndState] = {"": "waived", "lapsed": "lapsed"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a lexicon.

    Attributes:
        kind: One of :data:`KINDS`.
        value: Of an action: which; of a noun: its class; of a correction: "yes" or "no" where it
            only answers a question, "so" or "not" where it only takes up what was just said ("They
            did not"); of another thing of the law's number: "thing" where it is no law; of a
            hypothesis: "hedge" where it comes near without supposing; of a manner: its name;
            of a repeat: "lapsed" where the waiver was not renewed; else empty.
        side: Where the cue's scope lies.
        reach: How many tokens the scope is long (of a noun: how many sentences back it may refer).
        forms: Features of an action, or names of actions, to which the cue applies; empty: all.
        commas: How many commas the cue's scope may cross.
        match: Texts in which the entry must be found.
        unlike: Texts in which it must not be found.
    """

    kind: str
    value: str
    patterns: tuple[str, ...]
    side: Side
    reach: int
    forms: frozenset[str]
    commas: int
    match: tuple[str, ...]
    unlike: tuple[str, ...]
    file: Path
    line: int


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


CASES = frozenset(("nom", "acc", "gen", "dat", "loc", "abl", "ins"))
GENDERS = frozenset(("masc", "fem", "neut", "plur"))


def agree(
    one: frozenset[str], other: frozenset[str], categories: tuple[frozenset[str], ...]
) -> bool:
    """True where two words, by all that is known of them, share a value of each category."""
    return all(
        not (one & values and other & values) or bool(one & other & values) for values in categories
    )


@dataclass(frozen=True, slots=True)
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


@dataclass(slots=True)
class Node:
    """A step of the pattern tree: what may follow, and which entries end here."""

    next: dict[str, Node] = field(default_factory=dict)
    gaps: dict[int, Node] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)


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

    @cached_property
    def forms(self) -> Mapping[str, Readings]:
        """For every folded form, the words it may be and the features it then carries.

        Grown when the language is first read, since most runs read few languages.
        """
        return grow_forms(self.words, self.sounds)

    @cached_property
    def endings(self) -> tuple[int, ...]:
        """How long the endings are that stand for any word that bears them ("*able")."""
        return tuple(sorted({len(f) - 1 for f in self.forms if f[:1] == "*" and f[1:]}))

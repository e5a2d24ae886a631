"""An entry of a lexicon: words that stand for something, and what they stand for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from extract.claim import EndState

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
NAMES = ("name", "bare", "description")
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
NO_FORM = "none"
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
        reach: How many words the scope is long, a name of the law being one (of a noun: how many
            sentences back it may refer).
        forms: Features of an action, or names of actions or of classes of nouns, to which the cue
            applies; empty: all; :data:`NO_FORM`: none, so that the cue only hides what it contains.
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

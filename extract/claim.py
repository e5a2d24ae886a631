"""The values that reading an article yields: mentions of the law, and claims about its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EndState = Literal["repealed", "lifted", "waived", "lapsed", "in_force", "waiver_repealed"]
Voice = Literal["own", "quoted", "reported"]
Modality = Literal["asserted", "negated", "prospective", "hypothetical", "question"]


@dataclass(frozen=True, slots=True)
class Cue:
    """A stretch of text that decided something, and what it decided.

    Attributes:
        kind: What the cue stands for: ``law``, ``end_state``, ``negation``, ``prospect``...
        start: Offset of the first character in the article's text, for title claims in the title.
        end: Offset after the last character.
    """

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A span that names the law. Offsets count as in :class:`Cue`."""

    text: str
    start: int
    end: int
    in_title: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that says how the law ends or stands. Offsets count as in :class:`Cue`."""

    sentence: str
    start: int
    end: int
    in_title: bool
    end_state: EndState
    voice: Voice
    modality: Modality
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one article says of the law.

    Attributes:
        lang: The language whose lexicon was used; None where there is none.
        mentions: Every span that names the law, in order, title first.
        claims: Every claim about the law's end, in order, title first.
        unread: Why the article could not be read (no text, a language without a lexicon); None
            where it was read. An article that nowhere names the law is read, and has no mentions.
    """

    lang: str | None
    mentions: tuple[Mention, ...] = ()
    claims: tuple[Claim, ...] = ()
    unread: str | None = None

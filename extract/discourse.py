"""What an article speaks of: the things in a sentence, and what was spoken of before."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """A thing in a sentence.

    Attributes:
        first: Index of its first token, its governing noun included.
        last: Index of its last token.
        thing: ``law``, ``waiver``, ``restriction``, ``ban`` or ``other``.
        features: Of the word that decides its case.
        law: The tokens that name the law in it, None where it does not.
        explicit: True where the law is named or described, not merely spoken of again.
    """

    first: int
    last: int
    thing: str
    features: frozenset[str]
    law: tuple[int, int] | None = None
    explicit: bool = False


@dataclass(slots=True)
class Discourse:
    """What has been spoken of so far, for resolving later mentions."""

    law_line: int = -1000
    law_seen: bool = False
    law_features: frozenset[str] = frozenset()
    topic_line: int = -1000
    waiver_line: int = -1000
    rival_line: int = -1000
    item_line: int = -1000
    rival_features: frozenset[str] = frozenset()
    claim_line: int = -1000
    ended_line: int = -1000
    ahead_line: int = -1000
    first_line: int = 0
    asked_line: int = -1000
    bill_line: int = -1000
    paper_line: int = -1000
    wish_line: int = -1000

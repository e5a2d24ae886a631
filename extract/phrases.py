"""Finds the things that an action may be done to: the law, its waiver, what it restricts, others.

A thing may be named, described, or spoken of again ("the amendment", "it"). A noun that governs a
thing decides what is meant: the *waiver of* the law is no longer the law.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract.lexicon import CASES, GENDERS, Grammar, agree
from extract.lines import Line
from extract.matching import Term
from extract.naming import NAMES

FAR = 20  # sentences: a noun that may refer this far back is hardly used of anything else
# What a noun stands for that is used of many things, where it can only be the law's.
_MEANT = {"law": "law", "pronoun": "law", "ban": "ban", "embargo": "restriction"}
YEAR_NEAR = 3  # tokens: a year this close to a noun dates it
_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
AHEAD = 4  # sentences: how far ahead of its first naming the law may be called by a noun


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
    claim_line: int = -1000
    first_line: int = 0
    asked_line: int = -1000
    bill_line: int = -1000
    paper_line: int = -1000
    wish_line: int = -1000


def find_phrases(line: Line, grammar: Grammar, discourse: Discourse) -> list[Phrase]:
    """Returns the things in ``line``, by position, and notes in ``discourse`` what they were."""
    phrases = [_named(term) for term in line.of(*NAMES)]
    taken = {n for p in phrases for n in range(p.first, p.last + 1)}
    if phrases:
        if line.index - discourse.law_line > 1:
            discourse.law_features = frozenset()
        discourse.law_line, discourse.law_seen = line.index, True
        discourse.topic_line = line.index
        discourse.law_features = discourse.law_features.union(*(p.features for p in phrases))
    for term in line.of("noun"):
        if taken.isdisjoint(range(term.first, term.last + 1)):
            phrase = _noun(term, line, grammar, discourse, phrases)
            if phrase is not None:
                phrases.append(phrase)
    if line.holds(grammar.words.get("paper", frozenset())):
        discourse.paper_line = line.index
    phrases.sort(key=lambda p: p.first)
    return _govern(phrases, line, grammar)


def _named(term: Term) -> Phrase:
    thing = "law"
    described = term.value.removesuffix("-alone")
    if term.kind == "description" and described in ("restriction", "ban"):
        thing = described
    span = (term.first, term.last)
    return Phrase(term.first, term.last, thing, term.features, span, explicit=True)


def _noun(
    term: Term, line: Line, grammar: Grammar, discourse: Discourse, named: list[Phrase]
) -> Phrase | None:
    thing = term.value
    if thing == "rival":
        discourse.rival_line = line.index
        return Phrase(term.first, term.last, "other", term.features)
    if thing == "one":
        if line.index - discourse.waiver_line > 1:
            return None
        thing = "waiver"
    if thing in _MEANT:
        if not _refers(term, line, grammar, discourse, named):
            return (
                None
                if thing == "pronoun"
                else Phrase(term.first, term.last, "unknown", term.features)
            )
        if term.features & GENDERS:  # what agrees in gender is sure enough to build on
            discourse.topic_line = line.index
        return Phrase(term.first, term.last, _MEANT[thing], term.features, (term.first, term.last))
    return Phrase(term.first, term.last, thing, term.features)


def _refers(
    term: Term, line: Line, grammar: Grammar, discourse: Discourse, named: list[Phrase]
) -> bool:
    """True where a later mention can only mean the law."""
    ahead = discourse.first_line - line.index <= AHEAD or line.index == 0
    if ahead and not discourse.law_seen and term.entry.reach >= FAR:
        # An opening may name it short; the text then names it.
        return discourse.rival_line < 0 and _definite(term, line, grammar)
    if not discourse.law_seen or _is_taken(term, line, grammar, discourse):
        return False
    if term.value != "pronoun" and _is_another(term, line, grammar):
        return False
    back = line.index - max(discourse.law_line, discourse.topic_line)
    if term.value == "pronoun":
        return _stands_for(term, back, _nearer(term, line, grammar), discourse, named)
    return back <= term.entry.reach and _definite(term, line, grammar)


def _is_taken(term: Term, line: Line, grammar: Grammar, discourse: Discourse) -> bool:
    """True where something spoken of since may be meant.

    That is another law, or the memorandum or bill (of the group ``paper``) that "the document" is.
    """
    document = line.tokens[term.last].norm in grammar.words.get("document", frozenset())
    return discourse.rival_line > discourse.law_line or (
        document and discourse.paper_line >= discourse.law_line
    )


def _is_another(term: Term, line: Line, grammar: Grammar) -> bool:
    """True where its own words tell a noun from the law: "the 1946 act", "a clause on the repeal".

    Years of the law's own stand in the word group ``year``.
    """
    beside = (
        line.tokens[term.last + 1 : term.last + 1 + YEAR_NEAR]
        if grammar.head == "first"
        else line.tokens[max(0, term.first - YEAR_NEAR) : term.first]
    )
    if grammar.head == "first":
        beside = [*line.tokens[max(0, term.first - 1) : term.first], *beside]
    years = {found[0] for token in beside if (found := _YEAR.match(token.norm))}
    if years and not years & grammar.words.get("year", frozenset()):
        return True
    return _is_on_an_end(term, line, grammar)


def _is_on_an_end(term: Term, line: Line, grammar: Grammar) -> bool:
    """True for the clause of a bill that is about an end, by a word of the group ``about``."""
    about = grammar.words.get("about", frozenset())
    step = 1 if grammar.head == "first" else -1
    place = term.last + 1 if step > 0 else term.first - 1
    if not 0 <= place < len(line.tokens) or line.tokens[place].norm not in about:
        return False
    light = grammar.words.get("light", frozenset())
    place += step
    while 0 <= place < len(line.tokens) and line.tokens[place].norm in light:
        place += step
    ends = (t for t in line.of("action") if "noun" in t.features)
    return any(t.first <= place <= t.last for t in ends)


def _nearer(term: Term, line: Line, grammar: Grammar) -> bool:
    """True where ``line`` names another thing before ``term``.

    What only acts on laws (the word group ``agent``: "the bill would repeal it") does not count.
    """
    agents = grammar.words.get("agent", frozenset())
    return any(
        other.value == "other"
        and other.last < term.first
        and line.tokens[other.last].norm not in agents
        for other in line.of("noun")
    )


def _stands_for(
    term: Term, back: int, nearer: bool, discourse: Discourse, named: list[Phrase]
) -> bool:
    """True where a pronoun can mean the law: it was spoken of last, and nothing else since."""
    if not agree(term.features, discourse.law_features, (GENDERS,)):
        return False
    if any(p.thing != "other" and p.last < term.first for p in named):
        return True
    return not nearer and 0 < back <= min(term.entry.reach, 2)


def _definite(term: Term, line: Line, grammar: Grammar) -> bool:
    """True where an article or the like stands before ``term``, with only epithets between.

    Where a language has none, every noun is as good. A noun that is used of many things (of a
    short reach) may have no unknown word between: "the road-haulage act" is another's.
    """
    if not grammar.definite:
        return True
    definite = grammar.words.get("definite", frozenset())
    epithets = grammar.words.get("epithet", frozenset())
    unknown = 1 if term.entry.reach >= FAR else 0
    for token in reversed(line.tokens[max(0, term.first - 4) : term.first]):
        if token.norm in definite:
            return True
        if token.text in "“\"'‘," or token.norm in epithets or token.norm.isdigit():
            continue
        unknown -= 1
        if unknown < 0:
            return False
    return False


def _govern(phrases: list[Phrase], line: Line, grammar: Grammar) -> list[Phrase]:
    """Joins a thing to the noun that governs it, where one does."""
    joined: list[Phrase] = []
    for phrase in phrases:
        previous = joined[-1] if joined else None
        if previous is not None and _linked(previous, phrase, line, grammar):
            joined[-1] = _join(previous, phrase, grammar)
        else:
            joined.append(phrase)
    return joined


def _linked(left: Phrase, right: Phrase, line: Line, grammar: Grammar) -> bool:
    if grammar.head == "first":
        return _leads(left, right, line, grammar)
    return _apposed(left, right, line, grammar) or _complements(left, right, line, grammar)


def _leads(left: Phrase, right: Phrase, line: Line, grammar: Grammar) -> bool:
    """True where ``left`` is the head, or the first part of a compound, that ``right`` follows."""
    between = range(left.last + 1, right.first)
    again = left.thing == "ban" and not left.explicit and right.explicit
    if (left.law is not None and not again) or right.thing == "unknown":
        return _compound(left, right)
    if "gen" in right.features and grammar.words.get("genitive_link"):
        return False  # "its" belongs to what follows
    after = line.tokens[right.last + 1 : right.last + 2]
    if any(token.norm in grammar.words.get("to_word", ()) for token in after):
        return False  # "a petition for the section to be repealed"
    strict = left.thing == "other"
    if CASES & right.features:  # the genitive links; another case needs a preposition
        bare = _bridged(between, line, grammar, need_link=False, strict=True)
        if "gen" in right.features and bare:
            return True
        if not between:
            return False
    return _bridged(between, line, grammar, need_link=True, strict=strict)


def _apposed(left: Phrase, right: Phrase, line: Line, grammar: Grammar) -> bool:
    """True for "the last obstacle, Section 5": the mark between renames the one as the other."""
    between = line.tokens[left.last + 1 : right.first]
    marks = grammar.words.get("apposition", frozenset())
    renamed = left.law is None and left.thing not in ("other", "waiver") and right.explicit
    return (
        renamed
        and len(between) == 1
        and between[0].text in marks
        and agree(left.features, right.features, (CASES,))
    )


def _complements(left: Phrase, right: Phrase, line: Line, grammar: Grammar) -> bool:
    """True where ``right`` is the head that follows its complement ``left``.

    The genitive reaches farther than a bare noun. Another case links only to what is named by its
    law ("exemption from", "restrictions under").
    """
    if left.law is None and left.thing not in ("waiver", "restriction", "part", "effect"):
        return False
    if right.law is not None and (right.explicit or right.thing != "ban"):
        return False
    between = range(left.last + 1, right.first)
    if any(line.tokens[n].norm in grammar.words.get("and_or", ()) for n in between):
        return False
    genitive = not left.features or bool({"gen", "bare"} & left.features)
    if right.thing in ("other", "unknown"):
        bare = bool({"nom", "poss"} & left.features) and not between
        near = genitive and _bridged(between, line, grammar, need_link=False, strict=True)
        return bare or near
    if right.thing in ("part", "effect") and not (genitive or {"nom", "poss"} & left.features):
        return False
    return _bridged(between, line, grammar, need_link=False, strict=not genitive)


def _compound(left: Phrase, right: Phrase) -> bool:
    """True for "the 5 waiver", "Section 5 restrictions", "Section 5's restrictions"."""
    return (
        left.law is not None
        and right.law is None
        and right.first == left.last + 1
        and right.thing in ("waiver", "restriction", "part", "effect", "ban", "other")
    )


def _bridged(
    between: range, line: Line, grammar: Grammar, *, need_link: bool, strict: bool = False
) -> bool:
    """True where only light words, and a link where one is needed, lie between two things."""
    genitive = grammar.words.get("genitive_link", frozenset())
    if need_link and not between:
        return not genitive  # where there is no "of", the case alone links
    if any(term.first in between for term in line.of("action")):
        return False
    link, barrier = (grammar.words.get(group, frozenset()) for group in ("link", "barrier"))
    light = genitive | grammar.words.get("light", frozenset())
    linked, unknown = not need_link, 0
    most = 1 if strict else 4 if need_link else 3
    for token in line.tokens[between.start : between.stop]:
        if token.norm in link or token.stem in link:
            linked = True
        elif strict and token.text == ",":
            return False
        elif token.norm in light or token.text in "“”«»\"'‘’,":
            continue
        elif not token.is_word or token.norm in barrier:
            return False
        else:
            unknown += 1
    return linked and unknown <= most


def _is_source(law: Phrase) -> bool:
    """True where its case makes a law the source of something: a ban that stems from it."""
    cases = CASES & law.features
    return bool(cases) and not {"gen", "nom"} & cases


def _join(left: Phrase, right: Phrase, grammar: Grammar) -> Phrase:
    head, inner = (left, right) if grammar.head == "first" else (right, left)
    named = left.law is not None and left.thing in ("law", "ban", "restriction")
    if grammar.head == "first" and named and right.law is None:
        head, inner = right, left  # a compound: the last noun is the head
    through = head.thing == "part" or (head.thing == "effect" and inner.thing == "waiver")
    thing = inner.thing if through else head.thing
    if head.thing in ("law", "ban", "unknown") and inner.law is not None:
        thing = inner.thing if head.thing == "unknown" else head.thing
        if head.thing == "ban" and _is_source(inner):
            thing = "restriction"
    law = inner.law or head.law
    if inner.thing == "other" and law is None and thing in ("ban", "waiver"):
        thing = "other"  # a ban on poultry, a waiver of fees
    return Phrase(
        first=min(left.first, right.first),
        last=max(left.last, right.last),
        thing=thing,
        features=head.features,
        law=law,
        explicit=left.explicit or right.explicit,
    )

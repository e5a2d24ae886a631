"""Finds the things that an action may be done to: the law, its waiver, what it restricts, others.

A thing may be named, described, or spoken of again ("the amendment", "it"). A noun that governs a
thing decides what is meant: the *waiver of* the law is no longer the law.
"""

from __future__ import annotations

from dataclasses import replace

from extract.discourse import Discourse, Phrase
from extract.entry import NAMES
from extract.lexicon import CASES, GENDERS, Grammar, agree
from extract.lines import Line
from extract.matching import Term
from extract.references import is_aimed_elsewhere, refers

# What a noun stands for that is used of many things, where it can only be the law's.
_MEANT = {"law": "law", "pronoun": "law", "ban": "ban", "embargo": "restriction"}

_OBLIQUE = frozenset(("dat", "loc", "abl", "ins"))


def find_phrases(line: Line, grammar: Grammar, discourse: Discourse) -> list[Phrase]:
    """Returns the things in ``line``, by position, and notes in ``discourse`` what they were."""
    phrases = _whole([_named(term) for term in line.of(*NAMES)])
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
    if line.holds(grammar.words.get("item", frozenset())):
        discourse.item_line = line.index
    phrases.sort(key=lambda p: p.first)
    return _govern(phrases, line, grammar)


def _whole(names: list[Phrase]) -> list[Phrase]:
    """Makes one of names that run into each other: "Section 5, which bars aid to Ruritania"."""
    if len(names) < 2:
        return names
    whole: list[Phrase] = []
    for phrase in sorted(names, key=lambda p: (p.first, -p.last)):
        before = whole[-1] if whole else None
        if before is None or phrase.first > before.last:
            whole.append(phrase)
        elif phrase.last > before.last:
            whole[-1] = replace(before, last=phrase.last, law=(before.first, phrase.last))
    return whole


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
        discourse.rival_line, discourse.rival_features = line.index, term.features
        return Phrase(term.first, term.last, "other", term.features)
    if (thing in _MEANT or thing == "restriction") and is_aimed_elsewhere(term, line, grammar):
        return Phrase(term.first, term.last, "other", term.features)
    if thing == "one":
        if line.index - discourse.waiver_line > 1:
            return None
        thing = "waiver"
    if thing in _MEANT:
        if not refers(term, line, grammar, discourse, named):
            return _unsure(term, line)
        chained = thing == "pronoun" and not grammar.definite
        if chained or term.features & GENDERS:  # sure enough to build on
            discourse.topic_line = line.index
        if thing != "pronoun":
            discourse.law_features |= term.features & GENDERS
        return Phrase(term.first, term.last, _MEANT[thing], term.features, (term.first, term.last))
    return Phrase(term.first, term.last, thing, term.features)


def _unsure(term: Term, line: Line) -> Phrase | None:
    """Returns what a noun or pronoun is that may be of something else.

    An embargo between both sides of the law's field is what the law restricts, though none is
    named: "America lifts Ruritania embargo".
    """
    if term.value == "pronoun":
        return None
    field = {"near", "far"} <= {context.value for context in line.of("context")}
    meant = term.value == "embargo" and field and not line.of("name", "bare")
    return Phrase(term.first, term.last, "restriction" if meant else "unknown", term.features)


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
        # "5. madde sorunu" is a compound, "5. madde törende" is none: its head is possessed.
        owned = "poss" in right.features or not right.features & _OBLIQUE
        owned = owned and not (left.explicit and {"acc", "poss"} <= right.features)
        bare = bool({"nom", "poss"} & left.features) and not between and owned
        near = genitive and _bridged(between, line, grammar, need_link=False, strict=True)
        return bare or near
    if right.thing in ("part", "effect") and not (genitive or {"nom", "poss"} & left.features):
        return False
    return _bridged(between, line, grammar, need_link=False, strict=not genitive)


def _compound(left: Phrase, right: Phrase) -> bool:
    """True for "the 5 waiver", "Section 5 restrictions", "Section 5's restrictions".

    Names with cases make no compounds: "после отмены 5-й статьи санкции остались" speaks of two.
    """
    if left.explicit and CASES & left.features:
        return False
    described = right.explicit and right.thing in ("restriction", "ban")
    return (
        left.law is not None
        and (right.law is None or described)
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
    light = grammar.any_of("genitive_link", "light")
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
    if grammar.head == "first" and named and (right.law is None or right.thing != "law"):
        head, inner = right, left  # a compound: the last noun is the head
    through = head.thing == "part" or (head.thing == "effect" and inner.thing == "waiver")
    thing = inner.thing if through else head.thing
    if head.thing == "law" and inner.thing == "waiver":
        thing = "waiver"  # a document on the suspension
    elif head.thing in ("law", "ban", "unknown") and inner.law is not None:
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

"""Tells whether a later mention ("the amendment", "it", "this ban") can only mean the law."""

from __future__ import annotations

import re
from itertools import dropwhile

from extract.discourse import Discourse, Phrase
from extract.lexicon import GENDERS, Grammar, agree
from extract.lines import Line
from extract.matching import Term

FAR = 20  # sentences: a noun that may refer this far back is hardly used of anything else
AHEAD = 4  # sentences: how far ahead of its first naming the law may be called by a noun
RIVAL_LINES = 1  # how far back another law may lie that a noun for one is
YEAR_NEAR = 3  # tokens: a year that dates a noun is this close
_ATTRIBUTE = frozenset(("part", "attr"))
_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")


def is_aimed_elsewhere(term: Term, line: Line, grammar: Grammar) -> bool:
    """True for "the embargo against Vietnam": a name follows that is none of the law's field."""
    after = line.tokens[term.last + 1 : term.last + 3]
    aimed = grammar.words.get("aimed", frozenset())
    if len(after) < 2 or after[0].norm not in aimed or not after[1].text[0].isupper():
        return False
    place = term.last + 2
    return not any(t.first <= place <= t.last for t in line.terms)


def refers(
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
        return _stands_for(term, back, names_another(term, line, grammar), discourse, named)
    return back <= term.entry.reach and _definite(term, line, grammar)


def _is_taken(term: Term, line: Line, grammar: Grammar, discourse: Discourse) -> bool:
    """True where something spoken of since may be meant.

    That is another law, where the word's gender fits it, or the memorandum or bill (of the group
    ``paper``) that "the document" is.
    """
    document = line.tokens[term.last].norm in grammar.words.get("document", frozenset())
    near = line.index - discourse.rival_line <= RIVAL_LINES
    fits = agree(term.features, discourse.rival_features, (GENDERS,))
    rival = near and fits and discourse.rival_line > discourse.law_line
    return rival or (document and discourse.paper_line >= discourse.law_line)


def _is_another(term: Term, line: Line, grammar: Grammar) -> bool:
    """True where its own words tell a noun from the law: "the 1946 act", "a clause on the repeal".

    Years of the law's own stand in the word group ``year``.
    """
    year = _year_of(term, line, grammar)
    if year is not None and year not in grammar.words.get("year", frozenset()):
        return True
    return _is_on_an_end(term, line, grammar)


def _year_of(term: Term, line: Line, grammar: Grammar) -> str | None:
    """Returns the year that dates a noun: beside it, or behind a word of the group ``dating``.

    "The act of 1946", but not "they repealed the act in 1998".
    """
    dating = grammar.words.get("dating", frozenset())
    before = [t.norm for t in line.tokens[max(0, term.first - YEAR_NEAR) : term.first]][::-1]
    after = [t.norm for t in line.tokens[term.last + 1 : term.last + 1 + YEAR_NEAR]]
    sides = [before[:1], after]
    if grammar.head == "last":
        small = grammar.any_of("light", "epithet") - dating
        sides = [list(dropwhile(small.__contains__, before))]  # "1946 tarihli eski kanun"
    for side in sides:
        behind = len(side) > 1 and side[0] in dating
        found = _YEAR.match(side[1]) if behind else _YEAR.fullmatch(side[0]) if side else None
        if found:
            return found[0]
    return None


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


def names_another(term: Term, line: Line, grammar: Grammar) -> bool:
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
    """True where a pronoun can mean the law: it was spoken of last, and nothing else since.

    Else "it" is the video, say, that was spoken of since (word group ``item``).
    """
    if not agree(term.features, discourse.law_features, (GENDERS,)):
        return False
    if any(p.thing != "other" and p.last < term.first for p in named):
        return True
    item = discourse.item_line > max(discourse.law_line, discourse.topic_line)
    return not nearer and not item and 0 < back <= min(term.entry.reach, 2)


def _definite(term: Term, line: Line, grammar: Grammar) -> bool:
    """True where an article or the like stands before ``term``, with only epithets between.

    Where a language has none, every noun is as good. No unknown name may stand between ("the
    Platt amendment"), and before a noun that is used of many things (of a short reach) no unknown
    word at all: "the road-haulage act" is another's.
    """
    if not grammar.definite:
        return True
    definite = grammar.words.get("definite", frozenset())
    epithets = grammar.words.get("epithet", frozenset())
    unknown = 1 if term.entry.reach >= FAR else 0
    for place in reversed(range(max(0, term.first - 4), term.first)):
        token = line.tokens[place]
        if token.norm in definite:
            return True
        if token.text in "“\"'‘," or token.norm in epithets or token.norm.isdigit():
            continue
        if any(t.first <= place <= t.last and _ATTRIBUTE & t.features for t in line.of("action")):
            continue  # "the now repealed section"
        unknown -= 1
        if unknown < 0 or _is_name(place, line):
            break
    # Headlines drop their articles: "Washington scraps notorious amendment".
    qualified = line.tokens[term.first - 1].norm in epithets if term.first else False
    return line.in_title and qualified


def _is_name(place: int, line: Line) -> bool:
    """True for a capital that no entry knows; a headline's capitals tell nothing."""
    known = any(term.first <= place <= term.last for term in line.terms)
    return line.tokens[place].text[0].isupper() and not known and not line.in_title

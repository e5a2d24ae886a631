"""Decides who says it: the outlet itself, somebody in quotation marks, or somebody by report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from extract.claim import Voice
from extract.lexicon import Grammar
from extract.lines import Line
from extract.matching import Term
from extract.tokens import Token

_COMMA = frozenset(',–—-”»"')
_DASHES = frozenset("-–—")
_CLOCK = frozenset(":.")
_QUOTES = frozenset('«»“”„"')
THAT_NEAR = 6  # tokens: a "that" farther behind "he said" belongs to something else
HELD_UP = 4  # words: a noun in quotation marks with no more beside it is no sentence
NAME_WORDS = 3  # a name that closes a headline is short
SMALL_WORDS = 2  # a speaker's name and office leave room for so many other words
SPEAKER_WORDS = 7  # a headline's "Speaker: words" has a short left side


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose voice it is, and the cues that say so."""

    voice: Voice
    cues: tuple[Term, ...] = ()


def decide_voice(
    action: Term, line: Line, grammar: Grammar, denied: Sequence[Term] = ()
) -> Speaker:
    """Returns whose words ``action`` stands in; ``denied`` is speech that it is no part of."""
    quotation = line.quoted[action.first]
    if quotation in line.speech and not _is_held_up(action, quotation, line):
        return Speaker("quoted")
    for cue in line.of("speech"):
        if cue in denied or line.quoted[cue.first] in line.speech or not _applies(cue, action):
            continue
        if _is_own(cue, line, grammar):
            continue
        if _covers(cue, action, line, grammar):
            return Speaker("reported", (cue,))
    told_by = (reads_out, _after_speaker, _before_speaker)
    if any(told(action, line, grammar) for told in told_by):
        return Speaker("reported")
    return Speaker("own")


def _is_held_up(action: Term, quotation: int, line: Line) -> bool:
    """True for a noun held up in quotation marks, which is no speech: 'spoke of "its repeal"'.

    A sentence that stands in them whole is one of several that are quoted.
    """
    words = [
        within == quotation
        for token, within in zip(line.tokens, line.quoted, strict=True)
        if token.is_word
    ]
    return "noun" in action.features and sum(words) <= HELD_UP and not all(words)


def reads_out(action: Term, line: Line, grammar: Grammar) -> bool:
    """True where a text is read out that ``action`` stands in: "it states: ...".

    The word group ``reads`` says so before a colon, and ``inserted`` between commas; what is read
    is of the groups ``document`` or ``proposal``.
    """
    words = grammar.words
    texts = grammar.any_of("document", "proposal")
    if not line.norms.isdisjoint(words.get("inserted", ())):
        return not line.norms.isdisjoint(texts)
    if ":" not in line.norms:
        return False
    before = [token.norm for token in line.tokens[: action.first]]
    lead = before[: before.index(":")] if ":" in before else []
    stems = [token.stem for token in line.tokens[: len(lead)]]
    told = not words.get("reads", frozenset()).isdisjoint(lead)
    return told and not texts.isdisjoint([*lead, *stems])


def _applies(cue: Term, action: Term) -> bool:
    forms = cue.entry.forms
    return not forms or action.value in forms or bool(forms & action.features)


def _is_own(cue: Term, line: Line, grammar: Grammar) -> bool:
    """True for "we urge" (the word group ``self``), and for "Call your senator!"."""
    before = line.tokens[max(0, cue.first - 1) : cue.first]
    first = grammar.words.get("self", frozenset())
    return any(token.norm in first for token in before) or (not before and "base" in cue.features)


def _covers(cue: Term, action: Term, line: Line, grammar: Grammar) -> bool:
    side = cue.entry.side
    if cue.last < action.first:
        if side not in ("right", "both"):
            return False
        between = range(cue.last + 1, action.first)
        opens = side == "right" or _opens(cue, between, line, grammar)
        return opens and _reaches(cue, between, line, grammar)
    if cue.first > action.last:
        if side not in ("left", "both"):
            return False
        between = range(action.last + 1, cue.first)
        if not _reaches(cue, between, line, grammar) or _describes(action, between, line):
            return False
        return side == "left" or grammar.reported_left or _closing(cue, between, line, grammar)
    return True


def _describes(action: Term, between: range, line: Line) -> bool:
    """True for a participle that tells who the speaker is: "iptal eden Trump, ... söyledi"."""
    participle = "rel" in action.features and "fin" not in action.features
    return participle and any(line.tokens[n].text == "," for n in between)


def _reaches(cue: Term, between: range, line: Line, grammar: Grammar) -> bool:
    stops = grammar.words.get("speech_stop", frozenset())
    if line.words_in(between) > cue.entry.reach:
        return False
    if sum(line.tokens[n].text == "," for n in between) > cue.entry.commas:
        return False
    return not any(line.tokens[n].text == ";" or line.tokens[n].norm in stops for n in between)


def _opens(cue: Term, between: range, line: Line, grammar: Grammar) -> bool:
    """True where what is said is led into, by the group ``attribution_opens`` if there is one."""
    opening = grammar.words.get("attribution_opens")
    return not opening or any(
        line.tokens[n].norm in opening for n in range(cue.first, between.stop)
    )


def _closing(cue: Term, between: range, line: Line, grammar: Grammar) -> bool:
    """True for "..., he said": what is said comes first, and nothing more is said after."""
    if not any(line.tokens[n].text in _COMMA for n in between):
        return False
    lead = grammar.words.get("attribution_lead")
    if (
        lead
        and line.tokens[cue.first - 1].norm not in lead
        and line.tokens[cue.first].norm not in lead
    ):
        return False
    that = grammar.words.get("that", frozenset())
    after = line.tokens[cue.last + 1 : cue.last + 1 + THAT_NEAR]
    told = takewhile(lambda token: token.text != ",", after)  # "he noted, since that ..."
    return not any(token.norm in that for token in told)


def _after_speaker(action: Term, line: Line, grammar: Grammar) -> bool:
    if line.norms.isdisjoint((":", *grammar.words.get("colon", ()))):
        return False
    start = _past_clock(line.tokens)
    before = range(start, action.first)
    colon = next((n for n in before if _is_colon(line.tokens[n].text, grammar)), -1)
    left = line.tokens[start : max(colon, start)]
    opening = next((token.text for token in left if token.is_word), "")
    if not opening[:1].isupper():
        return False
    if sum(t.is_word for t in left) > SPEAKER_WORDS:
        return False
    labels = grammar.words.get("label", frozenset())
    persons = grammar.words.get("person", frozenset()) - labels
    named = len(left) > SMALL_WORDS and any(t.norm in persons for t in left)
    if not named and any(t.norm in labels or t.norm.isdigit() for t in left):
        return False  # but "the embassy in Washington: ..." speaks
    if not line.in_title and all(t.text.isupper() for t in left if t.is_word):
        return False  # "WHAT WE FOUND: ..."
    things = (term.first for term in line.of("name", "bare", "description", "action"))
    return not any(n < colon for n in things) and _is_speaker(left, grammar)


def _past_clock(tokens: Sequence[Token]) -> int:
    """Returns where a line goes on behind the time of day that opens it: "21:02 The envoy: ..."."""
    clock = [token.text for token in tokens[:3]]
    timed = len(clock) == len("h:m") and clock[0].isdigit() and clock[2].isdigit()
    if not timed or clock[1] not in _CLOCK:
        return 0
    marks = (n for n in range(3, len(tokens)) if tokens[n].is_word)
    return next(marks, 0)


def _is_speaker(tokens: Sequence[Token], grammar: Grammar) -> bool:
    """True where ``tokens`` end in a proper name, are a quoted one or hold a word for a person.

    A language without the word group ``person`` takes every short left side for a speaker.
    """
    persons = grammar.words.get("person")
    words = [t for t in tokens if t.is_word]
    if not persons or not words:
        return bool(words)
    if words[-1].text[0].isupper() or _is_quoted_name(tokens):
        return True
    named = [bool({t.norm, t.stem} & persons) for t in words]
    small = sum(t.text[0].islower() and not known for t, known in zip(words, named, strict=True))
    return any(named) and small <= SMALL_WORDS  # more of them make a clause


def _is_quoted_name(tokens: Sequence[Token]) -> bool:
    """True for what quotation marks hold that is short enough for a paper's name: "Le Monde"."""
    words = sum(token.is_word for token in tokens)
    held = tokens[0].text in _QUOTES and tokens[-1].text in _QUOTES
    return held and words <= NAME_WORDS


def _before_speaker(action: Term, line: Line, grammar: Grammar) -> bool:
    """True for a headline that closes with a mark (of the group ``closing``) and who says so."""
    persons = grammar.words.get("person")
    if not persons or not line.in_title:
        return False
    marks = _DASHES | grammar.words.get("closing", frozenset())
    dash = max((n for n, t in enumerate(line.tokens) if t.text in marks), default=-1)
    if dash < action.last:
        return False
    tail = [t for t in line.tokens[dash + 1 :] if t.is_word]
    group = grammar.words.get("verb_group", frozenset())
    if not 0 < len(tail) <= SPEAKER_WORDS or any(t.norm in group for t in tail):
        return False
    if line.tokens[dash].text not in _DASHES and len(tail) <= NAME_WORDS:
        labels = grammar.words.get("label", frozenset())
        return _is_speaker(tail, grammar) and not any(t.norm in labels for t in tail)
    return any({t.norm, t.stem} & persons for t in tail) or _names_one(dash, line, grammar)


def _names_one(dash: int, line: Line, grammar: Grammar) -> bool:
    """True where nothing but first and last name stand behind a headline's dash.

    Where all words of the headline have capitals, these tell nothing.
    """
    tail, before = line.tokens[dash + 1 :], [t for t in line.tokens[:dash] if t.is_word]
    small = sum(token.text[0].islower() for token in before)
    if not 1 < len(tail) <= NAME_WORDS or 2 * small < len(before):
        return False
    labels = grammar.words.get("label", frozenset())
    known = any(term.last > dash for term in line.terms)
    return not known and all(t.text[0].isupper() and t.norm not in labels for t in tail)


def _is_colon(text: str, grammar: Grammar) -> bool:
    return text == ":" or text in grammar.words.get("colon", frozenset())

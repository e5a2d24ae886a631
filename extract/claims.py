"""Puts the parts together: from sentences to claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from extract.binding import Bound, bind
from extract.claim import Claim, Cue, EndState, Modality
from extract.lexicon import Grammar
from extract.lines import Line
from extract.matching import Term
from extract.modality import Mood, decide_mood, is_denied
from extract.outcomes import outcome
from extract.phrases import AHEAD, NAMES, Discourse, Phrase, find_phrases
from extract.voice import decide_voice

_ENDING = frozenset(("repeal", "remove", "vanish"))
WAIVER_LINES = 3  # how far back the law may lie of which a waiver is
ECHO_LINES = 2  # how far back "the repeal" may point without naming what was repealed


@dataclass(frozen=True, slots=True)
class _Found:
    """A claim in the making: what decided, in one sentence."""

    action: Term
    end_state: EndState
    mood: Mood
    phrase: Phrase | None


def read_claims(lines: Sequence[Line], grammar: Grammar) -> list[Claim]:
    """Returns the claims that ``lines`` make, in order, one for each thing a sentence says."""
    claims: list[Claim] = []
    first = next((line.index for line in lines if line.of(*NAMES)), 0)
    discourse = Discourse(first_line=first)
    for line in lines:
        phrases = find_phrases(line, grammar, discourse)
        found = list(_find(line, phrases, grammar, discourse, claims))
        made = [_claim(line, one, grammar) for one in found]
        made += _corrections(line, grammar, claims, made)
        if line.index - discourse.asked_line == 1:
            made += _answers(line, grammar)
        claims += _distinct(made)
        if any(c.end_state == "repealed" and c.modality == "question" for c in made):
            discourse.asked_line = line.index
        if any(claim.end_state == "repealed" for claim in made):
            discourse.claim_line = line.index
        if any(claim.end_state == "waived" for claim in made):
            discourse.waiver_line = line.index
    return claims


def _find(
    line: Line,
    phrases: Sequence[Phrase],
    grammar: Grammar,
    discourse: Discourse,
    claims: Sequence[Claim],
) -> Iterator[_Found]:
    bound_phrases: list[Phrase] = []
    for action in line.of("action"):
        bound = bind(action, line, phrases, grammar)
        if bound is None:
            yield from _unbound(action, line, phrases, grammar, discourse, claims)
            continue
        bound_phrases.append(bound.phrase)
        if _concerns_law(bound.phrase, line, phrases, discourse, grammar):
            found = _judge(bound, line, grammar)
            if found is not None:
                yield found
    for phrase in phrases:
        if phrase.thing == "waiver" and phrase not in bound_phrases:
            yield from _waiver(phrase, line, phrases, grammar, discourse)


def _concerns_law(
    phrase: Phrase,
    line: Line,
    phrases: Sequence[Phrase],
    discourse: Discourse,
    grammar: Grammar,
) -> bool:
    """True where a thing that does not name the law can only be this law's."""
    if phrase.law is not None:
        return True
    here = any(p.law is not None for p in phrases)
    if phrase.thing == "waiver":
        return here or discourse.law_seen or discourse.first_line - line.index <= AHEAD
    near = line.index - discourse.law_line <= 1
    return here or (near and (bool(line.of("context")) or _pointed_at(phrase, line, grammar)))


def _pointed_at(phrase: Phrase, line: Line, grammar: Grammar) -> bool:
    """True for "these restrictions", said of what was spoken of just before."""
    pointing = grammar.words.get("demonstrative", frozenset())
    return any(t.norm in pointing for t in line.tokens[max(0, phrase.first - 1) : phrase.first])


def _judge(bound: Bound, line: Line, grammar: Grammar) -> _Found | None:
    action, phrase = bound.action, bound.phrase
    mood = decide_mood(action, bound.binding.reads, line, grammar)
    temporary = mood.temporary and mood.modality != "negated"
    state = outcome(action.value, phrase.thing, temporary=temporary)
    if state is None:
        return None
    if state == "waived" and mood.modality == "negated":
        if action.value in _ENDING:  # who did not repeal its effect did not repeal it
            return _Found(action, "repealed", mood, phrase)
        state, mood = "lapsed", replace(mood, modality="asserted")
    return _Found(action, state, mood, phrase)


def _unbound(
    action: Term,
    line: Line,
    phrases: Sequence[Phrase],
    grammar: Grammar,
    discourse: Discourse,
    claims: Sequence[Claim],
) -> Iterator[_Found]:
    """Yields what an ending without its thing says: "a waiver, not a repeal", "the repeal"."""
    if "noun" not in action.features or not (discourse.law_seen or line.index == 0):
        return
    if action.value == "waive" and line.index - _last_spoken_of(discourse) <= 1:
        mood = decide_mood(action, "noun", line, grammar)
        if mood.modality != "negated" and _stands_alone(action, line):
            yield _Found(action, "waived", mood, None)
        return
    if action.value not in _ENDING:
        return
    if any(p.thing == "other" for p in phrases if abs(p.first - action.last) <= 4):
        return
    mood = decide_mood(action, "noun", line, grammar)
    if mood.modality == "negated" and is_denied(action, line, grammar):
        near = line.index - discourse.law_line <= ECHO_LINES or line.of("correction")
        if near or any(p.thing == "waiver" for p in phrases):
            yield _Found(action, "repealed", mood, None)
        return
    if line.index - discourse.claim_line <= ECHO_LINES and _points_back(action, line, grammar):
        earlier = next((c for c in reversed(claims) if c.end_state == "repealed"), None)
        if earlier is not None:
            modality = _echoed(mood.modality, earlier.modality)
            yield _Found(action, "repealed", replace(mood, modality=modality), None)


def _points_back(action: Term, line: Line, grammar: Grammar) -> bool:
    """True for "the repeal". Where a language has no article, a bare noun is as good."""
    before = {t.norm for t in line.tokens[max(0, action.first - 2) : action.first]}
    if grammar.definite or not grammar.words.get("genitive_ending"):
        return bool(before & grammar.words.get("definite", frozenset()))
    genitive = tuple(grammar.words.get("genitive_ending", ()))
    return not any(word.endswith(genitive) for word in before)


def _echoed(here: Modality, earlier: Modality) -> Modality:
    return earlier if here == "asserted" else here


def _stands_alone(action: Term, line: Line) -> bool:
    """True where no word follows ``action`` that could be its object."""
    following = line.tokens[action.last + 1 : action.last + 2]
    return all(not token.is_word for token in following)


def _last_spoken_of(discourse: Discourse) -> int:
    return max(discourse.law_line, discourse.topic_line, discourse.waiver_line)


def _waiver(
    phrase: Phrase,
    line: Line,
    phrases: Sequence[Phrase],
    grammar: Grammar,
    discourse: Discourse,
) -> Iterator[_Found]:
    """Yields that a waiver is spoken of, where nothing else is said of it."""
    ahead = not discourse.law_seen and discourse.first_line - line.index <= AHEAD
    near = ahead or line.index - _last_spoken_of(discourse) <= WAIVER_LINES
    if phrase.law is None and not near:
        return
    term = next(
        (t for t in line.of("noun") if phrase.first <= t.first and t.last <= phrase.last), None
    )
    if term is None:
        return
    mood = decide_mood(term, "noun", line, grammar)
    if mood.modality != "negated":
        yield _Found(term, "waived", mood, phrase)


def _corrections(
    line: Line, grammar: Grammar, earlier: Sequence[Claim], here: Sequence[Claim]
) -> list[Claim]:
    """Returns the denial that a sentence like "This is not so" makes of what was claimed before."""
    cues = [cue for cue in line.of("correction") if not cue.value]
    if not cues:
        return []
    before = [c for c in earlier[-6:] if c.end_state == "repealed" and c.modality != "negated"]
    claimed = [c for c in here if c.end_state == "repealed" and c.modality != "negated"]
    if not before and not claimed:
        return []
    return [_about_repeal(line, cues, "negated", grammar)]


def _answers(line: Line, grammar: Grammar) -> list[Claim]:
    """Returns what a "Yes" or "No" claims that opens the sentence after a question."""
    opening = [cue for cue in line.of("correction") if cue.value and cue.first <= 1]
    return [
        _about_repeal(line, [cue], "asserted" if cue.value == "yes" else "negated", grammar)
        for cue in opening[:1]
    ]


def _about_repeal(line: Line, cues: Sequence[Term], modality: Modality, grammar: Grammar) -> Claim:
    return Claim(
        sentence=line.text,
        start=line.start,
        end=line.end,
        in_title=line.in_title,
        end_state="repealed",
        voice=decide_voice(cues[0], line, grammar).voice,
        modality=modality,
        cues=tuple(_cue(line, term, term.kind) for term in cues),
    )


def _claim(line: Line, found: _Found, grammar: Grammar) -> Claim:
    speaker = decide_voice(_voiced(found, line), line, grammar)
    cues = [_cue(line, found.action, "end_state")]
    if found.phrase is not None and found.phrase.law is not None:
        cues.append(_span_cue(line, *found.phrase.law, "law"))
    elif found.phrase is not None:
        cues.append(_span_cue(line, found.phrase.first, found.phrase.last, found.phrase.thing))
    cues += [_cue(line, term, term.kind) for term in (*found.mood.cues, *speaker.cues)]
    return Claim(
        sentence=line.text,
        start=line.start,
        end=line.end,
        in_title=line.in_title,
        end_state=found.end_state,
        voice=speaker.voice,
        modality=found.mood.modality,
        cues=tuple(sorted(set(cues), key=lambda cue: (cue.start, cue.kind))),
    )


def _voiced(found: _Found, line: Line) -> Term:
    """Returns the term whose speaker makes the claim: a quoted claim is denied outside it."""
    action = found.action
    if found.mood.modality != "negated":
        return action
    outside = (
        cue for cue in found.mood.cues if line.quoted[cue.first] != line.quoted[action.first]
    )
    return next(outside, action)


def _cue(line: Line, term: Term, kind: str) -> Cue:
    return _span_cue(line, term.first, term.last, kind)


def _span_cue(line: Line, first: int, last: int, kind: str) -> Cue:
    start, end = line.tokens[first].start, line.tokens[last].end
    return Cue(kind, line.text[start - line.start : end - line.start], start, end)


def _distinct(claims: Iterable[Claim]) -> list[Claim]:
    kept: dict[tuple[str, str, str], Claim] = {}
    for claim in claims:
        kept.setdefault((claim.end_state, claim.voice, claim.modality), claim)
    return list(kept.values())

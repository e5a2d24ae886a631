"""Ends whose thing is left unsaid, since it was spoken of just before.

"They call for repeal", "no renewal is in sight"; and, where a language drops its subject or object,
a sentence of the verb alone: "Ləğv olunmayıb."
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from extract.binding import reading_of
from extract.lexicon import CASES, agree
from extract.lines import Line
from extract.matching import Term
from extract.modality import Mood, decide_mood
from extract.outcomes import outcome
from extract.references import AHEAD
from extract.scene import ENDING, OPEN, Found, Scene

NOUN_LINES = 6  # how far back the law or its waiver may lie that a bare noun is an end of
_HARD = frozenset(".;:։!?—–")
_COMMAS = frozenset(",;")
VERB_LINES = 2  # how far back the thing may lie that a verb alone is said of
ASKED_LINES = 5  # how far back where a question asks no more than whether it ended
_KNOWN = (
    "light", "verb_group", "barrier", "link", "preposition", "postposition", "and_or", "definite",
    "faint", "full", "to_word", "joint", "rel", "that", "determiner", "determiner_no", "presuming",
    "vocative",
)  # fmt: skip
_SUBJECT = frozenset(("nom",))
_KEPT = frozenset(("nom", "acc"))  # of a verb whose doer and object may both go unsaid
_ON_WAIVER = frozenset(("extend", "apply", "expire"))


def bare_noun(action: Term, scene: Scene) -> Iterator[Found]:
    """Yields what the noun of an end says that stands without what is ended.

    As a fact, the repeal of something unsaid is nobody's claim; as a wish it can only be the law's
    that is spoken of.
    """
    if "vague" in action.features or _has_rival(action, scene):
        return
    if not _stands_free(action, scene) or not _is_noun(action, scene):
        return
    mood = decide_mood(action, "noun", scene.line, scene.grammar)
    if action.value in ENDING and mood.modality in OPEN and _spoken_of(scene, waiver=False):
        yield Found(action, "repealed", mood)
    elif action.value in _ON_WAIVER and _spoken_of(scene, waiver=True):
        yield from _of_waiver(action, mood)


def _of_waiver(action: Term, mood: Mood) -> Iterator[Found]:
    state = outcome(action.value, "waiver")
    if state == "waived" and mood.modality == "negated":
        yield Found(action, "lapsed", replace(mood, modality="asserted"))
    elif state is not None:
        yield Found(action, state, mood)


def bare_predicate(action: Term, scene: Scene) -> Iterator[Found]:
    """Yields what a sentence says that is a verb and small words, said of what was just named."""
    named = bool(scene.phrases) or any(t.value == "pronoun" for t in scene.line.of("noun"))
    alone = not named and _continues(scene) and _is_alone(action, scene)
    if not alone and not _goes_on(action, scene):
        return
    reads = reading_of(action, scene.line, scene.grammar)
    if reads is None:
        return
    mood = decide_mood(action, reads, scene.line, scene.grammar)
    within = [t for t in scene.line.of("correction") if t.first <= action.first <= t.last]
    if within and action.value in ENDING:
        mood = Mood("negated", tuple(within))  # "not repealed, but ..." hides its own denial
    if action.value in _ON_WAIVER:
        if _spoken_of(scene, waiver=True):
            yield from _of_waiver(action, mood)
        return
    state = outcome(action.value, "law", temporary=mood.temporary and mood.modality != "negated")
    if state is not None:
        yield Found(action, state, mood)


def _goes_on(action: Term, scene: Scene) -> bool:
    """True for a last clause of the verb and small words: "5-ci maddə köhnə idi, ləğv edildi".

    The clause before it is the law's where it speaks of nothing else.
    """
    tokens = scene.line.tokens
    comma = next((n for n in range(action.first, -1, -1) if tokens[n].text in _COMMAS), -1)
    cases = _KEPT if {"act", "pass"} & action.features == {"act"} else _SUBJECT
    before = [p for p in scene.phrases if p.explicit and p.last < comma]
    kept = [p for p in before if agree(p.features, cases, (CASES,))]
    told = CASES & frozenset().union(*(p.features for p in kept))
    rivals = told if told == {"acc"} else CASES  # no object, no rival
    others = (p for p in scene.phrases if p.thing not in ("law", "ban"))
    if not kept or any(agree(p.features, rivals, (CASES,)) for p in others):
        return False
    clause = range(comma + 1, len(tokens))
    return all(action.first <= n <= action.last or _is_small(n, scene) for n in clause)


def _continues(scene: Scene) -> bool:
    """True right after the law was spoken of, and for a headline over a text that soon names it."""
    back = scene.line.index - max(scene.discourse.law_line, scene.discourse.topic_line)
    soon = scene.line.in_title and scene.discourse.first_line - scene.line.index <= AHEAD
    reach = ASKED_LINES if scene.line.asks() else VERB_LINES
    return soon or (0 < back <= reach and not _rival_since(scene))


def _spoken_of(scene: Scene, *, waiver: bool) -> bool:
    """True where the law, or its waiver, was spoken of no long time ago."""
    known = scene.discourse
    if waiver:
        return scene.line.index - known.waiver_line <= NOUN_LINES
    last = max(known.law_line, known.topic_line)
    return known.law_seen and scene.line.index - last <= NOUN_LINES and not _rival_since(scene)


def _rival_since(scene: Scene) -> bool:
    return scene.discourse.rival_line > scene.discourse.law_line


def _has_rival(action: Term, scene: Scene) -> bool:
    """True where another thing stands close by that the noun may be of."""
    return any(
        phrase.thing in ("other", "unknown")
        and (phrase.last == action.first - 1 or phrase.first == action.last + 1)
        for phrase in scene.phrases
    )


def _is_noun(action: Term, scene: Scene) -> bool:
    """True where a form that may be a verb as well is shown to be a noun by the word before it."""
    if "base" not in action.features or action.first == 0:
        return True
    before = scene.line.tokens[action.first - 1].norm
    shown = ("determiner", "definite", "determiner_no", "genitive_link", "faint", "noun_lead")
    return any(before in scene.group(name) for name in shown)


def _stands_free(action: Term, scene: Scene) -> bool:
    """True where no unknown word beside the noun may be what is ended.

    That is the word after it where heads come first, and the word before it where they come last;
    both where, as in English, nouns are also put before nouns.
    """
    line, grammar = scene.line, scene.grammar
    first = grammar.head == "first"
    after = line.tokens[action.last + 1 : action.last + 2]
    if any(token.norm in scene.group("genitive_link") for token in after):
        return False
    if any(token.norm in scene.group("determiner") for token in after):
        return False
    compounds = grammar.definite and first
    if first and not compounds and not _is_small(action.last + 1, scene):
        return False
    return (first and not compounds) or _is_small(action.first - 1, scene)


def _is_small(position: int, scene: Scene) -> bool:
    """True beyond the sentence, and for a mark, a word of a known small kind, or a cue's."""
    line = scene.line
    if not 0 <= position < len(line.tokens) or not line.tokens[position].is_word:
        return True
    number = line.tokens[position].norm.isdigit()
    return number or _is_listed(position, scene) or _is_cue(position, line)


def _is_listed(position: int, scene: Scene) -> bool:
    token = scene.line.tokens[position]
    return any(
        token.norm in scene.group(name) or token.stem in scene.group(name) for name in _KNOWN
    )


def _is_cue(position: int, line: Line) -> bool:
    kinds = ("noun", "action", "description", "name", "bare", "other")
    return any(t.first <= position <= t.last and t.kind not in kinds for t in line.terms)


def _is_alone(action: Term, scene: Scene) -> bool:
    """True where its part of the sentence holds nothing besides ``action`` that might be its thing.

    The part is what stands between two hard marks: "Not repealed but put off: a comment", or opens
    a quotation, up to a comma. Verbs may be joined in it.
    """
    tokens, quoted = scene.line.tokens, scene.line.quoted
    within = quoted[action.first]
    said = within in scene.line.speech
    hard = [
        n for n, token in enumerate(tokens) if token.text in _HARD or (said and quoted[n] != within)
    ]
    first = max((n + 1 for n in hard if n < action.first), default=0)
    end = min((n for n in hard if n > action.last), default=len(tokens))
    if first and said:
        commas = (n for n in range(action.last, end) if tokens[n].text == ",")
        end = next(commas, end)
    verbs = [t for t in scene.line.of("action") if "noun" not in t.features]
    return all(
        _is_small(n, scene) or any(t.first <= n <= t.last for t in (action, *verbs))
        for n in range(first, end)
    )

"""Claims that a sentence makes without naming what is ended: echoes, waivers, denials, answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extract.claim import Claim, EndState, Modality
from extract.discourse import Phrase
from extract.entry import NAMES, REPEATS
from extract.lexicon import CASES
from extract.matching import Term
from extract.modality import decide_mood, is_denied
from extract.references import AHEAD
from extract.scene import ENDING, WAIVER_LINES, Found, Scene
from extract.unsaid import bare_noun, bare_predicate

ECHO_LINES = 3  # how far back "the repeal" may point without naming what was repealed
REPEAT_LINES = 3  # how far back the waiver may lie that a sentence says more of
MODAL_NEAR = 6  # tokens: how close a "could" stands to what it speaks of
LABEL_TOKENS = 6  # the label of who speaks, colon included
ANSWERED = 6  # claims back that a denial may be of
ANSWERED_LINES = 6  # and how far back the last of them may lie


def unbound(action: Term, scene: Scene) -> Iterator[Found]:
    """Yields what an ending without its thing says: "a waiver, not a repeal", "the repeal"."""
    if "noun" in action.features and (scene.discourse.law_seen or scene.line.index == 0):
        found = list(_noun(action, scene))
        yield from found or bare_noun(action, scene)
    elif not scene.grammar.definite:  # a language with articles drops no subjects
        yield from bare_predicate(action, scene)


def _noun(action: Term, scene: Scene) -> Iterator[Found]:
    line, discourse = scene.line, scene.discourse
    if action.value == "waive" and scene.since_law <= 1:
        mood = decide_mood(action, "noun", line, scene.grammar)
        if mood.modality != "negated" and _stands_alone(action, scene):
            yield Found(action, "waived", mood)
        return
    if action.value not in ENDING:
        return
    if any(p.thing == "other" for p in scene.phrases if abs(p.first - action.last) <= 4):
        return
    if _has_object(action, scene):
        return
    mood = decide_mood(action, "noun", line, scene.grammar)
    if mood.modality == "negated" and is_denied(action, line, scene.grammar):
        if _is_of_genitive(action, scene):
            return
        last = max(discourse.law_line, discourse.topic_line)
        near = line.index - last <= ECHO_LINES or line.of("correction")
        if near or any(p.thing == "waiver" for p in scene.phrases):
            yield Found(action, "repealed", mood)
        return
    if line.index - discourse.claim_line <= ECHO_LINES and _points_back(action, scene):
        earlier = next((c for c in reversed(scene.claims) if c.end_state == "repealed"), None)
        if earlier is not None:
            modality = earlier.modality if mood.modality == "asserted" else mood.modality
            yield Found(action, "repealed", replace(mood, modality=modality))


def _points_back(action: Term, scene: Scene) -> bool:
    """True for "the repeal". Where a language has no article, a bare noun is as good."""
    if scene.grammar.definite or not scene.group("genitive_ending"):
        before = {t.norm for t in scene.line.tokens[max(0, action.first - 2) : action.first]}
        return bool(before & scene.group("definite"))
    return not _is_of_genitive(action, scene)


def _is_of_genitive(action: Term, scene: Scene) -> bool:
    """True where a word before ``action`` ends as genitives do: the end is of something else."""
    genitive = tuple(scene.group("genitive_ending"))
    before = scene.line.tokens[max(0, action.first - 2) : action.first]
    return any(token.norm.endswith(genitive) for token in before)


def _has_object(action: Term, scene: Scene) -> bool:
    """True for a form that is a verb as well, with what it is done to: "abolishing anything"."""
    following = scene.line.tokens[action.last + 1 : action.last + 2]
    return any(token.norm in scene.group("determiner") for token in following)


def _stands_alone(action: Term, scene: Scene) -> bool:
    """True where no word follows ``action`` that could be its object."""
    following = scene.line.tokens[action.last + 1 : action.last + 2]
    return all(not token.is_word for token in following)


def waiver(phrase: Phrase, scene: Scene) -> Iterator[Found]:
    """Yields that a waiver is spoken of, where nothing else is said of it."""
    near = (not scene.discourse.law_seen and scene.names_law_soon) or (
        scene.since_law <= WAIVER_LINES
    )
    if phrase.law is None and not near:
        return
    inside = [t for t in scene.line.of("noun") if phrase.first <= t.first and t.last <= phrase.last]
    term = next((t for t in inside if t.value == "waiver"), next(iter(inside), None))
    if term is None:
        return
    # Its case tells what the verb does with the waiver, which nobody knows.
    known = term._replace(features=term.features - CASES)
    mood = decide_mood(known, "noun", scene.line, scene.grammar)
    if mood.modality != "negated":
        yield Found(term, "waived", mood, phrase)
    elif mood.wished:
        yield Found(term, "waived", replace(mood, modality="prospective"), phrase)
    elif _is_absent(phrase, scene):
        yield Found(term, "lapsed", replace(mood, modality="asserted"), phrase)


def effect(phrase: Phrase, scene: Scene) -> Iterator[Found]:
    """Yields that the law is asked to be applied: whoever asks for that wants it in force."""
    inside = (t for t in scene.line.of("noun") if phrase.first <= t.first and t.last <= phrase.last)
    term = next((t for t in inside if t.value == "effect"), None)
    if term is None:
        return
    mood = decide_mood(term, "noun", scene.line, scene.grammar)
    if mood.modality == "prospective" and mood.cues:
        yield Found(term, "in_force", mood, phrase)


def _is_absent(phrase: Phrase, scene: Scene) -> bool:
    """True for "no waiver" and "no valid waiver", as against "not a waiver".

    Where heads come last, the denial follows ("there was none"): of the group ``denied_being``.
    """
    if scene.grammar.head == "last":
        after = scene.line.tokens[phrase.last + 1 : phrase.last + 3]
        return any(token.norm in scene.group("denied_being") for token in after)
    before = scene.line.tokens[max(0, phrase.first - 2) : phrase.first]
    return any(token.norm in scene.group("determiner_no") for token in before)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a sentence makes of an end spoken of before, and the cues that say so."""

    modality: Modality
    cues: tuple[Term, ...]
    end_state: EndState = "repealed"


def replies(scene: Scene, here: Sequence[Claim]) -> Iterator[Reply]:
    """Yields denials ("This is not so") and answers ("Yes.") that name no repeal themselves."""
    cues = tuple(cue for cue in scene.line.of("correction") if not cue.value)
    if (
        cues
        and not scene.line.asks()
        and (here or scene.line.index - scene.discourse.claim_line <= ANSWERED_LINES)
        and any(_is_open(claim) for claim in (*scene.claims[-ANSWERED:], *here))
    ):
        yield Reply("negated", cues)
    if scene.line.index - scene.discourse.asked_line == 1:
        yield from _answers(scene)
    if here or scene.line.index - scene.discourse.claim_line == 1:
        yield from _ellipses(scene, here)
    yield from _repeats(scene, here)


def _is_open(claim: Claim) -> bool:
    return claim.end_state == "repealed" and claim.modality != "negated"


def _answers(scene: Scene) -> Iterator[Reply]:
    """Yields what a "Yes" or "No" claims that opens the sentence after a question."""
    answers = (cue for cue in scene.line.of("correction") if cue.value in ("yes", "no"))
    for cue in [cue for cue in answers if _opens(cue, scene)][:1]:
        yield Reply("asserted" if cue.value == "yes" else "negated", (cue,))


def _opens(cue: Term, scene: Scene) -> bool:
    """True for a cue that opens its sentence, or does so behind who speaks: "SPOKESMAN: No."."""
    before = scene.line.tokens[: cue.first]
    return cue.first <= 1 or (before[-1].text == ":" and len(before) <= LABEL_TOKENS)


def _ellipses(scene: Scene, here: Sequence[Claim]) -> Iterator[Reply]:
    """Yields what "They did not" and "and yet it was" make of the repeal spoken of just before."""
    before = [claim for claim in scene.claims[-1:] if claim.end_state == "repealed"]
    for cue in scene.line.of("correction"):
        start = scene.line.tokens[cue.first].start
        nearer = [c for c in here if c.end_state == "repealed" and _place(c) < start]
        if cue.value == "so" and (nearer or before):
            yield Reply("asserted", (cue,))
        elif cue.value == "not" and any(_is_open(claim) for claim in nearer or before):
            yield Reply("negated", (cue,))


def _repeats(scene: Scene, here: Sequence[Claim]) -> Iterator[Reply]:
    """Yields what "every president did so" and "the last one was not" say of a known waiver."""
    discourse, line = scene.discourse, scene.line
    titled = line.in_title and discourse.first_line - line.index <= AHEAD
    known = line.index - discourse.waiver_line <= REPEAT_LINES or any(
        claim.end_state == "waived" for claim in here
    )
    if not (known or titled or line.of(*NAMES)) or any(_ends(claim) for claim in here):
        return  # "signed an order repealing it" tells of no waiver
    for cue in line.of("repeat"):
        state = REPEATS[cue.value]
        mood = decide_mood(cue, "", line, scene.grammar)
        told = state == "lapsed" and mood.modality == "asserted"
        if told and (scene.notes_bill() or _may(cue, scene)):
            continue  # "no bill was signed", "no new waiver could be issued"
        if all(claim.end_state != state for claim in here) and mood.modality != "negated":
            yield Reply(mood.modality, (cue, *mood.cues), state)


def _ends(claim: Claim) -> bool:
    return claim.end_state == "repealed" and claim.modality == "asserted"


def _may(cue: Term, scene: Scene) -> bool:
    """True where a word of the group ``modal`` stands close to ``cue``."""
    near = scene.line.tokens[max(0, cue.first - MODAL_NEAR) : cue.last + 1 + MODAL_NEAR]
    return any(token.norm in scene.group("modal") for token in near)


def _place(claim: Claim) -> int:
    return next((cue.start for cue in claim.cues if cue.kind == "end_state"), claim.start)

"""Reads what an act that is done to a thing claims of the law."""

from __future__ import annotations

from dataclasses import replace

from extract.binding import Bound
from extract.claim import EndState
from extract.discourse import Phrase
from extract.implied import REPEAT_LINES
from extract.matching import Term
from extract.modality import Mood, decide_mood
from extract.outcomes import outcome
from extract.scene import ENDING, Found, Scene
from extract.tokens import fold

AHEAD_LINES = 2  # how far back an end may lie ahead that a bare noun still speaks of
FORBID_REACH = 6  # tokens: how far a word that forbids may stand from what it forbids


def read_act(bound: Bound, scene: Scene) -> Found | None:
    """Returns what ``bound`` claims: its end state, and how it is spoken of; None for nothing."""
    action, phrase = bound.action, bound.phrase
    mood = decide_mood(action, bound.binding.reads, scene.line, scene.grammar)
    if _lies_ahead(bound, mood, scene):
        mood = replace(mood, modality="prospective")
    temporary = mood.temporary and mood.modality != "negated"
    state = outcome(action.value, _meant(bound, scene), temporary=temporary)
    if state is None or (_applies(bound) and mood.modality == "asserted"):
        return None
    if state == "waiver_repealed" and mood.modality == "asserted" and _gives_account(bound, scene):
        mood = replace(mood, modality="prospective")  # only bills do that in the present
    if _applies(bound) and mood.denied:
        told = mood.modality == "negated" or mood.temporary  # "will not be applied for a year"
        mood = replace(mood, modality="asserted" if told else mood.modality)
        return Found(action, "waived", mood, phrase)
    if mood.modality == "negated" and _denies_repeal(action, state):
        return Found(action, "repealed", mood, phrase)
    if action.value in ("waive", "extend") and state == "waived" and _forbidden(action, scene):
        return Found(action, "waiver_repealed", mood, phrase)
    if state == "waived" and mood.modality == "negated" and mood.wished:
        mood = replace(mood, modality="prospective")  # "ought to sign no waiver"
    elif state == "waived" and mood.modality == "negated":
        state, mood = "lapsed", replace(mood, modality="asserted")
    elif state == "waived" and mood.denied and action.value == "extend":
        state = "lapsed"  # "if it is not renewed"
    return Found(action, state, mood, phrase)


def _lies_ahead(bound: Bound, mood: Mood, scene: Scene) -> bool:
    """True for what only a bill or a wish of the text around has done."""
    if mood.modality == "hypothetical":
        return _tells_of_bill(mood, scene)
    plain = mood.modality == "asserted" and all(cue.kind != "fact" for cue in mood.cues)
    ways = (_gives_bill, _answers_wish, _goes_on, _is_of_bill)
    return plain and any(way(bound, scene) for way in ways)


def _meant(bound: Bound, scene: Scene) -> str:
    """What is acted on: "it expired" can only be said of the waiver spoken of before."""
    action, phrase = bound.action, bound.phrase
    again = phrase.thing == "law" and not phrase.explicit
    near = scene.line.index - scene.discourse.waiver_line <= REPEAT_LINES
    if again and near and outcome(action.value, "law") is None:
        return "waiver"
    lapsed = [claim for claim in scene.claims[-1:] if claim.end_state == "lapsed"]
    if _is_pronoun(phrase, scene) and near and lapsed and action.value == "restore":
        return "waiver"  # "the waiver lapsed; it was revived in August"
    before = [p for p in scene.phrases if p.last < phrase.first and p.thing != "other"]
    if again and action.value == "vanish" and before and before[-1].thing == "waiver":
        return "waiver"  # "what was signed is a waiver, and it dies in a year"
    return phrase.thing


def _is_pronoun(phrase: Phrase, scene: Scene) -> bool:
    nouns = scene.line.of("noun")
    return any(term.value == "pronoun" and term.first == phrase.first for term in nouns)


def _applies(bound: Bound) -> bool:
    """True for the law applied: as a fact, that tells nothing of how it stands."""
    return bound.action.value == "apply" and bound.phrase.thing != "waiver"


def _forbidden(action: Term, scene: Scene) -> bool:
    """True for "forbids the president to suspend it": the waiver is what ends."""
    reach = range(action.first - FORBID_REACH, action.first)
    if scene.grammar.head == "last":
        reach = range(action.last + 1, action.last + 1 + FORBID_REACH)
    return any(t.value == "forbid" and t.first in reach for t in scene.line.of("action"))


def _denies_repeal(action: Term, state: EndState) -> bool:
    """True where not having ended the law's effect or restrictions is not having repealed it."""
    return (state == "lifted" and action.value == "repeal") or (
        state == "waived" and action.value in ENDING
    )


def _gives_bill(bound: Bound, scene: Scene) -> bool:
    """True for what a bill says, told in forms for that: "it repeals the section"."""
    told = _gives_account(bound, scene)
    if bound.action.value in ENDING and scene.quotes_bill(bound.action):
        return True  # "its only article: the section has been repealed"
    read_out = bound.action.value in ENDING and scene.reads_out(bound.action)
    known = bound.action.value in ("waive", "extend") and bound.phrase.thing != "waiver"
    return told and (read_out or (scene.gives_bill(bound.action) and not known))


def _gives_account(bound: Bound, scene: Scene) -> bool:
    """True for a form in which texts are told: "it repeals the section"."""
    reads, forms = bound.binding.reads, scene.group("account")
    return reads in forms if reads else bool(bound.action.features & forms)


def _goes_on(bound: Bound, scene: Scene) -> bool:
    """True for a noun right after an end that only lies ahead, where none is told as a fact."""
    noun = "noun" in (bound.binding.reads or bound.action.features)
    known = scene.discourse
    near = 0 < scene.line.index - known.ahead_line <= AHEAD_LINES
    return bound.action.value in ENDING and noun and near and known.ended_line < 0


def _is_of_bill(bound: Bound, scene: Scene) -> bool:
    """True for what becomes of "it", where a bill, or what would be, was spoken of just before."""
    phrase, line = bound.phrase, scene.line
    again = phrase.thing == "law" and not phrase.explicit
    if not again or not _is_pronoun(phrase, scene) or bound.action.value not in ENDING:
        return False
    last = [claim for claim in scene.claims[-1:] if claim.end_state == "repealed"]
    words = {word for claim in last for cue in claim.cues for word in fold(cue.text).split()}
    would = not words.isdisjoint(scene.group("bill_modal"))
    known = scene.discourse
    bill = line.index - known.bill_line == 1 and known.ahead_line == known.bill_line
    return bill or (would and line.index - known.claim_line == 1)


def _tells_of_bill(mood: Mood, scene: Scene) -> bool:
    """True for what a bill of the sentence before "would" do, with no other condition."""
    modal = scene.group("bill_modal")
    words = (scene.line.tokens[cue.first].norm for cue in mood.cues if cue.kind == "hypothesis")
    return scene.line.index - scene.discourse.bill_line == 1 and all(w in modal for w in words)


def _answers_wish(bound: Bound, scene: Scene) -> bool:
    """True for a noun that answers "What do they want?"."""
    noun = "noun" in (bound.binding.reads or bound.action.features)
    return noun and scene.line.index - scene.discourse.wish_line == 1

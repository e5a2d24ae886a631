"""Puts the parts together: from sentences to claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from extract.acts import read_act
from extract.binding import Bound, bind
from extract.claim import Claim, Cue
from extract.discourse import Discourse, Phrase
from extract.entry import NAMES
from extract.implied import Reply, effect, replies, unbound, waiver
from extract.lexicon import GENDERS, Grammar, agree
from extract.lines import Line
from extract.matching import Term
from extract.modality import manners_of
from extract.phrases import find_phrases
from extract.references import AHEAD, names_another
from extract.scene import ENDING, Found, Scene
from extract.voice import Speaker, decide_voice

FAR_LINES = 8  # how far back the law may lie that "it" is in what is done to few other things
_TELLING = frozenset(("waive", "stand", "restore"))
POINTING_LINES = 6  # how far back the law may lie whose restrictions "these restrictions" are


def read_claims(lines: Sequence[Line], grammar: Grammar) -> list[Claim]:
    """Returns the claims that ``lines`` make, in order, one for each thing a sentence says."""
    claims: list[Claim] = []
    first = next((line.index for line in lines if line.of(*NAMES)), 0)
    discourse = Discourse(first_line=first)
    for line in lines:
        phrases = find_phrases(line, grammar, discourse)
        scene = Scene(line, phrases, grammar, discourse, claims)
        made = [_claim(line, one, grammar) for one in _find(scene)]
        if line.of("correction", "repeat"):
            made += [_reply(line, one, grammar) for one in list(replies(scene, made))]
        if made:
            claims += _distinct(made)
        _note(made, scene)
    return claims


def _note(made: Sequence[Claim], scene: Scene) -> None:
    """Keeps what was said for the sentences that lean on it."""
    line, discourse = scene.line, scene.discourse
    if line.of("prospect") and line.asks():
        discourse.wish_line = line.index
    if scene.notes_bill():
        discourse.bill_line = line.index
    if scene.phrases and any(phrase.thing == "waiver" for phrase in scene.phrases):
        discourse.waiver_line = line.index
    if made:
        _note_claims(made, line.index, discourse)


def _note_claims(made: Sequence[Claim], index: int, discourse: Discourse) -> None:
    discourse.topic_line = index
    states = {claim.end_state for claim in made}
    if not states.isdisjoint(("waived", "lapsed")):
        discourse.waiver_line = index
    if "repealed" in states:
        discourse.claim_line = index
        if any(c.end_state == "repealed" and c.modality == "question" for c in made):
            discourse.asked_line = index
    ends = {claim.modality for claim in made if claim.end_state in ("repealed", "lifted")}
    if ends:
        discourse.ahead_line = index if ends == {"prospective"} else -1000
    if "asserted" in ends:
        discourse.ended_line = index


def _find(scene: Scene) -> Iterator[Found]:
    bound_phrases: list[Phrase] = []
    for action in scene.line.of("action"):
        bound = bind(action, scene.line, scene.phrases, scene.grammar)
        far = bound is None and (action.value in _TELLING or action.value in ENDING)
        if far:
            bound = _bind_far(action, scene)
        if bound is None:
            yield from unbound(action, scene)
            continue
        meant = _concerns_law(bound.phrase, scene) or _is_set_aside(bound, scene)
        found = read_act(bound, scene) if meant else None
        if far and found is not None and _is_bold(found):
            found = None
        if found is not None:
            bound_phrases.append(bound.phrase)
            yield found
    for phrase in scene.phrases:
        if phrase in bound_phrases:
            continue
        if phrase.thing == "waiver":
            yield from waiver(phrase, scene)
        elif phrase.thing == "effect" and phrase.law is not None:
            yield from effect(phrase, scene)


def _is_bold(found: Found) -> bool:
    """True for an end told as a fact: too much to claim by a pronoun far from the law."""
    return found.action.value in ENDING and found.mood.modality == "asserted"


def _bind_far(action: Term, scene: Scene) -> Bound | None:
    """Binds an act that tells what is meant to a pronoun far from the law: "it is waived"."""
    known, line = scene.discourse, scene.line
    back = line.index - max(known.law_line, known.topic_line, known.waiver_line)
    if not known.law_seen or back > FAR_LINES or known.rival_line > known.law_line:
        return None
    taken = {n for p in scene.phrases for n in range(p.first, p.last + 1)}
    far = [
        Phrase(t.first, t.last, "law", t.features, (t.first, t.last))
        for t in line.of("noun")
        if t.value == "pronoun" and t.first not in taken
        and agree(t.features, known.law_features, (GENDERS,))
        and (action.value in _TELLING or not names_another(t, line, scene.grammar))
    ]  # fmt: skip
    phrases = sorted([*scene.phrases, *far], key=lambda p: p.first)
    bound = bind(action, line, phrases, scene.grammar) if far else None
    return bound if bound is not None and bound.phrase in far else None


def _concerns_law(phrase: Phrase, scene: Scene) -> bool:
    """True where a thing that does not name the law can only be this law's."""
    here = any(p.law is not None for p in scene.phrases)
    if phrase.law is not None or here:
        return True
    if phrase.thing == "waiver":
        return scene.names_law_soon
    if phrase.thing == "restriction" and (_shows_both_sides(scene) or _opens_on_law(scene)):
        return True
    if phrase.thing == "restriction" and scene.line.index - scene.discourse.ended_line == 1:
        return True
    back = scene.line.index - max(scene.discourse.law_line, scene.discourse.topic_line)
    if _pointed_at(phrase, scene):
        return back <= POINTING_LINES
    near = POINTING_LINES if phrase.thing == "effect" else 2
    return back <= near and bool(scene.line.of("context"))


def _is_set_aside(bound: Bound, scene: Scene) -> bool:
    """True for "its application was suspended", said not long after the law was spoken of."""
    set_aside = bound.action.value == "waive" and bound.phrase.thing in ("effect", "restriction")
    return set_aside and scene.discourse.law_seen and scene.since_law <= POINTING_LINES


def _opens_on_law(scene: Scene) -> bool:
    """True for a headline of either side, over a text that soon names the law."""
    soon = scene.discourse.first_line - scene.line.index <= AHEAD
    return scene.line.in_title and soon and bool(scene.line.of("context"))


def _shows_both_sides(scene: Scene) -> bool:
    """True for a sentence of both sides of the law's field, in an article that names the law."""
    return {"near", "far"} <= {term.value for term in scene.line.of("context")}


def _pointed_at(phrase: Phrase, scene: Scene) -> bool:
    """True for "these restrictions", said of what was spoken of just before."""
    before = scene.line.tokens[max(0, phrase.first - 1) : phrase.first]
    return any(t.norm in scene.group("demonstrative") for t in before)


def _reply(line: Line, reply: Reply, grammar: Grammar) -> Claim:
    return Claim(
        sentence=line.text,
        start=line.start,
        end=line.end,
        in_title=line.in_title,
        end_state=reply.end_state,
        voice=decide_voice(reply.cues[0], line, grammar).voice,
        modality=reply.modality,
        cues=tuple(_cue(line, term, term.kind) for term in reply.cues),
    )


def _claim(line: Line, found: Found, grammar: Grammar) -> Claim:
    speaker = _speaker(found, line, grammar)
    cues = [_cue(line, found.action, "end_state")]
    if found.phrase is not None and found.phrase.law is not None:
        cues.append(_span_cue(line, *found.phrase.law, "law"))
    elif found.phrase is not None:
        cues.append(_span_cue(line, found.phrase.first, found.phrase.last, found.phrase.thing))
    manners = manners_of(found.action, line, grammar)
    cues += [_cue(line, term, _kind(term)) for term in (*found.mood.cues, *speaker.cues, *manners)]
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


def _speaker(found: Found, line: Line, grammar: Grammar) -> Speaker:
    """Returns who makes the claim: who denies speaks, not who is denied.

    A denial may stand outside the quotation that it is of, or behind what others are said to say:
    "reports that it was repealed are wrong".
    """
    action = found.action
    if found.mood.modality != "negated":
        return decide_voice(action, line, grammar)
    denials = [cue for cue in found.mood.cues if cue.kind == "negation"]
    for cue in denials:
        if line.quoted[cue.first] != line.quoted[action.first]:
            return decide_voice(cue, line, grammar)
    behind = next((cue for cue in denials if cue.first > action.last), None)
    if behind is None:
        return decide_voice(action, line, grammar)
    within = [c for c in line.of("speech") if behind.first <= c.first and c.last < behind.last]
    leading = [cue for cue in line.of("speech") if cue.last < action.first][-1:]
    denied = [cue for cue in leading if _is_subject(cue, line, grammar)]
    return decide_voice(behind, line, grammar, denied=[*denied, *within])


def _is_subject(cue: Term, line: Line, grammar: Grammar) -> bool:
    """True for "reports that ..." as what something is told of; not for "they report that ..."."""
    before = line.tokens[cue.first - 1] if cue.first else None
    small = grammar.any_of("light", "definite", "determiner", "that", "and_or")
    return before is None or not before.is_word or before.norm in small or "'" in before.norm


def _kind(term: Term) -> str:
    """Returns a cue's kind; a hedge ("as good as") and a manner go by their own names."""
    return term.value if term.value == "hedge" or term.kind == "manner" else term.kind


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

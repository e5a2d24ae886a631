"""Decides how an end is spoken of: as a fact, denied, in the future, supposed, asked.

A cue counts where its scope reaches the action: to the side it works on, as far as it works, and
not beyond a word that ends a clause.
"""

from __future__ import annotations

from dataclasses import dataclass

from extract.claim import Modality
from extract.lexicon import Grammar
from extract.lines import Line
from extract.matching import Term

_KINDS = ("negation", "prospect", "hypothesis", "question", "fact", "temporary")
_ENDS = frozenset(";:")
_PAUSES = frozenset(",—–-")
PAIR = 2
POWER_NEAR = 4  # tokens: how close before an action a word that lets somebody do it stands
ASKS_NEAR = 3  # tokens: how soon behind a comma a question word opens its clause
OPENING = 6  # tokens: a question word this early asks of the whole sentence
PURPOSE_NEAR = 2  # tokens: a wish this close behind a negated form wishes that it not be so
TIGHT = 4  # words: a cue closer than this before an action outweighs those farther off


@dataclass(frozen=True, slots=True)
class Mood:
    """How an end is spoken of, and the cues that say so.

    Attributes:
        temporary: Whether it is limited in time.
        denied: Whether it is denied, be it as a fact, a wish or a supposition.
        wished: Whether a wish or supposition reaches it, though another cue may have decided.
    """

    modality: Modality
    cues: tuple[Term, ...]
    temporary: bool = False
    denied: bool = False
    wished: bool = False


def decide_mood(action: Term, reads: str, line: Line, grammar: Grammar) -> Mood:
    """Returns the modality of ``action``, whose form turned out to be ``reads``."""
    values = {"apply", "extend"} if action.value == "apply" else {action.value}
    features = action.features | values | ({reads} if reads else set())
    cues = {kind: _reaching(kind, action, features, line, grammar) for kind in _KINDS}
    cues["fact"] = [cue for cue in cues["fact"] if not _open(cue, line, grammar)]
    by_form = _by_form(action, reads, grammar)
    if by_form == "prospective":  # "it will be repealed by the end of the year"
        cues["temporary"] = [c for c in cues["temporary"] if not _is_deadline(c, line, grammar)]
    cues["temporary"] = [c for c in cues["temporary"] if not _limits_wish(c, action, cues)]
    temporary = bool(cues["temporary"])
    negations = _independent(_apart(cues["negation"], action, features), line, grammar)
    negations += "negative" in features
    bare = reads in grammar.words.get("undecided", ())
    wished = bool(cues["prospect"]) and (
        by_form == "prospective" or bare or _is_purpose(action, cues["prospect"])
    )
    modality: Modality = "asserted"
    used: list[Term] = []
    nearer = _nearer(cues["prospect"], cues["fact"], action, line, grammar)
    hedges = [c.first for c in cues["hypothesis"] if c.value == "hedge" and c.last < action.first]
    tight = [
        cue
        for cue in cues["fact"]
        if _is_tight(cue, action, line) and not nearer and all(n < cue.last for n in hedges)
    ]
    asked = _asked(action, reads, line, grammar) and not any(
        _gives(cue, action, reads, line, grammar) for cue in tight
    )
    wondered = bool(cues["question"]) and not _nearer(
        cues["prospect"], cues["question"], action, line, grammar
    )  # "asked whether he favoured a bill to repeal it"
    if asked or wondered or by_form == "question":
        modality, used = "question", cues["question"]
    elif negations % 2 and wished:
        modality, used = "prospective", [*cues["negation"], *cues["prospect"]]
    elif negations % 2 and (
        by_form == "hypothetical" or _conditional(cues["hypothesis"], line, grammar, "supposing")
    ):
        modality, used = "hypothetical", [*cues["negation"], *cues["hypothesis"]]
    elif negations % 2:
        modality, used = "negated", cues["negation"]
    elif cues["negation"]:
        used = cues["negation"]
    elif _is_let(action, cues, line, grammar) or (
        tight and (_is_power(action) or not _conditional(cues["hypothesis"], line, grammar))
    ):
        used = tight
    elif by_form == "prospective" and _nearer(
        cues["prospect"], cues["hypothesis"], action, line, grammar
    ):
        modality, used = "prospective", cues["prospect"]
    elif by_form == "hypothetical" and cues["prospect"] and not cues["hypothesis"]:
        modality, used = "prospective", cues["prospect"]  # "I hope that it goes"
    elif cues["hypothesis"] or by_form == "hypothetical":
        modality, used = "hypothetical", cues["hypothesis"]
    elif cues["fact"] and not nearer and not _sooner(cues["prospect"], cues["fact"], action):
        used = cues["fact"]
    elif cues["prospect"] or by_form == "prospective":
        modality, used = "prospective", cues["prospect"]
    cited = (*used, *cues["temporary"])
    open_ = any(cue.value != "hedge" for cue in (*cues["prospect"], *cues["hypothesis"]))
    return Mood(modality, cited, temporary, negations % 2 == 1, open_)


def is_denied(action: Term, line: Line, grammar: Grammar) -> list[Term]:
    """Returns the negations that reach ``action``."""
    return _reaching("negation", action, action.features, line, grammar)


def manners_of(action: Term, line: Line, grammar: Grammar) -> list[Term]:
    """Returns what says how ``action`` was done: for good, for the first time."""
    return _reaching("manner", action, action.features, line, grammar)


def _open(cue: Term, line: Line, grammar: Grammar) -> bool:
    """True for what would presuppose, were it a fact itself: "would welcome"."""
    before = line.tokens[max(0, cue.first - 1) : cue.first]
    return any(token.norm in grammar.words.get("modal", ()) for token in before)


def _is_tight(cue: Term, action: Term, line: Line) -> bool:
    """True for a cue close before ``action`` or right after it."""
    between = range(cue.last + 1, action.first)
    before = cue.last <= action.first and line.words_in(between) < TIGHT
    return before or cue.first == action.last + 1


def _gives(cue: Term, action: Term, reads: str, line: Line, grammar: Grammar) -> bool:
    """True where a fact is what a question starts from: "now that it is repealed, who comes?"."""
    given = line.tokens[cue.first].norm in grammar.words.get("given", ())
    return given or reads == "noun" or cue.first > action.last


def _is_power(action: Term) -> bool:
    """True for what a law lets somebody do: that it sets terms makes the power no supposition."""
    return action.value in ("waive", "extend")


def _is_let(action: Term, cues: dict[str, list[Term]], line: Line, grammar: Grammar) -> bool:
    """True for what the law lets somebody do, with no condition: "it can be extended each year".

    Words of the group ``power`` say so, or the form of the action (``abil``).
    """
    power = grammar.words.get("power", frozenset())
    before = line.tokens[max(0, action.first - POWER_NEAR) : action.first]
    let = "abil" in action.features or any(token.norm in power for token in before)
    others = [c for c in cues["hypothesis"] if line.tokens[c.first].norm not in power]
    beside = [t for t in line.of("negation", "prospect") if t.first == action.last + 1]
    return _is_power(action) and let and not (cues["prospect"] or others or beside)


def _sooner(cues: list[Term], others: list[Term], action: Term) -> bool:
    """True where of the cues after ``action`` the first is one of ``cues``."""
    after = [cue.first for cue in cues if cue.first > action.last]
    return bool(after) and min(after) < min(cue.first for cue in others)


def _nearer(
    cues: list[Term], others: list[Term], action: Term, line: Line, grammar: Grammar
) -> bool:
    """True where of the cues before ``action`` the last is one of ``cues``.

    Words of the group ``faint`` may also say how far an end goes ("after the final repeal").
    """
    faint = grammar.words.get("faint", frozenset())
    before = [
        cue.last
        for cue in cues
        if cue.last < action.first and line.tokens[cue.last].norm not in faint
    ]
    known = [cue.last for cue in others if cue.last < action.first]
    return bool(before and known) and max(before) > max(known)


def _is_purpose(action: Term, prospects: list[Term]) -> bool:
    """True for a negated form right before what wishes: "kaldırılmaması için", "that it not be"."""
    return "negative" in action.features and any(
        0 < cue.first - action.last <= PURPOSE_NEAR for cue in prospects
    )


def _limits_wish(cue: Term, action: Term, cues: dict[str, list[Term]]) -> bool:
    """True for a limit in time behind a wish: "its end is awaited every year"."""
    return any(action.last < wish.first and wish.last < cue.first for wish in cues["prospect"])


def _is_deadline(cue: Term, line: Line, grammar: Grammar) -> bool:
    """True for "until" where the language says the same for "by" (the word group ``deadline``)."""
    deadline = grammar.words.get("deadline", frozenset())
    return any(token.norm in deadline for token in line.tokens[cue.first : cue.last + 1])


def _apart(cues: list[Term], action: Term, features: frozenset[str]) -> list[Term]:
    """Returns the negations besides the one that the form of ``action`` bears itself."""
    if "negative" not in features:
        return cues
    return [cue for cue in cues if cue.last < action.first or cue.first > action.last]


def _independent(cues: list[Term], line: Line, grammar: Grammar) -> int:
    """Returns how many negations there are: "does not and cannot" is one, as is "neither, nor".

    Words of the group ``neither`` deny together.
    """
    joints = grammar.any_of("and_or", "verb_group")
    paired = grammar.words.get("neither", frozenset())
    count, end = 0, -1
    for cue in sorted(cues, key=lambda term: term.first):
        between = line.tokens[end : cue.first] if count else ()
        told = any(t.norm not in joints and t.text != "," for t in between)
        count += not count or (told and line.tokens[cue.first].norm not in paired)
        end = cue.last + 1
    return count


def _conditional(cues: list[Term], line: Line, grammar: Grammar, group: str = "condition") -> bool:
    words = grammar.words.get(group, frozenset())
    return any(line.tokens[cue.first].norm in words for cue in cues)


def _asked(action: Term, reads: str, line: Line, grammar: Grammar) -> bool:
    """True where ``action`` is what a question asks about.

    "Repealed: what next?" and "Why was it repealed?" take it as given: forms of no modality of
    their own do, or those of the group ``presumed``. The Armenian mark stands in the word that is
    asked about: the action's own, or one that asks for truth (group ``asking``).
    """
    asking = grammar.words.get("asking", frozenset())
    for n, token in enumerate(line.tokens if "՞" in line.text else ()):
        here = action.first <= n <= action.last or token.norm in asking
        here = here or _asks_ahead(n, action, reads, line, grammar)
        if "՞" in token.text and here and line.quoted[n] == line.quoted[action.first]:
            return True
    if not line.asks() or not _same_quote(action, line):
        return False
    if any(token.text in _ENDS for token in line.tokens[action.last + 1 :]):
        # "Repeal: what would it bring?"
        known = action.features | {reads}
        cues = (c for c in line.of("hypothesis", "prospect") if not c.entry.forms.isdisjoint(known))
        return any(cue.first > action.last for cue in cues)
    presuming = grammar.words.get("presuming", frozenset())
    verb_final = grammar.head == "last"
    opening = line.tokens if verb_final else line.tokens[: min(action.first, OPENING)]
    told = any(t.norm in grammar.words.get("did", ()) for t in opening)  # "why did they end it?"
    readings = grammar.words.get("presumed")
    done = _by_form(action, reads, grammar) is None
    presumed = told or (done and (not readings or reads in readings))
    if presumed and any(token.norm in presuming for token in opening):
        return False
    return not (done and _asks_after(action, line, presuming))


def _asks_after(action: Term, line: Line, presuming: frozenset[str]) -> bool:
    """True where a clause behind asks: "it was repealed, so where is the money?"."""
    tokens = line.tokens
    mark = next((n for n in range(action.last + 1, len(tokens)) if tokens[n].text in _PAUSES), -1)
    return mark > 0 and any(t.norm in presuming for t in tokens[mark + 1 : mark + 1 + ASKS_NEAR])


def _asks_ahead(position: int, action: Term, reads: str, line: Line, grammar: Grammar) -> bool:
    """True where the word at ``position`` asks who, or when, will do what is not yet done."""
    between = line.tokens[position : action.first]
    presuming = grammar.words.get("presuming", frozenset())
    ahead = _by_form(action, reads, grammar) is not None
    parted = any(not t.is_word for t in between)
    return ahead and bool(between) and between[0].norm in presuming and not parted


def _by_form(action: Term, reads: str, grammar: Grammar) -> str | None:
    """Returns the modality that the form carries: of what it reads as, or of all its features.

    A key such as ``noun+dat`` asks for several: a noun in a case that names a goal.
    """
    carried = action.features | {reads}
    for key, mood in grammar.modality.items():
        if "+" in key and carried.issuperset(key.split("+")):
            return mood
    if reads:
        return grammar.modality.get(reads)
    moods = {grammar.modality.get(f) for f in action.features if f in grammar.modality}
    return moods.pop() if len(moods) == 1 else None


def _same_quote(action: Term, line: Line) -> bool:
    """True where the question mark belongs to the words that the action stands in."""
    mark = next((n for n in range(len(line.tokens) - 1, -1, -1) if line.tokens[n].text in "?՞"), -1)
    return mark < 0 or line.quoted[mark] == line.quoted[action.first]


def _reaching(
    kind: str, action: Term, features: frozenset[str], line: Line, grammar: Grammar
) -> list[Term]:
    return [
        cue
        for cue in line.by_kind.get(kind, ())
        if (not cue.entry.forms or cue.entry.forms & features)
        and _in_scope(cue, action, line, grammar)
    ]


def _in_scope(cue: Term, action: Term, line: Line, grammar: Grammar) -> bool:
    side = cue.entry.side
    if cue.last < action.first and side in ("right", "both"):
        between = range(cue.last + 1, action.first)
    elif cue.first > action.last and side in ("left", "both"):
        between = range(action.last + 1, cue.first)
    else:
        own = action.kind == "repeat" and action.first <= cue.first and cue.last <= action.last
        return not own and cue.first <= action.last and cue.last >= action.first
    if line.words_in(between) > cue.entry.reach:
        return False
    behind = cue.first > action.last
    stops = grammar.any_of("stop", "stop_back") if behind else grammar.any_of("stop")
    listed = cue.kind == "prospect" and not behind and "noun" in action.features
    ends = _ENDS - {":"} if listed else _ENDS  # "two things are asked for: visas and the repeal"
    particle = action.last + 1 if grammar.head == "last" else -1  # "its repeal, however, ..."
    if any(
        (line.tokens[n].norm in stops and n != particle) or line.tokens[n].text in ends
        for n in between
    ):
        return False
    if sum(line.tokens[n].text == "," for n in between) > cue.entry.commas:
        return False
    if cue.kind == "temporary":
        return _limits(between, line, grammar)
    return cue.kind != "negation" or _denies(between, line, grammar, behind=behind)


def _denies(between: range, line: Line, grammar: Grammar, *, behind: bool) -> bool:
    """True where a negation reaches over ``between``: a comma or another action uses it up.

    A remark between two commas does not: "the repeal, contrary to reports, did not happen".
    """
    if _wished(between, line, grammar):
        return False
    joints = grammar.words.get("and_or", frozenset())
    others = [t for t in line.of("action") if t.first in between]
    if others:
        return any(line.tokens[n].norm in joints for n in range(others[0].last, between.stop))
    commas = sum(line.tokens[n].text == "," for n in between)
    return not commas or (behind and commas == PAIR)


def _limits(between: range, line: Line, grammar: Grammar) -> bool:
    """True where another action does not use up a limit in time: "buried, not shelved for a year".

    Where it stands behind, what is joined to the action by "and" shares it.
    """
    parted = [n for n in between if line.tokens[n].text == ","]
    if parted and line.of("negation"):
        last = range(parted[-1], between.stop)
        if any(term.first in last for term in line.of("negation")):
            return False  # "strike it, not walk around it every year"
    joints = grammar.words.get("and_or", frozenset())
    others = [term for term in line.of("action") if term.first in between]
    joined = range(between.start, others[0].first) if others else between
    return not others or any(line.tokens[n].norm in joints for n in joined)


def _wished(between: range, line: Line, grammar: Grammar) -> bool:
    """True where a wish takes the negation: "does not expect a repeal" denies no repeal."""
    group = grammar.words.get("verb_group", frozenset())
    if between and line.tokens[between.start - 1].norm in grammar.words.get("determiner_no", ()):
        return False
    return any(
        term.first in between and line.tokens[term.first].norm not in group
        for term in line.of("prospect")
    )

"""What it means for the law when something is done to it, to its waiver or to what it restricts."""

from __future__ import annotations

from extract.claim import EndState

# An action's name is its plain sense; the table says what end state it gives to which thing. The
# sense of "lifted" is the record's own: a waiver loosely lifts restrictions, so lifting the law is
# no claim of repeal, while removing or repealing the law itself is. The "effect" is the law's force
# or application: whoever ends that sets the law aside and leaves it standing.
_TABLE: dict[str, dict[str, EndState]] = {
    "repeal": {
        "law": "repealed", "ban": "repealed", "restriction": "lifted", "waiver": "waiver_repealed",
        "effect": "waived",
    },
    "remove": {
        "law": "repealed", "ban": "lifted", "restriction": "lifted", "waiver": "waiver_repealed",
        "effect": "waived",
    },
    "vanish": {
        "law": "repealed", "ban": "repealed", "restriction": "lifted", "waiver": "lapsed",
    },
    "lift": {
        "law": "lifted", "ban": "lifted", "restriction": "lifted", "waiver": "waiver_repealed",
        "effect": "waived",
    },
    "waive": {
        "law": "waived", "ban": "waived", "restriction": "waived", "waiver": "waiver_repealed",
        "effect": "waived",
    },
    "extend": {"waiver": "waived"},
    "apply": {
        "waiver": "waived", "law": "in_force", "ban": "in_force", "restriction": "in_force",
    },
    "expire": {"waiver": "lapsed", "restriction": "lifted"},
    "forbid": {"waiver": "waiver_repealed"},
    "restore": {
        "law": "lapsed", "ban": "lapsed", "restriction": "lapsed", "effect": "lapsed",
        "waiver": "waived",
    },
    "stand": {
        "law": "in_force", "ban": "in_force", "restriction": "in_force", "waiver": "waived",
    },
}  # fmt: skip
ACTIONS = frozenset(_TABLE)


def outcome(action: str, thing: str, *, temporary: bool = False) -> EndState | None:
    """Returns the end state that ``action`` done to ``thing`` claims; None where it claims none.

    An end that is limited in time ("cancelled for a year") is a waiver in other words.
    """
    state = _TABLE[action].get(thing)
    if temporary and state in ("repealed", "lifted"):
        return "waived"
    return state

"""Tells from a few letters whether a text can hold one of some patterns at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

Clause = frozenset[str]


class Needles:
    """What a text must hold for one of some patterns to be found in it.

    A pattern is found only where, for each of its steps, one of some needles stands in the text:
    what all forms of a word have in common. So a no is sure, and a yes is a guess.

    Args:
        patterns: For each pattern, the needles of each of its steps.
    """

    def __init__(self, patterns: Iterable[Sequence[Collection[str]]]) -> None:
        needed = {frozenset(map(_clause, steps)) - {frozenset({""})} for steps in patterns}
        least = {one for one in needed if not any(other < one for other in needed)}
        least = {one for one in least if not any(_follows(one, other) for other in least - {one})}
        # Short lists of long needles first: they are found least often.
        self._patterns = sorted((sorted(one, key=_ease) for one in least), key=_order)

    def may_be_in(self, folded: str) -> bool:
        """True where ``folded``, a folded text, may hold one of the patterns."""
        return self.may_hold(folded.__contains__)

    def may_hold(self, holds: Callable[[str], bool]) -> bool:
        """The same of a text of which ``holds`` tells whether a needle stands in it."""
        known: dict[Clause, bool] = {}
        for pattern in self._patterns:
            for clause in pattern:
                met = known.get(clause)
                if met is None:
                    met = known[clause] = any(map(holds, clause))
                if not met:
                    break
            else:
                return True
        return False


def _clause(needles: Collection[str]) -> Clause:
    """Returns the needles without those that hold another one, which is found with them."""
    return frozenset(
        one for one in needles if not any(other != one and other in one for other in needles)
    )


def _follows(one: Collection[Clause], other: Iterable[Clause]) -> bool:
    """True where a text that holds ``one`` holds ``other`` too."""
    return all(any(_within(first, second) for first in one) for second in other)


def _within(clause: Clause, other: Clause) -> bool:
    return all(any(needle in longer for needle in other) for longer in clause)


def _ease(clause: Clause) -> tuple[int, int, list[str]]:
    return len(clause), -min(map(len, clause)), sorted(clause)


def _order(pattern: Sequence[Clause]) -> tuple[int, list[tuple[int, int, list[str]]]]:
    return len(pattern), [_ease(clause) for clause in pattern]

"""The tree of patterns: branches are shared, and no pattern gains or loses by it."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.entry import Entry
from extract.patterns import Step, spell_out
from extract.tree import Node, reach

STEP = st.builds(
    Step,
    words=st.lists(st.sampled_from("abc"), max_size=3, unique=True).map(tuple),
    gap=st.sampled_from([1, 2]),
    optional=st.booleans(),
)


def _paths(steps: list[Step]) -> set[tuple[str | int, ...]]:
    """Every way through ``steps``, spelt out."""
    choices = [
        [*((key,) for key in step.words or (step.gap,)), *([()] if step.optional else [])]
        for step in steps
    ]
    return {path for parts in product(*choices) if (path := tuple(k for p in parts for k in p))}


def _found(node: Node, path: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], set[Entry]]:
    """Every way through a tree, with what ends there."""
    ways = {path: set(node.entries)} if node.entries else {}
    for key, following in (*node.next.items(), *node.gaps.items()):
        ways |= _found(following, (*path, key))
    return ways


@given(st.lists(st.lists(STEP, max_size=4), max_size=6))
def test_each_pattern_ends_where_it_says(patterns: list[list[Step]]) -> None:
    """A tree holds each way of each pattern, with the entries of these patterns and no others."""
    root, expected = Node(), {}
    for number, steps in enumerate(patterns):
        for node in reach(root, steps):
            node.entries += (number,)  # type: ignore[assignment]
        for path in _paths(steps):
            expected.setdefault(path, set()).add(number)

    assert expected == _found(root)


def test_what_goes_on_alike_is_kept_once() -> None:
    """Choices do not multiply: three of three words each take three nodes, not thirty-nine."""
    root = Node()
    reach(root, [Step(tuple("abc"))] * 3)

    nodes, waiting = set(), [root]
    while waiting:
        node = waiting.pop()
        nodes.add(node)
        waiting += node.next.values()

    assert len(nodes) == 4


def test_a_choice_of_several_words_is_a_pattern_of_its_own() -> None:
    """Its words are written with a mark between, and the last of them bears what all carry."""
    assert ["a/b x~=f? k", "c d x~=f? k"] == spell_out("a/b/c_d x~=f? k")
    assert ["on hold~=pred", "in the freezer~=pred"] == spell_out("on_hold/in_the_freezer~=pred")
    assert ["k a b d", "k d"] == spell_out("k a_b? d")


@pytest.mark.parametrize("pattern", ["_", "a _/b", "a_/b c", "a__b", " ".join(["a_b/c"] * 30)])
def test_choices_that_cannot_be_spelt_out_are_refused(pattern: str) -> None:
    """They would match anything, or fill the memory."""
    with pytest.raises(ValueError, match="_"):
        spell_out(pattern)

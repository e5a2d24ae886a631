"""The tree of a lexicon's patterns, by which they are found word by word.

Branches that go on alike are kept once: a pattern with many choices takes no more room than its
steps, until another one parts from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from extract.entry import Entry
from extract.patterns import Step


@dataclass(slots=True, eq=False)
class Node:
    """A place in the tree: what may follow, and what ends here.

    Attributes:
        next: What follows, by word.
        gaps: What follows a gap, by the number of tokens that it skips at most.
        entries: The entries of which a pattern ends here.
        edges: How many ways lead here.
    """

    next: dict[str, Node] = field(default_factory=dict)
    gaps: dict[int, Node] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    edges: int = 0


def reach(root: Node, steps: Sequence[Step]) -> list[Node]:
    """Returns the nodes at which a pattern of ``steps`` ends; they serve no other pattern.

    Nodes that are wanting are made; those that other patterns go through as well are parted.
    """
    nodes = [root]
    for step in steps:
        keys = step.words or (step.gap,)
        while (copy := _parted_off(nodes, step, keys)) is not None:
            nodes.append(copy)
        reached = _gone(nodes, step, keys)
        nodes = list(dict.fromkeys([*nodes, *reached])) if step.optional else reached
    return [node for node in nodes if node is not root]


def _table(node: Node, step: Step) -> dict[Any, Node]:
    return node.next if step.words else node.gaps


def _gone(nodes: Iterable[Node], step: Step, keys: Iterable[str | int]) -> list[Node]:
    """Returns where ``keys`` lead to from ``nodes``; what is wanting is one new node."""
    fresh = Node()
    reached = {}
    for node in nodes:
        table = _table(node, step)
        for key in keys:
            following = table.get(key)
            if following is None:
                following = table[key] = fresh
                fresh.edges += 1
            reached[following] = True
    return list(reached)


def _parted_off(nodes: Sequence[Node], step: Step, keys: Iterable[str | int]) -> Node | None:
    """Parts the nodes to which ``keys`` lead from those that other ways lead to.

    Stops at one that is among ``nodes`` itself, and returns its copy: it is one of them too.
    """
    ways: dict[Node, list[tuple[dict[Any, Node], str | int]]] = {}
    for node in nodes:
        table = _table(node, step)
        for key in keys:
            if key in table:
                ways.setdefault(table[key], []).append((table, key))
    for node, own in ways.items():
        if len(own) < node.edges:
            copy = _parted(node, own)
            if node in nodes:
                return copy
    return None


def _parted(node: Node, ways: Sequence[tuple[dict[Any, Node], str | int]]) -> Node:
    """Returns a copy of ``node`` to which some of the ways lead from now on."""
    copy = Node(dict(node.next), dict(node.gaps), node.entries, len(ways))
    node.edges -= len(ways)
    for following in (*copy.next.values(), *copy.gaps.values()):
        following.edges += 1
    for table, key in ways:
        table[key] = copy
    return copy

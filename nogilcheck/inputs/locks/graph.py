"""Which entries of a lock lead to which."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

_Node = TypeVar("_Node", bound=Hashable)


def reach(starts: Iterable[_Node], edges: Mapping[_Node, Iterable[_Node]]) -> set[_Node]:
    """What the starts lead to, with themselves."""
    seen: set[_Node] = set()
    pending = list(starts)
    while pending:
        node = pending.pop()
        if node not in seen:
            seen.add(node)
            pending += edges.get(node, ())
    return seen


def covering(
    nodes: Sequence[_Node], edges: Mapping[_Node, Iterable[_Node]], required: Collection[_Node]
) -> list[_Node]:
    """Nodes that together lead to all the others: those that are not required, and one of each cycle."""
    tops = [node for node in nodes if node not in required]
    reached = reach(tops, edges)
    for node in nodes:
        if node not in reached:
            tops.append(node)
            reached |= reach([node], edges)
    return tops

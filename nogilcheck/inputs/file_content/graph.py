"""What leads to what: entries of a lock that require one another, groups that include one another."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

_Node = TypeVar("_Node", bound=Hashable)


def reach(starts: Iterable[_Node], edges: Mapping[_Node, Iterable[_Node]]) -> dict[_Node, None]:
    """What the starts lead to, with themselves, the nearest first."""
    reached: dict[_Node, None] = {}
    pending = deque(starts)
    while pending:
        node = pending.popleft()
        if node not in reached:
            reached[node] = None
            pending += edges.get(node, ())
    return reached


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

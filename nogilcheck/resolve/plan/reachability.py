"""What is reached from the user's requirements, and what is not without some of their extras."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Container, Iterator, Set

from nogilcheck.model.graph import Edge, Graph


class Reach:
    """One graph, read from the roots to the distributions."""

    def __init__(self, graph: Graph) -> None:
        self._from_roots: list[Edge] = []
        self._onward: defaultdict[tuple[str, str], list[Edge]] = defaultdict(list)
        for edge in graph.edges:
            if isinstance(edge.parent, int):
                self._from_roots.append(edge)
            else:
                self._onward[edge.parent, edge.extra or ""].append(edge)

    def reached(self, *, without: Container[tuple[int, str]] = ()) -> set[str]:
        """The keys that are reached when roots do not ask for the extras ``without``: (position, extra)."""
        stages = {stage for edge in self._from_roots for stage in _stages(edge, without)}
        queue = deque(stages)
        while queue:
            for edge in self._onward[queue.popleft()]:
                for stage in _stages(edge, ()):
                    if stage not in stages:
                        stages.add(stage)
                        queue.append(stage)
        return {key for key, _ in stages}

    def extras_to_drop(self, key: str) -> Collection[tuple[int, str]]:
        """The extras of roots without which nothing reaches a distribution; empty where there are none."""
        asked = [(edge.parent, extra) for edge in self._from_roots for extra in edge.child_extras]
        known = [(position, extra) for position, extra in asked if isinstance(position, int)]
        for one in known:
            if key not in self.reached(without={one}):
                return {one}
        if key in self.reached(without=set(known)):
            return ()
        needed = set(known)
        for one in known:  # an extra that makes no difference stays
            if key not in self.reached(without=needed - {one}):
                needed.discard(one)
        return needed


def nearest_above(graph: Graph, names: Collection[str], wanted: Set[str]) -> Iterator[str]:
    """For each project the wanted one itself, or the nearest of those that lead to it."""
    asked_by: defaultdict[str, set[str]] = defaultdict(set)
    for edge in graph.edges:
        if not isinstance(edge.parent, int):
            asked_by[graph.nodes[edge.child].name].add(graph.nodes[edge.parent].name)
    for name in names:
        level, seen = {name}, {name}
        while level and level.isdisjoint(wanted):
            level = {parent for child in level for parent in asked_by[child]} - seen
            seen |= level
        yield from sorted(level & wanted)


def _stages(edge: Edge, without: Container[tuple[int, str]]) -> list[tuple[str, str]]:
    extras = [
        extra for extra in edge.child_extras if not (isinstance(edge.parent, int) and (edge.parent, extra) in without)
    ]
    return [(edge.child, extra) for extra in ("", *extras)]

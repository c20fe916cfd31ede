"""What the user's requirements reach in a graph, with and without some of their extras."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Container, Iterator, Set

from nogilcheck.model.graph import Edge, Graph


class Reach:
    """Follows one graph from the roots to the distributions."""

    def __init__(self, graph: Graph) -> None:
        self._from_roots: list[Edge] = []
        self._onward: defaultdict[tuple[str, str], list[Edge]] = defaultdict(list)
        for edge in graph.edges:
            if isinstance(edge.parent, int):
                self._from_roots.append(edge)
            else:
                self._onward[edge.parent, edge.extra or ""].append(edge)

    def reached(self, *, without: Container[tuple[int, str]] = ()) -> set[str]:
        """The keys that are reached when roots drop the extras in ``without``: (position of the root, extra)."""
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
        """The fewest extras of roots without which nothing reaches a distribution; empty where there are none."""
        roots = ((edge.parent, edge) for edge in self._from_roots if isinstance(edge.parent, int))
        extras = [(position, extra) for position, edge in roots for extra in edge.child_extras]
        for extra in extras:
            if key not in self.reached(without={extra}):
                return {extra}
        if key in self.reached(without=set(extras)):
            return ()
        needed = set(extras)
        for extra in extras:  # an extra that makes no difference stays
            if key not in self.reached(without=needed - {extra}):
                needed.discard(extra)
        return needed


def requirers_by_name(graph: Graph) -> dict[str, set[str]]:
    """The names of the distributions that require each project directly, by its name."""
    requirers: dict[str, set[str]] = {}
    for edge in graph.edges:
        if not isinstance(edge.parent, int):
            requirers.setdefault(graph.nodes[edge.child].name, set()).add(graph.nodes[edge.parent].name)
    return requirers


def nearest_above(graph: Graph, names: Collection[str], wanted: Set[str]) -> Iterator[str]:
    """Yield each of ``names`` that is wanted, else the nearest wanted projects that require it, directly or not."""
    requirers = requirers_by_name(graph)
    for name in names:
        level, seen = {name}, {name}
        while level and level.isdisjoint(wanted):
            level = {parent for child in level for parent in requirers.get(child, ())} - seen
            seen |= level
        yield from sorted(level & wanted)


def _stages(edge: Edge, without: Container[tuple[int, str]]) -> list[tuple[str, str]]:
    extras = [
        extra for extra in edge.child_extras if not (isinstance(edge.parent, int) and (edge.parent, extra) in without)
    ]
    return [(edge.child, extra) for extra in ("", *extras)]

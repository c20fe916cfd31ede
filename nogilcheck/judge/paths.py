"""The chains that pull a distribution in."""

from __future__ import annotations

from collections import defaultdict, deque

from nogilcheck.model.finding import Path, Step
from nogilcheck.model.graph import Edge, Graph

MAX_PATHS = 10
"""Chains kept for one finding, the shortest first; the report's edges hold them all."""


class Chains:
    """Questions about who brings what into one graph."""

    def __init__(self, graph: Graph) -> None:
        """Index the graph's edges by child."""
        self._graph = graph
        self._parents: defaultdict[str, list[Edge]] = defaultdict(list)
        for edge in graph.edges:
            if edge.parent != edge.child:
                self._parents[edge.child].append(edge)

    def held_back(self, name: str) -> int:
        """How many distributions cannot be installed without this one, itself included."""
        seen = {name}
        queue = deque(seen)
        while queue:
            for edge in self._parents[queue.popleft()]:
                if isinstance(edge.parent, str) and edge.parent not in seen:
                    seen.add(edge.parent)
                    queue.append(edge.parent)
        return len(seen)

    def shortest(self, name: str) -> tuple[Path, ...]:
        """One shortest chain from each root line that leads here, the shortest first."""
        onward: dict[str, Edge | None] = {name: None}
        paths: dict[int, Path] = {}
        queue = deque([name])
        while queue and len(paths) < MAX_PATHS:
            here = queue.popleft()
            for edge in self._parents[here]:
                if isinstance(edge.parent, int):
                    paths.setdefault(edge.parent, self._path(edge, onward))
                elif edge.parent not in onward:
                    onward[edge.parent] = edge
                    queue.append(edge.parent)
        ordered = sorted(paths.values(), key=lambda path: (len(path.steps), path.root))
        return tuple(ordered[:MAX_PATHS])

    def _path(self, first: Edge, onward: dict[str, Edge | None]) -> Path:
        assert isinstance(first.parent, int)
        steps = []
        edge: Edge | None = first
        while edge is not None:
            version = self._graph.nodes[edge.child].version
            steps.append(
                Step(
                    name=edge.child,
                    version=str(version) if version else None,
                    specifier=edge.specifier,
                    extra=edge.extra,
                    marker=edge.marker,
                )
            )
            edge = onward[edge.child]
        return Path(root=first.parent, steps=tuple(steps))

"""Every shortest chain that pulls a distribution in, ties included."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from nogilcheck.frozen import frozen
from nogilcheck.judge.chains import Stage, Upwards, step
from nogilcheck.model.graph import Edge, Graph
from nogilcheck.model.report.finding import Path, Step

MAX_TIES = 50
"""Chains that are kept for one distribution; their number can double with every level of a graph."""


@frozen
class Ties:
    """The shortest chains from every root line that leads to a distribution."""

    paths: tuple[Path, ...]
    """The shortest first; one at least of each root line, where `MAX_TIES` allows it."""
    more: int
    """How many there are beside them."""


def every_shortest(graphs: Sequence[Graph], key: str) -> Ties:
    """All chains to the distribution that no other from the same root line is shorter than."""
    found: list[tuple[int, int, int, Path]] = []
    total = 0
    for number, graph in enumerate(graphs):
        if key in graph.nodes:
            chains = _Chains(graph, key)
            total += chains.count
            found += ((rank, len(path.steps), number, path) for rank, path in chains.ranked())
    found.sort(key=lambda one: (one[0], one[1], one[3].root))  # another root line tells more than another tie
    kept = sorted(found[:MAX_TIES], key=lambda one: (one[1], one[3].root, one[2]))
    return Ties(paths=tuple(path for *_, path in kept), more=total - len(kept))


class _Chains:
    """The shortest chains in one graph, as links from each stage to those that are one step nearer."""

    def __init__(self, graph: Graph, key: str) -> None:
        self._graph = graph
        upwards = Upwards(graph)
        start = (key, "")
        self._nearer: dict[Stage, dict[Stage, list[Edge]]] = {start: {}}
        self._of_root: dict[int, dict[Stage, list[Edge]]] = {}
        distance = {start: 0}
        root_distance: dict[int, int] = {}
        counts = {start: 1}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            near = distance[here]
            for edge in upwards.asking(here):
                if isinstance(edge.parent, int):
                    if root_distance.setdefault(edge.parent, near) == near:
                        self._of_root.setdefault(edge.parent, {}).setdefault(here, []).append(edge)
                    continue
                stage = (edge.parent, edge.extra or "")
                if stage not in distance:
                    distance[stage] = near + 1
                    counts[stage] = 0
                    queue.append(stage)
                if distance[stage] == near + 1:
                    links = self._nearer.setdefault(stage, {})
                    if here not in links:
                        counts[stage] += counts[here]
                    links.setdefault(here, []).append(edge)
        self.count = sum(counts[stage] for links in self._of_root.values() for stage in links)
        """How many there are."""

    def ranked(self) -> Iterator[tuple[int, Path]]:
        """The first few of each root line, with a number from 0 that tells those of a line apart."""
        for root in self._of_root:
            for rank, steps in enumerate(islice(self._from(root), MAX_TIES)):
                yield rank, Path(root=root, steps=steps)

    def _from(self, root: int) -> Iterator[tuple[Step, ...]]:
        """The chains from one root line, by depth-first search without recursion: they may be long."""
        trail: list[Step] = []
        waiting = [iter(self._of_root[root].items())]
        while waiting:
            link = next(waiting[-1], None)
            if link is None:
                waiting.pop()
                if trail:
                    trail.pop()
                continue
            stage, edges = link
            trail.append(self._step(edges))
            if nearer := self._nearer[stage]:
                waiting.append(iter(nearer.items()))
            else:
                yield tuple(trail)
                trail.pop()

    def _step(self, edges: Sequence[Edge]) -> Step:
        """Several requirements of one distribution on another are one step, with what each of them says."""
        first = step(self._graph, edges[0])
        if len(edges) == 1:
            return first
        markers = [edge.marker for edge in edges]
        return replace(
            first,
            specifier=",".join(dict.fromkeys(edge.specifier for edge in edges if edge.specifier)),
            marker=None if None in markers else " or ".join(dict.fromkeys(map(str, markers))),
        )

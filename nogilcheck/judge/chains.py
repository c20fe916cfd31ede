"""The chains that pull a distribution in."""

from __future__ import annotations

from collections import defaultdict, deque

from nogilcheck.frozen import frozen
from nogilcheck.model.graph import Edge, Graph
from nogilcheck.model.report.finding import Path, Step

Stage = tuple[str, str]
"""The key of a distribution, and the extra of it that matters; the empty one is there whenever the distribution is."""

MAX_PATHS = 10
"""Chains kept for one finding, the shortest first; the report's edges hold them all."""


@frozen
class ChainStart:
    """A requirement of the user's from which some chain leads to a distribution."""

    root: int
    """Position in `Inputs.all_roots`."""
    name: str
    """Of the distribution that it asks for."""
    extras: frozenset[str]
    """The extras of that without which the chains would not be; the empty one: they lead from it without any."""


class Chains:
    """Questions about who brings what in. No chain leads from one graph to another."""

    def __init__(self, *graphs: Graph) -> None:
        """The graphs of the projects of one run, in which equal keys mean the same distribution."""
        self._graphs = tuple(map(Upwards, graphs))

    def held_back(self, key: str) -> int:
        """How many distributions cannot be installed without this one, itself included."""
        return len({found for graph in self._graphs for found in graph.held_back(key)})

    def entries(self, key: str) -> tuple[ChainStart, ...]:
        """Every requirement of the user's that leads here."""
        return tuple(entry for graph in self._graphs for entry in graph.entries(key))

    def shortest(self, key: str) -> tuple[Path, ...]:
        """One shortest chain from each root line that leads here, the shortest first."""
        paths = [path for graph in self._graphs for path in graph.shortest(key)]
        return tuple(sorted(paths, key=lambda path: (len(path.steps), path.root))[:MAX_PATHS])


def step(graph: Graph, edge: Edge) -> Step:
    """The step of a chain that an edge makes."""
    node = graph.nodes[edge.child]
    return Step(
        name=node.name,
        version=str(node.version) if node.version else None,
        specifier=edge.specifier,
        extra=edge.extra,
        marker=edge.marker,
    )


class Upwards:
    """One graph, read from the distributions to the roots."""

    def __init__(self, graph: Graph) -> None:
        """Index the graph's edges by child."""
        self._graph = graph
        self._parents: defaultdict[str, list[Edge]] = defaultdict(list)
        self._aliases: defaultdict[Stage, list[str]] = defaultdict(list)
        for edge in graph.edges:
            if edge.parent != edge.child:
                self._parents[edge.child].append(edge)
                continue
            for extra in edge.child_extras:  # ``app[all]`` asks for ``app[fast]``
                self._aliases[edge.child, extra].append(edge.extra or "")

    def held_back(self, key: str) -> set[str]:
        """The distributions that cannot be installed without this one, itself included."""
        return {distribution for distribution, _ in self._upwards(key)}

    def entries(self, key: str) -> list[ChainStart]:
        """Every requirement of the user's that leads here."""
        found: dict[tuple[int, str], set[str]] = {}
        for stage in self._upwards(key):
            extras = self._extras_of(stage)
            for edge in self._parents[stage[0]]:
                if isinstance(edge.parent, int) and (asked := extras & {"", *edge.child_extras}):
                    found.setdefault((edge.parent, edge.child), set()).update({""} if "" in asked else asked)
        return [
            ChainStart(
                root=root, name=self._graph.nodes[child].name, extras=frozenset({""} if "" in extras else extras)
            )
            for (root, child), extras in found.items()
        ]

    def _upwards(self, key: str) -> set[Stage]:
        """Everything from which a chain leads here, the distribution itself included."""
        seen = {(key, "")}
        queue = deque(seen)
        while queue:
            for edge in self.asking(queue.popleft()):
                if isinstance(edge.parent, str) and (stage := (edge.parent, edge.extra or "")) not in seen:
                    seen.add(stage)
                    queue.append(stage)
        return seen

    def shortest(self, key: str) -> list[Path]:
        """One shortest chain from each root line that leads here."""
        start = (key, "")
        onward: dict[Stage, tuple[Edge, Stage] | None] = {start: None}
        paths: dict[int, Path] = {}
        queue = deque([start])
        while queue and len(paths) < MAX_PATHS:
            here = queue.popleft()
            for edge in self.asking(here):
                if isinstance(edge.parent, int):
                    if edge.parent not in paths:
                        paths[edge.parent] = self._path(edge.parent, (edge, here), onward)
                elif (stage := (edge.parent, edge.extra or "")) not in onward:
                    onward[stage] = (edge, here)
                    queue.append(stage)
        return list(paths.values())

    def asking(self, stage: Stage) -> list[Edge]:
        """The edges, from elsewhere, that ask for a distribution with an extra."""
        extras = self._extras_of(stage)
        edges = self._parents[stage[0]]
        return edges if "" in extras else [edge for edge in edges if not extras.isdisjoint(edge.child_extras)]

    def _extras_of(self, stage: Stage) -> set[str]:
        """The extras that bring in the one of a stage: itself, and those that ask for it."""
        key, extra = stage
        extras = {extra}
        queue = deque(extras)
        while queue:
            more = set(self._aliases.get((key, queue.popleft()), ())) - extras
            extras |= more
            queue += more
        return extras

    def _path(self, root: int, first: tuple[Edge, Stage], onward: dict[Stage, tuple[Edge, Stage] | None]) -> Path:
        steps = []
        link: tuple[Edge, Stage] | None = first
        while link is not None:
            edge, stage = link
            steps.append(step(self._graph, edge))
            link = onward[stage]
        return Path(root=root, steps=tuple(steps))

"""Which blocked projects no choice within the window avoids: found by looking up from them, before any search.

Arc consistency on the part of the graph above a blocked project (Mackworth, "Consistency in networks of relations",
1977), from the roots and only as far as it takes: a version of which some dependency cannot be met is struck out, and
a blocked project is hopeless when every version that the user's own lines admit is. It proves within a second what a
search alone does not come to the end of.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Set

from packaging.version import Version

from nogilcheck.model.graph import Graph
from nogilcheck.resolve.plan.goal import GoalCandidates
from nogilcheck.resolve.versions import is_pinned, merged
from nogilcheck.resolve.walk.problem import Problem
from nogilcheck.resolve.walk.provider import Provider

MAX_LOOKED_INTO = 2000
"""Versions that are looked at for one blocked project; what would need more is left to the search."""

MAX_DEPTH = 100
"""Projects on a path that is looked down; what lies deeper is left to the search."""

READ_TOGETHER = 10
"""Versions whose metadata are read ahead once the first one will not do."""


class InfeasibilityCheck:
    """Looks from the roots down to blocked projects."""

    def __init__(self, problem: Problem, provider: Provider, graph: Graph) -> None:
        """``graph``: of today; ``problem``: with the user's words loosened, over a `GoalIndex`."""
        self._problem = problem
        self._provider = provider
        self._asked_by: defaultdict[str, set[str]] = defaultdict(set)
        for edge in graph.edges:
            if not isinstance(edge.parent, int):
                self._asked_by[graph.nodes[edge.child].name].add(graph.nodes[edge.parent].name)

    def hopeless(self, blocked: Iterable[str]) -> Iterator[str]:
        """Those of the blocked projects that every combination within the window keeps blocked."""
        for name in blocked:
            look = _Look(self._problem, self._provider, self._above(name))
            if not all(look.is_met(root.name or "", root.extras, root.specifier) for _, root in self._problem.applying):
                yield name

    def _above(self, name: str) -> Set[str]:
        """The project and everything that leads to it today."""
        above = {name}
        queue = deque([name])
        while queue:
            new = self._asked_by[queue.popleft()] - above
            above |= new
            queue.extend(new)
        return above


class _Look:
    """Which versions above one blocked project can have all that they ask for among these."""

    def __init__(self, problem: Problem, provider: Provider, above: Set[str]) -> None:
        self._problem = problem
        self._provider = provider
        self._above = above
        self._answers: dict[tuple[str, tuple[str, ...], Version], bool] = {}
        self._depth = 0

    def is_met(self, name: str, extras: tuple[str, ...], specifier: str) -> bool:
        """Whether some version will do that is within the window; taken to be so wherever it is not looked into."""
        if name not in self._above:
            return True
        project = self._problem.candidates.of(name)
        if not isinstance(project, GoalCandidates):
            return True
        specifiers = [specifier, self._problem.constraints.get(name, "")]
        found = project.matching(merged(specifiers), pinned=any(map(is_pinned, specifiers)))
        for number, version in enumerate(found):
            if self._will_do(name, extras, version):
                return True
            if not number:
                project.prefetch(project.changed(merged(specifiers))[:READ_TOGETHER])
        return False

    def _will_do(self, name: str, extras: tuple[str, ...], version: Version) -> bool:
        key = (name, extras, version)
        if key not in self._answers:
            if self._depth >= MAX_DEPTH or len(self._answers) >= MAX_LOOKED_INTO:
                return True
            self._answers[key] = True  # as long as it is not known: in a cycle it is asked for again
            self._depth += 1
            self._answers[key] = all(
                dependency.url is not None or self.is_met(dependency.name, dependency.extras, dependency.specifier)
                for extra in ("", *extras)
                for dependency, _ in self._provider.dependencies(name, version, extra)
                if dependency.name in self._above
            )
            self._depth -= 1
        return self._answers[key]

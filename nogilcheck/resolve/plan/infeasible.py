"""Find the blocked projects that no choice within the window avoids, before any search.

Arc consistency on the part of the graph above a blocked project (Mackworth, "Consistency in networks of relations",
1977), from the roots down: a version is struck out when one of its dependencies cannot be met, and a project is
infeasible when every version that the user's requirements admit is struck out. This takes a second where a search alone
would not come to an end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Set

from packaging.version import Version

from nogilcheck.model.graph import Graph
from nogilcheck.resolve.plan.goal import GoalCandidates
from nogilcheck.resolve.plan.reachability import requirers_by_name
from nogilcheck.resolve.versions import is_pinned, merged
from nogilcheck.resolve.walk.problem import Problem
from nogilcheck.resolve.walk.provider import Provider

MAX_LOOKED_INTO = 2000
"""Versions that are examined for one blocked project; the rest is left to the search."""

MAX_DEPTH = 100
"""Projects on a path that is examined; what lies deeper is left to the search."""

READ_TOGETHER = 10
"""Versions whose metadata is prefetched once the first one is struck out."""


def infeasible(problem: Problem, provider: Provider, graph: Graph, blocked: Iterable[str]) -> Iterator[str]:
    """The blocked projects that every combination of versions within the window keeps blocked.

    ``problem``: with the user's requirements loosened, over `GoalCandidates`. ``graph``: what is installed today.
    """
    requirers = requirers_by_name(graph)
    for name in blocked:
        above = _Above(problem, provider, _with_requirers(name, requirers))
        if not all(above.is_met(root.name or "", root.extras, root.specifier) for _, root in problem.applying):
            yield name


def _with_requirers(name: str, requirers: Mapping[str, Set[str]]) -> Set[str]:
    """The project and everything that requires it today, directly or not."""
    above = {name}
    queue = deque([name])
    while queue:
        new = requirers.get(queue.popleft(), set()) - above
        above |= new
        queue.extend(new)
    return above


class _Above:
    """Decides which versions of the projects above one blocked project can have their dependencies met."""

    def __init__(self, problem: Problem, provider: Provider, names: Set[str]) -> None:
        self._problem = problem
        self._provider = provider
        self._names = names
        self._answers: dict[tuple[str, tuple[str, ...], Version], bool] = {}
        self._depth = 0

    def is_met(self, name: str, extras: tuple[str, ...], specifier: str) -> bool:
        """Whether some version within the window meets a requirement; assumed for projects that are not above."""
        if name not in self._names:
            return True
        project = self._problem.candidates.of(name)
        if not isinstance(project, GoalCandidates):
            return True
        specifiers = [specifier, self._problem.constraints.get(name, "")]
        versions = project.matching(merged(specifiers), pinned=any(map(is_pinned, specifiers)))
        for number, version in enumerate(versions):
            if self._is_feasible(name, extras, version):
                return True
            if not number:
                project.prefetch(project.changed(merged(specifiers))[:READ_TOGETHER])
        return False

    def _is_feasible(self, name: str, extras: tuple[str, ...], version: Version) -> bool:
        key = (name, extras, version)
        if key not in self._answers:
            if self._depth >= MAX_DEPTH or len(self._answers) >= MAX_LOOKED_INTO:
                return True
            self._answers[key] = True  # assumed until it is known: a cycle asks again
            self._depth += 1
            self._answers[key] = all(
                dependency.url is not None or self.is_met(dependency.name, dependency.extras, dependency.specifier)
                for extra in ("", *extras)
                for dependency, _ in self._provider.dependencies(name, version, extra)
                if dependency.name in self._names
            )
            self._depth -= 1
        return self._answers[key]

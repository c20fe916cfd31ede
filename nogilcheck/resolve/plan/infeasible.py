"""Find the blocked projects that no choice within the window avoids, before any search.

Arc consistency on the part of the graph above a blocked project (Mackworth, "Consistency in networks of relations",
1977), from the roots down: a version is struck out when one of its dependencies cannot be met, and a project is
infeasible when every version that the user's requirements admit is struck out. This takes a second where a search alone
would not come to an end.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Set

from packaging.version import Version

from nogilcheck.model.graph import Graph
from nogilcheck.resolve.plan.goal import GoalCandidates
from nogilcheck.resolve.plan.reachability import requirers_by_name
from nogilcheck.resolve.plan.shared_candidates import SharedCandidates
from nogilcheck.resolve.versions import merged
from nogilcheck.resolve.walk.problem import Problem
from nogilcheck.resolve.walk.provider import Provider

MAX_LOOKED_INTO = 2000
"""Versions that are examined for one blocked project; the rest is left to the search."""

MAX_DEPTH = 100
"""Projects on a path that is examined; what lies deeper is left to the search."""

MAX_RESTARTS = 20
"""How often a choice begins anew because further requirements came up on what was chosen."""


_Asked = tuple[str, tuple[str, ...], str]
"""A requirement: the project, its extras, and the specifier set."""


class Choices:
    """What a loosened problem offers, for any number of blocked projects. Each question is answered once."""

    def __init__(
        self, problem: Problem, provider: Provider, graph: Graph, *, shared: SharedCandidates | None = None
    ) -> None:
        """``problem``: over `GoalCandidates`. ``graph``: what is installed today. ``shared``: with other targets."""
        self._problem = problem
        self._provider = provider
        self._today = {node.name for node in graph.nodes.values()}
        self._shared = shared
        self._alike: dict[str, GoalCandidates] = {}
        self.requirers = requirers_by_name(graph)
        self._dependencies: dict[tuple[str, tuple[str, ...], Version], tuple[_Asked, ...]] = {}

    def by_user(self) -> Iterator[_Asked]:
        """The user's requirements."""
        return ((root.name or "", root.extras, root.specifier) for _, root in self._problem.applying)

    def project(self, name: str) -> GoalCandidates | None:
        """The candidates of a project that is installed today and whose page is at hand."""
        project = self._problem.candidates.of(name) if name in self._today else None
        return project if isinstance(project, GoalCandidates) else None

    def versions(self, project: GoalCandidates, specifier: str) -> Iterable[Version]:
        """The versions within the window that meet a requirement, in the order in which they are tried."""
        name = project.page.name
        if self._shared and name not in self._alike:
            self._alike[name] = self._shared.alike(project)
        return self._alike.get(name, project).tried(merged([specifier, self._problem.constraints.get(name, "")]))

    def dependencies(self, name: str, extras: tuple[str, ...], version: Version) -> tuple[_Asked, ...]:
        """What a version requires of projects whose pages are at hand."""
        key = name, extras, version
        if key not in self._dependencies:
            self._dependencies[key] = tuple(
                (dependency.name, dependency.extras, dependency.specifier)
                for extra in ("", *extras)
                for dependency, _ in self._provider.dependencies(name, version, extra)
                if dependency.name in self._today and dependency.url is None
            )
        return self._dependencies[key]


def infeasible(choices: Choices, blocked: Iterable[str]) -> Iterator[str]:
    """The blocked projects that every combination of versions within the window keeps blocked.

    The user's requirements are loosened.
    """
    return (name for name in blocked if not _Above(choices, name).is_feasible())


def way_around(choices: Choices, name: str) -> Mapping[str, Version] | None:
    """A choice of versions, of one blocked project and what requires it, with which it is free; ``None``: none is.

    What is not in it is not required any more. Empty where only a search tells: the requirements do not agree on the
    first choice of each project.
    """
    above = _Above(choices, name)
    return above.choice() if above.is_feasible() else None


def with_requirers(name: str, requirers: Mapping[str, Set[str]]) -> Set[str]:
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

    def __init__(self, choices: Choices, name: str) -> None:
        self._choices = choices
        self._names = with_requirers(name, choices.requirers)
        self._answers: dict[tuple[str, tuple[str, ...], Version], bool] = {}
        self._depth = 0

    def is_feasible(self) -> bool:
        """Whether every requirement of the user's can be met."""
        return all(self.is_met(*asked) for asked in self._choices.by_user())

    def choice(self) -> Mapping[str, Version]:
        """Versions that meet all that is asked of the projects above, from the user's requirements down."""
        limits: defaultdict[str, set[str]] = defaultdict(set)
        for _ in range(MAX_RESTARTS):
            if (chosen := self._chosen_within(limits)) is not None:
                return chosen
        return {}

    def _chosen_within(self, limits: defaultdict[str, set[str]]) -> Mapping[str, Version] | None:
        """The same where each project is within the ``limits`` known so far; ``None`` where more came up."""
        chosen: dict[str, Version] = {}
        queue = deque(asked for asked in self._choices.by_user() if asked[0] in self._names)
        followed = set(queue)
        while queue:
            name, extras, specifier = queue.popleft()
            if specifier not in limits[name]:
                limits[name].add(specifier)
                if name in chosen:
                    return None
            version = chosen.get(name) or self._first(name, extras, ",".join(sorted(filter(None, limits[name]))))
            if version is None or not self._is_feasible(name, extras, version):
                return {}
            chosen[name] = version
            asked_for = self._choices.dependencies(name, extras, version)
            new = {asked for asked in asked_for if asked[0] in self._names} - followed
            followed |= new
            queue.extend(sorted(new))
        return chosen

    def is_met(self, name: str, extras: tuple[str, ...], specifier: str) -> bool:
        """Whether some version within the window meets a requirement; of a project that is not above, any version."""
        project = self._choices.project(name)
        if project is None:
            return True
        if name not in self._names:
            return project.exists_within(specifier)
        return self._first(name, extras, specifier) is not None

    def _first(self, name: str, extras: tuple[str, ...], specifier: str) -> Version | None:
        """The first version within the window that meets a requirement on a project above."""
        project = self._choices.project(name)
        versions = self._choices.versions(project, specifier) if project else ()
        return next((version for version in versions if self._is_feasible(name, extras, version)), None)

    def _is_feasible(self, name: str, extras: tuple[str, ...], version: Version) -> bool:
        key = (name, extras, version)
        if key not in self._answers:
            if self._depth >= MAX_DEPTH or len(self._answers) >= MAX_LOOKED_INTO:
                return True
            self._answers[key] = True  # assumed until it is known: a cycle asks again
            self._depth += 1
            self._answers[key] = all(self.is_met(*asked) for asked in self._choices.dependencies(name, extras, version))
            self._depth -= 1
        return self._answers[key]

"""Which blocked projects no choice within the window avoids: found by looking up from them, before any search.

Arc consistency on the part of the graph above a blocked project (Mackworth, "Consistency in networks of relations",
1977): a version of which some dependency cannot be met is struck out, and so on up to the user's own lines. It proves
within a second what a search alone does not come to the end of.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from packaging.version import Version

from nogilcheck.model.artifact import Fetcher
from nogilcheck.model.graph import Edge, Graph
from nogilcheck.resolve.goal import GoalCandidates
from nogilcheck.resolve.loosen import permits
from nogilcheck.resolve.problem import Problem
from nogilcheck.resolve.provider import Provider

MAX_LOOKED_INTO = 600
"""Versions whose dependencies are read in a run; what would need more stays as it is."""


class Climb:
    """Looks from blocked projects up to the roots."""

    def __init__(self, problem: Problem, provider: Provider, graph: Graph, fetcher: Fetcher) -> None:
        """``graph``: of today; ``problem``: with the user's words loosened, over a `GoalIndex`."""
        self._problem = problem
        self._provider = provider
        self._fetcher = fetcher
        self._asking: defaultdict[str, list[tuple[int | str, str]]] = defaultdict(list)
        """Project -> who asks for it: a root by position, or a project with one of its extras."""
        for edge in graph.edges:
            child = graph.nodes[edge.child].name
            self._asking[child].append((_parent(edge, graph), edge.extra or ""))
        self._roots: Mapping[int, str] = {position: root.specifier for position, root in problem.applying}
        self._looked_into = 0

    def hopeless(self, blocked: Iterable[str]) -> Iterator[str]:
        """Those of the blocked projects that every combination within the window keeps blocked."""
        for name in blocked:
            if not self._avoidable(name):
                yield name

    def _avoidable(self, name: str) -> bool:
        left: dict[str, Sequence[Version]] = {}
        queue = deque([name])
        while queue:
            child = queue.popleft()
            choices = left.get(child, self._options(child) or ())
            for parent, extra in self._asking[child]:
                if isinstance(parent, int):
                    specifier = self._roots.get(parent, "")
                    if not any(permits([specifier], version) for version in choices):
                        return False
                    continue
                before = left.get(parent, self._options(parent))
                if before is None or parent == child:
                    continue
                after = self._supported(parent, before, extra, child, choices)
                if len(after) < len(before):
                    left[parent] = after
                    queue.append(parent)
        return True

    def _options(self, name: str) -> Sequence[Version] | None:
        """The versions of a project to choose from; ``None`` where there is no choice, as of a direct reference."""
        project = self._problem.candidates.of(name)
        return project.options if isinstance(project, GoalCandidates) else None

    def _supported(
        self, parent: str, versions: Sequence[Version], extra: str, child: str, choices: Sequence[Version]
    ) -> Sequence[Version]:
        """The versions of ``parent`` that ask for nothing of ``child`` that ``choices`` cannot give."""
        if not versions or self._is_met(parent, versions[0], extra, child, choices):
            return versions  # the first is what a search takes first: it need not be told of the others
        if self._looked_into + len(versions) > MAX_LOOKED_INTO:
            return ()
        self._looked_into += len(versions)
        for version in versions:
            if file := self._problem.candidates.metadata_file(parent, version):
                self._fetcher.prefetch_metadata(file)
        return [version for version in versions[1:] if self._is_met(parent, version, extra, child, choices)]

    def _is_met(self, parent: str, version: Version, extra: str, child: str, choices: Sequence[Version]) -> bool:
        asked = [
            dependency.specifier
            for dependency, _ in self._provider.dependencies(parent, version, extra)
            if dependency.name == child
        ]
        return not asked or any(permits(asked, choice) for choice in choices)


def _parent(edge: Edge, graph: Graph) -> int | str:
    return edge.parent if isinstance(edge.parent, int) else graph.nodes[edge.parent].name

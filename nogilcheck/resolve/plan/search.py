"""The search for a plan: a second resolution, in which only what fits the target may be chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from packaging.version import Version
from resolvelib import BaseReporter, ResolutionImpossible, ResolutionTooDeep

from nogilcheck.model.artifact import Fetcher, Missing, MissingKind
from nogilcheck.model.graph import Graph
from nogilcheck.model.inputs import Inputs
from nogilcheck.resolve.plan.goal import Goal, GoalCandidates, GoalIndex
from nogilcheck.resolve.plan.infeasible import InfeasibilityCheck
from nogilcheck.resolve.plan.loosened_problem import loosened
from nogilcheck.resolve.plan.minimal_change import least_change
from nogilcheck.resolve.versions import specifier_set
from nogilcheck.resolve.walk.problem import Problem
from nogilcheck.resolve.walk.requirements import Candidate, Identifier, Requirement
from nogilcheck.resolve.walk.resolution import KeptResolution

if TYPE_CHECKING:
    from resolvelib.resolvers import RequirementInformation

MAX_ROUNDS = 1000
"""Rounds of one attempt; a plan that is there is found in about one for each distribution and change."""

MAX_ROUNDS_TOGETHER = 2500
"""Rounds of all attempts. After each failed one something more stays blocked; then all that is left does."""

READ_FIRST = 2
"""Versions of each blocked project whose metadata are read ahead."""


class Search:
    """Looks for versions after which as little as possible is blocked."""

    def __init__(
        self, inputs: Inputs, graph: Graph, fetcher: Fetcher, *, goal: Goal, exclude_newer: str | None
    ) -> None:
        """``graph``: what the ordinary resolution of the inputs came to, for the target's twin."""
        self._graph = graph
        self._fetcher = fetcher
        self._goal = goal
        self.kept: set[str] = set()
        """Blocked projects that no choice within the window frees, or none that was found."""
        self._rounds = 0
        self.stopped = False
        """A cap was hit: there may be more to find."""
        self._problem = Problem.of(
            replace(
                inputs,
                roots=tuple(map(loosened, inputs.roots)),
                constraints=tuple(map(loosened, inputs.constraints)),
            ),
            goal.target.installer,
            fetcher,
            exclude_newer=exclude_newer,
            make_index=partial(GoalIndex, goal=goal, kept=self.kept),
        )
        self._unresolvable = _unresolved(graph)

    def run(self, blocked: Collection[str]) -> Mapping[str, Version] | None:
        """A version for every project, such that of those that are blocked today only `kept` are; ``None``: none."""
        self._prefetch(blocked)
        provider = self._problem.provider(unresolvable=self._unresolvable, relaxed=frozenset())
        self.kept.update(InfeasibilityCheck(self._problem, provider, self._graph).hopeless(blocked))
        proved = frozenset(self.kept)
        found = None
        while found is None and (open_ones := set(blocked) - self.kept):
            found, culprit = self._attempt(open_ones)
            self.kept |= {culprit} if culprit else set()
        unresolvable = sorted(self.kept - proved)
        return self._freed_again(blocked, found, unresolvable) if len(unresolvable) > 1 else found

    def _freed_again(
        self, blocked: Collection[str], found: Mapping[str, Version] | None, unresolvable: Iterable[str]
    ) -> Mapping[str, Version] | None:
        """A failed attempt does not tell which one was at fault: each is given another chance beside those freed."""
        for name in unresolvable:
            self.kept.discard(name)
            better, _ = self._attempt(set(blocked) - self.kept)
            if better is None:
                self.kept.add(name)
            else:
                found = better
        return found

    def _attempt(self, open_ones: Set[str]) -> tuple[Mapping[str, Version] | None, str | None]:
        """Versions after which these are free, or the one that is to blame that there are none."""
        rounds = min(MAX_ROUNDS, MAX_ROUNDS_TOGETHER - self._rounds)
        reporter = _Conflicts()
        provider = self._problem.provider(unresolvable=self._unresolvable, relaxed=frozenset())
        try:
            state = KeptResolution(provider, reporter).resolve(self._problem.requirements, rounds)
        except ResolutionImpossible as impossible:
            return None, reporter.culprit(_involved(impossible.causes) & open_ones or open_ones)
        except ResolutionTooDeep:
            self.stopped = True
            return None, reporter.culprit(open_ones)
        finally:
            self._rounds += reporter.rounds
        found = {
            key.name: chosen.version
            for key, chosen in state.mapping.items()
            if not key.extras and chosen.version is not None and chosen.url is None
        }
        return least_change(self._problem, provider, today=self._goal.today, found=found, needed=open_ones), None

    def _prefetch(self, blocked: Iterable[str]) -> None:
        """Start reading what the search asks first: the metadata of the versions that would do."""
        for name in blocked:
            project = self._problem.candidates.of(name)
            if isinstance(project, GoalCandidates):
                specifier = self._problem.constraints.get(name, "")
                project.prefetch(project.changed(specifier_set(specifier))[:READ_FIRST])


class _Conflicts(BaseReporter[Requirement, Candidate, Identifier]):
    """Counts what was in the way."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self.rounds = 0

    def starting_round(self, index: int) -> None:
        self.rounds = index + 1

    def resolving_conflicts(self, causes: Collection[RequirementInformation[Requirement, Candidate]]) -> None:
        for name in _involved(causes):
            self._counts[name] = self._counts.get(name, 0) + 1

    def culprit(self, suspects: Iterable[str]) -> str:
        """The one that was most often in the way."""
        return max(suspects, key=lambda name: (self._counts.get(name, 0), name))


def _involved(causes: Iterable[RequirementInformation[Requirement, Candidate]]) -> set[str]:
    return {one.name for cause in causes for one in (cause.requirement, cause.parent) if one is not None}


def _unresolved(graph: Graph) -> dict[str, Missing]:
    """Projects that the ordinary resolution left without a version, for reasons that loosening does not mend."""
    return {
        node.name: node.missing
        for node in graph.nodes.values()
        if node.version is None and node.missing and node.missing.kind is not MissingKind.NO_VERSION
    }

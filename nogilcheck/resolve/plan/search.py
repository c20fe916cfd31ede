"""The search for a plan: a second resolution, in which only what fits the target may be chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from packaging.version import Version
from resolvelib import BaseReporter, ResolutionImpossible, ResolutionTooDeep

from nogilcheck.frozen import frozen
from nogilcheck.model.artifact import Fetcher, Missing, MissingKind
from nogilcheck.model.graph import Graph
from nogilcheck.model.inputs import Inputs
from nogilcheck.resolve.plan.goal import Goal, GoalCandidates
from nogilcheck.resolve.plan.infeasible import Choices, infeasible
from nogilcheck.resolve.plan.loosened_problem import loosened
from nogilcheck.resolve.plan.minimal_change import least_change
from nogilcheck.resolve.versions import specifier_set
from nogilcheck.resolve.walk.problem import Problem
from nogilcheck.resolve.walk.provider import Provider
from nogilcheck.resolve.walk.requirements import Candidate, Identifier, Requirement
from nogilcheck.resolve.walk.resolution import resolve

if TYPE_CHECKING:
    from resolvelib.resolvers import RequirementInformation

MAX_ROUNDS = 1000
"""Rounds of one attempt; an existing plan is found in about one for each distribution and change."""

MAX_ROUNDS_TOGETHER = 2500
"""Rounds of all attempts. After each failed one, one more project stays blocked; at the limit all the others do."""

READ_FIRST = 2
"""Versions of each blocked project whose metadata is prefetched."""

Versions = Mapping[str, Version]


@frozen
class SearchResult:
    """What a search found."""

    versions: Versions | None
    """A version for every project that is reached; ``None``: nothing can be freed."""
    kept: Set[str]
    """Projects that stay blocked: no choice within the window frees them, or none was found."""
    stopped: bool
    """A limit was hit: there may be more to find."""


@dataclass(slots=True, kw_only=True)
class _State:
    """One search under way."""

    problem: Problem
    today: Versions
    unresolvable: Mapping[str, Missing]
    kept: set[str] = field(default_factory=set)
    """Shared with every `GoalCandidates`, which offers other versions of these projects."""
    rounds: int = 0
    stopped: bool = False

    def provider(self) -> Provider:
        """A provider for one attempt."""
        return self.problem.provider(unresolvable=self.unresolvable, relaxed=frozenset(), effort=self.problem.effort())


def search(
    inputs: Inputs,
    graph: Graph,
    fetcher: Fetcher,
    blocked: Collection[str],
    *,
    goal: Goal,
    exclude_newer: str | None,
) -> SearchResult:
    """Look for versions after which as few of the ``blocked`` projects as possible stay blocked.

    ``graph``: what an ordinary resolution of the inputs chose for the target's regular build.
    """
    kept: set[str] = set()
    problem = loosened_problem(inputs, fetcher, goal=goal, exclude_newer=exclude_newer, kept=kept)
    state = _State(problem=problem, today=goal.today, unresolvable=unresolved(graph), kept=kept)
    _prefetch(problem, blocked)
    kept.update(infeasible(Choices(problem, state.provider(), graph), blocked))
    proved = frozenset(kept)
    versions = None
    while versions is None and (open_names := set(blocked) - kept):
        versions, culprit = _attempt(state, open_names)
        kept |= {culprit} if culprit else set()
    unproved = sorted(kept - proved)
    if len(unproved) > 1:
        versions = _retry(state, blocked, versions, unproved)
    return SearchResult(versions=versions, kept=kept, stopped=state.stopped)


def loosened_problem(
    inputs: Inputs, fetcher: Fetcher, *, goal: Goal, exclude_newer: str | None, kept: Set[str]
) -> Problem:
    """The problem without what a plan may change, in which only what would do may be chosen (see `GoalCandidates`)."""
    loose = replace(
        inputs,
        roots=tuple(map(loosened, inputs.roots)),
        constraints=tuple(map(loosened, inputs.constraints)),
    )
    return Problem.of(
        loose,
        goal.target.installer,
        fetcher,
        exclude_newer=exclude_newer,
        make_candidates=partial(GoalCandidates, goal=goal, kept=kept),
        target=goal.target,
    )


def _retry(
    state: _State, blocked: Collection[str], versions: Versions | None, unproved: Iterable[str]
) -> Versions | None:
    """Try each project again beside those freed: a failed attempt does not tell for certain which one was at fault."""
    for name in unproved:
        state.kept.discard(name)
        better, _ = _attempt(state, set(blocked) - state.kept)
        if better is None:
            state.kept.add(name)
        else:
            versions = better
    return versions


def _attempt(state: _State, open_names: Set[str]) -> tuple[Versions | None, str | None]:
    """Versions after which ``open_names`` are free, or the project that most likely prevents it."""
    rounds = min(MAX_ROUNDS, MAX_ROUNDS_TOGETHER - state.rounds)
    reporter = _Conflicts()
    provider = state.provider()
    try:
        resolved = resolve(provider, state.problem.requirements, rounds, reporter)
    except ResolutionImpossible as impossible:
        return None, reporter.culprit(_involved(impossible.causes) & open_names or open_names)
    except ResolutionTooDeep:
        state.stopped = True
        return None, reporter.culprit(open_names)
    finally:
        state.rounds += reporter.rounds
    versions = {
        key.name: candidate.version
        for key, candidate in resolved.items()
        if not key.extras and candidate.version is not None and candidate.url is None
    }
    return least_change(state.problem, provider, today=state.today, found=versions, needed=open_names), None


def _prefetch(problem: Problem, blocked: Iterable[str]) -> None:
    """Start reading the metadata of the newest fitting versions, which the search needs first."""
    for name in blocked:
        project = problem.candidates.of(name)
        if isinstance(project, GoalCandidates):
            specifier = problem.constraints.get(name, "")
            project.prefetch(project.changed(specifier_set(specifier))[:READ_FIRST])


class _Conflicts(BaseReporter[Requirement, Candidate, Identifier]):
    """Counts how often each project was in conflict."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self.rounds = 0

    def starting_round(self, index: int) -> None:
        self.rounds = index + 1

    def resolving_conflicts(self, causes: Collection[RequirementInformation[Requirement, Candidate]]) -> None:
        for name in _involved(causes):
            self._counts[name] = self._counts.get(name, 0) + 1

    def culprit(self, suspects: Iterable[str]) -> str:
        """The suspect that was in conflict most often."""
        return max(suspects, key=lambda name: (self._counts.get(name, 0), name))


def _involved(causes: Iterable[RequirementInformation[Requirement, Candidate]]) -> set[str]:
    return {party.name for cause in causes for party in (cause.requirement, cause.parent) if party is not None}


def unresolved(graph: Graph) -> dict[str, Missing]:
    """Projects that an ordinary resolution left without a version for reasons that loosening does not remove."""
    return {
        node.name: node.missing
        for node in graph.nodes.values()
        if node.version is None and node.missing and node.missing.kind is not MissingKind.NO_VERSION
    }

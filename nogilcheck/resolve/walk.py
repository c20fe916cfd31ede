"""Roots and a fetcher -> the graph that a target's twin installs today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from resolvelib import BaseReporter, ResolutionImpossible, ResolutionTooDeep
from resolvelib.resolvers import Resolution
from resolvelib.structs import State

from nogilcheck.model.artifact import Fetcher, Missing, MissingKind
from nogilcheck.model.graph import GapKind, GraphGap
from nogilcheck.model.source import Inputs, Root
from nogilcheck.model.target import Target
from nogilcheck.resolve.admission import Admission
from nogilcheck.resolve.candidates import CandidateIndex
from nogilcheck.resolve.conflicts import describe_conflict
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.provider import Candidate, Identifier, Provider, Requirement, split_extras
from nogilcheck.resolve.versions import merged

MAX_ROUNDS = 4000
"""Rounds of one resolution. A large real stack takes about two for each distribution."""

MAX_RELAXED = 20
"""Contradictions that are looked behind; beyond it the project in question is given up at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A resolution and what is needed to ask more of it."""

    mapping: dict[Identifier, Candidate]
    provider: Provider
    candidates: CandidateIndex
    markers: MarkerEvaluator
    constraints: dict[str, str]
    applying: tuple[tuple[int, Root], ...]
    """The roots whose marker holds, with their positions."""
    given_up: dict[str, Missing]
    require_hashes: bool = False
    gaps: tuple[GraphGap, ...] = field(default=())


class _BestState(BaseReporter[Requirement, Candidate, Identifier]):
    """Remembers how far the resolution came, in case it is cut off."""

    def __init__(self) -> None:
        self.best: dict[Identifier, Candidate] = {}

    def ending_round(self, index: int, state: State[Requirement, Candidate, Identifier]) -> None:
        if len(state.mapping) > len(self.best):
            self.best = dict(state.mapping)


def walk_all(
    inputs: Inputs, builds: Sequence[Target], fetcher: Fetcher, *, exclude_newer: str | None
) -> Iterator[Walk]:
    """A walk for each build, in order; one that would take every decision as an earlier one did is not made anew."""
    made: list[Walk] = []
    for build in builds:
        shared = (_shared(earlier, inputs, build, fetcher) for earlier in made)
        if (found := next(filter(None, shared), None)) is None:
            found = walk(inputs, build, fetcher, exclude_newer=exclude_newer)
            made.append(found)
        yield found


def _shared(earlier: Walk, inputs: Inputs, build: Target, fetcher: Fetcher) -> Walk | None:
    """An earlier walk as one for this build, when every question that it asked has the same answer here."""
    markers = MarkerEvaluator(build.environment)
    if not markers.answers_as(earlier.markers):
        return None
    candidates = CandidateIndex(fetcher, build, earlier.candidates.admission, pre=inputs.settings.pre)
    if not candidates.answers_as(earlier.candidates):
        return None
    return replace(earlier, markers=markers, candidates=candidates)


def walk(inputs: Inputs, build: Target, fetcher: Fetcher, *, exclude_newer: str | None) -> Walk:
    """Resolve the inputs for one build, as pip would, and never stop at what is missing.

    A contradiction is set aside: first only the user's own words count on that project, then it
    stays unresolved. Each is a gap. Requirements on a missing project are satisfied by a stand-in.
    """
    markers = MarkerEvaluator(build.environment)
    applying, gaps = _applying_roots(inputs.roots, markers)
    limits = [constraint for constraint in inputs.constraints if markers.holds(constraint.marker) is not False]
    said = [*(root for _, root in applying), *limits]
    admission = Admission(inputs.settings, exclude_newer=exclude_newer, roots=said)
    candidates = CandidateIndex(fetcher, build, admission, pre=inputs.settings.pre)
    requirements = [
        requirement
        for position, root in applying
        if root.name
        for requirement in split_extras(root.name, root.extras, root.specifier, origin=position, url=root.url)
    ]
    # What several lines say alike is asked once; the edges of the graph keep every line.
    distinct = {requirement._replace(origin=None): requirement for requirement in reversed(requirements)}
    requirements = list(distinct.values())
    requirements.sort(key=lambda requirement: (bool(requirement.extras), requirement.origin))  # as pip: extras last
    constraints = _constraints(limits)
    order = _order(applying)
    fetcher.prefetch(dict.fromkeys(root.name for _, root in applying if root.name and root.url is None))

    given_up = _directed(limits)
    relaxed: frozenset[str] = frozenset()
    while True:
        provider = Provider(
            candidates=candidates,
            fetcher=fetcher,
            markers=markers,
            constraints=constraints,
            order=order,
            given_up=given_up,
            relaxed=relaxed,
        )
        reporter = _BestState()
        try:
            # `Resolver` would go on to trace every pin back to a root, recursively and without end in a cycle.
            mapping = dict(Resolution(provider, reporter).resolve(requirements, max_rounds=MAX_ROUNDS).mapping)
        except ResolutionImpossible as impossible:
            project, gap = describe_conflict(tuple(impossible.causes), inputs, candidates, given_up)
            if project in relaxed or len(relaxed) >= MAX_RELAXED:
                given_up[project] = gap.missing or Missing(kind=MissingKind.CONFLICT, text=gap.text)
            else:
                relaxed |= {project}
            gaps.append(gap)
            continue
        except ResolutionTooDeep:
            mapping = reporter.best
            text = f"the resolution was stopped after {MAX_ROUNDS} rounds; what it had not come to is not judged"
            gaps.append(GraphGap(kind=GapKind.CUT_OFF, text=text))
        return Walk(
            mapping=mapping,
            provider=provider,
            candidates=candidates,
            markers=markers,
            constraints=constraints,
            applying=tuple(applying),
            given_up=given_up,
            require_hashes=inputs.settings.require_hashes,
            gaps=tuple(_unique(gaps)),
        )


def _applying_roots(roots: Sequence[Root], markers: MarkerEvaluator) -> tuple[list[tuple[int, Root]], list[GraphGap]]:
    """The roots whose marker holds, and a gap for each of which that cannot be known."""
    applying: list[tuple[int, Root]] = []
    gaps: list[GraphGap] = []
    for position, root in enumerate(roots):
        holds = markers.holds(root.marker)
        if holds is False:
            continue
        if holds is None:
            text = f"whether '{root.marker}' holds on the target cannot be known; it is taken to hold"
            gaps.append(GraphGap(kind=GapKind.MARKER, text=text, distribution=root.name, location=root.location))
        applying.append((position, root))
    if not applying:
        gaps.append(GraphGap(kind=GapKind.NOTHING_APPLIES, text="no requirement applies: there is nothing to judge"))
    return applying, gaps


def _order(applying: Sequence[tuple[int, Root]]) -> dict[Identifier, int]:
    """Which root asked for a project first; as in pip, one with extras and a specifier asks for the project alone."""
    order: dict[Identifier, int] = {}
    for position, root in applying:
        if root.name:
            first = split_extras(root.name, root.extras, root.specifier, url=root.url)[0]
            order.setdefault(Identifier(root.name, first.extras), position)
    return order


def _constraints(constraints: Sequence[Root]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for constraint in constraints:
        if constraint.name:
            found.setdefault(constraint.name, []).append(constraint.specifier)
    return {name: str(merged(specifiers)) for name, specifiers in found.items()}


def _directed(constraints: Sequence[Root]) -> dict[str, Missing]:
    """The projects that a constraint takes from a URL, wherever they are asked for."""
    found: dict[str, Missing] = {}
    for constraint in constraints:
        if constraint.name and constraint.url:
            text = f"{constraint.location} constrains {constraint.name} to a direct reference, which is not looked into"
            found[constraint.name] = Missing(kind=MissingKind.DIRECT_URL, text=text)
    return found


def _unique(gaps: Sequence[GraphGap]) -> list[GraphGap]:
    return list({(gap.kind, gap.text, gap.distribution, gap.location): gap for gap in gaps}.values())

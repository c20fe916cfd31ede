"""Roots and a fetcher -> the graph that a target's twin installs today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from packaging.version import Version
from resolvelib import BaseReporter, ResolutionImpossible, ResolutionTooDeep
from resolvelib.resolvers import Resolution
from resolvelib.structs import State

from nogilcheck.model.artifact import Dependency, Fetcher, Metadata, Missing, MissingKind
from nogilcheck.model.graph import GapKind, GraphGap
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.source import Root
from nogilcheck.model.target import Target
from nogilcheck.resolve.admission import Admission
from nogilcheck.resolve.candidates import CandidateIndex, ProjectCandidates
from nogilcheck.resolve.conflicts import describe_conflict
from nogilcheck.resolve.direct import is_version_control, named_by, reference
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.overrides import Overrides
from nogilcheck.resolve.provider import (
    Candidate,
    ExhaustedError,
    Identifier,
    Provider,
    Requirement,
    split_extras,
)
from nogilcheck.resolve.roots import NOTHING_APPLIES, applying_roots
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
    """The roots whose marker holds, with their positions; overrides in the place of what they replace."""
    directing: tuple[Root, ...]
    """The constraints by which a project must come from a direct reference."""
    overrides: Overrides
    given_up: dict[str, Missing]
    require_hashes: bool = False
    gaps: tuple[GraphGap, ...] = field(default=())

    def project(self, name: str) -> ProjectCandidates | Missing:
        """What a project was chosen from: the index, or a direct reference."""
        return self.candidates.of(name, self._url(name))

    def metadata(self, name: str, version: Version) -> Metadata | Missing | None:
        """The core metadata of the chosen version; ``None`` when it has no file at all."""
        return self.candidates.metadata(name, version, self._url(name))

    def dependencies(self, name: str, version: Version, extra: str = "") -> Iterator[tuple[Dependency, bool]]:
        """See `Provider.dependencies`; of the chosen version."""
        return self.provider.dependencies(name, version, extra, url=self._url(name))

    def is_archive(self, name: str) -> bool:
        """Whether a project was chosen from an archive, so that no index has a word on it."""
        url = self._url(name)
        return url is not None and not is_version_control(url)

    def is_assumed(self, name: str) -> bool:
        """Whether files of the index stand in for a version from version control."""
        url = self._url(name)
        return url is not None and is_version_control(url)

    def _url(self, name: str) -> str | None:
        chosen = self.mapping.get(Identifier(name))
        return chosen.url if chosen else None


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
    known = earlier.candidates
    candidates = CandidateIndex(fetcher, build, known.admission, pre=inputs.settings.pre, links=known.links)
    if not candidates.answers_as(earlier.candidates):
        return None
    return replace(earlier, markers=markers, candidates=candidates)


def walk(inputs: Inputs, build: Target, fetcher: Fetcher, *, exclude_newer: str | None) -> Walk:
    """Resolve the inputs for one build, as pip would, and never stop at what is missing.

    A contradiction is set aside: first only the user's own words count on that project, then it
    stays unresolved. Each is a gap. Requirements on a missing project are satisfied by a stand-in.
    """
    markers = MarkerEvaluator(build.environment)
    overrides = Overrides(map(_named, inputs.overrides))
    applying, gaps = _applying(inputs.roots, overrides, markers)
    limits = [constraint for constraint in inputs.constraints if markers.holds(constraint.marker) is not False]
    said = [*(root for _, root in applying), *limits]
    admission = Admission(inputs.settings, exclude_newer=exclude_newer, roots=said)
    links = _links((*inputs.roots, *inputs.constraints, *inputs.overrides))
    candidates = CandidateIndex(fetcher, build, admission, pre=inputs.settings.pre, links=links)
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
    directing = tuple(limit for limit in limits if limit.name and limit.url)
    order = _order(applying)
    candidates.prefetch((requirement.name, requirement.url) for requirement in requirements)

    given_up: dict[str, Missing] = {}
    relaxed: frozenset[str] = frozenset()
    while True:
        provider = Provider(
            candidates=candidates,
            markers=markers,
            constraints=constraints,
            constraint_urls=_urls(directing),
            overrides=overrides,
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
        except ResolutionTooDeep as end:
            mapping = reporter.best
            after = end.what if isinstance(end, ExhaustedError) else f"{MAX_ROUNDS} rounds"
            text = f"the resolution was stopped after {after}; what it had not come to is not judged"
            gaps.append(GraphGap(kind=GapKind.CUT_OFF, text=text))
        return Walk(
            mapping=mapping,
            provider=provider,
            candidates=candidates,
            markers=markers,
            constraints=constraints,
            applying=tuple(applying),
            directing=directing,
            overrides=overrides,
            given_up=given_up,
            require_hashes=inputs.settings.require_hashes,
            gaps=tuple(_unique(gaps)),
        )


def _applying(
    roots: Sequence[Root], overrides: Overrides, markers: MarkerEvaluator
) -> tuple[list[tuple[int, Root]], list[GraphGap]]:
    """What counts of the roots, with their positions."""
    counting = [(position, one) for position, root in enumerate(roots) for one in overrides.of_root(_named(root))]
    found, gaps = applying_roots([root for _, root in counting], markers.holds)
    if not found:
        gaps.append(GraphGap(kind=GapKind.NOTHING_APPLIES, text=NOTHING_APPLIES))
    return [(counting[number][0], root) for number, root in found], gaps


def _named(root: Root) -> Root:
    """A root with the name that its archive tells, where it has none of its own."""
    name = named_by(root.url) if root.name is None and root.url else root.name
    return root if name == root.name else replace(root, name=name)


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


def _urls(directing: Sequence[Root]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for constraint in directing:
        if constraint.name and constraint.url:
            found[constraint.name] = found.get(constraint.name, frozenset()) | {reference(constraint.url)}
    return found


def _links(said: Iterable[Root]) -> dict[str, str]:
    """Every direct reference that the user wrote, with the URL to ask for."""
    return {reference(root.url): root.link or root.url for root in said if root.url}


def _unique(gaps: Sequence[GraphGap]) -> list[GraphGap]:
    return list({(gap.kind, gap.text, gap.distribution, gap.location): gap for gap in gaps}.values())

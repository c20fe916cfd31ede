"""The problem that the inputs pose for one build, prepared once: every attempt to resolve it starts here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace

from nogilcheck.frozen import frozen
from nogilcheck.model.artifact import Fetcher, Missing
from nogilcheck.model.graph import GraphGap
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.source import Root
from nogilcheck.model.target import Target
from nogilcheck.resolve.admission import Admission
from nogilcheck.resolve.direct import named_by, reference
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.roots import applying_roots, capped, nothing_applies
from nogilcheck.resolve.versions import merged
from nogilcheck.resolve.walk.candidate_index import CandidateIndex, MakeCandidates
from nogilcheck.resolve.walk.effort import Effort
from nogilcheck.resolve.walk.overrides import Overrides
from nogilcheck.resolve.walk.project_candidates import ProjectCandidates
from nogilcheck.resolve.walk.provider import Provider
from nogilcheck.resolve.walk.requirements import Identifier, Requirement, split_extras


@frozen
class Problem:
    """The requirements of the inputs that apply to a build, with all that a resolution needs."""

    requirements: tuple[Requirement, ...]
    candidates: CandidateIndex
    markers: MarkerEvaluator
    constraints: dict[str, str]
    applying: tuple[tuple[int, Root], ...]
    """The roots whose marker holds, with their positions, after overrides."""
    not_applicable: frozenset[int]
    """The positions of the others."""
    capped: frozenset[int]
    """See `Graph.capped`."""
    directing: tuple[Root, ...]
    """The constraints that demand a direct reference."""
    overrides: Overrides
    require_hashes: bool
    gaps: tuple[GraphGap, ...]

    @classmethod
    def of(
        cls,
        inputs: Inputs,
        build: Target,
        fetcher: Fetcher,
        *,
        exclude_newer: str | None,
        make_candidates: MakeCandidates = ProjectCandidates,
        target: Target | None = None,
    ) -> Problem:
        """Prepare the problem, and start fetching the pages of what the inputs name.

        ``make_candidates`` and ``target``: see `CandidateIndex`.
        """
        markers = MarkerEvaluator(build.environment)
        overrides = Overrides(map(_named, inputs.overrides))
        applying, gaps = _applying(inputs.roots, overrides, markers)
        left_out = frozenset(range(len(inputs.roots))) - {position for position, _ in applying}
        limits = [constraint for constraint in inputs.constraints if markers.holds(constraint.marker) is not False]
        stated = [*(root for _, root in applying), *limits]
        admission = Admission(inputs.settings, exclude_newer=exclude_newer, roots=stated)
        links = _links((*inputs.roots, *inputs.constraints, *inputs.overrides))
        candidates = CandidateIndex(
            fetcher,
            build,
            admission,
            pre=inputs.settings.pre,
            links=links,
            make_candidates=make_candidates,
            target=target,
        )
        requirements = _requirements(applying)
        candidates.prefetch((requirement.name, requirement.url) for requirement in requirements)
        return cls(
            requirements=requirements,
            candidates=candidates,
            markers=markers,
            constraints=_constraints(limits),
            applying=tuple(applying),
            not_applicable=left_out,
            capped=capped(dict(enumerate(inputs.roots)), left_out, build),
            directing=tuple(limit for limit in limits if limit.name and limit.url),
            overrides=overrides,
            require_hashes=inputs.settings.require_hashes,
            gaps=tuple(gaps),
        )

    @property
    def direct(self) -> set[str]:
        """The projects for which the user names direct references."""
        return {one.name for one in self.requirements if one.url} | set(_urls(self.directing))

    def effort(self) -> Effort:
        """Start counting what a resolution costs."""
        return Effort(self.candidates.is_out_of_time)

    def provider(
        self,
        *,
        unresolvable: Mapping[str, Missing],
        relaxed: frozenset[str],
        effort: Effort,
        direct: Set[str] | None = None,
    ) -> Provider:
        """Make the `Provider` of one attempt."""
        return Provider(
            candidates=self.candidates,
            markers=self.markers,
            constraints=self.constraints,
            constraint_urls=_urls(self.directing),
            overrides=self.overrides,
            order=_order(self.applying),
            unresolvable=unresolvable,
            relaxed=relaxed,
            direct=direct,
            effort=effort,
        )


def _requirements(applying: Sequence[tuple[int, Root]]) -> tuple[Requirement, ...]:
    requirements = [
        requirement
        for position, root in applying
        if root.name
        for requirement in split_extras(root.name, root.extras, root.specifier, origin=position, url=root.url)
    ]
    # Equal lines make one requirement; the edges of the graph keep every line.
    distinct = {requirement._replace(origin=None): requirement for requirement in reversed(requirements)}
    # As pip: extras last.
    return tuple(sorted(distinct.values(), key=lambda requirement: (bool(requirement.extras), requirement.origin)))


def _applying(
    roots: Sequence[Root], overrides: Overrides, markers: MarkerEvaluator
) -> tuple[list[tuple[int, Root]], list[GraphGap]]:
    """The roots that apply after overrides, with their positions, and the gaps."""
    replaced = [(position, other) for position, root in enumerate(roots) for other in overrides.of_root(_named(root))]
    applying, gaps = applying_roots([root for _, root in replaced], markers.holds)
    positions = [replaced[number][0] for number, _ in applying]
    gaps += nothing_applies(roots, frozenset(positions))
    return [(position, root) for position, (_, root) in zip(positions, applying, strict=True)], gaps


def _named(root: Root) -> Root:
    """The root, named by its archive where it has no name."""
    name = named_by(root.url) if root.name is None and root.url else root.name
    return root if name == root.name else replace(root, name=name)


def _order(applying: Sequence[tuple[int, Root]]) -> dict[Identifier, int]:
    """The position of the first root on each identifier; as in pip, ``foo[a]>=1`` counts as one on ``foo`` alone."""
    order: dict[Identifier, int] = {}
    for position, root in applying:
        if root.name:
            first = split_extras(root.name, root.extras, root.specifier, url=root.url)[0]
            order.setdefault(Identifier(root.name, first.extras), position)
    return order


def _constraints(constraints: Sequence[Root]) -> dict[str, str]:
    by_name: dict[str, list[str]] = {}
    for constraint in constraints:
        if constraint.name:
            by_name.setdefault(constraint.name, []).append(constraint.specifier)
    return {name: str(merged(specifiers)) for name, specifiers in by_name.items()}


def _urls(directing: Sequence[Root]) -> dict[str, frozenset[str]]:
    urls: dict[str, frozenset[str]] = {}
    for constraint in directing:
        if constraint.name and constraint.url:
            urls[constraint.name] = urls.get(constraint.name, frozenset()) | {reference(constraint.url)}
    return urls


def _links(roots: Iterable[Root]) -> dict[str, str]:
    """Every direct reference that the user wrote, with the URL to fetch."""
    return {reference(root.url): root.link or root.url for root in roots if root.url}

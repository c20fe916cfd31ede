"""Resolve the inputs for a build: what pip would install today, with a gap for everything it could not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from packaging.version import Version
from resolvelib import ResolutionImpossible, ResolutionTooDeep

from nogilcheck.frozen import frozen
from nogilcheck.model.artifact import Dependency, Fetcher, Metadata, Missing, MissingKind, ProjectPage
from nogilcheck.model.graph import GapKind, GraphGap
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.target import Target
from nogilcheck.resolve.direct import is_version_control
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.walk.candidate_index import CandidateIndex
from nogilcheck.resolve.walk.conflicts import describe_conflict
from nogilcheck.resolve.walk.discards import DiscardedError
from nogilcheck.resolve.walk.effort import Effort, ExhaustedError
from nogilcheck.resolve.walk.learned_resolution import NotDecidedError, resolve_learning
from nogilcheck.resolve.walk.newest import newest_permitted
from nogilcheck.resolve.walk.problem import Problem
from nogilcheck.resolve.walk.project_candidates import ProjectCandidates
from nogilcheck.resolve.walk.provider import Provider
from nogilcheck.resolve.walk.requirements import Candidate, Identifier
from nogilcheck.resolve.walk.resolution import resolve

MAX_ROUNDS = 2000
"""Rounds of pip's search; a large real stack takes about two for each distribution. Where it takes many more, the
search that learns finds versions that agree, or that there are none."""

MAX_RELAXED = 20
"""Projects whose contradicting requirements are relaxed; any further ones stay unresolved at once."""


MAX_DISCARDS = 100
"""Times that a resolution starts anew because installers discard what it chose; each concerns another project, for of
one with a discarded release every further one is looked at first."""


@frozen
class BuildResolution:
    """A finished resolution, which answers questions about what it chose."""

    mapping: dict[Identifier, Candidate]
    problem: Problem
    provider: Provider
    unresolvable: dict[str, Missing]
    gaps: tuple[GraphGap, ...]
    stopped_after: str
    """The limit at which pip's way to search was given up; empty: it came to its end."""

    def project(self, name: str) -> ProjectCandidates | Missing:
        """The candidates that a project was chosen from: on the index, or of a direct reference."""
        return self.problem.candidates.of(name, self._url(name))

    def usable(self, page: ProjectPage) -> ProjectPage:
        """The page of a project without what installers discard for its metadata, as far as that is known."""
        project = self.problem.candidates.of(page.name)
        return page if isinstance(project, Missing) else project.usable(page)

    def metadata(self, name: str, version: Version) -> Metadata | Missing | None:
        """The core metadata of the chosen version; ``None`` when it has no file."""
        return self.problem.candidates.metadata(name, version, self._url(name))

    def dependencies(self, name: str, version: Version, extra: str = "") -> Iterator[tuple[Dependency, bool]]:
        """`Provider.dependencies` of the chosen version."""
        return self.provider.dependencies(name, version, extra, url=self._url(name))

    def is_archive(self, name: str) -> bool:
        """Whether a project comes from the archive of a direct reference, and not from an index."""
        url = self._url(name)
        return url is not None and not is_version_control(url)

    def is_assumed(self, name: str) -> bool:
        """Whether files of the index stand in for a version from version control."""
        url = self._url(name)
        return url is not None and is_version_control(url)

    def _url(self, name: str) -> str | None:
        chosen = self.mapping.get(Identifier(name))
        return chosen.url if chosen else None


def _never() -> bool:
    return False


def walk_all(
    inputs: Inputs, builds: Sequence[Target], fetcher: Fetcher, *, exclude_newer: str | None
) -> Iterator[BuildResolution]:
    """Resolve for each build, in order; a build that would decide everything like an earlier one shares its walk."""
    walks: list[BuildResolution] = []
    for build in builds:
        shared = (_shared(earlier, inputs, build, fetcher) for earlier in walks)
        if (resolution := next(filter(None, shared), None)) is None:
            resolution = walk(inputs, build, fetcher, exclude_newer=exclude_newer)
            walks.append(resolution)
        yield resolution


def _shared(earlier: BuildResolution, inputs: Inputs, build: Target, fetcher: Fetcher) -> BuildResolution | None:
    """An earlier walk as one for this build; ``None`` unless every question that it asked has the same answer here."""
    known = earlier.problem
    markers = MarkerEvaluator(build.environment)
    if not markers.is_equivalent_to(known.markers):
        return None
    theirs = known.candidates
    candidates = CandidateIndex(fetcher, build, theirs.admission, pre=inputs.settings.pre, links=theirs.links)
    if not candidates.is_equivalent_to(theirs):
        return None
    return replace(earlier, problem=replace(known, markers=markers, candidates=candidates))


def walk(
    inputs: Inputs,
    build: Target,
    fetcher: Fetcher,
    *,
    exclude_newer: str | None,
    target: Target | None = None,
    stopped_after: str = "",
) -> BuildResolution:
    """Resolve the inputs for one build as pip would, but never stop at what is missing.

    With a ``target``, the wheels that it gets tell the requirements, where it gets any. ``stopped_after``: pip's way to
    search is not tried, for it was given up at this limit for nearly the same inputs.

    After a contradiction only the user's own requirements on that project count; after a second one the project stays
    unresolved. Each is a gap. A stand-in satisfies the requirements on a missing project. What cannot be resolved
    within the limits is judged at its newest permitted versions, with a gap.
    """
    problem = Problem.of(inputs, build, fetcher, exclude_newer=exclude_newer, target=target)
    gaps = list(problem.gaps)
    unresolvable: dict[str, Missing] = {}
    relaxed: frozenset[str] = frozenset()
    discards = 0
    searches = _Searches(as_pip=problem.effort(), learning=problem.effort(), stopped_after=stopped_after)
    direct = problem.direct
    while True:
        make_provider = partial(problem.provider, unresolvable=unresolvable, relaxed=relaxed)
        try:
            provider, mapping, limits = _resolve(
                problem, inputs, partial(make_provider, direct=direct), searches, whole=not (relaxed or unresolvable)
            )
        except DiscardedError:
            discards += 1
            if discards <= MAX_DISCARDS:
                continue
            after = f"{MAX_DISCARDS} releases with metadata that installers refuse"
            provider, mapping, limits = _cut_off(problem, inputs, make_provider, after=after)
        except ResolutionImpossible as impossible:
            project, gap = describe_conflict(tuple(impossible.causes), inputs, problem.candidates, unresolvable)
            if project in relaxed or len(relaxed) >= MAX_RELAXED:
                unresolvable[project] = gap.missing or Missing(kind=MissingKind.CONFLICT, text=gap.text)
            else:
                relaxed |= {project}
            gaps.append(gap)
            continue
        gaps += limits
        if late := provider.left_out & {candidate.name for candidate in mapping.values() if candidate.url}:
            # A distribution names an archive of it, for which the requirements that were left out count.
            direct |= late
            continue
        unique = {(gap.kind, gap.text, gap.distribution, gap.location): gap for gap in gaps}
        return BuildResolution(
            mapping=mapping,
            problem=problem,
            provider=provider,
            unresolvable=unresolvable,
            gaps=tuple(unique.values()),
            stopped_after=searches.stopped_after,
        )


_Found = tuple[Provider, dict[Identifier, Candidate], list[GraphGap]]


@dataclass(slots=True)
class _Searches:
    """What the attempts of one resolution share."""

    as_pip: Effort
    learning: Effort
    stopped_after: str
    """See `BuildResolution`."""


def _resolve(
    problem: Problem, inputs: Inputs, make_provider: Callable[..., Provider], searches: _Searches, *, whole: bool
) -> _Found:
    """What pip chooses; else versions that agree; else what is judged without them, with the gap that says so.

    ``whole``: all requirements count. Raises `ResolutionImpossible` and `DiscardedError`.
    """
    if not searches.stopped_after:
        provider = make_provider(effort=searches.as_pip)
        try:
            return provider, dict(resolve(provider, provider.deciding(problem.requirements), MAX_ROUNDS)), []
        except ResolutionTooDeep as end:
            searches.stopped_after = end.limit if isinstance(end, ExhaustedError) else f"{MAX_ROUNDS} rounds"
    after = searches.stopped_after
    provider = make_provider(effort=searches.learning)
    try:
        mapping = resolve_learning(provider, provider.deciding(problem.requirements))
    except (NotDecidedError, ResolutionTooDeep):
        return _cut_off(problem, inputs, make_provider, after=after)
    text = (
        f"pip's search was stopped after {after}; these versions satisfy every requirement, but pip may choose others"
    )
    return provider, mapping, [GraphGap(kind=GapKind.CUT_OFF, text=text)] if whole else []


def _cut_off(problem: Problem, inputs: Inputs, make_provider: Callable[..., Provider], *, after: str) -> _Found:
    """What is judged where the resolution was stopped ``after`` a limit, with its gaps."""
    provider = make_provider(effort=Effort(_never), direct=None)
    mapping, contradictions = newest_permitted(problem, provider, inputs)
    text = f"the resolution was stopped after {after}; every project is judged at its newest permitted version"
    return provider, mapping, [*contradictions, GraphGap(kind=GapKind.CUT_OFF, text=text)]

"""Ask one resolution which other releases it would admit, and whose line keeps out those that it would not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType

from packaging.version import Version

from nogilcheck.classify.fallback import find_fallback
from nogilcheck.classify.release_history import day_of
from nogilcheck.judge.caps import caps_on
from nogilcheck.model.artifact import Dependency, Fetcher, Metadata, Missing, MissingKind
from nogilcheck.model.graph import GapKind, Graph, GraphGap, versions_of
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.report.finding import Cap
from nogilcheck.model.source import Location, Root
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Fallback
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.plan.shared_candidates import SharedCandidates
from nogilcheck.resolve.versions import specifier_set
from nogilcheck.resolve.walk.graph import permitted_files
from nogilcheck.resolve.walk.walk import BuildResolution, walk

_NOTHING: Mapping[str, Version] = MappingProxyType({})

_TRIED = Location(path="a release that is tried")

_REFUSED = frozenset({MissingKind.CONFLICT, MissingKind.NO_VERSION, MissingKind.UNRESOLVED})

MAX_TRIALS = 5
"""Resolutions of one graph that are tried to prove fallbacks, which few projects have."""


@dataclass(slots=True, kw_only=True)
class WaysOut:
    """Other releases that a finished resolution would admit. Reads the metadata of those it is asked about; blocks."""

    build: Target
    walk: BuildResolution
    graph: Graph
    inputs: Inputs
    fetcher: Fetcher
    exclude_newer: str | None
    shared: SharedCandidates | None
    """With the other targets."""
    chosen: Mapping[str, Version] = field(init=False)
    """The versions of today, by name."""
    _trials: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.chosen = versions_of(self.graph)

    def fallback(self, name: str, target: Target) -> Fallback | None:
        """The release of a blocked project that an installer on the target would take instead."""
        project = self.walk.project(name)
        if isinstance(project, Missing) or not any(map(target.best_tag, project.page.every_wheel_tag)):
            return None
        permitted = permitted_files(self.walk, self.graph, name)
        return find_fallback(self.chosen[name], permitted, target, partial(self.exists, name))

    def caps(self, key: str) -> tuple[Cap, ...]:
        """Every requirement that limits the versions of a project in the graph, and applies."""
        markers = self.walk.problem.markers
        constraints, overrides = applying(self.inputs.constraints, markers), applying(self.inputs.overrides, markers)
        return caps_on(key, self.graph, self.inputs.all_roots, constraints=constraints, overrides=overrides)

    def conflicts_of(self, name: str) -> Callable[[Version], tuple[Cap, ...]]:
        """`conflicts` of one project."""
        return partial(self.conflicts, name)

    def conflicts(self, name: str, version: Version, moved: Mapping[str, Version] = _NOTHING) -> tuple[Cap, ...]:
        """What keeps out what another version of a project in the graph requires; what the user may change first.

        ``moved``: versions that are chosen instead of today's.
        """
        found: list[Cap] = []
        for dependency in self._requires(name, version):
            chosen = moved.get(dependency.name, self.chosen.get(dependency.name))
            if chosen is None or not admits(dependency.specifier, chosen):
                found += self._in_the_way(dependency.name, dependency.specifier, moved={name: version, **moved})
        return tuple(dict.fromkeys(sorted(found, key=lambda cap: cap.location is None)))

    def _requires(self, name: str, version: Version) -> Iterator[Dependency]:
        """What a version requires of other projects on the index, with the extras that are asked for."""
        for extra in ("", *sorted(self._extras(name))):
            for dependency, _ in self.walk.provider.dependencies(name, version, extra):
                if dependency.url is None and dependency.name != name:
                    yield dependency

    def _extras(self, name: str) -> set[str]:
        return {extra for edge in self.graph.edges_to(name) for extra in edge.child_extras}

    def _in_the_way(self, name: str, specifier: str, *, moved: Mapping[str, Version]) -> list[Cap]:
        """What excludes every version within ``specifier``; what projects that move require today does not count."""
        project = self.walk.project(name)
        if isinstance(project, Missing):
            return []
        known = self.caps(name) if name in self.graph.nodes else ()
        limits = [cap for cap in known if cap.location or cap.by.partition(" ")[0] not in moved]
        least: list[Cap] | None = None
        for version in project.page.versions:
            if version.is_prerelease or not admits(specifier, version) or project.best(version) is None:
                continue
            excluding = [cap.against(version) for cap in limits if not admits(cap.specifier, version)]
            if not excluding:
                return []
            if least is None or _weight(excluding) < _weight(least):
                least = excluding
        return [replace(cap, project=name) for cap in least or [Cap(by=next(iter(moved)), specifier=specifier)]]

    def day(self, name: str, version: Version) -> str | None:
        """The day on which a version of a project was uploaded."""
        project = self.walk.project(name)
        return None if isinstance(project, Missing) else day_of(project.page.files(version))

    def exists(self, name: str, version: Version) -> bool:
        """Whether there is a resolution with another version of a project."""
        if not isinstance(self.walk.problem.candidates.metadata(name, version), Metadata):
            return False
        if self.conflicts(name, version):
            return False
        return all(map(self._is_chosen, self._requires(name, version))) or self._resolves(name, version)

    def _is_chosen(self, dependency: Dependency) -> bool:
        """Whether what is chosen today meets a dependency."""
        chosen = self.chosen.get(dependency.name)
        if chosen is None or not self._extras(dependency.name).issuperset(dependency.extras):
            return False
        return admits(dependency.specifier, chosen)

    def _resolves(self, name: str, version: Version) -> bool:
        self._trials += 1
        if self._trials > MAX_TRIALS:
            return False
        pin = Root(requirement=f"{name}=={version}", name=name, specifier=f"=={version}", location=_TRIED)
        inputs = replace(self.inputs, constraints=(*self.inputs.constraints, pin))
        stopped = self.walk.stopped_after
        trial = walk(inputs, self.build, self.fetcher, exclude_newer=self.exclude_newer, stopped_after=stopped)
        return _refused(trial) <= _refused(self.walk)


def is_refusal(gap: GraphGap) -> bool:
    """Whether an installer refuses what a gap is about, or the resolution was stopped before it could tell."""
    return gap.kind is GapKind.CUT_OFF or (gap.missing is not None and gap.missing.kind in _REFUSED)


def applying(roots: Sequence[Root], markers: MarkerEvaluator | None) -> list[Root]:
    """The user's constraints or overrides that apply; none apply to a lock, which has no ``markers``."""
    return [root for root in roots if markers.holds(root.marker) is not False] if markers else []


def admits(specifier: str, version: Version) -> bool:
    """Whether a specifier set (PEP 440) admits a version, pre-releases included."""
    return specifier_set(specifier).contains(version, prereleases=True)


def _refused(resolution: BuildResolution) -> set[tuple[GapKind, str | None]]:
    return {(gap.kind, gap.distribution) for gap in resolution.gaps if is_refusal(gap)}


def _weight(caps: Sequence[Cap]) -> tuple[bool, int]:
    """What others say weighs more than what the user may change."""
    return any(cap.location is None for cap in caps), len(caps)

"""What the wheels of a target require, where they may differ from those that the regular build gets.

The wheels of one version need not have the same metadata. The regular build decides the versions; where the target's
own wheel of one requires something else, that is what an installer follows on the target.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from packaging.version import Version

from nogilcheck.model.artifact import Dependency, Fetcher, Metadata, Missing, ReleaseFile
from nogilcheck.model.graph import GapKind, Graph, GraphGap, Refusal
from nogilcheck.model.target import Target

if TYPE_CHECKING:
    from nogilcheck.resolve.walk.project_candidates import ProjectCandidates
    from nogilcheck.resolve.walk.walk import BuildResolution

_WITH_IT = "the whole release is refused for another wheel"

_Need = tuple[str, str, tuple[str, ...], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetWheel:
    """What the target gets of one version, as far as that is not what the regular build gets."""

    file: ReleaseFile | None = None
    """The wheel whose metadata count on the target; ``None``: those of the regular build's file do."""
    unread: Missing | None = None
    """Why the metadata of the target's wheel are not known."""
    refused: tuple[Refusal, ...] = ()
    stops: str = ""
    """The file at which pip stops with an error, and why in a clause."""


def own_wheel(project: ProjectCandidates, version: Version, target: Target) -> ReleaseFile | None:
    """The wheel that a target gets, if its metadata may differ from those that the walk read; asks no index.

    They do not where the page gives one digest for both ``.metadata`` files (PEP 658).
    """
    regular, own = project.metadata_file(version), project.seen_by(target).best(version)
    if regular is None or own is None or own.kind != "wheel" or own.url == regular.url:
        return None
    return None if own.metadata_sha256 and own.metadata_sha256 == regular.metadata_sha256 else own


def target_wheel(project: ProjectCandidates, version: Version, target: Target, fetcher: Fetcher) -> TargetWheel:
    """Look at the wheel that a target gets, reading its metadata where they may differ; blocks."""
    if own_wheel(project, version, target) is None:
        return TargetWheel()
    seen = project.seen_by(target)
    fitting = [file for file in seen.admitted(version) if file.kind == "wheel" and target.best_tag(file.tags)]
    seen.discards(version)
    flaws = seen.discarded.get(version, {})
    stops = next((f"{name}: {flaw.text}" for name, flaw in flaws.items() if flaw.stops), "")
    own = seen.best(version)
    left = {file.url for file in seen.page.files(version)}
    refused = [
        Refusal(filename=file.filename, why=flaws[file.filename].text if file.filename in flaws else _WITH_IT)
        for file in fitting
        if file.url not in left
    ]
    if own is None or own.kind != "wheel":
        return TargetWheel(refused=tuple(refused), stops=stops)
    metadata = fetcher.metadata(own)
    if isinstance(metadata, Missing):
        return TargetWheel(unread=metadata, refused=tuple(refused))
    if not target.admits_python(metadata.requires_python):
        why = f"its Requires-Python is {metadata.requires_python}"
        refused += [
            Refusal(filename=file.filename, why=why if file == own else _WITH_IT, for_python=True)
            for file in fitting
            if file.url in left
        ]
        own = None
    return TargetWheel(file=own, refused=tuple(refused))


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetWheels:
    """What a target gets of the distributions of a graph, where that is not what the regular build gets."""

    walk: BuildResolution
    graph: Graph
    wheels: Mapping[str, TargetWheel]
    """By key of the graph."""

    @classmethod
    def of(cls, walk: BuildResolution, graph: Graph, target: Target, fetcher: Fetcher) -> TargetWheels:
        """Read what may differ, all at once; blocks."""
        wheels = {}
        chosen = list(_chosen(walk, graph))
        for _, project, version in chosen:
            if own := own_wheel(project, version, target):
                fetcher.prefetch_metadata(own)
        for key, project, version in chosen:
            wheels[key] = target_wheel(project, version, target, fetcher)
        return cls(walk=walk, graph=graph, wheels=wheels)

    def differences(self, fetcher: Fetcher) -> dict[str, tuple[str, ...]]:
        """The wheels that require something else, by key: their name, the regular build's file, and what in a clause."""
        found: dict[str, tuple[str, ...]] = {}
        extras = self._extras()
        for key, project, version in _chosen(self.walk, self.graph):
            own, regular = self.wheels[key].file, project.metadata_file(version)
            if own is None or regular is None:
                continue
            ours, theirs = (fetcher.metadata(file) for file in (own, regular))
            if not isinstance(ours, Metadata) or not isinstance(theirs, Metadata):
                continue
            asked = ("", *extras.get(key, ()))
            needs = [{_need(each) for each in self._holding(metadata, asked)} for metadata in (ours, theirs)]
            if clause := _clause(*needs) or "; ".join(set(ours.problems) - set(theirs.problems)):
                found[key] = (own.filename, regular.filename, clause)
        return found

    def annotated(self, graph: Graph, differences: Mapping[str, tuple[str, ...]]) -> Graph:
        """A graph on the target with what was found out about its wheels."""
        nodes = {
            key: replace(
                node,
                refused=self.wheels[key].refused if key in self.wheels else (),
                disagreeing=differences.get(key, ()),
            )
            for key, node in graph.nodes.items()
        }
        gaps = [
            GraphGap(
                kind=GapKind.DEPENDENCIES,
                text=f"what the wheel of {key} requires on the target is not known: {wheel.unread.text}",
                missing=wheel.unread,
                distribution=graph.nodes[key].name,
            )
            for key, wheel in self.wheels.items()
            if wheel.unread is not None and key in graph.nodes
        ]
        gaps += [
            GraphGap(kind=GapKind.DEPENDENCIES, text=f"pip stops at {wheel.stops}", distribution=graph.nodes[key].name)
            for key, wheel in self.wheels.items()
            if wheel.stops and key in graph.nodes
        ]
        return replace(graph, nodes=nodes, gaps=(*graph.gaps, *gaps))

    def _extras(self) -> dict[str, dict[str, None]]:
        extras: dict[str, dict[str, None]] = {}
        for edge in self.graph.edges:
            extras.setdefault(edge.child, {}).update(dict.fromkeys(edge.child_extras))
        return extras

    def _holding(self, metadata: Metadata, extras: tuple[str, ...]) -> Iterator[Dependency]:
        problem = self.walk.problem
        for dependency in problem.overrides.of_dependencies(metadata.requires):
            if any(problem.markers.holds(dependency.marker, extra) is not False for extra in extras):
                yield dependency


def _chosen(walk: BuildResolution, graph: Graph) -> Iterator[tuple[str, ProjectCandidates, Version]]:
    for key, node in graph.nodes.items():
        project = walk.project(node.name)
        if node.version is not None and node.files and not isinstance(project, Missing):
            yield key, project, node.version


def _need(dependency: Dependency) -> _Need:
    return dependency.name, dependency.specifier, dependency.extras, dependency.url


def _clause(ours: set[_Need], theirs: set[_Need]) -> str:
    """What the target's wheel requires more and less; empty: nothing."""
    parts = []
    if more := sorted(map(_said, ours - theirs)):
        parts.append(f"requires {', '.join(more)}")
    if less := sorted(map(_said, theirs - ours)):
        parts.append(f"does not require {', '.join(less)}")
    return " and ".join(parts)


def _said(need: _Need) -> str:
    name, specifier, extras, url = need
    asked = f"[{','.join(extras)}]" if extras else ""
    return f"{name}{asked} @ {url}" if url else f"{name}{asked}{specifier}"

"""Compare what the wheels of a target require with what the regular build's require, over a whole graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from packaging.version import Version

from nogilcheck.frozen import frozen
from nogilcheck.model.artifact import Dependency, Fetcher, Metadata, Missing
from nogilcheck.model.graph import GapKind, Graph, GraphGap
from nogilcheck.model.target import Target
from nogilcheck.resolve.versions import merged
from nogilcheck.resolve.walk.project_candidates import ProjectCandidates
from nogilcheck.resolve.walk.target_metadata import TargetWheel, gets_newer, own_wheel, target_wheel
from nogilcheck.resolve.walk.walk import BuildResolution

_Need = tuple[str, str, tuple[str, ...], str | None]


@frozen
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
        """The wheels that require something else, by key: the name, the regular build's file, and what in a clause."""
        found: dict[str, tuple[str, ...]] = {}
        for key, project, version in _chosen(self.walk, self.graph):
            own, regular = self.wheels[key].file, project.metadata_file(version)
            if own is None or regular is None:
                continue
            ours, theirs = (fetcher.metadata(file) for file in (own, regular))
            if not isinstance(ours, Metadata) or not isinstance(theirs, Metadata):
                continue
            asked = ("", *(extra for edge in self.graph.edges_to(key) for extra in edge.child_extras))
            needs = [{_need(each) for each in self._holding(metadata, asked)} for metadata in (ours, theirs)]
            if clause := _clause(*needs) or "; ".join(set(ours.problems) - set(theirs.problems)):
                found[key] = (own.filename, regular.filename, clause)
        return found

    def are_newer(self, target: Target) -> bool:
        """Whether the target gets a version of which the regular build gets nothing, in the place of an older one."""
        for _, project, version in _chosen(self.walk, self.graph):
            stated = [edge.specifier for edge in self.graph.edges_to(project.page.name)]
            stated.append(self.walk.problem.constraints.get(project.page.name, ""))
            if gets_newer(project, target, version, merged(stated)):
                return True
        return False

    def other_releases(self, regular: Graph) -> dict[str, tuple[str, ...]]:
        """As `differences`: what the target gets of releases of which the regular build gets nothing."""
        found: dict[str, tuple[str, ...]] = {}
        chosen = {node.name: node for node in regular.nodes.values() if node.version is not None}
        for key, project, version in _chosen(self.walk, self.graph):
            other = chosen.get(project.page.name)
            if other is not None and other.version != version and (own := project.of_target_alone(version)):
                clause = "is of a release of which the regular build gets nothing"
                found[key] = (own.filename, f"{other.name} {other.version}", clause)
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

    def _holding(self, metadata: Metadata, extras: tuple[str, ...]) -> Iterator[Dependency]:
        problem = self.walk.problem
        for dependency in problem.overrides.of_dependencies(metadata.requires):
            if any(problem.markers.holds(dependency.marker, extra) is not False for extra in extras):
                yield dependency


def _chosen(walk: BuildResolution, graph: Graph) -> Iterator[tuple[str, ProjectCandidates, Version]]:
    for key, node in graph.nodes.items():
        if node.version is None or not node.files:  # no index is asked for what has nothing to compare
            continue
        project = walk.project(node.name)
        if not isinstance(project, Missing):
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

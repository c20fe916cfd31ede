"""Build the `Graph` of a finished walk: nodes breadth first from the roots, edges, and gaps."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterable, Iterator

from packaging.version import Version

from nogilcheck.model.artifact import Metadata, Missing, MissingKind, ReleaseFile
from nogilcheck.model.graph import Edge, GapKind, Graph, GraphGap, Node
from nogilcheck.model.source import Location, Root
from nogilcheck.resolve.direct import has_hash, is_version_control, reference
from nogilcheck.resolve.roots import missing_project, unknown_marker
from nogilcheck.resolve.unanswered import unanswered_indexes
from nogilcheck.resolve.versions import is_pinned, merged
from nogilcheck.resolve.walk.project_candidates import ProjectCandidates
from nogilcheck.resolve.walk.walk import BuildResolution

MAX_EDGES = 100_000
"""Requirements among the distributions of a graph; a large real stack has about a thousand."""


class GraphBuilder:
    """Follows the requirements of one resolution from the roots."""

    def __init__(self, walk: BuildResolution) -> None:
        """Create a builder, which builds one graph."""
        self._walk = walk
        self._problem = walk.problem
        self._edges: list[Edge] = []
        self._gaps: list[GraphGap] = list(walk.gaps)
        self._assumed: dict[str, str] = {}
        self._versions = {key.name: candidate.version for key, candidate in walk.mapping.items() if not key.extras}

    def build(self) -> Graph:
        """The graph of every distribution that is reached, with every edge between them."""
        order = self._follow()
        self._note_constraints(order)
        specifiers: dict[str, list[str]] = {}
        extras: dict[str, dict[str, None]] = {}
        for edge in self._edges:
            specifiers.setdefault(edge.child, []).append(edge.specifier)
            extras.setdefault(edge.child, {}).update(dict.fromkeys(edge.child_extras))
        nodes = {name: self._node(name, specifiers.get(name, []), extras.get(name, {})) for name in order}
        self._check_hashes(nodes)
        failed = unanswered_indexes(*self._problem.candidates.failures())
        return Graph(
            nodes=nodes,
            edges=tuple(self._edges),
            gaps=(*failed, *self._gaps),
            not_applicable=self._problem.not_applicable,
            capped=self._problem.capped,
        )

    def _follow(self) -> list[str]:
        """The names that are reached, breadth first; collects the edges and the gaps on the way."""
        queue: deque[tuple[str, str]] = deque()
        seen: set[tuple[str, str]] = set()

        def meet(edge: Edge) -> None:
            self._edges.append(edge)
            for extra in ("", *edge.child_extras):
                if (edge.child, extra) not in seen:
                    seen.add((edge.child, extra))
                    queue.append((edge.child, extra))

        for position, root in self._problem.applying:
            if root.name is None:
                self._note_nameless(root)
                continue
            meet(
                Edge(
                    parent=position,
                    child=root.name,
                    specifier=root.specifier,
                    marker=root.marker,
                    child_extras=root.extras,
                )
            )
            if root.url:
                words = f"'{root.requirement}' is a direct reference"
                self._note_reference(root.name, root.url, words, written=root.requirement, location=root.location)
        order: dict[str, None] = {}
        while queue:
            name, extra = queue.popleft()
            order.setdefault(name)
            if len(self._edges) > MAX_EDGES:
                text = f"the graph has more than {MAX_EDGES:,} requirements; what only the rest asks for is not judged"
                self._gaps.append(GraphGap(kind=GapKind.CUT_OFF, text=text))
                order |= dict.fromkeys(name for name, _ in queue)
                break
            for edge in self._edges_from(name, extra):
                meet(edge)
        return list(order)

    def _edges_from(self, name: str, extra: str) -> Iterator[Edge]:
        version = self._versions.get(name)
        if version is None:
            return
        if not extra:
            self._note_metadata(name, version)
        for dependency, known in self._walk.dependencies(name, version, extra):
            if not known:
                self._gaps.append(unknown_marker(dependency.marker, name))
            if dependency.url:
                asker = "an override" if dependency.name in self._problem.overrides else f"{name} {version}"
                words = f"{asker} asks for {dependency.name} @ {dependency.url}"
                self._note_reference(dependency.name, dependency.url, words, written=dependency.url)
            yield Edge(
                parent=name,
                child=dependency.name,
                specifier=dependency.specifier,
                extra=extra or None,
                marker=dependency.marker,
                child_extras=dependency.extras,
            )

    def _missing_extras(self, name: str, version: Version, asked: Iterable[str]) -> tuple[str, ...]:
        metadata = self._walk.metadata(name, version)
        if not isinstance(metadata, Metadata):
            return ()
        return tuple(extra for extra in asked if extra not in metadata.extras)

    def _check_hashes(self, nodes: Iterable[str]) -> None:
        """Add a gap for what pip refuses to install in hash-checking mode: whatever is not pinned and hashed."""
        if not self._problem.require_hashes:
            return
        roots: dict[str, list[Root]] = {}
        for _, root in self._problem.applying:
            if root.name:
                roots.setdefault(root.name, []).append(root)
        for name in nodes:
            own = roots.get(name, [])
            # As in pip, a hash in the fragment of the user's direct reference counts like --hash.
            hashed = any(root.url and has_hash(root.url) for root in own)
            if not hashed and not self._problem.candidates.admission.has_hashes(name):
                what = "has no hash"
            elif not any(root.url or is_pinned(root.specifier) for root in own):
                what = "is not pinned with =="
            else:
                continue
            text = f"{name} {what}, and hashes are required: pip would refuse to install"
            location = own[0].location if own else None
            self._gaps.append(GraphGap(kind=GapKind.HASHES, text=text, distribution=name, location=location))

    def _note_metadata(self, name: str, version: Version) -> None:
        """Add a gap for metadata that could not be read, in whole or in part."""
        metadata = self._walk.metadata(name, version)
        if metadata is None:
            problems: tuple[str, ...] = ("no file of this version can be read",)
        elif isinstance(metadata, Missing):
            problems = (metadata.text,)
        else:
            problems = metadata.problems
        for problem in problems:
            missing = metadata if isinstance(metadata, Missing) else None
            text = f"the dependencies of {name} {version} are not fully known: {problem}"
            self._gaps.append(GraphGap(kind=GapKind.DEPENDENCIES, text=text, missing=missing, distribution=name))

    def _note_nameless(self, root: Root) -> None:
        text = f"'{root.requirement}' is a direct reference, which is not checked: it tells no name"
        missing = Missing(kind=MissingKind.DIRECT_URL, text=text)
        self._gaps.append(missing_project(missing, location=root.location))

    def _note_reference(
        self, name: str, url: str, words: str, *, written: str, location: Location | None = None
    ) -> None:
        """Note that the index stands in for a version control reference, or a gap; ``words`` name the requirer."""
        project = self._problem.candidates.of(name, reference(url))
        if isinstance(project, Missing):
            text = f"{words}, which is not checked: {project.text}"
            missing = Missing(kind=MissingKind.DIRECT_URL, text=text)
            self._gaps.append(missing_project(missing, name, location))
        elif is_version_control(url):
            self._assumed.setdefault(name, next(filter(is_version_control, written.split()), written))

    def _note_constraints(self, reached: Container[str]) -> None:
        for constraint in self._problem.directing:
            if constraint.name in reached and constraint.name and constraint.url:
                words = f"{constraint.location} constrains {constraint.name} to a direct reference"
                self._note_reference(
                    constraint.name,
                    constraint.url,
                    words,
                    written=constraint.requirement,
                    location=constraint.location,
                )

    def _node(self, name: str, specifiers: list[str], extras: Iterable[str]) -> Node:
        version = self._versions.get(name)
        if version is None:
            return Node(name=name, version=None, missing=self._why_missing(name))
        project = self._walk.project(name)
        assert not isinstance(project, Missing)
        effective = merged([*specifiers, self._problem.constraints.get(name, "")])
        discarded = project.discarded_above(version, effective)
        if discarded and discarded[2].stops:
            text = f"pip stops at {discarded[1]}, which is passed over here: {discarded[2].text}"
            self._gaps.append(GraphGap(kind=GapKind.DEPENDENCIES, text=text, distribution=name))
            discarded = None
        newer = None
        if project.best(version) is not None and version not in project.excluded_by_metadata:
            newer = project.newer_without_file(version, effective)
        if project.lacks_upload_time(version):
            places = dict.fromkeys(f.index for f in project.page.files(version) if f.upload_time is None and f.index)
            where = " and ".join(places) or "the index"
            text = f"{name}: {where} gives no upload times, so the upload date could not be applied to every file"
            self._gaps.append(GraphGap(kind=GapKind.UPLOAD_TIME, text=text, distribution=name))
        metadata = self._walk.metadata(name, version)
        stated = metadata if isinstance(metadata, Metadata) else Metadata()
        return Node(
            name=name,
            version=version,
            described_by=self._described_by(project, version),
            stated_python=stated.requires_python,
            pythons=stated.pythons,
            files=project.admitted(version),
            not_admitted=project.not_admitted(version),
            requires_python=project.excluded_by_metadata.get(version),
            missing_extras=self._missing_extras(name, version, extras),
            held_back_from=newer[0] if newer else None,
            held_back_by=newer[1] if newer else None,
            discarded=(discarded[1], discarded[2].text) if discarded else (),
            assumed_from=self._assumed.get(name) if self._walk.is_assumed(name) else None,
            rivals=project.page.rivals,
            unanswered=tuple(project.page.unanswered),
        )

    def _described_by(self, project: ProjectCandidates, version: Version) -> str | None:
        file = None if project.best(version) else project.metadata_file(version)
        return file.filename if file else None

    def _why_missing(self, name: str) -> Missing:
        if missing := self._walk.unresolvable.get(name):
            return missing
        if known := next((gap.missing for gap in self._gaps if gap.distribution == name and gap.missing), None):
            return known
        project = self._problem.candidates.of(name)
        if isinstance(project, Missing):
            missing = project
        elif name in self._versions:
            text = f"{name}: a direct reference to it came up during the resolution, which is not checked"
            missing = Missing(kind=MissingKind.DIRECT_URL, text=text)
        else:
            text = f"{name}: the resolution was cut off before it was decided"
            missing = Missing(kind=MissingKind.UNRESOLVED, text=text)
        self._gaps.append(missing_project(missing, name))
        return missing


def permitted_files(walk: BuildResolution, graph: Graph, name: str) -> list[tuple[Version, tuple[ReleaseFile, ...]]]:
    """Every version of a project that all requirements in the graph admit, with its files, the preferred first."""
    project = walk.project(name)
    if isinstance(project, Missing):
        return []
    specifiers = [edge.specifier for edge in graph.edges_to(name)]
    specifiers.append(walk.problem.constraints.get(name, ""))
    return project.permitted(merged(specifiers), pinned=any(map(is_pinned, specifiers)))

"""Judge what each target gets of every project: resolve or follow it, decide about its files, merge the results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nogilcheck.classify.decide import Archives, ArchivesNeeded, archives_needed, decide
from nogilcheck.classify.fallback import find_fallback
from nogilcheck.classify.relock import later_uploads
from nogilcheck.index.fetcher import IndexFetcher
from nogilcheck.jobs.advise import Adviser
from nogilcheck.judge.findings import TargetResult
from nogilcheck.judge.merge import merge
from nogilcheck.model.artifact import Metadata, Missing, ProjectPage, ReleaseFile
from nogilcheck.model.graph import GapKind, Graph, GraphGap, Node
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.report.finding import Advice
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Severity, Verdict
from nogilcheck.resolve.admission import Admission
from nogilcheck.resolve.bounds import weigh_bounds
from nogilcheck.resolve.locked.files import locate
from nogilcheck.resolve.locked.follow import follow
from nogilcheck.resolve.roots import NOTHING_REQUIRED
from nogilcheck.resolve.walk.graph import GraphBuilder, permitted_files
from nogilcheck.resolve.walk.walk import BuildResolution, walk_all


def judge_targets(
    targets: Sequence[Target],
    inputs: Inputs,
    fetcher: IndexFetcher,
    *,
    exclude_newer: str | None,
    offline: bool,
) -> list[TargetResult]:
    """Judge every target on everything that the inputs require; the projects of a target are merged."""
    builds = tuple({target.installer.id: target.installer for target in targets}.values())
    projects: dict[str, list[_Solved | _Followed]] = {build.id: [] for build in builds}
    admission = Admission(inputs.settings, exclude_newer=exclude_newer, roots=())
    if inputs.roots or not inputs.locks:
        walks = walk_all(inputs, builds, fetcher, exclude_newer=exclude_newer)
        for build, walk in zip(builds, walks, strict=True):
            graph = GraphBuilder(walk).build()
            adviser = Adviser(graph, inputs, admission, walk=walk)
            projects[build.id].append(_Solved(walk=walk, graph=graph, admission=admission, adviser=adviser))
    for lock, first_root in zip(inputs.locks, inputs.first_roots, strict=True):
        for build in builds:
            graph = follow(
                lock,
                build,
                fetcher,
                settings=inputs.settings,
                exclude_newer=exclude_newer,
                first_root=first_root,
            )
            adviser = Adviser(graph, inputs, admission, lock=lock)
            projects[build.id].append(_Followed(graph=graph, admission=admission, adviser=adviser, offline=offline))
    return [_judged(target, projects[target.installer.id], inputs, fetcher) for target in targets]


def _judged(
    target: Target, projects: Sequence[_Solved | _Followed], inputs: Inputs, fetcher: IndexFetcher
) -> TargetResult:
    excluded_by, gaps = weigh_bounds(inputs.bounds, target)
    if not inputs.all_roots and not inputs.requires_nothing:
        gaps = (*gaps, GraphGap(kind=GapKind.NOTHING_APPLIES, text=NOTHING_REQUIRED))
    judged = [_judged_project(project, target, fetcher) for project in projects]
    return merge(judged, excluded_by=excluded_by, gaps=gaps)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Solved:
    """A project that was resolved, so that the pages of the index are at hand."""

    walk: BuildResolution
    graph: Graph
    admission: Admission
    adviser: Adviser

    def page(self, node: Node, fetcher: IndexFetcher) -> ProjectPage | None:
        """The page of the index for a decision; ``None`` for archives of direct references."""
        if node.version is None or self.walk.is_archive(node.name):
            return None
        return _page(node, fetcher, self.admission)

    def page_of_refused(self, node: Node, verdict: Verdict, fetcher: IndexFetcher) -> ProjectPage | None:  # noqa: ARG002
        """The page of the index for advice: the same one."""
        return self.page(node, fetcher)

    def blocked(self, key: str, verdict: Verdict, target: Target, fetcher: IndexFetcher) -> Verdict:
        """Complete the verdict on a blocker: the release an installer falls back to, and what hashes exclude."""
        node = self.graph.nodes[key]
        assert node.version is not None
        if "hash" in node.not_admitted:
            verdict = _with_later_uploads(verdict, node, target, self.page(node, fetcher), self.admission)
        permitted = permitted_files(self.walk, self.graph, node.name)
        return replace(verdict, fallback=find_fallback(node.version, permitted, target))

    def prefetch(self, keys: Sequence[str], fetcher: IndexFetcher) -> None:
        """Fetch nothing: the pages are at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Followed:
    """A lock that was followed: the index is asked about its blockers only."""

    graph: Graph
    admission: Admission
    adviser: Adviser
    offline: bool

    def page(self, node: Node, fetcher: IndexFetcher) -> ProjectPage | None:  # noqa: ARG002
        """No page is needed for a decision: the lock names the files."""
        return None

    def page_of_refused(self, node: Node, verdict: Verdict, fetcher: IndexFetcher) -> ProjectPage | None:
        """The page of the index for advice on a blocker; the index is not asked about warnings."""
        if self.offline or verdict.severity is not Severity.BLOCKER:
            return None
        return _page(node, fetcher, self.admission)

    def blocked(self, key: str, verdict: Verdict, target: Target, fetcher: IndexFetcher) -> Verdict:
        """Complete the verdict on a blocker with what the index lists, and with later uploads of the version."""
        node = self.graph.nodes[key]
        page = self.page_of_refused(node, verdict, fetcher)
        if page is None:
            return verdict
        informed = decide(node, target, page=page, archives=Archives())
        reasons = informed.reasons if informed.status is verdict.status else verdict.reasons
        return _with_later_uploads(replace(verdict, reasons=reasons), node, target, page, self.admission)

    def prefetch(self, keys: Sequence[str], fetcher: IndexFetcher) -> None:
        """Start fetching the pages of these distributions; returns at once."""
        if not self.offline:
            fetcher.prefetch(dict.fromkeys(self.graph.nodes[key].name for key in keys))


def _judged_project(project: _Solved | _Followed, target: Target, fetcher: IndexFetcher) -> TargetResult:
    verdicts = _verdicts(project, target, fetcher)
    nodes = project.graph.nodes
    refused = [
        key
        for key, verdict in verdicts.items()
        if verdict.severity in {Severity.BLOCKER, Severity.WARNING} and nodes[key].version is not None
    ]
    project.prefetch([key for key in refused if verdicts[key].severity is Severity.BLOCKER], fetcher)
    advice: dict[str, tuple[Advice, ...]] = {}
    for key in refused:
        verdict = verdicts[key]
        if verdict.severity is Severity.BLOCKER:
            verdicts[key] = verdict = project.blocked(key, verdict, target, fetcher)
        if page := project.page_of_refused(nodes[key], verdict, fetcher):
            verdicts[key], advice[key] = project.adviser.advise(key, verdict, target, page)
    return TargetResult(target=target, graph=project.graph, verdicts=verdicts, advice=advice)


def _verdicts(project: _Solved | _Followed, target: Target, fetcher: IndexFetcher) -> dict[str, Verdict]:
    nodes = {key: node for key, node in project.graph.nodes.items() if not node.local}
    needed = {key: _located(node, archives_needed(node.files, target), fetcher) for key, node in nodes.items()}
    for need in needed.values():
        need.prefetch(fetcher)
    return {
        key: decide(node, target, page=project.page(node, fetcher), archives=needed[key].read(fetcher))
        for key, node in nodes.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Needed:
    """The archives that a decision depends on, or why they cannot be read."""

    sdist: ReleaseFile | Missing | None
    wheels: Mapping[str, ReleaseFile | Missing]
    """By file name."""

    def prefetch(self, fetcher: IndexFetcher) -> None:
        """Start reading them."""
        if isinstance(self.sdist, ReleaseFile):
            fetcher.prefetch_metadata(self.sdist)
        for wheel in self._wheels():
            fetcher.prefetch_listing(wheel)

    def read(self, fetcher: IndexFetcher) -> Archives:
        """Read the archives; blocks."""
        source = self.sdist
        if isinstance(source, ReleaseFile):
            metadata = fetcher.metadata(source)
            evidence = metadata.source if isinstance(metadata, Metadata) else metadata
        else:
            evidence = source
        listings = {
            name: file if isinstance(file, Missing) else fetcher.listing(file) for name, file in self.wheels.items()
        }
        return Archives(listings=listings, source=evidence)

    def _wheels(self) -> Iterator[ReleaseFile]:
        return (file for file in self.wheels.values() if isinstance(file, ReleaseFile))


def _located(node: Node, needed: ArchivesNeeded, fetcher: IndexFetcher) -> _Needed:
    """Find the URLs of the files, which a lock need not have; blocks."""
    return _Needed(
        sdist=locate(needed.sdist, node.name, fetcher) if needed.sdist else None,
        wheels={file.filename: locate(file, node.name, fetcher) for file in needed.wheels},
    )


def _page(node: Node, fetcher: IndexFetcher, admission: Admission) -> ProjectPage | None:
    """The page as it was before the upload date that was asked for; blocks."""
    page = fetcher.page(node.name)
    return None if isinstance(page, Missing) else admission.in_time(page)


def _with_later_uploads(
    verdict: Verdict, node: Node, target: Target, page: ProjectPage | None, admission: Admission
) -> Verdict:
    if page is None or node.version is None:
        return verdict
    reason = later_uploads(node.files, admission.existing(page, node.version), target)
    return replace(verdict, reasons=(*verdict.reasons, reason)) if reason else verdict

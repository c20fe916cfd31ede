"""Judge what each target gets of every project: resolve or follow it, decide about its files, merge the results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from nogilcheck.classify.hidden import as_released, later_uploads, with_hidden_releases
from nogilcheck.frozen import frozen
from nogilcheck.index.fetcher import IndexFetcher
from nogilcheck.jobs.verdicts import Verdicts
from nogilcheck.judge.findings import TargetResult
from nogilcheck.judge.merge import merge
from nogilcheck.model.artifact import Missing, ProjectPage
from nogilcheck.model.graph import GapKind, Graph, GraphGap, Node
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.report.finding import Advice
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Severity, Status, Verdict
from nogilcheck.resolve.admission import Admission
from nogilcheck.resolve.bounds import discouraging, weigh_bounds
from nogilcheck.resolve.locked.files import exchanged
from nogilcheck.resolve.locked.installers import refused_by_pdm
from nogilcheck.resolve.plan.shared_candidates import SharedCandidates
from nogilcheck.resolve.roots import NOTHING_REQUIRED
from nogilcheck.resolve.walk.graph import GraphBuilder
from nogilcheck.resolve.walk.walk import BuildResolution, walk, walk_all
from nogilcheck.resolve.walk.wheel_differences import TargetWheels

if TYPE_CHECKING:
    from nogilcheck.classify.release_history import Offers
    from nogilcheck.jobs.advice.advise import Adviser


def judge_targets(
    targets: Sequence[Target],
    inputs: Inputs,
    fetcher: IndexFetcher,
    *,
    exclude_newer: str | None,
    offline: bool,
    detours: bool = True,
) -> list[TargetResult]:
    """Judge every target on everything that the inputs require; the projects of a target are merged.

    ``detours``: whether ways around what would wait for others are looked for.
    """
    builds = tuple({target.installer.id: target.installer for target in targets}.values())
    projects: dict[str, list[_Solved | _Followed]] = {build.id: [] for build in builds}
    admission = Admission(inputs.settings, exclude_newer=exclude_newer, roots=())
    if inputs.roots or not inputs.locks:
        walks = walk_all(inputs, builds, fetcher, exclude_newer=exclude_newer)
        solved = partial(
            _Solved,
            inputs=inputs,
            admission=admission,
            exclude_newer=exclude_newer,
            detours=detours,
            shared=SharedCandidates() if len(targets) > 1 else None,
            known={},
        )
        for build, resolution in zip(builds, walks, strict=True):
            projects[build.id].append(solved(walk=resolution, graph=GraphBuilder(resolution).build()))
    for lock, first_root in zip(inputs.locks, inputs.first_roots, strict=True):
        from nogilcheck.jobs.advice.advise import Adviser
        from nogilcheck.resolve.locked.follow import follow

        for build in builds:
            graph = follow(
                lock,
                build,
                fetcher,
                settings=inputs.settings,
                exclude_newer=exclude_newer,
                first_root=first_root,
            )
            graph = replace(graph, gaps=(*graph.gaps, *exchanged(graph.nodes.values(), fetcher)))
            advises = Adviser(graph, inputs, admission, lock=lock)
            projects[build.id].append(
                _Followed(graph=graph, admission=admission, advises=advises, offline=offline, kind=lock.kind)
            )
    known = Verdicts()
    return [
        _judged(target, [one.on(target, fetcher) for one in projects[target.installer.id]], inputs, fetcher, known)
        for target in targets
    ]


def _judged(
    target: Target, projects: Sequence[_Solved | _Followed], inputs: Inputs, fetcher: IndexFetcher, known: Verdicts
) -> TargetResult:
    excluded_by, gaps = weigh_bounds(inputs.bounds, target)
    if not inputs.all_roots and not inputs.requires_nothing:
        gaps = (*gaps, GraphGap(kind=GapKind.NOTHING_APPLIES, text=NOTHING_REQUIRED))
    judged = [_judged_project(project, target, fetcher, known) for project in projects]
    return merge(judged, excluded_by=excluded_by, gaps=gaps, discouraged_by=discouraging(inputs.bounds, target))


@frozen
class _Solved:
    """A project that was resolved, so that the pages of the index are at hand."""

    walk: BuildResolution
    graph: Graph
    inputs: Inputs
    admission: Admission
    exclude_newer: str | None
    detours: bool
    shared: SharedCandidates | None
    known: dict[str, Offers]
    """The releases of projects, as far as they were looked at for any target."""

    def adviser(self, target: Target, verdicts: Mapping[str, Verdict], fetcher: IndexFetcher) -> Adviser:
        """Advises about this graph. Where everything is ready, nobody does."""
        from nogilcheck.jobs.advice.advise import Adviser
        from nogilcheck.jobs.advice.goals import goal_of
        from nogilcheck.jobs.advice.ways_out import WaysOut

        ways = WaysOut(
            build=target.installer,
            walk=self.walk,
            graph=self.graph,
            inputs=self.inputs,
            fetcher=fetcher,
            exclude_newer=self.exclude_newer,
            shared=self.shared,
        )
        markers = self.walk.problem.markers
        goal = goal_of(self.graph, verdicts, target, self.inputs) if self.detours else None
        return Adviser(self.graph, self.inputs, self.admission, markers=markers, ways=ways, goal=goal, known=self.known)

    def on(self, target: Target, fetcher: IndexFetcher) -> _Solved:
        """The project on a target: where the target's wheels require something else, that is followed."""
        if target == target.installer:
            return self
        wheels = TargetWheels.of(self.walk, self.graph, target, fetcher)
        differences = wheels.differences(fetcher)
        if not differences and not wheels.are_newer(target):
            return replace(self, graph=wheels.annotated(self.graph, {}))
        followed = walk(self.inputs, target.installer, fetcher, exclude_newer=self.exclude_newer, target=target)
        graph = GraphBuilder(followed).build()
        on_target = TargetWheels.of(followed, graph, target, fetcher)
        told = on_target.differences(fetcher) | on_target.other_releases(self.graph)
        return replace(self, walk=followed, graph=on_target.annotated(graph, told))

    def page(self, node: Node, fetcher: IndexFetcher) -> ProjectPage | None:
        """The page of the index for a decision; ``None`` for archives of direct references."""
        if node.version is None or self.walk.is_archive(node.name):
            return None
        page = _page(node, fetcher, self.admission)
        return page and self.walk.usable(page)

    def page_of_refused(self, node: Node, verdict: Verdict, fetcher: IndexFetcher) -> ProjectPage | None:  # noqa: ARG002
        """The page of the index for advice: the same one."""
        return self.page(node, fetcher)

    def blocked(self, key: str, verdict: Verdict, target: Target, fetcher: IndexFetcher) -> Verdict:
        """Complete the verdict on a blocker with what hashes exclude."""
        node = self.graph.nodes[key]
        if any(one.option == "hash" for one in node.not_admitted):
            verdict = _with_later_uploads(verdict, node, target, self.page(node, fetcher), self.admission)
        return verdict

    def prefetch(self, keys: Sequence[str], fetcher: IndexFetcher) -> None:
        """Fetch nothing: the pages are at hand."""

    def told(self, verdicts: Mapping[str, Verdict]) -> Graph:  # noqa: ARG002
        """The graph as it is."""
        return self.graph


@frozen
class _Followed:
    """A lock that was followed: the index is asked about its blockers only."""

    graph: Graph
    admission: Admission
    advises: Adviser
    offline: bool
    kind: str
    """`Lock.kind`."""

    def adviser(self, *_: object) -> Adviser:
        """Advises about this graph."""
        return self.advises

    def told(self, verdicts: Mapping[str, Verdict]) -> Graph:
        """The graph, with a gap for each wheel that fits the target and that the lock's own installer refuses."""
        if self.kind != "pdm.lock":
            return self.graph
        gaps = (
            refused_by_pdm(self.graph.nodes[key], verdict.wheel)
            for key, verdict in verdicts.items()
            if verdict.status is Status.ABI3T and verdict.wheel
        )
        return replace(self.graph, gaps=(*self.graph.gaps, *gaps))

    def on(self, target: Target, fetcher: IndexFetcher) -> _Followed:  # noqa: ARG002
        """The same on every target: a lock gives the requirements, whatever the wheels say."""
        return self

    def page(self, node: Node, fetcher: IndexFetcher) -> ProjectPage | None:  # noqa: ARG002
        """No page is needed for a decision: the lock names the files."""
        return None

    def page_of_refused(self, node: Node, verdict: Verdict, fetcher: IndexFetcher) -> ProjectPage | None:
        """The page of the index for advice on a blocker; the index is not asked about warnings."""
        if self.offline or node.direct or verdict.severity is not Severity.BLOCKER:
            return None
        return _page(node, fetcher, self.admission)

    def blocked(self, key: str, verdict: Verdict, target: Target, fetcher: IndexFetcher) -> Verdict:
        """Complete the verdict on a blocker with what the release has, whatever the lock leaves out of it."""
        node = self.graph.nodes[key]
        page = self.page_of_refused(node, verdict, fetcher)
        released = self.admission.existing(page, node.version) if page and node.version else ()
        if self.kind != "environment":
            verdict = as_released(verdict, node, target, page=page, released=released)
        return _with_later_uploads(verdict, node, target, page, self.admission)

    def prefetch(self, keys: Sequence[str], fetcher: IndexFetcher) -> None:
        """Start fetching the pages of these distributions; returns at once."""
        if not self.offline:
            nodes = (self.graph.nodes[key] for key in keys)
            fetcher.prefetch(dict.fromkeys(node.name for node in nodes if not node.direct))


def _judged_project(
    project: _Solved | _Followed, target: Target, fetcher: IndexFetcher, known: Verdicts
) -> TargetResult:
    judged = {key: node for key, node in project.graph.nodes.items() if not node.local}
    verdicts = known.on(judged, target, fetcher, partial(project.page, fetcher=fetcher))
    nodes = project.graph.nodes
    refused = [
        key
        for key, verdict in verdicts.items()
        if verdict.severity in {Severity.BLOCKER, Severity.WARNING} and nodes[key].version is not None
    ]
    adviser = project.adviser(target, verdicts, fetcher) if refused else None
    project.prefetch([key for key in refused if verdicts[key].severity is Severity.BLOCKER], fetcher)
    advice: dict[str, tuple[Advice, ...]] = {}
    for key in refused:
        verdict = verdicts[key]
        if verdict.severity is Severity.BLOCKER:
            verdict = project.blocked(key, verdict, target, fetcher)
            verdicts[key] = verdict = _with_hidden_releases(verdict, nodes[key], target, project, fetcher)
        if adviser and (page := project.page_of_refused(nodes[key], verdict, fetcher)):
            verdicts[key], advice[key] = adviser.advise(key, verdict, target, page)
    return TargetResult(target=target, graph=project.told(verdicts), verdicts=verdicts, advice=advice)


def _page(node: Node, fetcher: IndexFetcher, admission: Admission) -> ProjectPage | None:
    """The page as it was before the upload date that was asked for; blocks."""
    page = fetcher.page(node.name)
    return None if isinstance(page, Missing) else admission.in_time(page)


def _with_hidden_releases(
    verdict: Verdict, node: Node, target: Target, project: _Solved | _Followed, fetcher: IndexFetcher
) -> Verdict:
    """With what a cool-down keeps out, where the index was asked at all."""
    admission = project.admission
    cutoff = admission.cutoff(node.name)
    if cutoff is None or node.version is None or project.page_of_refused(node, verdict, fetcher) is None:
        return verdict
    page = fetcher.page(node.name)
    if isinstance(page, Missing):
        return verdict
    return with_hidden_releases(verdict, page, partial(admission.existing, page), target, node.version, cutoff)


def _with_later_uploads(
    verdict: Verdict, node: Node, target: Target, page: ProjectPage | None, admission: Admission
) -> Verdict:
    if page is None or node.version is None:
        return verdict
    reason = later_uploads(node.files, admission.existing(page, node.version), target)
    return replace(verdict, reasons=(*verdict.reasons, reason)) if reason else verdict

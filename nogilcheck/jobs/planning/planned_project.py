"""One target's part of one project before any change, what comes out when its inputs are changed, and what that proves.

What comes out of a lock is what its tool makes of it: the releases that it takes with the command of the plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import field, replace

from packaging.version import Version

from nogilcheck import __version__
from nogilcheck.frozen import frozen
from nogilcheck.jobs.advice.goals import goal_of
from nogilcheck.jobs.advice.ways_out import is_refusal
from nogilcheck.jobs.check import Session
from nogilcheck.jobs.target_judging import judge_targets
from nogilcheck.judge.assemble import assemble
from nogilcheck.judge.caps import floor_of
from nogilcheck.judge.findings import TargetResult
from nogilcheck.model.artifact import Metadata, Missing, ProjectPage
from nogilcheck.model.graph import GapKind, Graph, GraphGap, versions_of
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.lock import FOR_EVERY_PYTHON, POETRY, Lock, takes_versions
from nogilcheck.model.plan import Move
from nogilcheck.model.report.report import Report
from nogilcheck.model.verdict import ReasonCode, Severity, Status
from nogilcheck.resolve.plan.changes import Rewriter
from nogilcheck.resolve.plan.goal import Goal, Prefer, Window
from nogilcheck.resolve.plan.loosened_problem import permits


@frozen
class Project:
    """One project on one target, before any change."""

    session: Session
    inputs: Inputs
    today: TargetResult
    window: Window
    lock: Lock | None
    """Set when the versions of today come from a lock."""
    floors: Mapping[str, Version] = field(default_factory=dict)
    """The oldest Python of the project, by the distributions of which one release has to do for every Python of it."""
    refused: Mapping[str, Set[Version]] = field(default_factory=dict)
    """Versions that a scan found to turn the GIL on, by project."""


Trial = tuple[Inputs, TargetResult]
"""Changed inputs, and what the target gets when an installer resolves them."""


def rewriter_of(project: Project) -> Rewriter:
    """What changes the user's words for the target."""

    def hashes_of(name: str, version: Version) -> tuple[str, ...]:
        page = project.session.fetcher.page(name)
        files = () if isinstance(page, Missing) else page.files(version)
        return tuple(sorted(f"sha256:{file.hashes['sha256']}" for file in files if "sha256" in file.hashes))

    today = project.today
    return Rewriter(
        build=today.target.installer,
        today=versions_of(today.graph),
        hashes_of=hashes_of,
        smallest=project.window.prefer is Prefer.SMALLEST,
    )


def wanted_of(project: Project) -> Goal:
    """What the search looks for."""
    today = project.today
    goal = goal_of(today.graph, today.verdicts, today.target, project.inputs, window=project.window)
    sound = goal.sound | _relockable(project)
    return replace(goal, floors=project.floors, sound=sound, refused=project.refused)


def _relockable(project: Project) -> set[str]:
    """The projects that a lock which is written again frees: the index has had a wheel since."""
    today = project.today
    found = (key for key, one in today.verdicts.items() if project.lock and one.details(ReasonCode.LATER_UPLOAD))
    return {today.graph.nodes[key].name for key in found}


def trial_of(project: Project, inputs: Inputs) -> Trial:
    """Resolve changed inputs as an installer does, and judge the result; where today was scanned, that too."""
    session = project.session
    options = session.options
    (judged,) = judge_targets(
        [project.today.target],
        replace(inputs, locks=()),
        session.fetcher,
        exclude_newer=options.exclude_newer,
        offline=options.offline,
        detours=False,
    )
    return inputs, session.scan([judged]).judged[0] if session.scan else judged


def report_of(project: Project, trial: Trial) -> Report:
    """The report of a check of these inputs on the target alone."""
    inputs, judged = trial
    return assemble(
        replace(inputs, locks=()),
        [judged],
        allowed=(),
        options=project.session.report.options,
        tool_version=__version__,
        scanned=project.session.report.scanned,
    )


def turning_the_gil_on(judged: TargetResult) -> dict[str, set[Version]]:
    """The versions of which a scan found that they turn the GIL on, by project."""
    nodes = (
        judged.graph.nodes[key] for key, verdict in judged.verdicts.items() if verdict.status is Status.GIL_ENABLED
    )
    return {node.name: {node.version} for node in nodes if node.version is not None}


def floors_of(inputs: Inputs, graph: Graph, kind: str) -> dict[str, Version]:
    """See `Project.floors`; none for a tool that locks a release for each Python."""
    oldest = _oldest(inputs) if kind in FOR_EVERY_PYTHON else None
    if oldest is None:
        return {}
    # Poetry takes markers that tell Pythons apart as forks.
    forked = {edge.child for edge in graph.edges if kind == POETRY and "python" in (edge.marker or "")}
    names = {node.name for key, node in graph.nodes.items() if key not in forked}
    return dict.fromkeys(names - {graph.nodes[key].name for key in forked}, oldest)


def limits_of(project: Project, versions: Mapping[str, Version]) -> dict[str, str]:
    """What bounds each project when the lock is written again for these versions.

    What need not move is kept. What moves is what the command names, else the newest release that the project permits
    and that does for every Python where one release has to.
    """
    today = versions_of(project.today.graph)
    newest = chosen_by_tool(project, versions)
    limits = {}
    for name, version in versions.items():
        if name not in newest and name in today:
            limits[name] = f"=={version}"
        elif (floor := project.floors.get(name)) and (cap := _newest_for(project, name, floor)):
            limits[name] = f"<={cap}"
    return limits


def chosen_by_tool(project: Project, versions: Mapping[str, Version]) -> set[str]:
    """The projects of which the command names no release: the tool takes the newest that it may."""
    assert project.lock is not None
    today = versions_of(project.today.graph)
    moved = {name for name, version in versions.items() if name in today and today[name] != version}
    if not takes_versions(project.lock.kind):
        return moved
    oldest = _oldest(project.inputs)
    return {name for name in moved if oldest and not _does_for(project, name, versions[name], oldest)}


def _oldest(inputs: Inputs) -> Version | None:
    """The oldest Python that the project is for."""
    floors = [floor[1] for bounds in inputs.bounds if (floor := floor_of(bounds))]
    return min(floors, default=None)


def _newest_for(project: Project, name: str, python: Version) -> str | None:
    """The newest final release that does for a Python."""
    page = _page(project, name)
    versions = page.versions if page else ()
    return next((v.public for v in versions if not v.is_prerelease and _does_for(project, name, v, python)), None)


def _does_for(project: Project, name: str, version: Version, python: Version) -> bool:
    """Whether a release does for a Python; where the page does not say, its metadata do."""
    page = _page(project, name)
    files = [file for file in page.files(version) if not file.yanked] if page else []
    if said := {file.requires_python for file in files if file.requires_python}:
        return any(permits([text], python) for text in said)
    metadata = project.session.fetcher.metadata(files[0]) if files else None
    text = metadata.requires_python if isinstance(metadata, Metadata) else None
    return not text or permits([text], python)


def _page(project: Project, name: str) -> ProjectPage | None:
    page = project.session.fetcher.page(name)
    return None if isinstance(page, Missing) else page


def proves(judged: TargetResult, *, today: TargetResult) -> bool:
    """Whether a resolution has no contradictions, and no unknowns that the one of ``today`` does not have as well."""
    if any(map(is_refusal, judged.graph.gaps)):
        return False
    return _doubts(judged) <= _doubts(today)


def _doubts(judged: TargetResult) -> set[tuple[str, str]]:
    """What is unknown: kinds of gaps, with the project that each is about."""
    unknown = {("verdict", name) for name in _names(judged, Severity.GAP)}
    return unknown | {(gap.kind.value, _about(gap)) for gap in judged.graph.gaps}


def _about(gap: GraphGap) -> str:
    """The project that a gap is about; missing upload times, and missing answers, concern the index as a whole."""
    return "" if gap.kind in {GapKind.UPLOAD_TIME, GapKind.INDEX} else gap.distribution or gap.text


def blocked_names(judged: TargetResult) -> list[str]:
    """The names of the blocked projects, each once."""
    return list(dict.fromkeys(_names(judged, Severity.BLOCKER)))


def _names(judged: TargetResult, severity: Severity) -> Iterator[str]:
    return (judged.graph.nodes[key].name for key, verdict in judged.verdicts.items() if verdict.severity is severity)


def moves(before: Graph, after: Graph) -> tuple[Move, ...]:
    """The distributions that are installed in another version, newly, or no longer; sorted by name."""
    old, new = versions_of(before), versions_of(after)
    return tuple(
        Move(project=name, before=_text(old.get(name)), after=_text(new.get(name)))
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    )


def numbered_from(first: int, graph: Graph) -> Graph:
    """The graph of one project with its roots numbered from 0 instead of ``first``."""
    edges = (
        replace(edge, parent=edge.parent - first) if isinstance(edge.parent, int) else edge for edge in graph.edges
    )
    return replace(graph, edges=tuple(edges))


def _text(version: Version | None) -> str | None:
    return None if version is None else str(version)

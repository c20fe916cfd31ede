"""One target's part of one project before any change, and what comes out when its inputs are changed."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace

from packaging.version import Version

from nogilcheck import __version__
from nogilcheck.jobs.advice.goals import goal_of
from nogilcheck.jobs.check import Session
from nogilcheck.jobs.target_judging import judge_targets
from nogilcheck.judge.assemble import assemble
from nogilcheck.judge.findings import TargetResult
from nogilcheck.model.artifact import Missing
from nogilcheck.model.graph import versions_of
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.lock import Lock
from nogilcheck.model.report.report import Report
from nogilcheck.model.verdict import ReasonCode, Status
from nogilcheck.resolve.plan.changes import Rewriter
from nogilcheck.resolve.plan.goal import Goal, Prefer, Window


@dataclass(frozen=True, slots=True, kw_only=True)
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
    names = {key: today.graph.nodes[key].name for key in today.verdicts}
    # Where the index has had a wheel since, a lock that is written again will do.
    later = (names[key] for key, v in today.verdicts.items() if project.lock and v.details(ReasonCode.LATER_UPLOAD))
    return replace(goal, sound=goal.sound | set(later), floors=project.floors, refused=project.refused)


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

"""Plan: find the changes to the user's requirements after which a target is ready, and prove them by resolving again.

Everything here is a function over one `Project`: what one target gets of one project before any change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from packaging.version import Version

from nogilcheck import __version__
from nogilcheck.classify.decide import archives_needed
from nogilcheck.classify.wheels import fitting_wheels
from nogilcheck.jobs.check import RunIO, Session, checking
from nogilcheck.jobs.proof import blocked_names, moves, numbered_from, proves, versions_of
from nogilcheck.jobs.target_judging import judge_targets
from nogilcheck.judge.assemble import assemble
from nogilcheck.judge.findings import TargetResult
from nogilcheck.model.artifact import Missing, ReleaseFile
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.lock import Lock
from nogilcheck.model.options import Options
from nogilcheck.model.plan import Plan, PlanLine, TargetPlan
from nogilcheck.model.report.report import Report
from nogilcheck.model.verdict import Severity, Status
from nogilcheck.resolve.plan.changes import Rewriter, changes, lines, without_constraints, without_extras
from nogilcheck.resolve.plan.goal import Goal, Window
from nogilcheck.resolve.plan.reachability import Reach, nearest_above
from nogilcheck.resolve.plan.search import search
from nogilcheck.resolve.versions import is_pinned, merged

MAX_TIGHTENED = 4
"""How often bounds are added where an ordinary resolution chooses other versions than the search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One project on one target, before any change."""

    session: Session
    inputs: Inputs
    today: TargetResult
    window: Window
    lock: Lock | None
    """Set when the versions of today come from a lock."""


Trial = tuple[Inputs, TargetResult]
"""Changed inputs, and what the target gets when an installer resolves them."""


def plan(options: Options, io: RunIO | None = None, *, window: Window | None = None) -> Plan:
    """Find the smallest change to the user's requirements after which every distribution is ready.

    ``window`` limits which releases are tried. Raises what `nogilcheck.jobs.check.check` raises.
    """
    with checking(options, io) as session:
        return plan_of(session, window or Window())


def plan_of(session: Session, window: Window) -> Plan:
    """Plan from a completed check."""
    targets = tuple(
        _plan_project(project) for judged in session.judged for project in _projects(session, judged, window)
    )
    return Plan(
        tool_version=__version__,
        releases=window.releases,
        months=window.months,
        report=session.report,
        targets=targets,
        reached_limit=session.fetcher.reached_limit,
    )


def _projects(session: Session, judged: TargetResult, window: Window) -> Iterator[Project]:
    """The projects of the run, in the order of their graphs: locks share their versions with nothing else."""
    for (inputs, first_root), merged_graph in zip(_inputs_by_project(session.inputs), judged.graphs, strict=True):
        graph = numbered_from(first_root, merged_graph)
        today = TargetResult(
            target=judged.target,
            graph=graph,
            verdicts={key: judged.verdicts[key] for key in graph.nodes if key in judged.verdicts},
            excluded_by=tuple(bounds for bounds in judged.excluded_by if bounds in inputs.bounds),
        )
        lock = inputs.locks[0] if inputs.locks else None
        yield Project(session=session, inputs=inputs, today=today, window=window, lock=lock)


def _inputs_by_project(inputs: Inputs) -> Iterator[tuple[Inputs, int]]:
    """The inputs of each project, with the position of its first root in the run; what is resolved comes first."""
    paths = {lock.path for lock in inputs.locks}
    if inputs.roots or not inputs.locks:
        own = tuple(bounds for bounds in inputs.bounds if bounds.location.path not in paths)
        yield replace(inputs, locks=(), bounds=own), 0
    for lock, first_root in zip(inputs.locks, inputs.first_roots, strict=True):
        own = tuple(bounds for bounds in inputs.bounds if bounds.location.path == lock.path)
        yield replace(inputs, roots=lock.roots, constraints=(), locks=(lock,), bounds=own, unread=()), first_root


def _plan_project(project: Project) -> TargetPlan:
    """Search for versions, rewrite the requirements for them, and resolve those as an installer does."""
    target, lock = project.today.target, project.lock
    blocked = tuple(blocked_names(project.today))
    unchanged = TargetPlan(
        target=target.id,
        python=target.python_name,
        platform=target.platform,
        project=lock.path if lock else "",
        kind=lock.kind if lock else "",
        blockers=blocked,
        after=_report(project, (project.inputs, project.today)),
        allowed=any(other.id == target.id and other.allowed for other in project.session.report.targets),
    )
    return _changed_plan(project, unchanged, blocked) if blocked else unchanged


def _changed_plan(project: Project, unchanged: TargetPlan, blocked: Sequence[str]) -> TargetPlan:
    """The plan with the changes that were found; ``unchanged`` when they free nothing."""
    before = project.today.graph
    result = search(
        project.inputs,
        before,
        project.session.fetcher,
        blocked,
        goal=_goal(project),
        exclude_newer=project.session.options.exclude_newer,
    )
    unchanged = replace(unchanged, stopped=result.stopped)
    changed, judged = _without_extras(
        project, _realised(project, result.versions or versions_of(before), kept=result.kept)
    )
    if (completed := _completed(project, changed, versions_of(judged.graph))) != changed:
        changed, judged = _trial(project, completed)
    # The pins of a lock without a graph were written by its tool, not by the user.
    made = changes(project.inputs, changed) if project.lock is None or project.lock.has_graph else ()
    if not made and not project.lock:
        return unchanged
    remaining = set(blocked_names(judged))
    if remaining >= set(blocked):
        return unchanged
    return replace(
        unchanged,
        changes=made,
        moves=moves(before, judged.graph),
        lines=() if project.lock else _lines(project, changed, judged),
        verified=remaining <= result.kept and proves(judged, today=project.today),
        after=_report(project, (changed, judged)),
    )


def _realised(project: Project, versions: Mapping[str, Version], *, kept: Collection[str]) -> Trial:
    """Rewrite the user's requirements for these versions, with as few bounds as it takes.

    First only what stands in the way is changed, then what comes out blocked is bounded, and at last everything is
    pinned.
    """
    rewriter = _rewriter(project)
    changed = _completed(project, rewriter.restated(project.inputs, versions), versions)
    if project.lock:  # a lock keeps what need not change, so that is what has to be proved
        return changed, _trial(project, rewriter.fixed(changed, versions))[1]
    changed, judged = _trial(project, changed)
    for _ in range(MAX_TIGHTENED):
        wrong = [name for name in blocked_names(judged) if name not in kept]
        if not wrong:
            return changed, judged
        chosen = versions_of(judged.graph)
        drifted = {name for name, version in versions.items() if chosen.get(name) != version}
        names = list(nearest_above(judged.graph, wrong, drifted))
        tightened = rewriter.tightened(changed, versions, names, chosen)
        if tightened == changed:
            break
        changed, judged = _trial(project, tightened)
    chosen = versions_of(judged.graph)
    differing = {name: version for name, version in versions.items() if chosen.get(name, version) != version}
    return _trial(project, rewriter.pinned(changed, differing))


def _completed(project: Project, changed: Inputs, versions: Mapping[str, Version]) -> Inputs:
    """Pin new distributions as well where everything that is installed today is pinned."""
    rewriter = _rewriter(project)
    applying = [root for root in project.inputs.roots if rewriter.applies(root)]
    pinned = {root.name for root in applying if root.url or is_pinned(root.specifier)}
    if project.lock or not {node.name for node in project.today.graph.nodes.values()} <= pinned:
        return changed
    return rewriter.completed(changed, versions, hashed=any(root.hashes for root in applying))


def _without_extras(project: Project, trial: Trial) -> Trial:
    """Drop the extras that alone require what stays blocked, provided that nothing is blocked then.

    The user wants an extra: it is not given up for less.
    """
    changed, judged = trial
    reach = Reach(judged.graph)
    keys = [key for key, verdict in judged.verdicts.items() if verdict.severity is Severity.BLOCKER]
    dropped = {extra for key in keys for extra in reach.extras_to_drop(key)}
    if not dropped:
        return trial
    fewer = _trial(project, without_extras(changed, dropped))
    return trial if blocked_names(fewer[1]) else fewer


def _lines(project: Project, changed: Inputs, judged: TargetResult) -> tuple[PlanLine, ...]:
    """The lines of one requirements file from which the same versions follow."""
    if not changed.constraints:
        return tuple(lines(changed))
    folded = without_constraints(changed, reached={node.name for node in judged.graph.nodes.values()})
    wanted, chosen = versions_of(judged.graph), versions_of(_trial(project, folded)[1].graph)
    differing = {name: version for name, version in wanted.items() if chosen.get(name) != version}
    return tuple(lines(_rewriter(project).pinned(folded, wanted if chosen.keys() - wanted else differing)))


def _rewriter(project: Project) -> Rewriter:
    def hashes_of(name: str, version: Version) -> tuple[str, ...]:
        page = project.session.fetcher.page(name)
        files = () if isinstance(page, Missing) else page.files(version)
        return tuple(sorted(f"sha256:{file.hashes['sha256']}" for file in files if "sha256" in file.hashes))

    today = project.today
    return Rewriter(build=today.target.installer, today=versions_of(today.graph), hashes_of=hashes_of)


def _goal(project: Project) -> Goal:
    """What the search looks for: wheels that fit the target, and as few changes as possible."""
    today, target = project.today, project.today.target
    names = {key: today.graph.nodes[key].name for key in today.verdicts}

    def fits(files: Sequence[ReleaseFile]) -> bool:
        return bool(fitting_wheels(files, target)) and not archives_needed(files, target).wheels

    own: dict[str, list[str]] = {}
    for root in filter(_rewriter(project).applies, (*project.inputs.roots, *project.inputs.constraints)):
        own.setdefault(root.name or "", []).append(root.specifier)
    return Goal(
        target=target,
        fits=fits,
        today=versions_of(today.graph),
        sound=frozenset(names[key] for key, v in today.verdicts.items() if v.severity is not Severity.BLOCKER),
        sources=frozenset(names[key] for key, v in today.verdicts.items() if v.status is Status.SOURCE_PURE),
        own={name: str(merged(specifiers)) for name, specifiers in own.items()},
        window=project.window,
    )


def _trial(project: Project, inputs: Inputs) -> Trial:
    """Resolve changed inputs as an installer does, and judge the result."""
    options = project.session.options
    (judged,) = judge_targets(
        [project.today.target],
        replace(inputs, locks=()),
        project.session.fetcher,
        exclude_newer=options.exclude_newer,
        offline=options.offline,
    )
    return inputs, judged


def _report(project: Project, trial: Trial) -> Report:
    """The report of a check of these inputs on the target alone."""
    inputs, judged = trial
    return assemble(
        replace(inputs, locks=()),
        [judged],
        allowed=(),
        options=project.session.report.options,
        tool_version=__version__,
    )

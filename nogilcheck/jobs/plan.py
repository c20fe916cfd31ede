"""Plan: find the changes to the user's requirements after which a target is ready, and prove them by resolving again.

See `planned_project` for what is planned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from packaging.version import Version

from nogilcheck import __version__
from nogilcheck.jobs.check import RunIO, Session, checking
from nogilcheck.jobs.planning.edited_files import commands_beside, edits_of
from nogilcheck.jobs.planning.planned_project import (
    Project,
    Trial,
    blocked_names,
    chosen_by_tool,
    floors_of,
    limits_of,
    moves,
    numbered_from,
    proves,
    report_of,
    rewriter_of,
    trial_of,
    turning_the_gil_on,
    wanted_of,
)
from nogilcheck.judge.findings import TargetResult
from nogilcheck.model.graph import versions_of
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.lock import Lock, compiling, moving
from nogilcheck.model.options import Options
from nogilcheck.model.plan import FileEdit, Move, Plan, PlanLine, TargetPlan
from nogilcheck.model.report.finding import AdviceKind
from nogilcheck.model.source import Root
from nogilcheck.model.verdict import Severity
from nogilcheck.resolve.plan.changes import changes, lines, without_constraints, without_extras
from nogilcheck.resolve.plan.goal import Window
from nogilcheck.resolve.plan.reachability import Reach, nearest_above
from nogilcheck.resolve.plan.search import SearchResult, search
from nogilcheck.resolve.versions import is_pinned

MAX_SCANNED = 6
"""How often is searched where scans find that what was chosen turns the GIL on."""

MAX_TIGHTENED = 4
"""How often bounds are added where an ordinary resolution chooses other versions than the search."""


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
        prefer=window.prefer,
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
            advice={
                key: tuple(step for step in steps if step.kind != AdviceKind.SEARCH)
                for key, steps in judged.advice.items()
            },
            excluded_by=tuple(bounds for bounds in judged.excluded_by if bounds in inputs.bounds),
        )
        lock = inputs.locks[0] if inputs.locks else None
        floors = floors_of(inputs, graph, lock.kind) if lock else {}
        yield Project(session=session, inputs=inputs, today=today, window=window, lock=lock, floors=floors)


def _inputs_by_project(inputs: Inputs) -> Iterator[tuple[Inputs, int]]:
    """The inputs of each project, with the position of its first root in the run; what is resolved comes first."""
    paths = {lock.path for lock in inputs.locks}
    if inputs.roots or not inputs.locks:
        own = tuple(bounds for bounds in inputs.bounds if bounds.location.path not in paths)
        yield replace(inputs, locks=(), bounds=own), 0
    for lock, first_root in zip(inputs.locks, inputs.first_roots, strict=True):
        own = tuple(bounds for bounds in inputs.bounds if bounds.location.path == lock.path)
        limits = (*lock.bounding, *lock.constraints)
        asked = replace(inputs, roots=tuple(_asked(lock)), constraints=limits, overrides=lock.overrides)
        yield replace(asked, locks=(lock,), bounds=own, unread=()), first_root


def _asked(lock: Lock) -> Iterator[Root]:
    """What a lock's tool locks again; the pins of a lock without a graph are its own, and name no version to it."""
    for root in lock.roots:
        is_own = not lock.has_graph and root.location.path == lock.path and not root.url
        yield replace(root, requirement=root.name or "", specifier="") if is_own else root


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
        after=report_of(project, (project.inputs, project.today)),
        allowed=any(other.id == target.id and other.allowed for other in project.session.report.targets),
    )
    return _changed_plan(project, unchanged, blocked) if blocked else unchanged


def _changed_plan(project: Project, unchanged: TargetPlan, blocked: Sequence[str]) -> TargetPlan:
    """The plan with the changes that were found; ``unchanged`` when they free nothing."""
    before = project.today.graph
    result, (changed, judged) = _searched(project, blocked)
    unchanged = replace(unchanged, stopped=result.stopped)
    made = changes(project.inputs, changed)
    if not made and not project.lock:
        return unchanged
    remaining = set(blocked_names(judged))
    if remaining >= set(blocked):
        return unchanged
    versions, moved = versions_of(judged.graph), moves(before, judged.graph)
    edits, by_hand = edits_of(project.inputs.roots, made, locked=project.lock.path if project.lock else None)
    return replace(
        unchanged,
        changes=made,
        edits=edits,
        by_hand=by_hand,
        moves=moved,
        commands=_commands(project, edits, moved, versions),
        lines=() if project.lock else _lines(project, changed, judged),
        verified=remaining <= result.kept and proves(judged, today=project.today),
        after=report_of(project, (changed, _advised_as_today(project, judged))),
    )


def _advised_as_today(project: Project, judged: TargetResult) -> TargetResult:
    """What is judged of a lock with the advice of today, where a version stays: what keeps it is the lock's tool."""
    if project.lock is None:
        return judged
    today = project.today
    by_node = {(node.name, node.version): key for key, node in today.graph.nodes.items()}
    advice = {
        key: today.advice.get(by_node[node.name, node.version], ())
        for key, node in judged.graph.nodes.items()
        if (node.name, node.version) in by_node
    }
    return replace(judged, advice={**judged.advice, **advice})


def _commands(
    project: Project, edits: Sequence[FileEdit], moved: Sequence[Move], versions: Mapping[str, Version]
) -> tuple[str, ...]:
    """With what to lock again: what the lock's tool runs, or those of what lies beside the edited files."""
    upgraded = [(move.project, move.after) for move in moved if move.before and move.after]
    if lock := project.lock:
        newest = chosen_by_tool(project, versions)
        own = moving(lock.kind, upgraded, newest=newest) or compiling(lock.again, upgraded)
        return (own,) if own else ()
    return commands_beside(edits, upgraded)


def _searched(project: Project, blocked: Sequence[str]) -> tuple[SearchResult, Trial]:
    """Search, and try what was found; what a scan finds to turn the GIL on is not taken, and searched for again."""
    today = versions_of(project.today.graph)
    refused: dict[str, frozenset[Version]] = {}
    for _ in range(MAX_SCANNED):
        result = search(
            project.inputs,
            project.today.graph,
            project.session.fetcher,
            blocked,
            goal=wanted_of(replace(project, refused=refused)),
            exclude_newer=project.session.options.exclude_newer,
        )
        versions = result.versions or today
        changed, judged = _without_extras(project, _realised(project, versions, kept=result.kept), versions)
        if (completed := _completed(project, changed, versions_of(judged.graph))) != changed:
            changed, judged = trial_of(project, completed)
        found = turning_the_gil_on(judged)
        if all(
            versions <= refused.get(name, frozenset()) for name, versions in found.items() if name not in result.kept
        ):
            return result, (changed, judged)
        refused |= {name: refused.get(name, frozenset()) | versions for name, versions in found.items()}
    return replace(result, stopped=True), (changed, judged)


def _realised(project: Project, versions: Mapping[str, Version], *, kept: Collection[str]) -> Trial:
    """Rewrite the user's requirements for these versions, with as few bounds as it takes.

    First only what stands in the way is changed, then what comes out blocked is bounded, and at last everything is
    pinned.
    """
    rewriter = rewriter_of(project)
    changed = _completed(project, rewriter.restated(project.inputs, versions), versions)
    if project.lock:  # a lock keeps what need not change, so that is what has to be proved
        return _tried(project, changed, versions)
    changed, judged = trial_of(project, changed)
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
        changed, judged = trial_of(project, tightened)
    chosen = versions_of(judged.graph)
    differing = {name: version for name, version in versions.items() if chosen.get(name, version) != version}
    return trial_of(project, rewriter.pinned(changed, differing))


def _completed(project: Project, changed: Inputs, versions: Mapping[str, Version]) -> Inputs:
    """Pin new distributions as well where everything that is installed today is pinned."""
    rewriter = rewriter_of(project)
    applying = [root for root in project.inputs.roots if rewriter.applies(root)]
    pinned = {root.name for root in applying if root.url or is_pinned(root.specifier)}
    if project.lock or not {node.name for node in project.today.graph.nodes.values()} <= pinned:
        return changed
    return rewriter.completed(changed, versions, hashed=any(root.hashes for root in applying))


def _tried(project: Project, changed: Inputs, versions: Mapping[str, Version]) -> Trial:
    """Resolve changed inputs; where a lock is planned for, with what its tool keeps, for these versions."""
    if project.lock is None:
        return trial_of(project, changed)
    return changed, trial_of(project, rewriter_of(project).fixed(changed, limits_of(project, versions)))[1]


def _without_extras(project: Project, trial: Trial, versions: Mapping[str, Version]) -> Trial:
    """Drop the extras that alone require what stays blocked, provided that nothing is blocked then.

    The user wants an extra: it is not given up for less.
    """
    changed, judged = trial
    reach = Reach(judged.graph)
    keys = [key for key, verdict in judged.verdicts.items() if verdict.severity is Severity.BLOCKER]
    dropped = {extra for key in keys for extra in reach.extras_to_drop(key)}
    if not dropped:
        return trial
    fewer = _tried(project, without_extras(changed, dropped), versions)
    return trial if blocked_names(fewer[1]) else fewer


def _lines(project: Project, changed: Inputs, judged: TargetResult) -> tuple[PlanLine, ...]:
    """The lines of one requirements file from which the same versions follow."""
    if not changed.constraints:
        return tuple(lines(changed))
    folded = without_constraints(changed, reached={node.name for node in judged.graph.nodes.values()})
    wanted, chosen = versions_of(judged.graph), versions_of(trial_of(project, folded)[1].graph)
    differing = {name: version for name, version in wanted.items() if chosen.get(name) != version}
    return tuple(lines(rewriter_of(project).pinned(folded, wanted if chosen.keys() - wanted else differing)))

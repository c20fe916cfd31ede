"""The plan: what the user can change so that a target is ready, found by one resolution and proved by another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nogilcheck import __version__
from nogilcheck.jobs.check import RunIO, Session, checking
from nogilcheck.jobs.proof import blocked_names, moves, numbered_from, proves, versions_of
from nogilcheck.model.options import Options
from nogilcheck.model.plan import Plan, TargetPlan
from nogilcheck.model.verdict import Severity, Status

if TYPE_CHECKING:
    from packaging.version import Version

    from nogilcheck.judge.findings import TargetResult
    from nogilcheck.model.artifact import ReleaseFile
    from nogilcheck.model.graph import Graph
    from nogilcheck.model.inputs import Inputs
    from nogilcheck.model.lock import Lock
    from nogilcheck.model.plan import PlanLine
    from nogilcheck.model.report.report import Report
    from nogilcheck.model.source import Bounds
    from nogilcheck.model.target import Target
    from nogilcheck.model.verdict import Verdict
    from nogilcheck.resolve.plan.changes import Rewriter
    from nogilcheck.resolve.plan.goal import Goal, Window

MAX_TIGHTENED = 4
"""How often a bound is added where the ordinary resolution comes to other versions than the search."""


def plan(options: Options, surroundings: RunIO | None = None, *, window: Window | None = None) -> Plan:
    """Look for the smallest change to the user's own requirements after which every distribution is ready.

    ``window``: how far it looks; what is not found is not there *within the window*. Raises what
    `nogilcheck.jobs.check.check` raises.
    """
    from nogilcheck.resolve.plan.goal import Window as DefaultWindow

    with checking(options, surroundings) as session:
        return plan_of(session, window or DefaultWindow())


def plan_of(session: Session, window: Window) -> Plan:
    """The same for a check that is done."""
    return Plan(
        tool_version=__version__,
        releases=window.releases,
        months=window.months,
        report=session.report,
        targets=tuple(found for judged in session.judged for found in _plans(session, judged, window)),
    )


def _plans(session: Session, judged: TargetResult, window: Window) -> Iterator[TargetPlan]:
    """One for each project of the run: locks do not share their versions with anything."""
    for project, (inputs, first_root) in enumerate(_projects(session.inputs)):
        graph = numbered_from(first_root, judged.graphs[project])
        job = TargetPlanner(
            session=session,
            inputs=inputs,
            target=judged.target,
            graph=graph,
            verdicts={key: judged.verdicts[key] for key in graph.nodes if key in judged.verdicts},
            excluded_by=tuple(bounds for bounds in judged.excluded_by if bounds in inputs.bounds),
            window=window,
            lock=inputs.locks[0] if inputs.locks else None,
        )
        yield job.run()


def _projects(inputs: Inputs) -> Iterator[tuple[Inputs, int]]:
    """The inputs of each project, with the position of its first root in the run; what is solved comes first."""
    paths = {lock.path for lock in inputs.locks}
    if inputs.roots or not inputs.locks:
        own = tuple(bounds for bounds in inputs.bounds if bounds.location.path not in paths)
        yield replace(inputs, locks=(), bounds=own), 0
    for lock, first_root in zip(inputs.locks, inputs.first_roots, strict=True):
        own = tuple(bounds for bounds in inputs.bounds if bounds.location.path == lock.path)
        yield replace(inputs, roots=lock.roots, constraints=(), locks=(lock,), bounds=own, unread=()), first_root


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPlanner:
    """One project on one target."""

    session: Session
    inputs: Inputs
    target: Target
    graph: Graph
    """Of today."""
    verdicts: Mapping[str, Verdict]
    """By key of the graph."""
    excluded_by: tuple[Bounds, ...]
    window: Window
    lock: Lock | None
    """By which its versions are followed today, not resolved."""

    def run(self) -> TargetPlan:
        """Search, put what was found into the user's words, and resolve those as an installer would."""
        blocked = self._names(Severity.BLOCKER)
        nothing = TargetPlan(
            target=self.target.id,
            python=self.target.python_name,
            platform=self.target.platform,
            project=self.lock.path if self.lock else "",
            kind=self.lock.kind if self.lock else "",
            blockers=blocked,
            after=self._report(self.inputs, self._today()),
            allowed=any(one.id == self.target.id and one.allowed for one in self.session.report.targets),
        )
        if not blocked:
            return nothing
        return self._searched(nothing, blocked)

    def _searched(self, nothing: TargetPlan, blocked: Sequence[str]) -> TargetPlan:
        from nogilcheck.resolve.plan.changes import changes
        from nogilcheck.resolve.plan.search import Search

        search = Search(
            self.inputs,
            self.graph,
            self.session.fetcher,
            goal=self._goal(),
            exclude_newer=self.session.options.exclude_newer,
        )
        found = search.run(blocked) or versions_of(self.graph)
        nothing = replace(nothing, stopped=search.stopped)
        changed, judged = self._realised(found, kept=search.kept)
        changed, judged = self._without_extras(changed, judged)
        if (completed := self._completed(changed, versions_of(judged.graph))) != changed:
            changed, judged = completed, self._judged(completed)
        # The pins of a lock without a graph are nobody's words: its tool writes them.
        made = changes(self.inputs, changed) if self.lock is None or self.lock.has_graph else ()
        if not made and not self.lock:
            return nothing
        remaining = {*blocked_names(judged)}
        if remaining >= set(blocked):
            return nothing
        return replace(
            nothing,
            changes=made,
            moves=moves(self.graph, judged.graph),
            lines=() if self.lock else self._lines(changed, judged),
            verified=remaining <= search.kept and proves(judged, today=self._today()),
            after=self._report(changed, judged),
        )

    def _realised(self, found: Mapping[str, Version], *, kept: Collection[str]) -> tuple[Inputs, TargetResult]:
        """The user's words for these versions, and what an ordinary resolution makes of them.

        No more bounds than it takes: first only what stands in the way goes, then what comes out blocked is bounded,
        and at last everything is pinned.
        """
        from nogilcheck.resolve.plan.reachability import nearest_above

        rewriter = self._rewriter()
        changed = self._completed(rewriter.restated(self.inputs, found), found)
        if self.lock:  # a lock keeps what it need not change, so that is what has to be proved
            return changed, self._judged(rewriter.fixed(changed, found))
        judged = self._judged(changed)
        for _ in range(MAX_TIGHTENED):
            wrong = [name for name in blocked_names(judged) if name not in kept]
            if not wrong:
                return changed, judged
            chosen = versions_of(judged.graph)
            drifted = {name for name, version in found.items() if chosen.get(name) != version}
            names = list(nearest_above(judged.graph, wrong, drifted))
            tightened = rewriter.tightened(changed, found, names, chosen)
            if tightened == changed:
                break
            changed, judged = tightened, self._judged(tightened)
        chosen = versions_of(judged.graph)
        differing = {name: version for name, version in found.items() if chosen.get(name, version) != version}
        changed = rewriter.pinned(changed, differing)
        return changed, self._judged(changed)

    def _completed(self, changed: Inputs, found: Mapping[str, Version]) -> Inputs:
        """The same with pins for what comes newly, where all that is there today is pinned."""
        from nogilcheck.resolve.versions import is_pinned

        applying = [root for root in self.inputs.roots if self._rewriter().applies(root)]
        pinned = {root.name for root in applying if root.url or is_pinned(root.specifier)}
        if self.lock or not {node.name for node in self.graph.nodes.values()} <= pinned:
            return changed
        return self._rewriter().completed(changed, found, hashed=any(root.hashes for root in applying))

    def _rewriter(self) -> Rewriter:
        from nogilcheck.resolve.plan.changes import Rewriter

        return Rewriter(build=self.target.installer, today=versions_of(self.graph), hashes_of=self._hashes)

    def _lines(self, changed: Inputs, judged: TargetResult) -> tuple[PlanLine, ...]:
        """What one requirements file has to say so that the same comes of it."""
        from nogilcheck.resolve.plan.changes import lines, without_constraints

        if not changed.constraints:
            return tuple(lines(changed))
        folded = without_constraints(changed, reached={node.name for node in judged.graph.nodes.values()})
        wanted, comes = versions_of(judged.graph), versions_of(self._judged(folded).graph)
        differing = {name: version for name, version in wanted.items() if comes.get(name) != version}
        return tuple(lines(self._rewriter().pinned(folded, wanted if comes.keys() - wanted else differing)))

    def _without_extras(self, changed: Inputs, judged: TargetResult) -> tuple[Inputs, TargetResult]:
        """The same without the extras that alone bring in what stays blocked, where nothing is blocked then.

        An extra is something that the user wants: it is not given up for less.
        """
        from nogilcheck.resolve.plan.changes import without_extras
        from nogilcheck.resolve.plan.reachability import Reach

        reach = Reach(judged.graph)
        keys = [key for key, one in judged.verdicts.items() if one.severity is Severity.BLOCKER]
        dropped = {extra for key in keys for extra in reach.extras_to_drop(key)}
        if not dropped:
            return changed, judged
        fewer = without_extras(changed, dropped)
        less = self._judged(fewer)
        return (changed, judged) if blocked_names(less) else (fewer, less)

    def _goal(self) -> Goal:
        from nogilcheck.classify.decide import archives_needed
        from nogilcheck.classify.wheels import fitting_wheels
        from nogilcheck.resolve.plan.goal import Goal
        from nogilcheck.resolve.versions import merged

        def fits(files: Sequence[ReleaseFile]) -> bool:
            return bool(fitting_wheels(files, self.target)) and not archives_needed(files, self.target).wheels

        own: dict[str, list[str]] = {}
        rewriter = self._rewriter()
        for root in filter(rewriter.applies, (*self.inputs.roots, *self.inputs.constraints)):
            own.setdefault(root.name or "", []).append(root.specifier)
        return Goal(
            target=self.target,
            fits=fits,
            today=versions_of(self.graph),
            sound=frozenset(self._names(Severity.READY, Severity.WARNING, Severity.GAP)),
            sources=frozenset(
                self.graph.nodes[key].name for key, one in self.verdicts.items() if one.status is Status.SOURCE_PURE
            ),
            own={name: str(merged(specifiers)) for name, specifiers in own.items()},
            window=self.window,
        )

    def _names(self, *severities: Severity) -> tuple[str, ...]:
        found = (self.graph.nodes[key].name for key, one in self.verdicts.items() if one.severity in severities)
        return tuple(dict.fromkeys(found))

    def _hashes(self, name: str, version: Version) -> tuple[str, ...]:
        from nogilcheck.model.artifact import Missing

        page = self.session.fetcher.page(name)
        files = () if isinstance(page, Missing) else page.files(version)
        return tuple(sorted(f"sha256:{file.hashes['sha256']}" for file in files if "sha256" in file.hashes))

    def _today(self) -> TargetResult:
        from nogilcheck.judge.findings import TargetResult

        return TargetResult(target=self.target, graph=self.graph, verdicts=self.verdicts, excluded_by=self.excluded_by)

    def _judged(self, inputs: Inputs) -> TargetResult:
        """What an installer makes of changed requirements, and what the target gets of that."""
        from nogilcheck.jobs.target_judging import judge_targets

        options = self.session.options
        (judged,) = judge_targets(
            [self.target],
            replace(inputs, locks=()),
            self.session.fetcher,
            exclude_newer=options.exclude_newer,
            offline=options.offline,
        )
        return judged

    def _report(self, inputs: Inputs, judged: TargetResult) -> Report:
        from nogilcheck.judge.assemble import assemble

        return assemble(
            replace(inputs, locks=()),
            [judged],
            allowed=(),
            options=self.session.report.options,
            tool_version=__version__,
        )

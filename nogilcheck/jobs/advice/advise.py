"""Advise what to do about distributions that are not ready, from the graph and the page of the index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import PurePath

from packaging.version import Version

from nogilcheck.classify import release_advice_text as texts
from nogilcheck.classify.release_advice import AdviceContext, Floor, release_advice
from nogilcheck.classify.release_history import Offers, regression
from nogilcheck.classify.scan_advice import scan_advice
from nogilcheck.jobs.advice.detours import Detours
from nogilcheck.jobs.advice.ways_out import WaysOut, applying
from nogilcheck.judge.caps import caps_on, floor_of
from nogilcheck.model.artifact import ProjectPage, ReleaseFile
from nogilcheck.model.graph import Graph
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.lock import ENVIRONMENT, Lock, moving
from nogilcheck.model.report.finding import Advice, AdviceKind
from nogilcheck.model.source import Bounds
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Reason, ReasonCode, Severity, Status, Verdict
from nogilcheck.resolve.admission import Admission
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.plan.goal import Goal
from nogilcheck.resolve.versions import specifier_set

_UP_TO_THE_USER = frozenset(
    {AdviceKind.UPGRADE, AdviceKind.DOWNGRADE, AdviceKind.RELOCK, AdviceKind.ADMIT, AdviceKind.NEWER_FLOOR}
)


class Adviser:
    """Advises about the distributions of one project on one build. It asks no index: callers pass the pages."""

    def __init__(
        self,
        graph: Graph,
        inputs: Inputs,
        admission: Admission,
        *,
        markers: MarkerEvaluator | None = None,
        ways: WaysOut | None = None,
        goal: Goal | None = None,
        lock: Lock | None = None,
        known: dict[str, Offers] | None = None,
    ) -> None:
        """Create it with the ``markers`` of a project that was resolved, or the ``lock`` of one that was followed.

        ``ways``: the ways out of what was resolved, where its resolution can still be asked. ``goal``: what detours
        lead to; without it none are looked for. ``known``: what is known of releases already, by project; shared with
        the other targets.
        """
        self._graph = graph
        self._roots = inputs.all_roots
        self._admission = admission
        self._known = {} if known is None else known
        self._constraints = applying(inputs.constraints, markers)
        self._overrides = applying(inputs.overrides, markers)
        self._ways = ways
        self._detours = Detours(ways, goal) if ways and goal else None
        self._lock = lock if lock and lock.kind != ENVIRONMENT else None
        self._pins = {entry.location for entry in lock.distributions} if lock else set()
        self._floor = _floor(inputs.bounds, lock) if lock and lock.is_for_every_python else None

    def advise(
        self, key: str, verdict: Verdict, target: Target, page: ProjectPage
    ) -> tuple[Verdict, tuple[Advice, ...]]:
        """Complete the verdict on a distribution that is not ready, and list the steps that its page offers.

        ``page``: the page of the index as it was before the upload date that was asked for.
        """
        node = self._graph.nodes[key]
        if node.version is None or node.assumed_from is not None:
            return verdict, ()
        offers = self._offers(target, page)
        if verdict.severity is Severity.BLOCKER:
            verdict = _with_regression(verdict, node.version, offers)
            fallback = self._ways.fallback(node.name, target) if self._ways else None
            verdict = replace(verdict, fallback=fallback, releases=offers.spans())
        steps = release_advice(self._context(key, node.version, verdict, offers))
        return verdict, self._with_detour(key, verdict, steps)

    def newest(self, key: str, target: Target, page: ProjectPage) -> ReleaseFile | None:
        """The wheel that the target gets of the newest release, where that is newer than the chosen one."""
        chosen = self._graph.nodes[key].version
        offers = self._offers(target, page)
        newest = offers.newest_fitting
        if chosen is None or newest is None or newest.version <= chosen:
            return None
        return offers.fitting(newest.version)[0]

    def advise_scanned(
        self, key: str, verdict: Verdict, target: Target, page: ProjectPage, newest: Verdict | None
    ) -> tuple[Advice, ...]:
        """Advise about a distribution that turns the GIL on; ``newest``: what a scan made of the `newest` release."""
        chosen = self._graph.nodes[key].version
        if chosen is None:
            return ()
        advice = scan_advice(self._context(key, chosen, verdict, self._offers(target, page)), newest)
        return (advice,) if advice else ()

    def _offers(self, target: Target, page: ProjectPage) -> Offers:
        known = self._known.get(page.name)
        if known is not None and known.page is page:
            return known.seen_by(target)
        existing, outline = partial(self._admission.admitted, page), partial(self._admission.outline, page)
        self._known[page.name] = Offers(page, target, existing=existing, outline=outline)
        return self._known[page.name]

    def _context(self, key: str, chosen: Version, verdict: Verdict, offers: Offers) -> AdviceContext:
        node, page = self._graph.nodes[key], offers.page
        existing = self._admission.existing(page, chosen) if node.not_admitted else ()
        return AdviceContext(
            chosen=chosen,
            verdict=verdict,
            offers=offers,
            caps=caps_on(
                key,
                self._graph,
                self._roots,
                constraints=self._constraints,
                overrides=self._overrides,
                pins=self._pins,
            ),
            conflicts=self._ways.conflicts_of(node.name) if self._ways else lambda _: (),
            admits=_admits,
            relock=None if self._lock is None else moving(self._lock.kind, [(node.name, "")], newest={node.name}),
            floor=self._floor,
            excluded=tuple((file, by) for file in existing if (by := self._admission.refusal(page.name, file))),
        )

    def _with_detour(self, key: str, verdict: Verdict, steps: tuple[Advice, ...]) -> tuple[Advice, ...]:
        """The steps; where none of them is up to the user, the detour takes the place of waiting for others.

        Of a lock none are looked for, so that a plan, which tries other releases of what it holds, is all there is.
        """
        if verdict.severity is not Severity.BLOCKER or not steps or any(map(_is_own, steps)):
            return steps
        detour = self._detours.advice(key) if self._detours else self._untried(key)
        if detour is None:
            return steps
        if detour.kind is AdviceKind.SEARCH and (wait := next((s for s in steps if s.kind is AdviceKind.WAIT), None)):
            detour = replace(detour, text=f"{wait.text}; {detour.text}")  # there may be nothing to find
        cooling = any(reason.code is ReasonCode.COOLING_DOWN for reason in verdict.reasons)
        replaced = {AdviceKind.RELAX} if cooling else {AdviceKind.RELAX, AdviceKind.WAIT}
        return (detour, *(step for step in steps if step.kind not in replaced))

    def _untried(self, key: str) -> Advice | None:
        """The step to search, for what a lock has because something else requires it, as far as the lock tells."""
        lock = self._lock
        if lock is None:
            return None
        parents = [edge.parent for edge in self._graph.edges_to(key)]
        pinned = [one for one in parents if isinstance(one, int) and self._roots[one].location.path == lock.path]
        is_required = any(isinstance(parent, str) and not self._graph.nodes[parent].local for parent in parents)
        if not is_required and (lock.has_graph or not pinned):
            return None
        return Advice(kind=AdviceKind.SEARCH, project=self._graph.nodes[key].name, text=texts.search(()))


def _with_regression(verdict: Verdict, chosen: Version, offers: Offers) -> Verdict:
    """Add the earlier release that fits a free-threaded target where this one does not, if there is one."""
    if not offers.target.free_threaded or verdict.status is Status.GIL_ENABLED:
        return verdict
    if any(reason.code is ReasonCode.NEVER_FREE_THREADED for reason in verdict.reasons):
        return verdict
    earlier = regression(chosen, offers)
    if earlier is None:
        return verdict
    detail = (str(earlier.version), *filter(None, [earlier.uploaded]))
    return replace(verdict, reasons=(*verdict.reasons, Reason(code=ReasonCode.REGRESSED, detail=detail)))


def _admits(specifier: str, version: Version) -> bool:
    return specifier_set(specifier).contains(version, prereleases=True)


def _is_own(step: Advice) -> bool:
    """Whether a step leads to a release that fits, and is up to the user."""
    if step.kind == AdviceKind.RELAX:
        return all(cap.location for cap in step.caps)
    return step.kind in _UP_TO_THE_USER


def _floor(bounds: Sequence[Bounds], lock: Lock) -> Floor | None:
    """The oldest Python that the lock, or the project in its directory, supports."""
    path = PurePath(lock.path)
    for bound in bounds:
        where = PurePath(bound.location.path)
        if (where == path or where.parent == path.parent) and (floor := floor_of(bound)):
            return Floor(cap=floor[0], oldest=floor[1])
    return None

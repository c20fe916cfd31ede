"""Advise what to do about distributions that are not ready, from the graph and the page of the index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import PurePath

from packaging.version import Version

from nogilcheck.classify.release_advice import AdviceContext, Floor, regression, release_advice
from nogilcheck.classify.release_history import Offers
from nogilcheck.judge.caps import caps_on, floor_of
from nogilcheck.model.artifact import ProjectPage
from nogilcheck.model.graph import Graph
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.lock import Lock
from nogilcheck.model.report.finding import Advice
from nogilcheck.model.source import Bounds, Root
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Reason, ReasonCode, Severity, Status, Verdict
from nogilcheck.resolve.admission import Admission
from nogilcheck.resolve.versions import specifier_set
from nogilcheck.resolve.walk.walk import BuildResolution


class Adviser:
    """Advises about the distributions of one project on one build. It asks no index: callers pass the pages."""

    def __init__(
        self,
        graph: Graph,
        inputs: Inputs,
        admission: Admission,
        *,
        walk: BuildResolution | None = None,
        lock: Lock | None = None,
    ) -> None:
        """Create it with the ``walk`` of a project that was resolved, or the ``lock`` of one that was followed."""
        self._graph = graph
        self._roots = inputs.all_roots
        self._admission = admission
        self._walk = walk
        self._constraints = _applying(inputs.constraints, walk)
        self._overrides = _applying(inputs.overrides, walk)
        self._locked = lock is not None
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
        offers = Offers(page, target, existing=partial(self._admission.admitted, page))
        if verdict.severity is Severity.BLOCKER:
            verdict = _with_regression(verdict, node.version, offers)
        existing = self._admission.existing(page, node.version) if node.not_admitted else ()
        context = AdviceContext(
            chosen=node.version,
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
            admits=_admits,
            locked=self._locked,
            floor=self._floor,
            excluded=tuple(file for file in existing if self._admission.refusal(page.name, file)),
        )
        return verdict, release_advice(context)


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


def _applying(roots: Sequence[Root], walk: BuildResolution | None) -> list[Root]:
    """The user's constraints or overrides that apply; none apply to a lock."""
    return [root for root in roots if walk.problem.markers.holds(root.marker) is not False] if walk else []


def _floor(bounds: Sequence[Bounds], lock: Lock) -> Floor | None:
    """The oldest Python that the lock, or the project in its directory, supports."""
    path = PurePath(lock.path)
    for bound in bounds:
        where = PurePath(bound.location.path)
        if (where == path or where.parent == path.parent) and (floor := floor_of(bound)):
            return Floor(cap=floor[0], oldest=floor[1])
    return None

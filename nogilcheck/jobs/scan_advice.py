"""Advise about distributions that a scan has found to turn the GIL on: is the newest release better? It is scanned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nogilcheck.classify.scanned import with_scan
from nogilcheck.classify.wheels import wheel_kind
from nogilcheck.index.fetcher import IndexFetcher
from nogilcheck.jobs.advise import Adviser
from nogilcheck.jobs.opened_wheel import WantedWheel
from nogilcheck.judge.findings import TargetResult
from nogilcheck.model.artifact import ProjectPage
from nogilcheck.model.graph import Graph
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.lock import Lock
from nogilcheck.model.rules.table import severity_of
from nogilcheck.model.scan import WheelScan
from nogilcheck.model.verdict import RegularBuildGets, Status, Verdict, WheelKind
from nogilcheck.resolve.admission import Admission
from nogilcheck.resolve.markers import MarkerEvaluator

Scans = Mapping[WantedWheel, WheelScan]


@dataclass(frozen=True, slots=True)
class _Condemned:
    """A distribution that turns the GIL on in one project, and the wheel of its newest release, if that is another."""

    key: str
    adviser: Adviser
    page: ProjectPage
    newest: WantedWheel | None


class ScanAdviser:
    """Advises about what the scans of one check have found."""

    def __init__(self, inputs: Inputs, fetcher: IndexFetcher, *, exclude_newer: str | None) -> None:
        self._inputs = inputs
        self._fetcher = fetcher
        self._admission = Admission(inputs.settings, exclude_newer=exclude_newer, roots=())

    def advised(
        self, results: Sequence[TargetResult], scan: Callable[[Sequence[WantedWheel]], Scans]
    ) -> tuple[list[TargetResult], Scans]:
        """The results with advice, and the scans of newest releases that it rests on."""
        condemned = [list(self._condemned(one)) for one in results]
        wanted = dict.fromkeys(each.newest for found in condemned for each in found if each.newest)
        scans = scan(list(wanted)) if wanted else {}
        return [_with_advice(one, found, scans) for one, found in zip(results, condemned, strict=True)], scans

    def _condemned(self, judged: TargetResult) -> Iterator[_Condemned]:
        keys = [key for key, verdict in judged.verdicts.items() if verdict.status is Status.GIL_ENABLED]
        advisers = list(self._advisers(judged)) if keys else []
        for key in keys:
            node = judged.graph.nodes[key]
            page = None if node.direct else self._fetcher.page(node.name)
            if not isinstance(page, ProjectPage):
                continue
            in_time = self._admission.in_time(page)
            for graph, adviser in advisers:
                if key in graph.nodes:
                    newest = adviser.newest(key, judged.target, in_time)
                    wanted = WantedWheel.of(newest, judged.target) if newest else None
                    yield _Condemned(key, adviser, in_time, wanted)

    def _advisers(self, judged: TargetResult) -> Iterator[tuple[Graph, Adviser]]:
        """The projects of a result and their advisers, in the order of `judge_targets`."""
        resolved: list[Lock | None] = [None] if self._inputs.roots or not self._inputs.locks else []
        markers = MarkerEvaluator(judged.target.installer.environment)
        for graph, lock in zip(judged.graphs, [*resolved, *self._inputs.locks], strict=True):
            yield graph, Adviser(graph, self._inputs, self._admission, markers=None if lock else markers, lock=lock)


def _with_advice(judged: TargetResult, condemned: Sequence[_Condemned], scans: Scans) -> TargetResult:
    advice = dict(judged.advice)
    for one in condemned:
        newest = _verdict(one.newest, scans[one.newest]) if one.newest else None
        found = one.adviser.advise_scanned(one.key, judged.verdicts[one.key], judged.target, one.page, newest)
        advice[one.key] = tuple(dict.fromkeys((*found, *advice.get(one.key, ()))))
    return replace(judged, advice=advice)


def _verdict(wheel: WantedWheel, scan: WheelScan) -> Verdict:
    """What a target gets of a wheel that fits it, after its scan."""
    status = Status.PURE if wheel_kind(wheel.file.tags) is WheelKind.PURE else Status.FREE_THREADED
    verdict = Verdict(
        status=status, severity=severity_of(status), twin=RegularBuildGets.WHEEL, wheel=wheel.file.filename
    )
    return with_scan(verdict, scan, {})

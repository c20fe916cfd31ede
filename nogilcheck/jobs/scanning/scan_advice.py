"""Advise about blockers that a scan has found: of what turns the GIL on, the newest release is scanned as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nogilcheck.classify.scanned import with_scan
from nogilcheck.classify.wheels import wheel_kind
from nogilcheck.index.fetcher import IndexFetcher
from nogilcheck.jobs.advice.advise import Adviser
from nogilcheck.jobs.scanning.opened_wheel import WantedWheel
from nogilcheck.judge.findings import TargetResult
from nogilcheck.model.artifact import ProjectPage
from nogilcheck.model.graph import Graph, Node
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.lock import Lock
from nogilcheck.model.report.finding import Advice
from nogilcheck.model.rules.table import severity_of
from nogilcheck.model.scan import WheelScan
from nogilcheck.model.verdict import RegularBuildGets, Severity, Status, Verdict, WheelKind
from nogilcheck.resolve.admission import Admission
from nogilcheck.resolve.markers import MarkerEvaluator

Scans = Mapping[WantedWheel, WheelScan]


@dataclass(frozen=True, slots=True)
class _Condemned:
    """A blocker of one project; of what turns the GIL on the wheel of its newest release, if that is another."""

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

    def page(self, node: Node) -> ProjectPage | None:
        """The page of a distribution's project as it was before the upload date that was asked for; blocks."""
        page = None if node.direct else self._fetcher.page(node.name)
        return self._admission.in_time(page) if isinstance(page, ProjectPage) else None

    def _condemned(self, judged: TargetResult) -> Iterator[_Condemned]:
        keys = [key for key, verdict in judged.verdicts.items() if _is_new(verdict, judged.advice.get(key, ()))]
        advisers = list(self._advisers(judged)) if keys else []
        for key in keys:
            page = self.page(judged.graph.nodes[key])
            for graph, adviser in advisers if page else ():
                if page and key in graph.nodes:
                    enabled = judged.verdicts[key].status is Status.GIL_ENABLED
                    newest = adviser.newest(key, judged.target, page) if enabled else None
                    wanted = WantedWheel.of(newest, judged.target) if newest else None
                    yield _Condemned(key, adviser, page, wanted)

    def _advisers(self, judged: TargetResult) -> Iterator[tuple[Graph, Adviser]]:
        """The projects of a result and their advisers, in the order of `judge_targets`."""
        resolved: list[Lock | None] = [None] if self._inputs.roots or not self._inputs.locks else []
        markers = MarkerEvaluator(judged.target.installer.environment)
        for graph, lock in zip(judged.graphs, [*resolved, *self._inputs.locks], strict=True):
            yield graph, Adviser(graph, self._inputs, self._admission, markers=None if lock else markers, lock=lock)


def _with_advice(judged: TargetResult, condemned: Sequence[_Condemned], scans: Scans) -> TargetResult:
    advice, verdicts = dict(judged.advice), dict(judged.verdicts)
    for one in condemned:
        verdict = verdicts[one.key]
        if verdict.status is Status.GIL_ENABLED:
            newest = _verdict(one.newest, scans[one.newest]) if one.newest else None
            found = one.adviser.advise_scanned(one.key, verdict, judged.target, one.page, newest)
        else:
            verdicts[one.key], found = one.adviser.advise(one.key, verdict, judged.target, one.page)
        advice[one.key] = tuple(dict.fromkeys((*found, *advice.get(one.key, ()))))
    return replace(judged, advice=advice, verdicts=verdicts)


def _is_new(verdict: Verdict, advice: Sequence[Advice]) -> bool:
    """Whether a scan has made a blocker of a distribution, so that it had no advice yet."""
    return verdict.status is Status.GIL_ENABLED or (verdict.severity is Severity.BLOCKER and not advice)


def _verdict(wheel: WantedWheel, scan: WheelScan) -> Verdict:
    """What a target gets of a wheel that fits it, after its scan."""
    status = Status.PURE if wheel_kind(wheel.file.tags) is WheelKind.PURE else Status.FREE_THREADED
    verdict = Verdict(
        status=status, severity=severity_of(status), twin=RegularBuildGets.WHEEL, wheel=wheel.file.filename
    )
    return with_scan(verdict, scan, {})

"""Scan the wheels that a check has chosen for what they declare about the GIL, and revise the verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from nogilcheck.classify.decide import Archives, decide
from nogilcheck.classify.extensions import module_of
from nogilcheck.classify.scanned import with_scan
from nogilcheck.classify.wheels import fitting_wheels, sdists
from nogilcheck.frozen import frozen
from nogilcheck.index.fetcher import IndexFetcher
from nogilcheck.index.progress import ScanProgress
from nogilcheck.jobs.scanning.opened_wheel import WantedWheel
from nogilcheck.jobs.scanning.scan_advice import ScanAdviser, Scans
from nogilcheck.jobs.scanning.wheel_scans import WheelScans
from nogilcheck.judge.findings import TargetResult
from nogilcheck.model.artifact import Missing, MissingKind, ReleaseFile
from nogilcheck.model.cache import Cache
from nogilcheck.model.declaration import Declaration
from nogilcheck.model.graph import Graph
from nogilcheck.model.report.report import Scanned
from nogilcheck.model.report.shared_state import SharedStateReading
from nogilcheck.model.scan import WheelScan
from nogilcheck.model.verdict import ReasonCode, Status, Verdict
from nogilcheck.resolve.locked.files import locate

_SCANNED = frozenset({Status.FREE_THREADED, Status.ABI3T, Status.NO_ABI})
"""Wheels that may turn the GIL on. Pure wheels should hold no native code, which ``inspect`` checks."""
_CFFI, _CFFI_BACKEND = "cffi", "_cffi_backend"
_WORST_FIRST = (Status.GIL_ENABLED, Status.UNKNOWN)


@frozen
class ScanResult:
    """The verdicts of a check after its wheels were read."""

    judged: tuple[TargetResult, ...]
    scanned: Scanned
    shared_state: Mapping[tuple[str, str], SharedStateReading]
    """By project and version, what was found in the Python sources of the chosen wheels."""
    lasting: bool
    """Whether another scan of the same wheels would give the same result."""


def scan(
    judged: Sequence[TargetResult],
    fetcher: IndexFetcher,
    cache: Cache,
    *,
    limit: int,
    on_progress: Callable[[ScanProgress], None],
    adviser: ScanAdviser | None = None,
    sources: bool = False,
) -> ScanResult:
    """Read the extension modules of every wheel that a free-threaded target gets, and revise the verdicts.

    ``limit``: bytes that may be fetched for all wheels together; wheels beyond it are gaps. With an ``adviser``, the
    newest releases of what turns the GIL on are read as well, and advice is given.
    With ``sources``, the Python sources of all wheels that free-threaded targets get are read, too, and the sdists of
    what blocks.
    """
    unclear = [dict(_unclear(one, fetcher)) for one in judged]
    with WheelScans(fetcher, cache, limit=limit, on_progress=on_progress) as scans:
        found = dict(scans.run(_wheels(unclear)))
        decided = [
            _decided(one, of_target, found, fetcher, adviser) for one, of_target in zip(judged, unclear, strict=True)
        ]
        wanted = [dict(_wanted(one, fetcher)) for one in decided]
        found |= scans.run([wheel for wheel in _wheels(wanted) if wheel not in found])
        revised = [_judged_anew(one, of_target, found) for one, of_target in zip(decided, wanted, strict=True)]
        newest: Scans = {}
        if sources:
            revised = _with_sdists(revised, fetcher, scans)
        if adviser is not None:
            revised, newest = adviser.advised(revised, scans.run)
        chosen = dict(_chosen(revised, fetcher)) if sources else {}
        readings = scans.read_sources(list(dict.fromkeys(chosen.values())))
    return ScanResult(
        judged=tuple(revised),
        scanned=Scanned(
            wheels=sum(scan.read > 0 for scan in found.values()), modules=sum(scan.read for scan in found.values())
        ),
        shared_state={project: readings[wheel] for project, wheel in chosen.items()},
        lasting=all(map(_is_lasting, [*found.values(), *newest.values()]))
        and all(one.path for reading in readings.values() for one in reading.unread),
    )


def _wanted(judged: TargetResult, fetcher: IndexFetcher) -> Iterator[tuple[str, WantedWheel | Missing]]:
    """The wheels that have to be read, by key of the graph."""
    target = judged.target
    for key, verdict in judged.verdicts.items() if target.free_threaded else ():
        node = judged.graph.nodes[key]
        if verdict.status in _SCANNED and verdict.wheel is not None:
            # Several places may list the name: the wheel is the one that an installer takes.
            fitting = (file for build in (target, target.installer) for file in fitting_wheels(node.files, build))
            file = next(file for file in fitting if file.filename == verdict.wheel)
            located = locate(file, node, fetcher)
            yield key, located if isinstance(located, Missing) else WantedWheel.of(located, target)


def _chosen(results: Sequence[TargetResult], fetcher: IndexFetcher) -> Iterator[tuple[tuple[str, str], WantedWheel]]:
    """One wheel of each distribution that free-threaded targets get, by project and version."""
    for judged in results:
        for key, verdict in judged.verdicts.items() if judged.target.free_threaded else ():
            node = judged.graph.nodes[key]
            file = next((file for file in node.files if file.filename == verdict.wheel), None)
            located = locate(file, node, fetcher) if file else None
            if located and not isinstance(located, Missing):
                yield (node.name, str(node.version)), WantedWheel.of(located, judged.target)


def _unclear(judged: TargetResult, fetcher: IndexFetcher) -> Iterator[tuple[tuple[str, str], WantedWheel | Missing]]:
    """The wheels whose names do not tell whether they hold modules for this target, by key and file name."""
    for key, verdict in judged.verdicts.items():
        names = {reason.detail[0] for reason in verdict.reasons if reason.code is ReasonCode.ARCHIVE_NOT_READ}
        node = judged.graph.nodes[key]
        for file in node.files:
            if file.filename in names:
                located = locate(file, node, fetcher)
                wheel = located if isinstance(located, Missing) else WantedWheel.of(located, judged.target)
                yield (key, file.filename), wheel


def _wheels(of_targets: Sequence[Mapping[Any, WantedWheel | Missing]]) -> list[WantedWheel]:
    wheels = (wheel for of_target in of_targets for wheel in of_target.values() if isinstance(wheel, WantedWheel))
    return list(dict.fromkeys(wheels))


def _decided(
    judged: TargetResult,
    unclear: Mapping[tuple[str, str], WantedWheel | Missing],
    found: Scans,
    fetcher: IndexFetcher,
    adviser: ScanAdviser | None,
) -> TargetResult:
    """The result with new verdicts on the distributions of unclear wheels, in the light of their modules."""
    verdicts = dict(judged.verdicts)
    for key in dict.fromkeys(key for key, _ in unclear):
        node = judged.graph.nodes[key]
        wheels = {name: wheel for (of, name), wheel in unclear.items() if of == key}
        listings = {
            name: wheel if isinstance(wheel, Missing) else fetcher.listing(wheel.file) for name, wheel in wheels.items()
        }
        scans = {name: found[wheel] for name, wheel in wheels.items() if isinstance(wheel, WantedWheel)}
        page = adviser.page(node) if adviser else None
        verdicts[key] = decide(node, judged.target, page=page, archives=Archives(listings=listings, scans=scans))
    return replace(judged, verdicts=verdicts)


def _judged_anew(judged: TargetResult, wanted: Mapping[str, WantedWheel | Missing], found: Scans) -> TargetResult:
    scans = {key: WheelScan(missing=one) if isinstance(one, Missing) else found[one] for key, one in wanted.items()}
    verdicts = dict(judged.verdicts)
    for key, scanned in scans.items():
        backends = [_cffi_backend(graph, scans) for graph in judged.graphs if key in graph.nodes]
        verdicts[key] = _worst([with_scan(verdicts[key], scanned, {_CFFI_BACKEND: backend}) for backend in backends])
    return replace(judged, verdicts=verdicts)


def _with_sdists(judged: Sequence[TargetResult], fetcher: IndexFetcher, scans: WheelScans) -> list[TargetResult]:
    """The results with what the source in the sdists of blockers says, as far as the limit of the scan allows."""
    wanted = {(one.target.id, key): file for one in judged for key, file in _sdists_of_blockers(one, fetcher)}
    files = {file.filename: file for file in wanted.values()}
    pythons = tuple(sorted({one.target.python for one in judged if one.target.free_threaded}))
    found = fetcher.readings([file for file in files.values() if scans.budget.may_fetch(file)], pythons)
    said = {
        (filename, reading.python): reading
        for filename, readings in found.items()
        for reading in (() if isinstance(readings, Missing) else readings)
    }
    results = []
    for one in judged:
        verdicts = dict(one.verdicts)
        for key in verdicts.keys() & {key for target, key in wanted if target == one.target.id}:
            python = ".".join(map(str, one.target.python))
            reading = said.get((wanted[one.target.id, key].filename, python))
            verdicts[key] = replace(verdicts[key], source=reading)
        results.append(replace(one, verdicts=verdicts))
    return results


def _sdists_of_blockers(judged: TargetResult, fetcher: IndexFetcher) -> Iterator[tuple[str, ReleaseFile]]:
    """By key of the graph, the sdist from which an installer would build what blocks."""
    for key, verdict in judged.verdicts.items() if judged.target.free_threaded else ():
        node = judged.graph.nodes[key]
        if verdict.cause and verdict.sdist and verdict.status is not Status.GIL_ENABLED:
            for file in sdists(node.files, judged.target.installer)[-1:]:
                located = locate(file, node, fetcher)
                if isinstance(located, ReleaseFile):
                    yield key, located


def _worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The worst of the verdicts on the same wheel in several projects."""
    return min(verdicts, key=lambda verdict: (*_WORST_FIRST, verdict.status).index(verdict.status))


def _cffi_backend(graph: Graph, scans: Mapping[str, WheelScan]) -> Declaration | None:
    """What the ``_cffi_backend`` of a project declares; ``None``: it has none, or that is not known."""
    for key, node in graph.nodes.items():
        if node.name == _CFFI and key in scans:
            for module in scans[key].modules:
                if module_of(module.path) == _CFFI_BACKEND:
                    return module.declaration
    return None


def _is_lasting(scan: WheelScan) -> bool:
    """Whether a scan cannot change: no transient failure, no analysis cut off, no extra that could be installed."""
    if scan.missing is not None and scan.missing.kind is not MissingKind.TOO_LARGE:
        return False
    read = [module for module in scan.modules if module.declaration is not None]
    return all(module.lasting and module.declaration and not module.declaration.missing_extra for module in read)

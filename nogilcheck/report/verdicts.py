"""The verdict of a report in a few words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nogilcheck.model.report.report import BLOCKED, READY, UNDECIDED, Report, TargetSummary
from nogilcheck.model.verdict import Severity
from nogilcheck.report.words import counted, safe


def verdict(report: Report) -> str:
    """``ready on 3.14t, 2 blockers on 3.15t``."""
    return safe(", ".join(f"{said} on {python}" for python, said in of_pythons(report))) or "nothing checked"


def of_pythons(report: Report) -> Iterator[tuple[str, str]]:
    """Each Python, with ``ready``, ``unknown``, or what blocks it on any platform."""
    pythons: dict[str, list[TargetSummary]] = {}
    for target in report.targets:
        pythons.setdefault(target.python_name, []).append(target)
    return ((python, _said(report, targets)) for python, targets in pythons.items())


def worst(targets: Sequence[TargetSummary]) -> str:
    """`BLOCKED`, `UNDECIDED`, or `READY` where all targets are."""
    verdicts = {target.verdict for target in targets}
    return BLOCKED if BLOCKED in verdicts else READY if verdicts == {READY} else UNDECIDED


def _said(report: Report, targets: Sequence[TargetSummary]) -> str:
    ids = {target.id for target in targets}
    blockers = [f for f in report.findings if f.target in ids and f.severity is Severity.BLOCKER]
    counting = {finding.distribution for finding in blockers if finding.suppressed_by is None}
    if counting:
        return counted(len(counting), "blocker")
    if blockers:
        return f"{len({finding.distribution for finding in blockers})} ignored"
    return {READY: "ready", BLOCKED: "blocked"}.get(worst(targets), "unknown")

"""From findings and gaps to verdicts (before policy) and to the exit status (after it)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from nogilcheck.errors import ExitStatus
from nogilcheck.judge.rules import BY_CODE
from nogilcheck.model.finding import Finding, Gap
from nogilcheck.model.report import BLOCKED, READY, UNDECIDED
from nogilcheck.model.verdict import Severity


def verdict_of_target(target: str, findings: Iterable[Finding], gaps: Iterable[Gap]) -> str:
    """``blocked``, ``undecided`` or ``ready``; a gap that names no target concerns every target."""
    severities = {finding.severity for finding in findings if finding.target == target}
    if Severity.BLOCKER in severities:
        return BLOCKED
    if Severity.GAP in severities or any(gap.target in {None, target} for gap in gaps):
        return UNDECIDED
    return READY


def overall_verdict(verdicts: Collection[str], gaps: Collection[Gap]) -> str:
    """The worst of the targets' verdicts; without a target nothing is decided."""
    if BLOCKED in verdicts:
        return BLOCKED
    return READY if verdicts and not gaps and set(verdicts) == {READY} else UNDECIDED


def exit_status(findings: Iterable[Finding], gaps: Iterable[Gap], *, allowed: Collection[str]) -> ExitStatus:
    """What the process ends with; ``allowed`` are the ids of targets that never fail it."""
    counting = [gap for gap in gaps if gap.target not in allowed]
    if any(BY_CODE[gap.rule].unusable for gap in counting):
        return ExitStatus.UNUSABLE
    severities = {f.severity for f in findings if f.target not in allowed and f.suppressed_by is None}
    if Severity.BLOCKER in severities:
        return ExitStatus.BLOCKED
    if Severity.GAP in severities or counting:
        return ExitStatus.UNDECIDED
    return ExitStatus.READY

"""Two reports -> what changed."""

from __future__ import annotations

from collections.abc import Iterator

from nogilcheck.errors import ExitStatus
from nogilcheck.model.comparison import Comparison, FindingState, ReportChange, ReportChangeKind, TargetComparison
from nogilcheck.model.report.finding import Gap
from nogilcheck.model.report.report import Distribution, Report
from nogilcheck.model.rules.table import BY_NAME
from nogilcheck.model.verdict import WORST_FIRST, Severity

_OWN_BOUNDS = BY_NAME["own-requires-python"].code
_KINDS = tuple(ReportChangeKind)


def compare(old: Report, new: Report) -> Comparison:
    """What changed from one report to the other, on the targets that both have."""
    before = {target.id: target for target in old.targets}
    after = {target.id: target for target in new.targets}
    targets = tuple(_compare_target(old, new, target) for target in after if target in before)
    if any(change.counts for one in targets for change in one.changes):
        status = ExitStatus.BLOCKED
    else:
        status = ExitStatus.UNDECIDED if any(one.gaps_count for one in targets) else ExitStatus.READY
    return Comparison(
        targets=targets,
        only_old=tuple(target for id_, target in before.items() if id_ not in after),
        only_new=tuple(target for id_, target in after.items() if id_ not in before),
        roots=new.roots,
        exit_status=status,
    )


def _compare_target(old: Report, new: Report, target: str) -> TargetComparison:
    summary = next(one for one in new.targets if one.id == target)
    before, after = _states(old, target), _states(new, target)
    blockers = {
        finding.distribution: finding
        for finding in reversed(new.findings)
        if finding.target == target and finding.severity is Severity.BLOCKER
    }
    changes = []
    for name in sorted({*before, *after}):
        was, is_ = before.get(name), after.get(name)
        kind = _kind(was, is_)
        if kind is None:
            continue
        finding = blockers.get(name) if is_ and is_.blocks else None
        counts = (
            kind is ReportChangeKind.REGRESSED
            and not summary.allowed
            and finding is not None
            and finding.suppressed_by is None
        )
        changes.append(ReportChange(kind=kind, distribution=name, old=was, new=is_, finding=finding, counts=counts))
    changes.sort(key=lambda change: (_KINDS.index(change.kind), change.distribution))
    known = {(gap.rule, gap.distribution) for gap in _gaps(old, target)}
    gaps = [gap for gap in _gaps(new, target) if (gap.rule, gap.distribution) not in known]
    return TargetComparison(
        target=summary,
        changes=tuple(changes),
        old_blockers=sum(state.blocks for state in before.values()),
        new_blockers=sum(state.blocks for state in after.values()),
        new_gaps=tuple(dict.fromkeys(gap.text for gap in gaps)),
        gaps_count=not summary.allowed and any(gap.suppressed_by is None for gap in gaps),
    )


def _kind(old: FindingState | None, new: FindingState | None) -> ReportChangeKind | None:
    if new is not None and new.blocks and not (old and old.blocks):
        return ReportChangeKind.REGRESSED
    if new is not None and new.status == "unknown" and not (old and old.status == "unknown"):
        return ReportChangeKind.UNDETERMINED
    if old is None:
        return ReportChangeKind.NEW
    if new is None:
        return ReportChangeKind.GONE
    if old.blocks and not new.blocks:
        return ReportChangeKind.READY
    if old.status != new.status:
        return ReportChangeKind.STATUS
    return ReportChangeKind.VERSION if old.versions != new.versions else None


def _states(report: Report, target: str) -> dict[str, FindingState]:
    """By project, before policy; the project itself included where it excludes the target."""
    chosen: dict[str, list[Distribution]] = {}
    for distribution in report.distributions:
        if target in distribution.targets:
            chosen.setdefault(distribution.name, []).append(distribution)
    states = {
        finding.distribution: FindingState(versions=(), status=finding.status, blocks=True)
        for finding in report.findings
        if finding.target == target and finding.rule == _OWN_BOUNDS
    }
    for name, found in chosen.items():
        verdicts = [one.targets[target].verdict for one in found]
        worst = min(verdicts, key=lambda verdict: WORST_FIRST.index(verdict.severity))
        versions = tuple(one.version for one in found if one.version is not None)
        states[name] = FindingState(
            versions=versions, status=worst.status.value, blocks=worst.severity is Severity.BLOCKER
        )
    return states


def _gaps(report: Report, target: str) -> Iterator[Gap]:
    return (gap for gap in report.gaps if gap.target in {None, target})

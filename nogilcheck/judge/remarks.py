"""What a policy adds to a report: findings about the policy itself, and notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from nogilcheck.judge.baseline import gone, not_covered
from nogilcheck.model.policy import Baseline, Waiver
from nogilcheck.model.report.finding import Finding
from nogilcheck.model.report.report import Report
from nogilcheck.model.rules.rule import Rule
from nogilcheck.model.rules.table import BY_NAME
from nogilcheck.model.source import Location
from nogilcheck.model.verdict import Severity

MAX_NAMED = 5
"""Blockers that are gone which a note names."""

_EXPIRED, _STALE = BY_NAME["waiver-expired"], BY_NAME["baseline-stale"]


def expired(found: Finding, waiver: Waiver, end: str) -> Finding:
    """The finding that a waiver of this finding has ended, and with what, at the line of the waiver."""
    return Finding(
        rule=_EXPIRED.code,
        status=_EXPIRED.name,
        severity=_EXPIRED.severity,
        target=found.target,
        distribution=found.distribution,
        version=found.version,
        paths=found.paths,
        location=waiver.location,
        detail=(str(waiver.location), end, waiver.reason),
        fingerprint=_fingerprint(_EXPIRED, found.fingerprint),
    )


def stale(report: Report, baseline: Baseline) -> Iterator[Finding]:
    """A finding for each blocker of the baseline that is gone."""
    for fingerprint, project, target in gone(baseline, report, report.findings):
        yield Finding(
            rule=_STALE.code,
            status=_STALE.name,
            severity=_STALE.severity,
            target=target.id,
            distribution=project,
            version=None,
            location=Location(path=baseline.path),
            detail=(baseline.path,),
            fingerprint=_fingerprint(_STALE, fingerprint),
        )


def _fingerprint(rule: Rule, fingerprint: str) -> str:
    return ":".join((rule.name, *fingerprint.split(":", 2)[1:]))


def notes(report: Report, baseline: Baseline | None) -> Iterator[str]:
    """What does not count, and how the baseline stands, in sentences."""
    aside = {
        "blocker": [finding.suppressed_by for finding in report.findings if finding.severity is Severity.BLOCKER],
        "warning": [finding.suppressed_by for finding in report.findings if finding.severity is Severity.WARNING],
        "unknown": [gap.suppressed_by for gap in report.gaps],
    }
    for noun, reasons in aside.items():
        kinds = Counter(_kind(reason) for reason in reasons if reason is not None)
        if number := kinds.total():
            why = ", ".join(f"{each} {kind}" if len(kinds) > 1 else kind for kind, each in sorted(kinds.items()))
            yield f"{_counted(number, noun)} ignored{'' if why == 'ignored' else f' ({why})'}"
    if baseline is not None:
        yield from _of_the_baseline(report, baseline)


def _kind(suppressed_by: str) -> str:
    """Of a reason, what several findings have in common: ``waived``, ``baseline b.json``."""
    return next(
        (kind for kind in ("waived", "ignored") if suppressed_by.startswith(kind)),
        suppressed_by.removeprefix("in the "),
    )


def _of_the_baseline(report: Report, baseline: Baseline) -> Iterator[str]:
    names = {target.id: f"{target.python_name} {target.platform}" for target in report.targets}
    found = [finding for finding in report.findings if finding.status == _STALE.name]
    if found:
        named = [f"{finding.distribution} on {names[finding.target]}" for finding in found[:MAX_NAMED]]
        if len(found) > MAX_NAMED:
            named.append(f"{len(found) - MAX_NAMED} more")
        are = "is" if len(found) == 1 else "are"
        yield (
            f"{len(found)} of {_counted(len(baseline.fingerprints), 'blocker')} in the baseline {are} gone "
            f"({', '.join(named)}): tighten it with --write-baseline {baseline.path}"
        )
    if missing := not_covered(baseline, report):
        targets = ", ".join(names[target.id] for target in missing)
        yield f"the baseline {baseline.path} does not cover {targets}: every blocker there is new"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

"""What holds for every report, whatever was asked."""

from __future__ import annotations

import json
from datetime import date
from functools import cache

from jsonschema import Draft202012Validator

from nogilcheck.judge.policy import apply_policy
from nogilcheck.model.policy import Policy
from nogilcheck.model.report.report import Report
from nogilcheck.model.verdict import Severity
from nogilcheck.report.documents.schema import schema
from nogilcheck.report.terminal.report import render

ABOUT_POLICY = frozenset({"waiver-expired", "baseline-stale"})
"""Findings that a policy adds."""


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def check_report(text: str) -> None:
    """A JSON report is valid, complete and consistent, and loses nothing on the way through JSON."""
    _validator().validate(json.loads(text))
    report = Report.from_json(text)
    assert report.to_json() == text
    assert render(Report.from_json(report.to_json()), width=100, colour=False, verbose=True) == render(
        report, width=100, colour=False, verbose=True
    )
    _check_policy(report)
    _check_counts(report)
    _check_findings(report)


def _check_policy(report: Report) -> None:
    """A report to which no policy was applied is what the policy that says nothing makes of it."""
    reasons = [*(finding.suppressed_by for finding in report.findings), *(gap.suppressed_by for gap in report.gaps)]
    if not any(reasons) and not any(finding.status in ABOUT_POLICY for finding in report.findings):
        assert apply_policy(report, Policy(), today=date(2026, 11, 22)) == report


def _check_counts(report: Report) -> None:
    for target in report.targets:
        chosen = [d.targets[target.id].verdict for d in report.distributions if target.id in d.targets]
        assert sum(target.counts.status.values()) == len(chosen)
        assert sum(target.counts.twin.values()) == len(chosen)
        blockers = [verdict for verdict in chosen if verdict.severity is Severity.BLOCKER]
        assert sum(target.counts.cause.values()) == len(blockers)
        assert all(verdict.cause for verdict in blockers)


def _check_findings(report: Report) -> None:
    for finding in report.findings:
        if finding.status == "own-requires-python":  # what a project says of itself
            assert (finding.paths, finding.version) == ((), None)
            continue
        if finding.status in ABOUT_POLICY:  # what a policy says of itself, at its own place
            assert finding.location is not None
            continue
        assert finding.paths, finding
        for path in finding.paths:
            root = report.roots[path.root]
            assert (path.steps[-1].name, path.steps[-1].version) == (finding.distribution, finding.version)
            assert root.path
        first = report.roots[finding.paths[0].root]
        assert finding.location is not None
        assert (finding.location.path, finding.location.line) == (first.path, first.line)
    judged = {
        (d.name, target)
        for d in report.distributions
        for target, assessment in d.targets.items()
        if assessment.verdict.severity is not Severity.READY
    }
    assert judged <= {(finding.distribution, finding.target) for finding in report.findings}

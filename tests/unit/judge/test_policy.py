"""From findings and gaps to verdicts and to the exit status."""

from __future__ import annotations

from itertools import product

import pytest

from nogilcheck.errors import ExitStatus
from nogilcheck.judge.counting import Counting
from nogilcheck.judge.policy import overall_verdict, verdict_of_target
from nogilcheck.model.report.finding import Finding, Gap
from nogilcheck.model.report.report import BLOCKED, READY, UNDECIDED
from nogilcheck.model.rules.table import BY_NAME
from nogilcheck.model.verdict import Severity

COUNTS, ALLOWED = "cp314t-linux_x86_64", "cp315t-linux_x86_64"
RULES = {Severity.BLOCKER: "gil-only", Severity.WARNING: "held-back", Severity.GAP: "unknown"}


def _finding(severity: Severity, target: str, *, suppressed: bool = False) -> Finding:
    rule = BY_NAME[RULES[severity]]
    return Finding(
        rule=rule.code, status=rule.name, severity=severity, target=target, distribution="a", version="1.0",
        suppressed_by="a waiver" if suppressed else None,
    )  # fmt: skip


def _gap(rule: str, target: str | None) -> Gap:
    return Gap(rule=BY_NAME[rule].code, text="something", target=target)


FINDINGS = [
    None,
    *product((Severity.BLOCKER, Severity.WARNING, Severity.GAP), (COUNTS, ALLOWED), (False, True)),
]
"""Severity, target, and whether something suppresses it."""

GAPS = [None, *product(("unreachable", "conflict", "unread"), (None, COUNTS, ALLOWED))]


@pytest.mark.parametrize("gap", GAPS)
def test_the_exit_status_of_every_combination(gap: tuple[str, str | None] | None) -> None:
    for pair in product(FINDINGS, repeat=2):
        chosen = [each for each in pair if each]
        findings = [_finding(severity, target, suppressed=suppressed) for severity, target, suppressed in chosen]
        counting = {severity for severity, target, suppressed in chosen if target == COUNTS and not suppressed}
        gap_counts = gap is not None and gap[1] != ALLOWED
        if gap and gap_counts and gap[0] in {"conflict", "unread"}:
            expected = ExitStatus.UNUSABLE
        elif Severity.BLOCKER in counting:
            expected = ExitStatus.BLOCKED
        elif Severity.GAP in counting or gap_counts:
            expected = ExitStatus.UNDECIDED
        else:
            expected = ExitStatus.READY
        assert Counting(allowed={ALLOWED}).exit_status(findings, [_gap(*gap)] if gap else []) is expected, pair


@pytest.mark.parametrize(
    ("findings", "gaps", "verdict"),
    [
        ([], [], READY),
        ([(Severity.WARNING, COUNTS)], [], READY),
        ([(Severity.BLOCKER, ALLOWED), (Severity.GAP, ALLOWED)], [ALLOWED], READY),
        ([(Severity.GAP, COUNTS)], [], UNDECIDED),
        ([], [COUNTS], UNDECIDED),
        ([], [None], UNDECIDED),
        ([(Severity.GAP, COUNTS), (Severity.BLOCKER, COUNTS)], [None], BLOCKED),
    ],
)
def test_the_verdict_of_a_target_is_before_policy(
    findings: list[tuple[Severity, str]], gaps: list[str | None], verdict: str
) -> None:
    found = [_finding(severity, target, suppressed=True) for severity, target in findings]
    assert verdict_of_target(COUNTS, found, [_gap("unreachable", target) for target in gaps]) == verdict


@pytest.mark.parametrize(
    ("verdicts", "gaps", "overall"),
    [
        ([READY], 0, READY),
        ([READY, READY], 0, READY),
        ([READY, UNDECIDED], 0, UNDECIDED),
        ([UNDECIDED, BLOCKED, READY], 0, BLOCKED),
        ([READY], 1, UNDECIDED),
        ([BLOCKED], 1, BLOCKED),
        ([], 0, UNDECIDED),
        ([], 1, UNDECIDED),
    ],
)
def test_the_worst_target_decides_and_nothing_passes_vacuously(verdicts: list[str], gaps: int, overall: str) -> None:
    assert overall_verdict(verdicts, [_gap("unread", None)] * gaps) == overall

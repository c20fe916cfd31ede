"""The one table of codes."""

from __future__ import annotations

import re

import pytest

from nogilcheck.classify.decide import SEVERITIES
from nogilcheck.judge.gap_rules import rule_of_gap
from nogilcheck.judge.rules import BY_CODE, BY_NAME, INSPECTION_RULES, RULES, Rule, rule_of_verdict
from nogilcheck.model.artifact import Missing, MissingKind
from nogilcheck.model.graph import GapKind, GraphGap
from nogilcheck.model.verdict import Reason, ReasonCode, RegularBuildGets, Severity, Status, Verdict

BLOCKS = {Severity.BLOCKER: "0", Severity.WARNING: "1", Severity.GAP: "2"}


def test_codes_and_names_are_given_once() -> None:
    assert len(BY_CODE) == len(BY_NAME) == len(RULES) + len(INSPECTION_RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_code_tells_how_much_its_rule_counts(rule: Rule) -> None:
    assert re.fullmatch(r"NGC[012]\d\d", rule.code)
    assert rule.code[3] == BLOCKS[rule.severity]
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", rule.name)
    assert re.fullmatch(r"[A-Z].*\.", rule.meaning)
    assert not rule.unusable or rule.severity is Severity.GAP


@pytest.mark.parametrize("status", [s for s in Status if SEVERITIES[s] is not Severity.READY])
def test_every_status_that_is_not_ready_has_a_rule_that_counts_alike(status: Status) -> None:
    assert BY_NAME[status.value].severity is SEVERITIES[status]


@pytest.mark.parametrize("status", [s for s in Status if SEVERITIES[s] is Severity.READY])
def test_a_status_that_is_ready_has_none(status: Status) -> None:
    assert status.value not in BY_NAME


@pytest.mark.parametrize("rule", INSPECTION_RULES, ids=lambda rule: rule.name)
def test_rules_of_inspections_have_codes_of_their_own(rule: Rule) -> None:
    assert re.fullmatch(r"NGC3\d\d", rule.code)
    assert rule.severity is not Severity.READY
    assert re.fullmatch(r"[A-Z].*\.", rule.meaning)


@pytest.mark.parametrize(
    ("reasons", "name"),
    [
        ([ReasonCode.GAP], "unknown"),
        ([ReasonCode.NOT_SCANNED], "not-scanned"),
        ([ReasonCode.TEST_MODULES_GIL, ReasonCode.SCAN_UNKNOWN], "scan-unknown"),
    ],
)
def test_what_a_scan_leaves_open_has_rules_of_its_own(reasons: list[ReasonCode], name: str) -> None:
    verdict = Verdict(
        status=Status.UNKNOWN,
        severity=Severity.GAP,
        twin=RegularBuildGets.WHEEL,
        reasons=tuple(Reason(code=code, detail=("why",)) for code in reasons),
    )
    assert rule_of_verdict(verdict) is BY_NAME[name]


def test_every_status_has_a_severity() -> None:
    assert set(SEVERITIES) == set(Status)


@pytest.mark.parametrize("kind", GapKind)
@pytest.mark.parametrize("missing", [None, *MissingKind])
def test_every_gap_has_a_rule_of_gaps(kind: GapKind, missing: MissingKind | None) -> None:
    why = None if missing is None else Missing(kind=missing, text="why")
    assert rule_of_gap(GraphGap(kind=kind, text="what", missing=why)).severity is Severity.GAP


@pytest.mark.parametrize(
    ("kind", "missing", "name"),
    [
        (GapKind.PROJECT, MissingKind.NOT_FOUND, "unknown-project"),
        (GapKind.PROJECT, MissingKind.NO_INDEX, "unknown-project"),
        (GapKind.PROJECT, MissingKind.OFFLINE, "offline"),
        (GapKind.PROJECT, MissingKind.UNREACHABLE, "unreachable"),
        (GapKind.PROJECT, MissingKind.FORBIDDEN, "unreachable"),
        (GapKind.PROJECT, MissingKind.BROKEN, "unreachable"),
        (GapKind.PROJECT, MissingKind.DIRECT_URL, "direct-reference"),
        (GapKind.PROJECT, MissingKind.CONFLICT, "conflict"),
        (GapKind.PROJECT, MissingKind.NO_VERSION, "conflict"),
        (GapKind.PROJECT, MissingKind.UNRESOLVED, "cut-off"),
        (GapKind.DEPENDENCIES, None, "dependencies-unknown"),
        (GapKind.DEPENDENCIES, MissingKind.DYNAMIC, "dependencies-unknown"),
        (GapKind.DEPENDENCIES, MissingKind.TOO_LARGE, "dependencies-unknown"),
        (GapKind.DEPENDENCIES, MissingKind.NOT_FOUND, "dependencies-unknown"),
        (GapKind.DEPENDENCIES, MissingKind.OFFLINE, "offline"),
        (GapKind.DEPENDENCIES, MissingKind.UNREACHABLE, "unreachable"),
        (GapKind.MARKER, None, "marker-unknown"),
        (GapKind.CUT_OFF, None, "cut-off"),
        (GapKind.NOTHING_APPLIES, None, "nothing-applies"),
        (GapKind.UPLOAD_TIME, None, "upload-time-unknown"),
    ],
)
def test_why_something_is_missing_says_more_than_what(kind: GapKind, missing: MissingKind | None, name: str) -> None:
    why = None if missing is None else Missing(kind=missing, text="why")
    assert rule_of_gap(GraphGap(kind=kind, text="what", missing=why)) is BY_NAME[name]


def test_only_what_the_user_must_correct_makes_the_input_unusable() -> None:
    assert {rule.name for rule in RULES if rule.unusable} == {"unread", "conflict", "hash-missing"}

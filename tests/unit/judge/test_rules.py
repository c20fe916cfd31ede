"""Which rule a verdict or a gap comes under."""

from __future__ import annotations

import pytest

from nogilcheck.judge.findings import rule_of_gap, rule_of_verdict
from nogilcheck.model.artifact import Missing, MissingKind
from nogilcheck.model.graph import GapKind, GraphGap
from nogilcheck.model.rules.table import BY_NAME
from nogilcheck.model.verdict import Reason, ReasonCode, RegularBuildGets, Severity, Status, Verdict


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

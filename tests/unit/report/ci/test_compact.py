"""One finding a line, read back by the error format of an editor."""

from __future__ import annotations

import re
from dataclasses import replace

from nogilcheck.model.verdict import Severity
from nogilcheck.report.ci.compact import render
from tests.support.reports import AIRFLOW

LINE = re.compile(
    r"(?P<file>[^:]+)(?::(?P<line>\d+))?: (?P<level>error|warning|note): (?P<code>NGC\d{3}) (?P<rest>\S.*)"
)
"""As ``%f:%l: %t%*[a-z]: %m`` of Vim."""


def test_a_finding_a_line_by_place() -> None:
    report = AIRFLOW.report()
    found = [match for line in render(report).splitlines() if (match := LINE.fullmatch(line))]
    assert len(found) == render(report).count("\n") > 5
    places = [(match["file"], int(match["line"] or 0)) for match in found if match["file"] != "nogilcheck"]
    assert places == sorted(places)
    assert any(" on 3.14t, 3.15t" in match["rest"] for match in found), "what is alike on several targets stands once"


def test_what_does_not_count_is_left_out_and_what_is_allowed_is_a_note() -> None:
    report = AIRFLOW.report()
    suppressed = tuple(replace(one, suppressed_by="waiver") for one in report.findings)
    assert "grpcio" not in render(replace(report, findings=suppressed))
    allowed = replace(report, targets=tuple(replace(target, allowed=True) for target in report.targets))
    blockers = {one.distribution for one in report.findings if one.severity is Severity.BLOCKER}
    lines = [line for line in render(allowed).splitlines() if any(f" {name} " in line for name in blockers)]
    assert lines
    assert all(": note: " in line for line in lines)

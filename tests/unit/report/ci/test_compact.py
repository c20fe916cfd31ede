"""One finding a line, read back by the error format of an editor."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from nogilcheck.model.verdict import Severity
from nogilcheck.report.ci.compact import render
from nogilcheck.report.formats import RENDERERS, RenderOptions
from tests.layout import ROOT
from tests.support.reports import AIRFLOW

FORMATS = ROOT / "docs" / "reference" / "formats.md"
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


def test_the_problem_matcher_takes_the_lines_that_have_a_place() -> None:
    matcher = json.loads((ROOT / ".github" / "problem-matcher.json").read_text(encoding="utf-8"))["problemMatcher"][0]
    (pattern,) = matcher["pattern"]
    lines = [match for line in render(AIRFLOW.report()).splitlines() if (match := LINE.fullmatch(line))]
    expected = [(one["file"], one["line"], one["level"], one["code"], one["rest"]) for one in lines if one["line"]]
    keys = ("file", "line", "severity", "code", "message")
    found = [re.search(pattern["regexp"], line.string) for line in lines]
    assert expected
    assert [tuple(match[pattern[key]] for key in keys) for match in found if match] == expected
    assert not re.search(pattern["regexp"], "requirements.txt:4: note: NGC006 a 1.0: GIL-only")
    (editors,) = re.findall(r"^`(\^.*\$)`, which are", FORMATS.read_text(encoding="utf-8"), re.MULTILINE)
    in_editors = [re.search(editors, line.string) for line in lines]
    assert [match.groups() for match in in_editors if match] == expected


@pytest.mark.parametrize("name", sorted(RENDERERS.keys() - {"compact"}))
def test_the_problem_matcher_takes_nothing_of_other_outputs(name: str) -> None:
    matcher = json.loads((ROOT / ".github" / "problem-matcher.json").read_text(encoding="utf-8"))["problemMatcher"][0]
    output = RENDERERS[name](AIRFLOW.report(), RenderOptions())
    assert not [line for line in output.splitlines() if re.search(matcher["pattern"][0]["regexp"], line)]

"""Workflow commands, read back as the runner reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings

from nogilcheck.model.report.finding import Finding
from nogilcheck.model.report.report import Report
from nogilcheck.model.source import COMMAND_LINE, Location
from nogilcheck.model.verdict import Severity
from nogilcheck.report.ci.github import MAX_ANNOTATIONS, render
from tests.support.report_strategy import reports
from tests.support.reports import AIRFLOW, SCIENCE, WEB, everywhere

COMMAND = re.compile(r"::(?P<level>error|warning|notice) (?P<properties>[^:\r\n]*)::(?P<message>[^\r\n]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    level: str
    properties: dict[str, str]
    message: str


def unescape(text: str, extra: tuple[tuple[str, str], ...] = ()) -> str:
    """As the runner's ``ActionCommand`` does; ``%25`` is the last."""
    for code, char in (*extra, ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, char)
    return text


def annotated(report: Report, prefix: str = "") -> list[Annotation]:
    found = []
    for line in render(report, prefix=prefix).splitlines():
        command = COMMAND.fullmatch(line)
        assert command, line
        pairs = [pair.partition("=") for pair in command["properties"].split(",")]
        properties = {name: unescape(value, (("%3A", ":"), ("%2C", ","))) for name, _, value in pairs}
        assert properties.keys() <= {"file", "line", "title"}
        found.append(Annotation(level=command["level"], properties=properties, message=unescape(command["message"])))
    return found


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=30)
@given(reports())
def test_every_line_is_a_command(report: Report) -> None:
    found = annotated(report)
    for level in ("error", "warning", "notice"):
        assert sum(one.level == level for one in found) <= MAX_ANNOTATIONS


def test_a_blocker_stands_at_its_line_once_for_all_targets() -> None:
    first = annotated(AIRFLOW.report(), "services/api")[0]
    assert first.level == "error"
    assert first.properties == {
        "file": "services/api/r.txt",
        "line": "1",
        "title": "NGC006 grpcio 1.85.1 blocks 3.14t and 3.15t",
    }
    lines = first.message.split("\n")
    assert lines[0].startswith("3.14t: GIL-only: cp314-cp314 wheels only; ")
    assert lines[1].startswith("3.15t: GIL-only: cp315-cp315 wheels only; ")
    assert lines[2].startswith("Required by: apache-airflow[otel] > opentelemetry-exporter-otlp > ")


def test_blockers_come_first_and_warnings_last() -> None:
    found = annotated(AIRFLOW.report())
    assert [one.level for one in found] == ["error"] * 7 + ["warning"] * 3
    titles = [one.properties["title"] for one in found]
    assert titles[5:7] == ["NGC201 company-telemetry on 3.14t and 3.15t", "NGC202 unknown"]


def test_nothing_is_an_error_where_nothing_fails() -> None:
    found = annotated(replace(AIRFLOW.report(), exit_status=0))
    assert {one.level for one in found} == {"warning"}


def test_what_is_watched_is_a_notice_and_what_is_waived_is_not_annotated() -> None:
    report = AIRFLOW.report()
    first, second = report.targets
    watched = annotated(replace(report, targets=(first, replace(second, allowed=True))))
    notices = [one.properties["title"] for one in watched if one.level == "notice"]
    assert "NGC005 psutil 7.2.2 blocks 3.15t" in notices
    waived = replace(report, findings=tuple(replace(f, suppressed_by="later") for f in report.findings), gaps=())
    assert annotated(waived) == []
    gaps = tuple(replace(gap, suppressed_by="later") for gap in report.gaps)
    assert annotated(replace(report, findings=(), gaps=gaps)) == []
    good_news = replace(report.findings[0], status="baseline-stale", rule="NGC109", severity=Severity.WARNING)
    assert annotated(replace(report, findings=(good_news,), gaps=())) == []
    assert annotated(WEB.report()) == []


@pytest.mark.parametrize("number", [9, 10, 11, 300])
def test_no_more_than_github_keeps(number: int) -> None:
    report = AIRFLOW.report()
    findings = tuple(
        replace(report.findings[0], distribution=f"name-{position}", paths=()) for position in range(number)
    )
    found = annotated(replace(report, findings=findings, gaps=()))
    assert len(found) == min(number, MAX_ANNOTATIONS)
    if number > MAX_ANNOTATIONS:
        last = found[-1]
        assert last.properties == {"title": f"and {number - 9} more blockers"}
        assert last.message.startswith("name-9 1.85.1")
        assert ("others" in last.message) == (number == 300)


@pytest.mark.parametrize(
    "hostile",
    ["a\n::error::b", "100%25", "%0A::error::x", "a,line=9", "x::y", "\r::set-output name=a::b", "::stop-commands::x"],
)
def test_hostile_texts_make_no_command(hostile: str) -> None:
    report = AIRFLOW.report()
    finding: Finding = replace(
        report.findings[0], distribution=hostile, location=Location(path=hostile, line=4), severity=Severity.BLOCKER
    )
    gap = replace(report.gaps[1], text=hostile, location=Location(path=hostile, line=5))
    one, two = annotated(replace(report, findings=(finding,), gaps=(gap,)))
    shown = hostile.replace("\n", "\\x0a").replace("\r", "\\x0d")
    assert shown in one.properties["title"]
    assert (one.properties["line"], two.properties["line"]) == ("4", "5")
    assert one.properties["file"] == shown
    assert shown in two.message


def test_what_was_named_on_the_command_line_has_no_file() -> None:
    report = AIRFLOW.report()
    finding = replace(report.findings[0], location=Location(path=COMMAND_LINE))
    (found,) = annotated(replace(report, findings=(finding,), gaps=()))
    assert found.properties.keys() == {"title"}


def test_many_targets_are_named_in_a_few_words() -> None:
    titles = [
        one.properties["title"] for one in annotated(replace(SCIENCE, targets=everywhere("3.14t", "3.15t")).report())
    ]
    assert "NGC006 polars-runtime-32 2.1.0 blocks all targets" in titles
    alone = [one.properties["title"] for one in annotated(replace(SCIENCE, targets=everywhere("3.14t")).report())]
    assert "NGC006 polars-runtime-32 2.1.0 blocks 3.14t on every platform" in alone

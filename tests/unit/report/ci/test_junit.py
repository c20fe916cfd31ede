"""JUnit XML, read back by junitparser."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from junitparser import Error, Failure, JUnitXml, Skipped

from nogilcheck.model.report.report import Report
from nogilcheck.report.ci.junit import render
from tests.support.report_strategy import reports
from tests.support.reports import AIRFLOW, SCIENCE, WEB


def suites(report: Report) -> dict[str, Any]:
    """By name; what the file counts must be what it has."""
    text = render(report)
    assert text.isascii()
    found = JUnitXml.fromstring(text.encode("ascii"))
    stated = (found.tests, found.failures, found.errors, found.skipped)
    found.update_statistics()  # type: ignore[no-untyped-call]
    assert stated == (found.tests, found.failures, found.errors, found.skipped)
    return {suite.name: suite for suite in found}


def cases(suite: Any) -> dict[str, Any]:
    return {case.name: case for case in suite}


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=30)
@given(reports())
def test_every_report_can_be_read(report: Report) -> None:
    suites(report)


def test_a_suite_for_each_target_and_a_case_for_each_distribution() -> None:
    report = AIRFLOW.report()
    found = suites(report)
    assert list(found) == ["3.14t", "3.15t", "unknown"]
    nineteen = cases(found["3.15t"])
    assert len(nineteen) == len(report.distributions)
    (failure,) = nineteen["psutil 7.2.2"].result
    assert isinstance(failure, Failure)
    assert failure.message == "psutil 7.2.2 blocks 3.15t: no 3.15t wheel"
    assert failure.type == "NGC005 other-python"
    assert "r.txt:1: NGC005 psutil 7.2.2" in (failure.text or "")
    assert nineteen["numpy 2.5.1"].is_passed
    assert not cases(found["3.14t"])["psutil 7.2.2"].result


def test_gaps_are_errors_and_warnings_pass() -> None:
    found = suites(AIRFLOW.report())
    (error,) = cases(found["3.14t"])["company-telemetry"].result
    assert isinstance(error, Error)
    protobuf = cases(found["3.14t"])["protobuf 7.35.1"]
    assert protobuf.is_passed
    assert "pure fallback" in protobuf.system_out
    (unread,) = cases(found["unknown"])["NGC202"].result
    assert isinstance(unread, Error)
    assert "r.txt:7" in (unread.text or "")


def test_what_is_waived_or_only_watched_is_skipped() -> None:
    report = AIRFLOW.report()
    first, second = report.targets
    findings = tuple(replace(f, suppressed_by="not used") if f.distribution == "grpcio" else f for f in report.findings)
    found = suites(replace(report, targets=(first, replace(second, allowed=True)), findings=findings))
    (skipped,) = cases(found["3.14t"])["grpcio 1.85.1"].result
    assert isinstance(skipped, Skipped)
    assert skipped.message == "grpcio 1.85.1 blocks 3.14t: GIL-only (not used)"
    assert found["3.14t"].failures == 2
    assert found["3.15t"].failures == found["3.15t"].errors == 0
    (watched,) = cases(found["3.15t"])["psutil 7.2.2"].result
    assert watched.message == "psutil 7.2.2 blocks 3.15t: no 3.15t wheel (allowed)"


def test_a_ready_project_passes() -> None:
    assert all(case.is_passed for suite in suites(WEB.report()).values() for case in suite)


def test_suites_of_several_platforms_are_told_apart() -> None:
    report = SCIENCE.report()
    assert len(suites(report)) == len(report.targets)

"""GitLab's code quality report, against its documented shape."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings

from nogilcheck.model.report.report import Report
from nogilcheck.report.ci.gitlab import render
from tests.support.report_strategy import reports
from tests.support.reports import AIRFLOW, WEB
from tests.support.schemas import validator


def entries_of(report: Report, prefix: str = "") -> list[dict[str, Any]]:
    found = json.loads(render(report, prefix=prefix))
    validator("code-quality").validate(found)
    assert isinstance(found, list)
    return found


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=30)
@given(reports())
def test_every_report_validates_and_no_fingerprint_is_given_twice(report: Report) -> None:
    found = entries_of(report)
    assert len({entry["fingerprint"] for entry in found}) == len(found)


def test_what_it_says_of_a_blocker() -> None:
    first = entries_of(AIRFLOW.report(), "services/api")[0]
    assert first["check_name"] == "NGC006"
    assert first["severity"] == "blocker"
    assert first["location"] == {"path": "services/api/r.txt", "lines": {"begin": 1}}
    assert first["description"].startswith("grpcio 1.85.1 blocks 3.14t: GIL-only; cp314-cp314 wheels only;")


def test_what_is_waived_is_left_out_and_what_is_watched_is_information() -> None:
    report = AIRFLOW.report()
    waived = replace(report, findings=tuple(replace(f, suppressed_by="later") for f in report.findings), gaps=())
    assert entries_of(waived) == []
    watched = replace(report, targets=tuple(replace(target, allowed=True) for target in report.targets))
    assert {entry["severity"] for entry in entries_of(watched)} == {"info"}


def test_a_ready_project_has_an_empty_report() -> None:
    assert entries_of(WEB.report()) == []

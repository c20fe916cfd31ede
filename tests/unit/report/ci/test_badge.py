"""The badge, against the endpoint's documented shape."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from nogilcheck.model.report.finding import Gap
from nogilcheck.model.report.report import Report
from nogilcheck.report.ci.badge import MAX_MESSAGE, render
from tests.support.report_strategy import reports
from tests.support.reports import AIRFLOW, SCIENCE, WEB, World
from tests.support.schemas import validator


def badge(report: Report) -> tuple[str, str]:
    found = json.loads(render(report))
    validator("badge").validate(found)
    assert found["label"] == "free-threaded"
    return found["message"], found["color"]


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=30)
@given(reports())
def test_every_report_has_a_badge(report: Report) -> None:
    assert len(badge(report)[0]) <= MAX_MESSAGE


WITHOUT = replace(WEB, gaps=(Gap(rule="NGC204", text="no answer"),))


@pytest.mark.parametrize(
    ("world", "message", "colour"),
    [
        (AIRFLOW, "3.14t 3 blockers, 3.15t 5 blockers", "red"),
        (WEB, "3.14t ready, 3.15t ready", "brightgreen"),
        (WITHOUT, "3.14t unknown, 3.15t unknown", "lightgrey"),
    ],
)
def test_what_it_says(world: World, message: str, colour: str) -> None:
    assert badge(world.report()) == (message, colour)


def test_some_targets_are_ready() -> None:
    report = AIRFLOW.report()
    only_15 = tuple(f for f in report.findings if "cp315t" in f.target)
    first, second = report.targets
    half = replace(report, findings=only_15, targets=(replace(first, verdict="ready"), second), gaps=())
    assert badge(half) == ("3.14t ready, 3.15t 5 blockers", "yellow")


def test_waived_blockers_are_counted_apart() -> None:
    report = AIRFLOW.report()
    waived = replace(report, findings=tuple(replace(f, suppressed_by="later") for f in report.findings))
    assert badge(waived)[0] == "3.14t 3 ignored, 3.15t 5 ignored"


def test_a_project_is_counted_once_for_all_platforms() -> None:
    message, _ = badge(SCIENCE.report())
    assert message.count("3.13t") == 1
    assert all(int(word) < 20 for word in message.split() if word.isdecimal())

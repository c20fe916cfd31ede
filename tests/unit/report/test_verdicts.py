"""The verdict of a report in a few words."""

from __future__ import annotations

from dataclasses import replace

from nogilcheck.report.words import caveat, verdict
from tests.support.reports import AIRFLOW


def test_each_python_has_its_verdict() -> None:
    report = AIRFLOW.report()
    told = verdict(report)
    assert [part.rpartition(" on ")[2] for part in told.split(", ")] == [
        *dict.fromkeys(target.python_name for target in report.targets)
    ]
    assert "blocker" in told
    assert verdict(replace(report, targets=())) == "nothing checked"


def test_a_regular_build_is_not_warned_of_the_gil() -> None:
    report = AIRFLOW.report()
    assert caveat(report)
    regular = tuple(replace(target, free_threaded=False) for target in report.targets)
    assert not caveat(replace(report, targets=regular))

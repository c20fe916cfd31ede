"""What holds for every format, whatever a report says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nogilcheck.model.report.report import Report
from nogilcheck.report.formats import RENDERERS, RenderOptions
from tests.support.report_strategy import reports
from tests.support.reports import AIRFLOW

LOOK = RenderOptions(width=100, links=False, prefix="services/api")


@pytest.mark.parametrize("name", RENDERERS)
def test_equal_reports_give_equal_bytes(name: str) -> None:
    one, other = Report.from_json(AIRFLOW.report().to_json()), AIRFLOW.report()
    assert one is not other
    assert RENDERERS[name](one, LOOK) == RENDERERS[name](other, LOOK)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(reports(), st.sampled_from(sorted(RENDERERS)))
def test_whatever_a_report_says_can_be_written_and_seen(report: Report, name: str) -> None:
    """Whole lines, in which nothing acts on a terminal, and which every encoding of Unicode has."""
    text = RENDERERS[name](report, LOOK)
    assert text == RENDERERS[name](report, LOOK)
    assert text.encode("utf-8").decode("utf-8") == text
    assert not text or text.endswith("\n")
    assert all(char.isprintable() for char in text.replace("\n", ""))


def _without_targets(report: Report) -> Report:
    return replace(report, targets=(), distributions=(), edges=(), findings=())


@pytest.mark.parametrize("name", RENDERERS)
def test_a_report_without_targets_can_be_drawn(name: str) -> None:
    text = RENDERERS[name](_without_targets(AIRFLOW.report()), LOOK)
    if name not in {"badge", "csv"}:
        assert "company-telemetry" in text, "the gaps are still told"


SECRET = "hunter2"


@pytest.mark.parametrize("name", sorted(RENDERERS))
def test_no_format_tells_the_options_that_were_asked_for(name: str) -> None:
    """They are for the record in the JSON report, where they are free of credentials."""
    report = replace(AIRFLOW.report(), options={"anything": SECRET})
    assert (SECRET in RENDERERS[name](report, LOOK)) == (name == "json")


def _names(text: str, wanted: Sequence[str]) -> list[str]:
    return [name for name in wanted if name in text]


@pytest.mark.parametrize("name", [name for name in RENDERERS if name != "badge"])
def test_every_format_names_every_blocker(name: str) -> None:
    wanted = ("grpcio", "psycopg-binary", "psycopg2-binary", "psutil", "pyyaml")
    assert _names(RENDERERS[name](AIRFLOW.report(), LOOK), wanted) == list(wanted)


@pytest.mark.parametrize("name", ["json", "sarif", "gitlab", "badge"])
def test_json_formats_are_json(name: str) -> None:
    assert json.loads(RENDERERS[name](AIRFLOW.report(), LOOK))

"""CSV, read back by the standard library."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from nogilcheck.model.report.report import Report
from nogilcheck.report.ci.csv_table import COLUMNS, csv_cell, render
from tests.support.report_strategy import reports
from tests.support.reports import AIRFLOW


def rows(report: Report) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(render(report), newline=""), strict=True)
    found = list(reader)
    assert tuple(reader.fieldnames or ()) == COLUMNS
    assert all(None not in row and None not in row.values() for row in found), "as many cells as columns"
    return found


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=30)
@given(reports())
def test_nothing_begins_a_formula(report: Report) -> None:
    for row in rows(report):
        assert not [cell for cell in row.values() if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} and cell]


def test_every_distribution_on_every_target() -> None:
    report = AIRFLOW.report()
    found = rows(report)
    expected = {(t, d.name, d.version or "") for d in report.distributions for t in d.targets}
    assert expected <= {(row["target"], row["distribution"], row["version"]) for row in found}
    (grpcio,) = [row for row in found if row["distribution"] == "grpcio" and row["target"].startswith("cp315t")]
    assert grpcio == {
        "target": "cp315t-linux_x86_64",
        "distribution": "grpcio",
        "version": "1.85.1",
        "status": "gil-only",
        "severity": "blocker",
        "rule": "NGC006",
        "cause": "free-threading",
        "direct": "no",
        "wheel": "",
        "why": "cp315-cp315 wheels only; no free-threaded wheel in any release; an sdist exists; "
        "a source build may work, unverified",
        "required_by": "apache-airflow[otel] > opentelemetry-exporter-otlp > opentelemetry-exporter-otlp-proto-grpc "
        '> grpcio >=1.75.1,<2 ; python_version >= "3.14"',
        "location": "r.txt:1",
        "ignored": "",
    }
    (numpy,) = [row for row in found if row["distribution"] == "numpy" and row["target"].startswith("cp315t")]
    assert (numpy["status"], numpy["severity"], numpy["rule"]) == ("free-threaded", "ready", "")


def test_findings_without_a_status_and_gaps_have_rows_of_their_own() -> None:
    found = {(row["rule"], row["target"][:6]): row for row in rows(AIRFLOW.report())}
    assert found["NGC103", "cp314t"]["distribution"] == "dask"
    assert found["NGC103", "cp314t"]["version"] == "2026.8.0"
    assert found["NGC202", "cp315t"]["location"] == "r.txt:7"
    assert "pandas=>2" in found["NGC202", "cp315t"]["why"]


@pytest.mark.parametrize("hostile", ["=cmd|' /C calc'!A0", "+1", "@SUM(A1)", "-2"])
def test_a_hostile_name_is_text(hostile: str) -> None:
    report = AIRFLOW.report()
    first = replace(report.distributions[0], name=hostile)
    changed = replace(report, distributions=(first,), findings=(), gaps=())
    assert {row["distribution"] for row in rows(changed)} == {f"'{hostile}"}


def test_what_is_waived_says_so() -> None:
    report = AIRFLOW.report()
    waived = replace(report, findings=(replace(report.findings[0], suppressed_by="not used"),))
    assert [row["ignored"] for row in rows(waived) if row["rule"] == "NGC006"] == ["not used"]


@pytest.mark.parametrize("cell", [" =1+1", "＝1", " ＋1", "－1", "＠x", "\u2212 1", "﹦1", "=1", "@x"])
def test_a_cell_that_a_spreadsheet_may_trim_or_fold_is_text(cell: str) -> None:
    assert csv_cell(cell).startswith("'")
    assert not any(csv_cell(text).startswith("'") for text in ("1=1", "a", "", "  ", "a - b"))

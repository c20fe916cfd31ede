from __future__ import annotations

from nogilcheck.report.formats import RENDERERS, RenderOptions, unknown_format
from nogilcheck.report.terminal.report import render
from tests.support.reports import AIRFLOW


def test_terminal_looks_as_it_is_told() -> None:
    report = AIRFLOW.report()
    look = RenderOptions(width=60, colour=True, verbose=True)
    assert RENDERERS["terminal"](report, look) == render(report, width=60, colour=True, verbose=True)


def test_json_is_the_report() -> None:
    report = AIRFLOW.report()
    assert RENDERERS["json"](report, RenderOptions()) == report.to_json()


def test_a_name_that_is_no_format_is_a_usage_error_that_lists_them() -> None:
    error = unknown_format("xml")
    assert error.message.startswith("invalid value 'xml' for --format")
    assert error.hint == f"allowed: {', '.join(RENDERERS)}"

from __future__ import annotations

from nogilcheck.report.formats import RENDERERS, RenderOptions
from nogilcheck.report.terminal.report import render
from tests.support.reports import AIRFLOW


def test_terminal_looks_as_it_is_told() -> None:
    report = AIRFLOW.report()
    look = RenderOptions(width=60, colour=True, verbose=True)
    assert RENDERERS["terminal"](report, look) == render(report, width=60, colour=True, verbose=True)


def test_json_is_the_report() -> None:
    report = AIRFLOW.report()
    assert RENDERERS["json"](report, RenderOptions()) == report.to_json()

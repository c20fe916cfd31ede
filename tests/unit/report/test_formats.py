from __future__ import annotations

import pytest

from nogilcheck.errors import UsageError
from nogilcheck.report.formats import RENDERERS, RenderOptions, renderer
from nogilcheck.report.terminal.report import render
from tests.support.reports import AIRFLOW


def test_terminal_looks_as_it_is_told() -> None:
    report = AIRFLOW.report()
    look = RenderOptions(width=60, colour=True, verbose=True)
    assert renderer("terminal")(report, look) == render(report, width=60, colour=True, verbose=True)


def test_json_is_the_report() -> None:
    report = AIRFLOW.report()
    assert renderer("json")(report, RenderOptions()) == report.to_json()


def test_a_name_that_is_no_format_is_a_usage_error_that_lists_them() -> None:
    with pytest.raises(UsageError, match="invalid value 'xml' for --format") as caught:
        renderer("xml")
    assert caught.value.hint == f"allowed: {', '.join(RENDERERS)}"

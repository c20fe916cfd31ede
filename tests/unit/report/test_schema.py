from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from nogilcheck.model.report.report import Report
from nogilcheck.model.verdict import Cause, ReasonCode, RegularBuildGets, Severity, Status
from nogilcheck.report.documents.schema import schema
from tests.support.report_strategy import reports
from tests.support.reports import AIRFLOW, WEB

VALIDATOR = Draft202012Validator(schema())


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("world", [AIRFLOW, WEB], ids=["airflow", "web"])
def test_realistic_reports_validate(world: Any) -> None:
    VALIDATOR.validate(json.loads(world.report().to_json()))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(reports())
def test_every_report_validates(report: Report) -> None:
    VALIDATOR.validate(json.loads(report.to_json()))


@pytest.mark.parametrize(
    ("definition", "values"),
    [
        ("Status", Status),
        ("Severity", Severity),
        ("Cause", Cause),
        ("RegularBuildGets", RegularBuildGets),
        ("ReasonCode", ReasonCode),
    ],
)
def test_the_schema_knows_exactly_the_values_of_the_model(definition: str, values: Any) -> None:
    assert schema()["$defs"][definition]["enum"] == [value.value for value in values]


def test_every_object_is_closed_and_complete_except_the_options() -> None:
    open_ones: list[str] = []

    def walk(value: Any, path: str) -> None:
        if isinstance(value, dict):
            if value.get("type") == "object":
                if "additionalProperties" not in value:
                    open_ones.append(path)
                elif value["additionalProperties"] is False:
                    assert value["required"] == list(value["properties"]), path
            for key, inner in value.items():
                walk(inner, f"{path}/{key}")
        elif isinstance(value, list):
            for item in value:
                walk(item, path)

    walk(schema(), "")
    assert open_ones == ["/properties/options"]


def _set(*path: str | int, to: object) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = to

    return change


@pytest.mark.parametrize(
    "change",
    [
        _set("news", to=1),
        _set("schema_version", to="1.1"),
        _set("verdict", to="fine"),
        _set("tool", "home", to="https://example.org"),
        _set("targets", 0, "verdict", to="blocked by 3"),
        _set("targets", 0, "counts", "status", "shiny", to=1),
        _set("targets", 0, "counts", "status", "pure", to=0),
        _set("distributions", 0, "targets", "cp314t-linux_x86_64", "status", to="other"),
        _set("distributions", 0, "targets", "cp314t-linux_x86_64", "twin", to=None),
        _set("edges", 0, "from", to={"root": 0, "name": "a"}),
        _set("edges", 0, "to", to={"root": 0}),
        _set("findings", 0, "status", to="shiny"),
        _set("findings", 0, "severity", to="error"),
        _set("findings", 0, "rule", to="E501"),
        _set("roots", 0, "line", to=0),
    ],
)
def test_what_is_not_in_the_format_does_not_validate(change: Callable[[Any], None]) -> None:
    data = json.loads(AIRFLOW.report().to_json())
    change(data)
    assert not VALIDATOR.is_valid(data)

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from nogilcheck.errors import ExitStatus, InputError
from nogilcheck.model.report.finding import Finding, Path, Step
from nogilcheck.model.report.report import Counts, Report
from nogilcheck.model.report.requirements import Endpoint, ReportEdge
from nogilcheck.model.source import Location
from nogilcheck.model.verdict import Severity
from tests.support.report_strategy import reports
from tests.support.reports import AIRFLOW, WEB

MINIMAL = Report(tool_version="0.1.0", verdict="unknown", exit_status=3)


def changed(change: Callable[[Any], None], report: Report | None = None) -> str:
    data = json.loads((report or AIRFLOW.report()).to_json())
    change(data)
    return json.dumps(data)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(reports())
def test_what_is_decoded_is_what_was_encoded(report: Report) -> None:
    assert Report.from_json(report.to_json()) == report
    assert Report.from_json(report.to_json(compact=True)) == report


@pytest.mark.parametrize("report", [AIRFLOW.report(), WEB.report(), MINIMAL])
def test_the_text_survives_a_round_trip_through_the_report(report: Report) -> None:
    text = report.to_json()
    assert Report.from_json(text).to_json() == text


def test_the_text_is_indented_ascii_with_a_final_newline() -> None:
    text = replace(MINIMAL, notes=("für \x1b[31m \u202e",)).to_json()
    assert text.startswith('{\n  "schema_version": "1.0",\n  "tool": {\n    "name": "nogilcheck"')
    assert text.endswith("}\n")
    assert text.isascii()
    assert "\x1b" not in text


def test_compact_differs_in_nothing_but_white_space() -> None:
    report = AIRFLOW.report()
    assert json.loads(report.to_json(compact=True)) == json.loads(report.to_json())
    assert report.to_json(compact=True).count("\n") == 1


def test_equal_reports_give_equal_text_whatever_the_order_of_their_mappings() -> None:
    report = AIRFLOW.report()
    target = report.targets[0]
    backwards = replace(
        report,
        options={"b": {"y": [1], "x": 2}, "a": 1},
        targets=(
            replace(
                target,
                counts=Counts(status=MappingProxyType(dict(reversed(list(target.counts.status.items()))))),
                extras={"z": "ready", "a": "blocked"},
            ),
        ),
        distributions=tuple(replace(d, targets=dict(reversed(list(d.targets.items())))) for d in report.distributions),
    )
    forwards = replace(
        report,
        options={"a": 1, "b": {"x": 2, "y": [1]}},
        targets=(replace(target, counts=Counts(status=target.counts.status), extras={"a": "blocked", "z": "ready"}),),
    )
    assert backwards == forwards
    assert backwards.to_json() == forwards.to_json()


def test_the_shape_is_the_documented_one() -> None:
    report = replace(
        MINIMAL,
        exit_status=ExitStatus.BLOCKED,
        roots=AIRFLOW.report().roots,
        edges=(
            ReportEdge(target="t", parent=0, child=Endpoint(name="a", version="1"), extra="x"),
            ReportEdge(target="t", parent=Endpoint(name="a", version="1"), child=Endpoint(name="b", version=None)),
        ),
        findings=(
            Finding(
                rule="NGC006",
                status="gil-only",
                severity=Severity.BLOCKER,
                target="t",
                distribution="b",
                version=None,
                paths=(Path(root=0, steps=(Step(name="a", version="1", specifier=">=1", extra="x"),)),),
                location=Location(path="r.txt", line=1),
            ),
        ),
    )
    data = json.loads(report.to_json())
    assert data["exit_status"] == 1
    assert [edge["from"] for edge in data["edges"]] == [{"root": 0}, {"name": "a", "version": "1"}]
    assert data["edges"][0]["to"] == {"name": "a", "version": "1"}
    assert data["findings"][0]["paths"] == [
        {"root": 0, "edges": [{"name": "a", "version": "1", "specifier": ">=1", "extra": "x", "marker": None}]}
    ]
    assert data["findings"][0]["location"] == {"path": "r.txt", "line": 1}


def test_an_assessment_holds_its_verdict_flat() -> None:
    data = json.loads(AIRFLOW.report().to_json())
    psycopg = next(d for d in data["distributions"] if d["name"] == "psycopg-binary")
    assert psycopg["targets"]["cp314t-linux_x86_64"] == {
        "status": "gil-only",
        "severity": "blocker",
        "cause": "free-threading",
        "twin": "wheel",
        "direct": False,
        "requested_by": [
            {
                "name": "psycopg",
                "specifier": "==3.4.2",
                "extra": "binary",
                "marker": 'implementation_name != "pypy" and extra == "binary"',
            }
        ],
        "wheel": None,
        "sdist": False,
        "reasons": [
            {"code": "gil-wheels", "detail": ["cp314-cp314", "cp39-abi3"]},
            {"code": "never-free-threaded", "detail": []},
            {"code": "no-sdist", "detail": []},
        ],
        "fallback": {"version": "3.1.9", "reason": "older", "silent": True, "uploaded": None, "months": None},
        "extensions": [],
        "releases": None,
        "source": None,
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("1" * 10_000, "not JSON"),
        ('{"schema_version": NaN}', "not JSON"),
        ("[]", "not an object"),
        ("null", "not an object"),
        ("{}", "$.schema_version: expected a string, found nothing"),
        ('{"schema_version": 1.0}', "$.schema_version: expected a string, found 1.0"),
        ('{"schema_version": "one"}', '$.schema_version: expected a version such as 1.0, found "one"'),
        ('{"schema_version": "1.0"}', "$.tool: expected an object, found nothing"),
    ],
)
def test_what_is_no_report_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        Report.from_json(text)
    assert said in caught.value.message
    assert caught.value.hint


T = "cp314t-linux_x86_64"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["tool", "name"], "pip-audit", '$.tool.name: expected one of nogilcheck, found "pip-audit"'),
        (["verdict"], "fine", '$.verdict: expected one of ready, blocked, unknown, found "fine"'),
        (["exit_status"], 7, "$.exit_status: expected one of 0, 1, 2, 3, 130, found 7"),
        (["exit_status"], True, "$.exit_status: expected one of 0, 1, 2, 3, 130, found true"),
        (["scan"], None, "$.scan: expected one of not-run, run, found null"),
        (["options"], [], "$.options: expected an object, found an array"),
        (["notes", 0], 1, "$.notes[0]: expected a string, found 1"),
        (["notes"], {}, "$.notes: expected an array, found an object"),
        (["targets", 1], "3.15t", '$.targets[1]: expected an object, found "3.15t"'),
        (["targets", 1, "allowed"], 0, "$.targets[1].allowed: expected true or false, found 0"),
        (["targets", 0, "counts", "status", "pure"], "9", "$.targets[0].counts.status.pure: expected an integer, "),
        (["distributions", 2, "targets", T, "status"], "gone", f'$.distributions[2].targets["{T}"].status: expected '),
        (["distributions", 2, "targets", T, "cause"], "gone", f'$.distributions[2].targets["{T}"].cause: expected '),
        (["distributions", 2, "targets", T, "reasons"], [{"code": "x"}], f'targets["{T}"].reasons[0].code: expected'),
        (["distributions", 2, "targets"], [], "$.distributions[2].targets: expected an object, found an array"),
        (["distributions", 0, "version"], 3.2, "$.distributions[0].version: expected a string or null, found 3.2"),
        (["roots", 1, "line"], "2", '$.roots[1].line: expected an integer or null, found "2"'),
        (["edges", 0, "from", "root"], 3, "$.edges[0].from.root: expected a position in an array of 3, found 3"),
        (["edges", 0, "from", "root"], -1, "$.edges[0].from.root: expected a position in an array of 3, found -1"),
        (["edges", 0, "to"], None, "$.edges[0].to: expected an object, found null"),
        (["findings", 0, "paths", 0, "root"], 99, "$.findings[0].paths[0].root: expected a position"),
        (["findings", 0, "location"], "r.txt", '$.findings[0].location: expected an object or null, found "r.txt"'),
        (["gaps", 1, "text"], ["x" * 10_000], "$.gaps[1].text: expected a string, found an array"),
        (["scan"], "x" * 10_000, '"' + "x" * 39 + "..."),
    ],
)
def test_the_first_wrong_value_is_named_by_its_path(path: list[str | int], value: object, said: str) -> None:
    def change(data: Any) -> None:
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = value

    with pytest.raises(InputError) as caught:
        Report.from_json(changed(change))
    assert said in caught.value.message
    assert len(caught.value.message) < 500


@pytest.mark.parametrize("key", list(json.loads(MINIMAL.to_json())))
def test_every_key_is_needed(key: str) -> None:
    with pytest.raises(InputError, match=key):
        Report.from_json(changed(lambda data: data.pop(key), MINIMAL))


def test_a_later_minor_version_may_add_keys() -> None:
    def change(data: Any) -> None:
        data["schema_version"] = "1.7"
        data["news"] = data["targets"][0]["news"] = {"of": ["tomorrow"]}

    report = AIRFLOW.report()
    assert Report.from_json(changed(change)) == replace(report, schema_version="1.7")


@pytest.mark.parametrize("version", ["0.9", "2.0", "10.0"])
def test_another_major_version_is_refused_before_anything_is_read(version: str) -> None:
    with pytest.raises(InputError, match=f"schema version {version}, and this nogilcheck reads version 1"):
        Report.from_json(json.dumps({"schema_version": version, "targets": "in another shape"}))


def test_a_hostile_key_does_not_reach_the_message_raw() -> None:
    def change(data: Any) -> None:
        data["distributions"][0]["targets"]["\x1b[2J\x7f\u202e"] = None

    with pytest.raises(InputError) as caught:
        Report.from_json(changed(change))
    assert r'["\u001b[2J\u007f\u202e"]' in caught.value.message
    assert caught.value.message.isprintable()


def test_a_long_key_does_not_fill_the_message() -> None:
    def change(data: Any) -> None:
        data["distributions"][0]["targets"]["x" * 10_000] = None

    with pytest.raises(InputError) as caught:
        Report.from_json(changed(change))
    assert len(caught.value.message) < 500

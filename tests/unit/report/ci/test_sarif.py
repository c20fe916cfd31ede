"""SARIF, against the schema, and where code hosts are stricter than it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from nogilcheck.model.report.finding import Finding
from nogilcheck.model.report.report import Report
from nogilcheck.model.rules.table import ALL_RULES
from nogilcheck.model.source import COMMAND_LINE, Location
from nogilcheck.report.ci.sarif import ROOT, render
from tests.support.report_strategy import reports
from tests.support.reports import AIRFLOW, WEB
from tests.support.schemas import validator

REPOSITORY = Path(__file__).parents[4]


def run_of(report: Report, *, prefix: str = "") -> dict[str, Any]:
    log = json.loads(render(report, prefix=prefix))
    validator("sarif-2.1.0").validate(log)
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def only(report: Report, **changes: Any) -> Report:
    """The report with its first finding alone, changed."""
    return replace(report, findings=(replace(report.findings[0], **changes),), gaps=())


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=30)
@given(reports())
def test_every_report_validates(report: Report) -> None:
    run = run_of(report)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    assert len(run["results"]) >= len(report.findings)
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert len(result["locations"]) == 1
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    assert len(set(prints)) == len(prints), "equal ones would be one alert"


def test_results_stand_at_the_lines_of_the_user() -> None:
    run = run_of(AIRFLOW.report(), prefix="services/api")
    found = {
        (result["ruleId"], *result["properties"]["targets"], result["message"]["text"].split()[0]): result
        for result in run["results"]
    }
    grpcio = found["NGC006", "3.14t", "grpcio"]
    assert grpcio["level"] == "error"
    assert grpcio["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "services/api/r.txt", "uriBaseId": ROOT},
        "region": {"startLine": 1},
    }
    assert grpcio["message"]["text"].startswith("grpcio 1.85.1 blocks 3.14t: GIL-only; cp314-cp314 wheels only")
    assert "Required by: apache-airflow[otel] > opentelemetry-exporter-otlp >" in grpcio["message"]["text"]
    assert found["NGC101", "3.15t", "protobuf"]["level"] == "note"
    assert found["NGC202", "3.14t", "3.15t", "Unknown:"]["level"] == "warning"


def test_every_rule_that_is_named_brings_its_help() -> None:
    rules = run_of(AIRFLOW.report())["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} >= {"NGC003", "NGC006", "NGC202"}
    by_code = {page.code: page for page in ALL_RULES}
    for rule in rules:
        page = by_code[rule["id"]]
        assert page.remedy in rule["help"]["text"]
        assert page.example in rule["help"]["markdown"]


def test_a_rule_of_a_later_version_has_no_help() -> None:
    (rule,) = run_of(only(AIRFLOW.report(), rule="NGC099"))["tool"]["driver"]["rules"]
    assert rule == {"id": "NGC099"}


def test_what_a_waiver_keeps_from_counting_is_suppressed() -> None:
    (result,) = run_of(only(AIRFLOW.report(), suppressed_by="waiver: not used in production"))["results"]
    assert result["suppressions"] == [{"kind": "external", "justification": "waiver: not used in production"}]


def test_a_gap_that_is_waived_is_suppressed_too() -> None:
    report = AIRFLOW.report()
    gaps = tuple(replace(gap, suppressed_by="ignored: --ignore") for gap in report.gaps)
    (result,) = run_of(replace(report, findings=(), gaps=gaps[1:]))["results"]
    assert result["suppressions"][0]["justification"] == "ignored: --ignore"


def test_a_target_that_is_only_watched_is_noted() -> None:
    report = AIRFLOW.report()
    watched = replace(report, targets=tuple(replace(target, allowed=True) for target in report.targets))
    assert {result["level"] for result in run_of(watched)["results"]} == {"note"}


@pytest.mark.parametrize(("status", "successful"), [(0, True), (1, True), (2, False), (3, True), (130, False)])
def test_the_invocation_tells_whether_the_tool_could_do_its_work(status: int, successful: bool) -> None:
    (invocation,) = run_of(replace(WEB.report(), exit_status=status))["invocations"]
    assert invocation == {"executionSuccessful": successful, "exitCode": status}


def test_a_ready_project_has_no_results() -> None:
    assert run_of(WEB.report())["results"] == []


@pytest.mark.parametrize(
    ("path", "artifact"),
    [
        ("a b/r#1.txt", {"uri": "x/a%20b/r%231.txt", "uriBaseId": ROOT}),
        ("../r.txt", {"uri": "r.txt", "uriBaseId": ROOT}),
        ("c:r.txt", {"uri": "x/c%3Ar.txt", "uriBaseId": ROOT}),
        ("sub\\r.txt", {"uri": "x/sub/r.txt", "uriBaseId": ROOT}),
        ("/srv/r.txt", {"uri": "file:///srv/r.txt"}),
        ("C:\\srv\\r.txt", {"uri": "file:///C:/srv/r.txt"}),
        (COMMAND_LINE, {"uri": "x/r.txt", "uriBaseId": ROOT}),
        ("https://host/r.txt", {"uri": "x/r.txt", "uriBaseId": ROOT}),
    ],
)
def test_paths_are_references_that_lead_to_the_file(path: str, artifact: dict[str, str]) -> None:
    """What is no file of the repository stands at the first one that was read."""
    (result,) = run_of(only(AIRFLOW.report(), location=Location(path=path, line=3)), prefix="x")["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == artifact


def test_two_versions_of_a_project_are_two_alerts() -> None:
    report = AIRFLOW.report()
    first: Finding = report.findings[0]
    run = run_of(replace(report, findings=(first, replace(first, version="0.1")), gaps=()))
    one, other = (result["partialFingerprints"] for result in run["results"])
    assert one["primaryLocationLineHash"] != other["primaryLocationLineHash"]


def test_a_new_release_of_a_known_blocker_is_the_same_alert() -> None:
    one, other = (run_of(only(AIRFLOW.report(), version=version))["results"][0] for version in ("1.85.1", "1.86.0"))
    assert one["partialFingerprints"] == other["partialFingerprints"]


def installed_with(*urls: str, at: Path) -> None:
    """A distribution of this name, found before the one that is really installed."""
    info = at / "nogilcheck-0.dist-info"
    info.mkdir()
    lines = ["Metadata-Version: 2.1", "Name: nogilcheck", "Version: 0", *(f"Project-URL: {url}" for url in urls)]
    (info / "METADATA").write_text("\n".join(lines) + "\n", encoding="utf-8")


class TestAddresses:
    @pytest.fixture(autouse=True)
    def first(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.syspath_prepend(tmp_path)

    def test_the_tool_and_its_rules_lead_to_where_the_metadata_say(self, tmp_path: Path) -> None:
        installed_with("Source, https://host.invalid/a", "Documentation, https://host.invalid/a/docs/", at=tmp_path)
        driver = run_of(AIRFLOW.report())["tool"]["driver"]
        assert driver["informationUri"] == "https://host.invalid/a"
        document = (REPOSITORY / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
        for rule in driver["rules"]:
            page, anchor = rule["helpUri"].split("#")
            assert page == "https://host.invalid/a/docs/reference/rules.md"
            assert f"(#{anchor})" in document

    def test_what_has_no_address_names_none(self, tmp_path: Path) -> None:
        installed_with("Changelog, https://host.invalid/news", at=tmp_path)
        driver = run_of(AIRFLOW.report())["tool"]["driver"]
        assert "informationUri" not in driver
        assert not any("helpUri" in rule for rule in driver["rules"])

"""What the real index says of well-known stacks. Opt in: ``make test-live``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.invariants import check_report

pytestmark = pytest.mark.live

AIRFLOW = ("apache-airflow", "apache-airflow-providers-postgres", "apache-airflow-providers-http")
DAY = "2026-11-22"
"""The expectations are those of this day."""


@pytest.fixture(autouse=True)
def home() -> None:
    """The real index is reached with the machine's own settings."""


def blockers(*arguments: str) -> dict[str, set[str]]:
    """The blockers by target, and by target with ``python:`` in front those of which Python itself is the cause."""
    outcome = run(*arguments, "--exclude-newer", DAY, "--format", "json", "--no-cache")
    check_report(outcome.stdout)
    report = json.loads(outcome.stdout)
    found: dict[str, set[str]] = {target["id"]: set() for target in report["targets"]}
    for finding in report["findings"]:
        if finding["severity"] == "blocker":
            found[finding["target"]].add(finding["distribution"])
            if finding["cause"] == "python":
                found.setdefault(f"python:{finding['target']}", set()).add(finding["distribution"])
    assert outcome.status == (1 if any(found.values()) else 0)
    return found


def test_airflow(tmp_path: Path) -> None:
    path = tmp_path / "r.txt"
    path.write_text("\n".join(AIRFLOW) + "\n", encoding="utf-8")
    found = blockers(str(path))
    everywhere = {"grpcio", "psycopg-binary", "psycopg2-binary"}
    assert found["cp314t-linux_x86_64"] == everywhere
    assert found["cp315t-linux_x86_64"] == everywhere | {"psutil", "pyyaml", "watchfiles"}
    assert found["python:cp315t-linux_x86_64"] == {"pyyaml"}


def test_streamlit_is_ready() -> None:
    assert blockers("streamlit", "--python", "3.14t") == {"cp314t-linux_x86_64": set()}


def test_boto3_and_awscli_end_with_pyyaml() -> None:
    assert blockers("boto3", "awscli", "--python", "3.15t")["cp315t-linux_x86_64"] == {"pyyaml"}

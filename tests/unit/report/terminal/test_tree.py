"""The merged tree: every blocker on it, nothing drawn twice, nothing wider than the terminal."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nogilcheck.model.report.finding import Finding
from nogilcheck.model.report.report import Report
from nogilcheck.model.source import Location
from nogilcheck.model.verdict import Severity, Status
from nogilcheck.report.terminal.layout import cells
from nogilcheck.report.terminal.tree import render
from tests.support.report_strategy import reports
from tests.support.reports import AIRFLOW, SCIENCE, WEB, Link, World, blocked, root, target

AIRFLOW_TREE = """\
r.txt:1  apache-airflow[otel] 3.2.1
├── apache-airflow-core 3.2.1
│   ├── psutil 7.2.2  no 3.15t wheel (3.15t)
│   ├── pyyaml 6.0.3  source only (3.15t)
│   └── 2 ready
└── opentelemetry-exporter-otlp 1.43.0
    └── opentelemetry-exporter-otlp-proto-grpc 1.43.0
        ├── grpcio 1.85.1  GIL-only
        └── 1 ready
r.txt:2  apache-airflow-providers-postgres[psycopg] 6.6.1
├── apache-airflow[otel] 3.2.1 (*)
├── psycopg2-binary 2.9.13  GIL-only
└── psycopg[binary] 3.4.2
    └── psycopg-binary 3.4.2  GIL-only
r.txt:4  pandas 3.1.2
├── dask 2026.8.0
│   └── company-telemetry  unknown
└── 2 ready
"""


def drawn(report: Report, *, width: int = 100, colour: bool = False, verbose: bool = False) -> str:
    return render(report, width=width, colour=colour, verbose=verbose)


def test_every_blocker_hangs_where_it_comes_from() -> None:
    assert drawn(AIRFLOW.report()).split("\n\n")[2] + "\n" == AIRFLOW_TREE


def test_verbose_draws_what_is_ready_and_each_distribution_in_full_once() -> None:
    text = drawn(AIRFLOW.report(), verbose=True)
    assert " ready\n" not in text.split("\n\n")[2]
    for name, version in AIRFLOW.versions.items():
        assert re.search(rf"[ ]{re.escape(name)}\S*{f' {version}' if version else ''}", text)


def test_where_all_is_ready_there_is_nothing_to_draw() -> None:
    assert "everything that was required is ready" in drawn(WEB.report())
    assert "watchdog 6.0.0" in drawn(WEB.report(), verbose=True)


def test_what_no_chain_leads_to_and_is_unknown_is_told() -> None:
    report = AIRFLOW.report()
    assert "r.txt:7: 'pandas=>2' is not a requirement" in drawn(report)
    alone = replace(WEB.report(), verdict="unknown", gaps=report.gaps)
    assert "everything" not in drawn(alone)
    assert "r.txt:7: 'pandas=>2' is not a requirement" in drawn(alone)


def test_circles_and_long_chains_end() -> None:
    names = [f"n{number}" for number in range(2000)]
    links = [Link(parent=0, child="n0"), Link(parent="n0", child="n0"), Link(parent="n1999", child="n0")]
    links += [Link(parent=one, child=other) for one, other in itertools.pairwise(names)]
    world = World(targets=(target("3.14t"),), roots=(root("n0", 1),), links=links, versions=dict.fromkeys(names, "1"))
    finding = Finding(
        rule="NGC006", status=Status.GIL_ONLY, severity=Severity.BLOCKER, target=world.targets[0].id,
        distribution="n1999", version="1",
    )  # fmt: skip
    report = replace(world.report(), findings=(finding,))
    text = drawn(report, width=80)
    assert text.count("n1999 1") == 1
    assert text.count("n0 1 (*)") == 2
    assert max(map(cells, text.splitlines())) <= 80


def test_what_no_requirement_leads_to_comes_first() -> None:
    own = Finding(
        rule="NGC007", status="own-requires-python", severity=Severity.BLOCKER, target="cp315t-linux_x86_64",
        distribution="demo", version=None, location=Location(path="pyproject.toml", line=5), detail=("<3.15",),
    )  # fmt: skip
    report = AIRFLOW.report()
    tree = drawn(replace(report, findings=(*report.findings, own))).split("\n\n")[2]
    assert tree.startswith("pyproject.toml:5  demo  ")


@pytest.mark.parametrize("world", [AIRFLOW, SCIENCE])
def test_no_line_is_wider_than_the_terminal(world: World) -> None:
    for width in (40, 60, 80, 100, 160):
        for verbose in (False, True):
            for line in drawn(world.report(), width=width, verbose=verbose).splitlines():
                assert cells(line) <= width or " " not in line.lstrip("│├└─ "), line


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=20)
@given(reports(), st.integers(20, 120), st.booleans())
def test_any_report_is_drawn_safely(report: Report, width: int, verbose: bool) -> None:
    text = drawn(report, width=width, verbose=verbose)
    assert all(line.isprintable() and line == line.rstrip() for line in text.split("\n"))
    coloured = drawn(report, width=width, verbose=verbose, colour=True)
    assert re.sub(r"\x1b\[\d+m", "", coloured) == text


def test_a_blocker_that_two_lines_bring_is_drawn_with_both() -> None:
    world = World(
        targets=(target("3.14t"),),
        roots=(root("a", 1), root("b", 2)),
        links=(
            Link(parent=0, child="a"),
            Link(parent=1, child="b"),
            Link(parent="a", child="x"),
            Link(parent="b", child="x"),
        ),
        versions=dict.fromkeys("abx", "1"),
        verdicts={"x": blocked(Status.GIL_ONLY)},
    )
    assert "r.txt:1  a 1\n└── x 1  GIL-only\nr.txt:2  b 1\n└── x 1  GIL-only\n" in drawn(world.report())

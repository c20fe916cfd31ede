"""Every scenario of every universe, asked on the command line, of an index in every shape."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nogilcheck.model.report.report import Assessment, Distribution, Report
from nogilcheck.model.rules.table import BY_CODE
from nogilcheck.model.verdict import Fallback
from tests.support.advice import in_short
from tests.support.command import run
from tests.support.invariants import check_report
from tests.world import Expected, Scenario, Shape, load, names, serve
from tests.world.shape import SHAPES

SCENARIOS = [pytest.param(s, id=f"{name}-{s.name}") for name in names() for s in load(name).scenarios]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_is_answered_as_designed(scenario: Scenario, tmp_path: Path) -> None:
    _check(scenario, tmp_path, SHAPES["pypi"])


@pytest.mark.parametrize("name", ["statuses", "held-back", "fallback", "none-platform", "sources", "yanked"])
def test_a_universe_is_answered_alike_in_every_shape(name: str, shape: Shape, tmp_path: Path) -> None:
    for scenario in load(name).scenarios:
        directory = tmp_path / scenario.name
        directory.mkdir()
        _check(scenario, directory, shape)


def _check(scenario: Scenario, directory: Path, shape: Shape) -> None:
    with serve(load(scenario.universe), shape) as index:
        arguments = scenario.arguments(scenario.write(directory), index.url)
        outcome = run(*arguments, "--format", "json", "--no-cache")
    report = Report.from_json(outcome.stdout)
    check_report(outcome.stdout)
    if scenario.exit is not None:
        assert outcome.status == scenario.exit, outcome
    for target, expected in scenario.expected.items():
        chosen = {d.name: (d, d.targets[target.id]) for d in report.distributions if target.id in d.targets}
        if not scenario.partial:
            assert set(chosen) == set(expected), f"on {target}"
        for name, wanted in expected.items():
            _compare(report, target.id, wanted, *chosen[name])
    text = " ".join([*(gap.text for gap in report.gaps), outcome.stderr])
    for mentioned in scenario.mentions:
        assert mentioned in text
    missing = set(scenario.gaps) - {gap.distribution for gap in report.gaps}
    assert not missing, f"no gap about {missing} among {report.gaps}"


def _compare(report: Report, target: str, wanted: Expected, distribution: Distribution, got: Assessment) -> None:
    where = f"{distribution.name} on {target}"
    verdict = got.verdict
    assert (distribution.version, verdict.status) == (wanted.version, wanted.status), where
    fallback = wanted.fallback and Fallback(
        version=wanted.fallback.version, reason=wanted.fallback.reason, silent=wanted.fallback.silent
    )
    aged = verdict.fallback and replace(verdict.fallback, uploaded=None, months=None)
    assert aged == fallback, where
    if wanted.cause is not None:
        assert verdict.cause is wanted.cause, where
    if wanted.twin is not None:
        assert verdict.twin is wanted.twin, where
    if wanted.wheel is not None:
        assert verdict.wheel is not None, where
        assert verdict.wheel.endswith(f"-{wanted.wheel}.whl"), where
    findings = [f for f in report.findings if f.distribution == distribution.name and f.target == target]
    held = [finding.detail for finding in findings if finding.status == "held-back"]
    by = wanted.held_back and ("requires-python" if wanted.held_back.by == "requires-python" else "no-file")
    assert [(version, "requires-python" if why else "no-file") for version, why in held] == (
        [(wanted.held_back.version, by)] if wanted.held_back else []
    ), where
    if wanted.path is not None and findings:
        assert tuple(step.name for step in findings[0].paths[0].steps) == wanted.path, where
    assert set(wanted.findings) <= {BY_CODE[finding.rule].name for finding in findings}, where
    if wanted.advice is not None:
        (of_status,) = (finding.advice for finding in findings if finding.status == wanted.status)
        assert tuple(map(in_short, of_status)) == wanted.advice, where

"""Wheels with other or invalid metadata: what we say of the free-threaded build against what pip does there."""

from __future__ import annotations

from pathlib import Path

from nogilcheck.jobs.check import check
from nogilcheck.model.options import Options
from nogilcheck.model.source import IndexSettings
from nogilcheck.targets.builds import make_target
from tests.support.pip_oracle import INSTALL, ask_pip, installation, require_pip
from tests.world import load, serve

UNIVERSE = "wheel-metadata"


def test_ready_means_that_pip_takes_the_same_and_blocked_that_it_does_not(tmp_path: Path) -> None:
    require_pip()
    universe = load(UNIVERSE)
    target = make_target("3.14t", "linux-x86_64")
    scenarios = [scenario for scenario in universe.scenarios if scenario.expected]
    with serve(universe) as index:
        reports = []
        for scenario in scenarios:
            options = Options(
                inputs=scenario.requirements,
                pythons=("3.14t",),
                platforms=("linux-x86_64",),
                settings=IndexSettings(index_url=index.url),
                no_cache=True,
            )
            reports.append(check(options))
        answers = ask_pip(INSTALL, [installation(target, index.url, scenario.requirements) for scenario in scenarios])
    ready = 0
    for scenario, report, answer in zip(scenarios, reports, answers, strict=True):
        ours = {one.name: (one.version, one.targets[target.id].verdict.wheel) for one in report.distributions}
        chosen = answer.get("chosen", {})
        theirs = {name.lower().replace("_", "-"): (version, wheel) for name, (version, wheel) in chosen.items()}
        if report.exit_status == 0:
            ready += 1
            assert theirs == ours, scenario.name
        else:
            assert theirs != ours, scenario.name
    assert ready >= len(scenarios) // 3

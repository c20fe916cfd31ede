"""What a plan calls ready, pip installs on the target: random worlds, wheels only."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest

from nogilcheck.targets.builds import make_target
from tests.support.pip_oracle import INSTALL, ask_pip, installation, require_pip
from tests.support.plans import blocked, judged, planned, written
from tests.support.small_worlds import Habits, inputs, make_world
from tests.world import SHAPES, Universe, parse, serve

WORLDS = 220
LEAST_PLANS = 20
"""If fewer plans than this can be compared, the comparison has lost its worth."""

TARGET = make_target("3.14t", "linux-x86_64")


def test_pip_takes_every_plan_that_makes_a_world_ready(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    require_pip()
    plans = {seed: found for seed in range(WORLDS) if (found := _plan(seed))}
    with ExitStack() as stack:
        questions = []
        for seed, (universe, lines) in plans.items():
            path = tmp_path / f"{seed}.txt"
            path.write_text("\n".join(lines), encoding="utf-8")
            index = stack.enter_context(serve(universe, SHAPES["pypi"]))
            questions.append(installation(TARGET, index.url, ["-r", str(path)]))
        answers = ask_pip(INSTALL, questions)
    refused = {seed: answer["error"] for seed, answer in zip(plans, answers, strict=True) if "error" in answer}
    with capsys.disabled():
        print(f" pip takes {len(plans) - len(refused)} of {len(plans)} plans")
    assert refused == {}
    assert len(plans) >= LEAST_PLANS


def _plan(seed: int) -> tuple[Universe, list[str]] | None:
    """A blocked world and the lines that make it ready; ``None``: it is not blocked, or stays so."""
    world = make_world(Random(seed), Habits(plain=0.7, compiled=0.8))
    universe, asked = parse(world.universe), inputs(world.requirements, world.constraints)
    if not blocked(judged(universe, asked, TARGET)):
        return None
    plan = planned(universe, asked, TARGET)
    return (universe, written(plan)) if plan.verified and plan.is_ready else None

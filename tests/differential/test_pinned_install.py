"""What ready means, both ways: pip installs exactly the versions that we chose on the target, or it does not.

``PINNED_WORLDS=1000 pytest tests/differential/test_pinned_install.py`` looks further than the default suite.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from random import Random

import pytest

from nogilcheck.jobs.check import check
from nogilcheck.model.options import Options
from nogilcheck.model.source import IndexSettings
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Severity
from nogilcheck.targets.builds import make_target
from tests.support.pip_oracle import INSTALL, ask_pip, installation, require_pip
from tests.support.small_worlds import LINUX, WHEELS, Habits, World, make_world
from tests.world import SHAPES, parse, serve

WORLDS = int(os.environ.get("PINNED_WORLDS", "60"))
BATCH = 60
"""Worlds that are served, and asked of one pip process, at a time."""

HABITS = Habits(
    plain=0.75,
    compiled=0.45,
    sources=0.2,
    wheels=(
        *WHEELS,
        f"cp314-cp314.cp314t-{LINUX}",
        f"cp315-cp315-{LINUX}",
        f"cp315-cp315t-{LINUX}",
        f"cp315-abi3.abi3t-{LINUX}",
        f"cp39-abi3t-{LINUX}",
        f"cp315t-abi3t-{LINUX}",
        "cp314-none-any",
        "cp314-cp314t-win_amd64",
    ),
)
TARGETS = tuple(make_target(python, "linux-x86_64") for python in ("3.14t", "3.15t"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    seed: int
    target: Target
    index: str
    requirements: Path
    pins: tuple[str, ...]
    blockers: tuple[str, ...]
    """Distributions that stop the target, and those that it would have to build."""


def test_ready_and_nothing_else_installs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    require_pip()
    seeds = count()
    ready = blocked = 0
    for done in range(0, WORLDS, BATCH):
        with ExitStack() as servers:
            found = (_case(seed, make_world(Random(seed), HABITS), tmp_path / str(seed), servers) for seed in seeds)
            cases = list(islice(filter(None, found), min(BATCH, WORLDS - done)))
            _compare(cases)
        blocked += sum(bool(case.blockers) for case in cases)
        ready += sum(not case.blockers for case in cases)
    with capsys.disabled():
        print(f" pip agrees on {ready + blocked} pinned installations: {ready} ready, {blocked} blocked")
    assert min(ready, blocked) >= WORLDS // 6, "one of the two ways is hardly tried"


def _compare(cases: list[Case]) -> None:
    questions = [installation(case.target, case.index, ["-r", str(case.requirements), *case.pins]) for case in cases]
    for case, answer in zip(cases, ask_pip(INSTALL, questions), strict=True):
        where = f"world {case.seed} on {case.target.python_name}"
        if case.blockers:
            assert "chosen" not in answer, f"{where}: pip installs in spite of {case.blockers}"
            assert not answer["crashed"], where
            continue
        assert "chosen" in answer, f"{where}: all is ready, and pip says {answer['error']}"
        assert {f"{name}=={version}" for name, (version, _) in answer["chosen"].items()} == set(case.pins), where


def _case(seed: int, world: World, directory: Path, servers: ExitStack) -> Case | None:
    """A world as we see it; ``None`` where something is unknown or nothing is asked for."""
    directory.mkdir()
    (directory / "constraints.txt").write_text("\n".join(world.constraints), encoding="utf-8")
    path = directory / "requirements.txt"
    path.write_text("\n".join(world.requirements), encoding="utf-8")
    target = TARGETS[seed % len(TARGETS)]
    index = servers.enter_context(serve(parse(world.universe), SHAPES["pypi"])).url
    report = check(
        Options(
            inputs=(str(path),),
            constraints=(str(directory / "constraints.txt"),),
            pythons=(target.python_name,),
            settings=IndexSettings(index_url=index),
            no_cache=True,
        )
    )
    verdicts = {d.name: d.targets[target.id].verdict for d in report.distributions}
    if report.gaps or not verdicts or any(verdict.severity is Severity.GAP for verdict in verdicts.values()):
        return None
    blockers = tuple(name for name, verdict in verdicts.items() if verdict.wheel is None)
    blocking = {name for name, verdict in verdicts.items() if verdict.severity is Severity.BLOCKER}
    assert blocking <= set(blockers)
    return Case(
        seed=seed,
        target=target,
        index=index,
        requirements=path,
        pins=tuple(f"{d.name}=={d.version}" for d in report.distributions),
        blockers=blockers,
    )

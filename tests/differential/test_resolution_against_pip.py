"""What we resolve for a twin against what pip would install there: versions and wheels."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import unquote

import pytest
from packaging.utils import canonicalize_name

from nogilcheck.classify.wheels import fitting_wheels
from nogilcheck.inputs.reader import read_inputs
from nogilcheck.model.graph import Graph
from nogilcheck.model.source import IndexSettings
from nogilcheck.model.target import Target
from nogilcheck.targets.builds import make_target
from tests.support.pip_oracle import INSTALL, ask_pip, installation, require_pip
from tests.support.small_worlds import FILES, Habits, World, make_world, resolve
from tests.world import SHAPES, Index, Universe, load, names, parse, serve

RANDOM_WORLDS = 120
REFERRING_WORLDS = 150
"""Worlds with direct references to wheels, in requirements, dependencies and constraints."""
DELICATE_WORLDS = {
    0.45: (39, 105, 386, 961, 1518, 1546, 1565, 1756, 1954, 2188, 2219, 2310, 2795, 3273, 3846, 4451, 4590, 5062, 5126,
           5748, 5767, 5874, 6022, 6445, 6615, 7296, 7973, 8231, 8555, 10678),
    0.6: (1501, 2270, 8218, 9081, 11488),
}  # fmt: skip
"""Seeds by share of requirements without a specifier. In each of these worlds the answer changes when one of the
rules changes by which pip chooses what to resolve next, or what it blames for a contradiction."""

LEAST_AGREEMENTS = {"universes": 100, "random worlds": 50, "delicate worlds": 35, "referring worlds": 90}
"""If fewer cases than this can be compared, the comparison has lost its worth."""

Chosen = dict[str, tuple[str, str | None]]
"""Version and wheel by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    name: str
    universe: Universe
    directory: Path
    """Holds requirements.txt."""
    twin: Target
    flags: tuple[str, ...] = ()
    referring: str = ""
    """The universe as TOML, where files are referred to that are at `FILES` for us."""

    def refer_to(self, index: Index, files: Index) -> None:
        """Let every direct reference lead to an index of its own: for pip, a link of the page would be the same."""
        there = f"{files.base}/files"
        for each in (index, files):
            each.replace(parse(self.referring.replace(FILES, there)))
        for path in self.directory.iterdir():
            path.write_text(path.read_text("utf-8").replace(FILES, there), encoding="utf-8")


def test_the_scenarios_of_the_universes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    require_pip()
    cases = [case for name in names() for case in _cases_of(load(name), tmp_path)]
    _compare("universes", cases, capsys)


def test_random_worlds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    require_pip()
    _compare("random worlds", [_random_case(seed, 0.6, tmp_path) for seed in range(RANDOM_WORLDS)], capsys)


def test_worlds_in_which_the_order_of_the_resolution_decides(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    require_pip()
    cases = [_random_case(seed, plain, tmp_path) for plain, seeds in DELICATE_WORLDS.items() for seed in seeds]
    _compare("delicate worlds", cases, capsys)


def test_random_worlds_with_direct_references(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    require_pip()
    cases = [_referring_case(seed, tmp_path) for seed in range(REFERRING_WORLDS)]
    _compare("referring worlds", cases, capsys)


def _cases_of(universe: Universe, directory: Path) -> list[Case]:
    cases = []
    for scenario in universe.scenarios:
        own = directory / universe.name / scenario.name
        own.mkdir(parents=True)
        scenario.write(own)
        flags = tuple(flag for flag in scenario.flags if flag == "--pre")
        twins = {t.id: t for t in (make_target(t.python, t.platform).installer for t in scenario.targets)}
        cases += [
            Case(
                name=f"{universe.name}-{scenario.name}-{key}", universe=universe, directory=own, twin=twin, flags=flags
            )
            for key, twin in twins.items()
        ]
    return cases


def _random_case(seed: int, plain: float, directory: Path) -> Case:
    return _case_of(make_world(Random(seed), Habits(plain=plain)), directory / f"world-{seed}")


def _referring_case(seed: int, directory: Path) -> Case:
    world = make_world(Random(seed), Habits(plain=0.7, references=0.15))
    return replace(_case_of(world, directory / f"world-{seed}"), referring=world.universe)


def _case_of(world: World, own: Path) -> Case:
    own.mkdir()
    (own / "constraints.txt").write_text("\n".join(world.constraints), encoding="utf-8")
    lines = [*world.requirements, "-c constraints.txt"]
    (own / "requirements.txt").write_text("\n".join(lines), encoding="utf-8")
    universe = replace(parse(world.universe), name=own.name)
    return Case(name=own.name, universe=universe, directory=own, twin=make_target("3.14", "linux-x86_64"))


def _compare(kind: str, cases: list[Case], capsys: pytest.CaptureFixture[str]) -> None:
    ours = {case.name: _ours(case) for case in cases}
    comparable = [case for case in cases if ours[case.name] is not None]
    with ExitStack() as stack:
        indexes: dict[str, str] = {}
        for case in comparable:
            if case.universe.name not in indexes:
                index = stack.enter_context(serve(case.universe, SHAPES["pypi"]))
                indexes[case.universe.name] = index.url
                if case.referring:
                    case.refer_to(index, stack.enter_context(serve(case.universe, SHAPES["pypi"])))
        answers = ask_pip(INSTALL, [_question(case, indexes[case.universe.name]) for case in comparable])
    theirs = {case.name: answer for case, answer in zip(comparable, answers, strict=True) if not answer.get("crashed")}
    assert {name: ours[name] for name in theirs} == {name: _theirs(answer) for name, answer in theirs.items()}
    with capsys.disabled():
        print(f" {kind}: pip agrees on {len(theirs)} of {len(cases)} resolutions, the others have no answer to compare")
    assert len(theirs) >= LEAST_AGREEMENTS[kind]


def _ours(case: Case) -> Chosen | None:
    """What we choose; ``None`` where pip has nothing to say: gaps, conflicts, what is not for the twin."""
    settings = IndexSettings(only_binary=frozenset({":all:"}), pre="--pre" in case.flags)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(case.directory)
        asked = read_inputs(["requirements.txt"], settings=settings, stdin=lambda: b"", fetch=None)
    if asked.unread or asked.settings != settings:
        return None
    fell_back, graph = _watched(case.twin, lambda: resolve(case.universe, asked, case.twin)[1])
    if graph.gaps or fell_back or any(node.requires_python for node in graph.nodes.values()):
        return None
    return {
        name: (str(node.version), next((file.filename for file in fitting_wheels(node.files, case.twin)), None))
        for name, node in graph.nodes.items()
    }


def _watched(twin: Target, resolution: Callable[[], Graph]) -> tuple[bool, Graph]:
    """The graph, and whether the walk met a project of which nothing fits the twin, where pip would turn back."""
    from nogilcheck.resolve.walk.project_candidates import ProjectCandidates

    fell_back: list[str] = []
    honest = ProjectCandidates._is_any_yanked

    def watched(self: ProjectCandidates, version: Any) -> Any:
        fell_back.append(self.page.name)
        return honest(self, version)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ProjectCandidates, "_is_any_yanked", watched)
        graph = resolution()
    return bool(fell_back), graph


def _question(case: Case, index: str) -> dict[str, object]:
    return installation(case.twin, index, ["-r", str(case.directory / "requirements.txt"), *case.flags])


def _theirs(answer: dict[str, Any]) -> Chosen | str:
    if "error" in answer:
        return f"pip found no answer: {answer['error']}"
    return {canonicalize_name(name): (version, unquote(wheel)) for name, (version, wheel) in answer["chosen"].items()}

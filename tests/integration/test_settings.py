"""What we choose with a setting of uv, Poetry or PDM against what the tool itself locks with it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.support.installer_settings import RECORDED, recorded, settings_of_tool
from tests.support.settings_cases import (
    PDM_CASES,
    POETRY_CASES,
    UV_CASES,
    Answer,
    Case,
    agrees,
    ours,
    random_uv_case,
    served,
)
from tests.support.workshop import Workshop, run

pytestmark = pytest.mark.tools

RANDOM_CASES = 150
LEAST_PASSED = 20
"""If fewer random cases than this end with 0, they have lost their worth."""

_PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+)", re.MULTILINE)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """The tools, installed as they are asked for."""
    shop = Workshop(tmp_path_factory.mktemp("tools"))
    yield shop
    shop.close()


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own settings."""
    for name in os.environ:
        if name.startswith(("PIP_", "UV_", "POETRY_", "PDM_", "PIPENV_")):
            monkeypatch.delenv(name)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


def test_each_setting_of_uv(workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for case, answer, theirs in _answers(workshop, UV_CASES, tmp_path, monkeypatch):
        agrees(case, answer, theirs)


def test_each_setting_of_poetry(workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for case, answer, theirs in _answers(workshop, POETRY_CASES, tmp_path, monkeypatch):
        agrees(case, answer, theirs)


def test_each_setting_of_pdm(workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for case, answer, theirs in _answers(workshop, PDM_CASES, tmp_path, monkeypatch):
        agrees(case, answer, theirs)


def test_whatever_settings_are_thrown_together_what_passes_is_what_uv_locks(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [random_uv_case(seed) for seed in range(RANDOM_CASES)]
    passed = 0
    for case, answer, theirs in _answers(workshop, cases, tmp_path, monkeypatch):
        if answer.status == 0:
            passed += 1
            assert (case.name, answer.versions) == (case.name, theirs)
    assert passed >= LEAST_PASSED


@pytest.mark.parametrize("tool", RECORDED)
def test_the_recorded_settings_are_those_of_the_tool(tool: str, workshop: Workshop) -> None:
    assert settings_of_tool(tool, workshop) == recorded(tool)


def _answers(
    workshop: Workshop, cases: Iterable[Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Case, Answer, dict[str, str] | None]]:
    with served() as index:
        for number, case in enumerate(cases):
            directory = tmp_path / str(number)
            case.write(directory, index.url)
            yield case, ours(case, directory, index.url, monkeypatch), _theirs(workshop, case, directory, index.url)


def _theirs(workshop: Workshop, case: Case, directory: Path, index: str) -> dict[str, str] | None:
    """What the tool chooses; ``None`` when it refuses."""
    tool, _, command = case.way.partition(" ")
    environment = {name: value for name, value in workshop.environment.items() if name != "UV_NO_CONFIG"}
    environment |= {"HOME": str(directory.parent / "home"), "UV_CACHE_DIR": str(directory.parent / "uv")}
    for name in ("POETRY_CACHE_DIR", "PDM_CACHE_DIR"):
        environment[name] = str(directory.parent / name)
    environment |= case.environment(index)
    arguments = ["pip", "compile", "requirements.txt"] if command == "pip" else [command]
    program = workshop.scripts(tool) / tool
    done = run(program, *arguments, "--quiet", check=False, cwd=directory, env=environment)
    if done.returncode:
        return None
    if command == "pip":
        return {match["name"]: match["version"] for match in _PIN.finditer(done.stdout)}
    packages = tomllib.loads((directory / f"{tool}.lock").read_text(encoding="utf-8")).get("package", [])
    return {package["name"]: package["version"] for package in packages if package["name"] != "p"}

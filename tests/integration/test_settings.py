"""What uv, Poetry, PDM and Pipenv lock with their settings, against what was recorded and what we choose."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.support.command import run as nogilcheck
from tests.support.installer_settings import RECORDED, recorded, settings_of_tool
from tests.support.settings_cases import Answer, Case, ours, random_uv_case, served
from tests.support.settings_tools import CASES, answer_of_tool, recorded_answers, title
from tests.support.workshop import Workshop, run

pytestmark = pytest.mark.tools

RANDOM_CASES = 150
LEAST_PASSED = 20
"""If fewer random cases than this end with 0, they have lost their worth."""


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


def test_the_tools_choose_what_was_recorded(workshop: Workshop, tmp_path: Path) -> None:
    """The default suite holds our answers against the recorded ones."""
    recorded_now = recorded_answers()
    with served() as index:
        for number, case in enumerate(CASES):
            directory = tmp_path / str(number)
            case.write(directory, index.url)
            answer = answer_of_tool(workshop, case, directory, index.url)
            assert (title(case), answer) == (title(case), recorded_now[title(case)])


def test_pipenv_locks_by_its_cool_down_and_the_plan_obeys_it(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for period, version in (("2d", "2.0"), ("14d", "1.0")):
        directory = tmp_path / period
        directory.mkdir()
        with served() as index:
            source = f'[[source]]\nname = "pypi"\nurl = "{index.url}"\nverify_ssl = false\n'
            text = f'{source}[packages]\nlib = "*"\n[pipenv]\ncool-down-period = "{period}"\n'
            (directory / "Pipfile").write_text(text, encoding="utf-8")
            environment = workshop.environment | {"HOME": str(tmp_path), "PIPENV_PIPFILE": str(directory / "Pipfile")}
            run(workshop.scripts("pipenv") / "pipenv", "lock", cwd=directory, env=environment)
            with monkeypatch.context() as patch:
                patch.chdir(directory)
                outcome = nogilcheck("Pipfile.lock", "--python", "3.14t", "--no-cache", "--format", "json")
        assert {each["version"] for each in json.loads(outcome.stdout)["distributions"]} == {version}


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
            yield (
                case,
                ours(case, directory, index.url, monkeypatch),
                answer_of_tool(workshop, case, directory, index.url),
            )

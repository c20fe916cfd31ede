"""Never ready by mistake: hand-made inputs, what we say of them, and what pip does."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from nogilcheck.targets.builds import make_target
from tests.differential.hunted_inputs import INPUTS, UNIVERSE, Hunted
from tests.support.command import run
from tests.support.pip_oracle import INSTALL, ask_pip, installation, require_pip
from tests.world import SHAPES, Index, Universe, archive, parse, serve

TARGET = make_target("3.14t", "linux-x86_64")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A running index, and the archives that it serves."""

    index: Index
    universe: Universe

    @property
    def files(self) -> str:
        return f"{self.index.base}/files"

    def content(self, filename: str) -> bytes:
        (found,) = [file for project in self.universe.projects for file in project.files if file.filename == filename]
        return archive(found)

    def write(self, case: Hunted, directory: Path) -> None:
        for name, text in case.files.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self._written(text, directory))

    def _written(self, text: str, directory: Path) -> bytes:
        if text.startswith("GET:"):
            return self.content(text.removeprefix("GET:"))
        hashed = re.sub(r"HASH\((.+?)\)", lambda found: hashlib.sha256(self.content(found[1])).hexdigest(), text)
        return hashed.replace("FILES", self.files).replace("DIR", str(directory)).encode()


@pytest.fixture(scope="module")
def setting() -> Iterator[Setting]:
    with serve(parse("[projects]"), SHAPES["pypi"]) as index:
        universe = parse(UNIVERSE.replace("FILES", f"{index.base}/files"))
        index.replace(universe)
        yield Setting(index=index, universe=universe)


def _cases() -> list[Any]:
    return [
        pytest.param(case, id=case.name, marks=[pytest.mark.xfail(reason=case.wrong)] if case.wrong else [])
        for case in INPUTS
    ]


@pytest.mark.parametrize("case", _cases())
def test_ready_or_not(case: Hunted, setting: Setting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setting.write(case, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIP_INDEX_URL", setting.index.url)
    monkeypatch.setenv("UV_DEFAULT_INDEX", setting.index.url)
    outcome = run(*case.checked, "--python", "3.14t", "--no-cache", "--no-config")
    assert (outcome.status == 0) == case.ready, outcome.stdout + outcome.stderr


def test_pip_says_the_same(setting: Setting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it can be asked about an interpreter that is not there: it installs what is ready, and nothing else."""
    require_pip()
    cases = [case for case in INPUTS if case.asks_pip]
    questions, ours = [], []
    for number, case in enumerate(cases):
        directory = tmp_path / str(number)
        directory.mkdir()
        setting.write(case, directory)
        requirements = directory / "requirements.txt"
        # pip takes paths for relative to where it runs.
        requirements.write_text(requirements.read_text("utf-8").replace("./", f"{directory}/"), encoding="utf-8")
        questions.append(installation(TARGET, setting.index.url, ["-r", str(requirements)]))
        monkeypatch.chdir(directory)
        monkeypatch.setenv("PIP_INDEX_URL", setting.index.url)
        outcome = run(*case.checked, "--python", "3.14t", "--no-cache", "--no-config", "--format", "json")
        ours.append({each["name"]: each["version"] for each in json.loads(outcome.stdout)["distributions"]})
    for case, mine, answer in zip(cases, ours, ask_pip(INSTALL, questions), strict=True):
        assert ("chosen" in answer) == (case.ready or case.steps_back), (case.name, answer)
        if "chosen" in answer:
            theirs = {canonicalize_name(name): Version(version) for name, (version, _) in answer["chosen"].items()}
            assert (theirs == {name: Version(version) for name, version in mine.items()}) == case.ready, case.name


def test_names_are_unique_and_both_answers_are_tried() -> None:
    assert len({case.name for case in INPUTS}) == len(INPUTS)
    assert min(sum(case.ready for case in INPUTS), sum(not case.ready for case in INPUTS)) >= len(INPUTS) // 5

"""Files and tables of other tools that are not read: a gap or an error that says what to do, never silence."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import Outcome, run
from tests.world import SHAPES, parse, serve

UNUSABLE, UNKNOWN = 2, 3
PROJECT = '[project]\nname = "p"\nversion = "1"\ndependencies = ["lib"]\n'
PIXI = '[tool.pixi.workspace]\nchannels = ["conda-forge"]\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*arguments: str, cache: Path) -> Outcome:
    """A check of 3.14t with an index that has ``lib``."""
    with serve(parse('[projects.lib]\n"1.0" = {}\n'), SHAPES["pypi"]) as index:
        return run(*arguments, "--python", "3.14t", "--cache-dir", str(cache), "--index-url", index.url)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("environment.yml", "dependencies:\n- python=3.14\n- pip:\n  - lib\n", "environment.yml:2: python=3.14"),
        ("environment.yml", "dependencies:\n- numpy\n- pip:\n  - lib\n", "environment.yml:2: 1 conda package"),
        ("environment.yml", 'dependencies:\n- "python >=3.14"\n- pip:\n  - lib\n', "environment.yml:2: python >=3.14"),
        ("environment.yml", "dependencies:\n- pip:\n  - --pre\n  - lib\n", "environment.yml:3: an option for pip"),
        ("pyproject.toml", f'{PROJECT}{PIXI}[tool.pixi.dependencies]\nnumpy = "*"\n', "[tool.pixi.dependencies]"),
        ("pyproject.toml", f'{PIXI}[tool.pixi.pypi-dependencies]\nlib = "*"\n', "[tool.pixi.pypi-dependencies]"),
        ("pyproject.toml", f'{PROJECT}{PIXI}[tool.pixi.feature.a.dependencies]\nlib = "*"\n', "[tool.pixi.feature]"),
        ("pyproject.toml", f'{PROJECT}{PIXI}[tool.pixi.target.linux.dependencies]\na = "*"\n', "[tool.pixi.target]"),
    ],
)
def test_parts_that_are_not_read_are_gaps(name: str, text: str, said: str, here: Path, cache_dir: Path) -> None:
    (here / name).write_text(text, encoding="utf-8")
    outcome = check(cache=cache_dir)
    assert (outcome.status, outcome.stderr) == (UNKNOWN, "")
    assert said in " ".join(outcome.stdout.split())


FILES = [
    ("pixi.toml", '[dependencies]\npython = "3.14.*"\n'),
    ("pixi.lock", "version: 6\n"),
    ("conda-lock.yml", "version: 1\npackage:\n- name: x\n"),
    ("conda-linux-64.lock", "@EXPLICIT\n"),
    ("report.json", json.dumps({"version": "1", "pip_version": "26.3", "install": []})),
    ("inspect.json", json.dumps({"version": "1", "pip_version": "26.3", "installed": []})),
    ("bom.json", json.dumps({"bomFormat": "CycloneDX", "components": []})),
    ("sbom.spdx.json", json.dumps({"spdxVersion": "SPDX-2.3"})),
]


@pytest.mark.parametrize(("name", "text"), FILES)
def test_a_file_that_is_not_read_is_an_error(name: str, text: str, here: Path, cache_dir: Path) -> None:
    (here / name).write_text(text, encoding="utf-8")
    outcome = check(name, cache=cache_dir)
    assert outcome.status == UNUSABLE
    assert f"{name}: a" in outcome.stderr
    assert "which is not supported" in outcome.stderr
    assert "hint:" in outcome.stderr
    assert "--input-format" not in outcome.stderr, "none would help"


@pytest.mark.parametrize(("name", "text"), FILES[:4])
def test_a_directory_with_such_a_file(name: str, text: str, here: Path, cache_dir: Path) -> None:
    (here / name).write_text(text, encoding="utf-8")
    outcome = check(cache=cache_dir)
    assert outcome.status == UNUSABLE
    assert f"{name}: a" in outcome.stderr
    (here / "requirements.txt").write_text("lib\n", encoding="utf-8")
    outcome = check(cache=cache_dir)
    assert outcome.status == UNKNOWN
    assert f"{name}: a" in outcome.stdout
    assert check("requirements.txt", cache=cache_dir).status == 0, "the file that counts was named"


@pytest.mark.parametrize(("name", "text"), FILES[4:])
def test_standard_input(name: str, text: str, cache_dir: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nogilcheck", "-", "--offline", "--cache-dir", str(cache_dir)],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == UNUSABLE, name
    assert "which is not supported" in done.stderr

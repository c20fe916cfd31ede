"""What requires nothing is ready; what has requirements of which none applies, and an empty list, are not known.

One rule for the project itself, and for it with each extra and each group; for project files, locks, environments.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.support.command import Outcome, run
from tests.world import SHAPES, parse, serve

READY, UNKNOWN = 0, 3
WORLD = '[projects.lib]\n"1.0" = {}\n'
ELSEWHERE = "lib; sys_platform == 'win32'"
PROJECT = '[project]\nname = "p"\nversion = "1"\n'
EXTRAS = f"""dependencies = []
[project.optional-dependencies]
some = ["lib"]
none = []
windows = ["{ELSEWHERE}"]
[dependency-groups]
some-group = ["lib"]
none-group = []
windows-group = ["{ELSEWHERE}"]
"""
UV_LOCK = """version = 1
requires-python = ">=3.11"
[[package]]
name = "p"
version = "1"
source = {{ virtual = "." }}
{}
"""
OF_WINDOWS = """dependencies = [{ name = "lib", marker = "sys_platform == 'win32'" }]
[[package]]
name = "lib"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://pypi.org/lib-1.0-py3-none-any.whl", hash = "sha256:00" }]
"""
PYLOCK = 'lock-version = "1.0"\ncreated-by = "t"\n'
PYLOCK_OF_WINDOWS = """[[packages]]
name = "lib"
version = "1.0"
marker = "sys_platform == 'win32'"
wheels = [{ url = "https://pypi.org/lib-1.0-py3-none-any.whl", hashes = { sha256 = "00" } }]
"""
POETRY_LOCK = '[metadata]\nlock-version = "2.1"\npython-versions = ">=3.11"\ncontent-hash = "0"\n'
PIPFILE_LOCK = '{"_meta": {"pipfile-spec": 6, "requires": {}, "sources": []}, "default": %s, "develop": {}}'


def check(*arguments: str, cache: Path) -> Outcome:
    """A check of 3.14t with an index that has ``lib``."""
    with serve(parse(WORLD), SHAPES["pypi"]) as index:
        return run(*arguments, "--python", "3.14t", "--cache-dir", str(cache), "--index-url", index.url)


@pytest.mark.parametrize(
    ("name", "text", "status"),
    [
        ("pyproject.toml", PROJECT + "dependencies = []\n", READY),
        ("pyproject.toml", PROJECT, READY),
        ("pyproject.toml", PROJECT + EXTRAS, READY),
        ("pyproject.toml", f'{PROJECT}dependencies = ["{ELSEWHERE}"]\n', UNKNOWN),
        ("pyproject.toml", '[tool.poetry]\nname = "p"\n[tool.poetry.dependencies]\npython = "^3.11"\n', READY),
        ("pyproject.toml", '[dependency-groups]\ndev = ["lib"]\n', UNKNOWN),
        ("pyproject.toml", '[tool.poetry.group.a.dependencies]\nlib = "*"\n', UNKNOWN),
        ("setup.cfg", "[options]\ninstall_requires =\n", READY),
        ("script.py", "# /// script\n# dependencies = []\n# ///\n", READY),
        ("script.py", f'# /// script\n# dependencies = ["{ELSEWHERE}"]\n# ///\n', UNKNOWN),
        ("requirements.txt", "# nothing yet\n", UNKNOWN),
        ("requirements.txt", f"{ELSEWHERE}\n", UNKNOWN),
        ("requirements.txt", f"lib\n{ELSEWHERE}\n", READY),
        ("uv.lock", UV_LOCK.format(""), READY),
        ("uv.lock", UV_LOCK.format(OF_WINDOWS), UNKNOWN),
        ("pylock.toml", f"{PYLOCK}packages = []\n", READY),
        ("pylock.toml", PYLOCK + PYLOCK_OF_WINDOWS, UNKNOWN),
        ("poetry.lock", f"package = []\n{POETRY_LOCK}", READY),
        ("Pipfile.lock", PIPFILE_LOCK % "{}", READY),
        (
            "Pipfile.lock",
            PIPFILE_LOCK % '{"lib": {"version": "==1.0", "markers": "sys_platform == \'win32\'", "hashes": []}}',
            UNKNOWN,
        ),
    ],
)  # fmt: skip
def test_of_the_project_itself(name: str, text: str, status: int, here: Path, cache_dir: Path) -> None:
    (here / name).write_text(text, encoding="utf-8")
    outcome = check(name, cache=cache_dir)
    assert (outcome.status, outcome.stderr) == (status, "")
    assert ("there is nothing to judge" in outcome.stdout) is (status == UNKNOWN)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--extra", "some"], READY),
        (["--extra", "none"], READY),
        (["--extra", "windows"], UNKNOWN),
        (["--extra", "some", "--extra", "none"], READY),
        (["--extra", "some", "--extra", "windows"], UNKNOWN),
        (["--all-extras"], UNKNOWN),
        (["--group", "some-group"], READY),
        (["--group", "none-group"], READY),
        (["--group", "windows-group"], UNKNOWN),
        (["--group", "some-group", "--group", "windows-group"], UNKNOWN),
        (["--all-groups"], UNKNOWN),
    ],
)
def test_of_extras_and_groups(arguments: list[str], status: int, here: Path, cache_dir: Path) -> None:
    """Each with the project itself, whatever else is checked."""
    (here / "pyproject.toml").write_text(PROJECT + EXTRAS, encoding="utf-8")
    assert check("pyproject.toml", *arguments, cache=cache_dir).status == status


def test_what_applies_of_the_project_is_enough_for_its_extras(here: Path, cache_dir: Path) -> None:
    text = PROJECT + EXTRAS.replace("dependencies = []", 'dependencies = ["lib"]', 1)
    (here / "pyproject.toml").write_text(text, encoding="utf-8")
    assert check("pyproject.toml", "--all-extras", "--all-groups", cache=cache_dir).status == READY


def test_a_project_of_which_nothing_applies_is_not_saved_by_its_extras(here: Path, cache_dir: Path) -> None:
    text = PROJECT + EXTRAS.replace("dependencies = []", f'dependencies = ["{ELSEWHERE}"]', 1)
    (here / "pyproject.toml").write_text(text, encoding="utf-8")
    outcome = check("pyproject.toml", "--extra", "some", cache=cache_dir)
    assert outcome.status == UNKNOWN
    assert "no requirement of the project itself applies" in outcome.stdout


def test_a_directory_that_requires_nothing(here: Path, cache_dir: Path) -> None:
    (here / "p").mkdir()
    (here / "p" / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (here / "requirements.txt").write_text("-e ./p\n", encoding="utf-8")
    assert check("requirements.txt", cache=cache_dir).status == READY


def test_an_empty_standard_input(cache_dir: Path) -> None:
    """``pip freeze | nogilcheck -``, where pip freeze fails."""
    done = subprocess.run(
        [sys.executable, "-m", "nogilcheck", "-", "--offline", "--cache-dir", str(cache_dir)],
        input="",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == UNKNOWN
    assert "no requirement was found" in done.stdout


def test_an_empty_environment(here: Path, cache_dir: Path) -> None:
    venv.create(here / "env", with_pip=False)
    assert check("--env", "env", cache=cache_dir).status == READY

"""What triggers the pre-commit hook is what is checked: pre-commit appends the changed files to its ``args``."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from nogilcheck.cli.hook import main
from tests.support.command import Outcome
from tests.support.statements import write

_LOCK = """\
lock-version = "1.0"
created-by = "tests"
[[packages]]
name = "{name}"
version = "1.0"
wheels = [{{ url = "https://f.test/{name}-1.0-{tag}.whl", hashes = {{ sha256 = "00" }} }}]
"""
_READY = _LOCK.format(name="fine", tag="py3-none-any")
_BLOCKED = _LOCK.format(name="speed", tag="cp314-cp314-manylinux_2_28_x86_64")
_TOOLS_ONLY = "[tool.black]\nline-length = 99\n"
_PROJECT = '[project]\nname = "p"\nversion = "1"\ndependencies = []\n'


def _hook(*arguments: str) -> Outcome:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as end:
        main(["--quiet", "--offline", "--no-cache", "--python", "3.14t", *arguments])
    assert isinstance(end.value.code, int)
    return Outcome(status=end.value.code, stdout=out.getvalue(), stderr=err.getvalue())


@pytest.mark.parametrize(
    ("files", "changed", "status"),
    [
        # The root is ready, and what has changed is not; and the other way round.
        ({"pylock.toml": _READY, "api/pylock.toml": _BLOCKED}, ["api/pylock.toml"], 1),
        ({"pylock.toml": _BLOCKED, "api/pylock.toml": _READY}, ["api/pylock.toml"], 0),
        ({"pylock.toml": _READY, "a/b/pylock.dev.toml": _BLOCKED}, ["a/b/pylock.dev.toml"], 1),
        # Each of several.
        ({"a/pylock.toml": _READY, "b/pylock.toml": _BLOCKED}, ["a/pylock.toml", "b/pylock.toml"], 1),
        ({"a/pylock.toml": _READY, "b/requirements.txt": "unknown\n"}, ["a/pylock.toml", "b/requirements.txt"], 3),
        ({"a/pylock.toml": _BLOCKED, "b/requirements.txt": "unknown\n"}, ["a/pylock.toml", "b/requirements.txt"], 1),
        ({"a/pylock.toml": _BLOCKED, "b/requirements.txt": "a b\n"}, ["a/pylock.toml", "b/requirements.txt"], 2),
        # A project file stands for what its directory has: the lock.
        ({"api/pyproject.toml": _PROJECT, "api/pylock.toml": _BLOCKED}, ["api/pyproject.toml"], 1),
        # What the lock stands before is checked by itself.
        ({"api/pylock.toml": _READY, "api/requirements.txt": "unknown\n"}, ["api/requirements.txt"], 3),
        ({"pylock.toml": _READY, "pylock.dev.toml": _BLOCKED}, ["pylock.dev.toml"], 1),
        ({"pylock.toml": _READY, "requirements/base.txt": "unknown\n"}, ["requirements/base.txt"], 3),
        # What only configures tools belongs to the project above it.
        ({"pylock.toml": _BLOCKED, "docs/pyproject.toml": _TOOLS_ONLY}, ["docs/pyproject.toml"], 1),
        ({"pyproject.toml": _TOOLS_ONLY, "api/pylock.toml": _BLOCKED}, ["pyproject.toml"], 0),
        ({"pylock.toml": _BLOCKED, "constraints.txt": "x<2\n"}, ["constraints.txt"], 1),
        ({"pylock.toml": _BLOCKED, "deps/constraints.txt": "x<2\n"}, ["deps/constraints.txt"], 1),
        ({"pylock.toml": _BLOCKED, "nogilcheck.toml": ""}, ["nogilcheck.toml"], 1),
    ],
)
def test_what_has_changed_is_checked(files: dict[str, str], changed: list[str], status: int, here: Path) -> None:
    write(files, here)
    outcome = _hook(*changed)
    assert outcome.status == status, outcome.stdout + outcome.stderr


def test_without_files_the_directory_is_checked(here: Path) -> None:
    write({"pylock.toml": _BLOCKED}, here)
    assert _hook().status == 1


def test_the_value_of_an_option_is_no_changed_file(here: Path) -> None:
    write({"own.toml": "", "pylock.toml": _READY, "api/pylock.toml": _BLOCKED}, here)
    assert _hook("--config", "own.toml", "pylock.toml").status == 0
    assert _hook("--config=own.toml", "--platform", "linux-x86_64", "api/pylock.toml").status == 1

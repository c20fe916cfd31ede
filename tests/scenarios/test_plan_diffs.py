"""Whatever a plan prints as a diff, ``patch`` and ``git apply`` take it, and a check then finds what was promised."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.support.planning import ask_plan, blocked_again, plan
from tests.world import Index, parse

TOOLS = {"patch": ["patch", "-p0", "--fuzz=0"], "git": ["git", "apply", "-p0"]}

_RELEASES = """
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
"1.1" = { wheels = ["cp314-cp314t-manylinux_2_28_x86_64"] }
"""
WORLD = parse("".join(f"[projects.{name}]{_RELEASES}" for name in ("one", "two", "three")))

_REQUIREMENTS = "one~=1.0.0\ntwo==1.0  # keep\nthree<1.1 ; os_name > 'a'\n"
_INCLUDING = {"in/all.txt": "-r base.txt\n-c ../c.txt\nthree\n", "in/base.txt": "one==1.0\ntwo\n", "c.txt": "two<1.1\n"}
_PROJECT = """\
[project]
name = "sample"
dependencies = [
  "one~=1.0.0",
]
optional-dependencies.x = ['two[y] == 1.0 ; os_name > "a"', "one"]
[dependency-groups]
dev = [{ include-group = "other" }, "one"]
other = [ "three<1.1" ]
"""
_POETRY = """\
[tool.poetry.dependencies]
python = ">=3.12"
one = "~1.0"
two = {version = "1.0", extras = ["y"]}
[tool.poetry.group.dev.dependencies.three]
optional = true
version = "<1.1"
"""
_UV = """\
[project]
name = "sample"
version = "1"
dependencies = ["one", "two", "three==1.0"]
[tool.uv]
constraint-dependencies = ["two<1.1"]
override-dependencies = ["one==1.0"]
"""
_HERE = ("pyproject.toml", "--all-extras", "--all-groups")


def _bytes(text: str, *, mark: bytes = b"", end: str = "\n", last: bool = True) -> bytes:
    return mark + (text if last else text.removesuffix("\n")).replace("\n", end).encode()


AS_WRITTEN: dict[str, Callable[[str], bytes]] = {
    "plain": _bytes,
    "CRLF": lambda text: _bytes(text, end="\r\n"),
    "no newline": lambda text: _bytes(text, last=False),
    "a mark": lambda text: _bytes(text, mark=b"\xef\xbb\xbf"),
}
CASES: dict[str, tuple[Mapping[str, str], tuple[str, ...], str]] = {
    **{f"requirements, {how}": ({"r.txt": _REQUIREMENTS}, ("r.txt",), how) for how in AS_WRITTEN},
    "included": (_INCLUDING, ("in/all.txt",), "plain"),
    "included, CRLF": (_INCLUDING, ("in/all.txt",), "CRLF"),
    "pyproject.toml": ({"pyproject.toml": _PROJECT}, _HERE, "no newline"),
    "pyproject.toml, CRLF": ({"pyproject.toml": _PROJECT}, _HERE, "CRLF"),
    "Poetry": ({"pyproject.toml": _POETRY}, _HERE, "CRLF"),
    "a directory with a space": ({"a b/r.txt": _REQUIREMENTS}, ("a b/r.txt",), "plain"),
    "what uv limits stays": ({"pyproject.toml": _UV}, _HERE, "a mark"),
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    return tmp_path


@pytest.mark.parametrize("case", CASES)
def test_it_applies_and_keeps_its_promise(case: str, index: Index, here: Path) -> None:
    files, asked, how = CASES[case]
    path, *others = asked
    for name, text in files.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(AS_WRITTEN[how](text))
    answer = plan(*asked, index=index)
    assert answer.target["by_hand"] == []
    _apply(ask_plan(*asked, index=index).stdout)
    assert blocked_again(Path(path), *others, index=index) == set(answer.remaining)
    assert answer.remaining == (["one", "two"] if "uv" in case else [])


def test_a_file_elsewhere_is_patched_in_its_directory(
    index: Index, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "other").mkdir()
    (here / "r.txt").write_text(_REQUIREMENTS, encoding="utf-8")
    monkeypatch.chdir(here / "other")
    printed = ask_plan("../r.txt", index=index).stdout
    monkeypatch.chdir(here)
    if shutil.which("patch"):
        subprocess.run(["patch", "--fuzz=0"], input=printed.encode(), check=True, capture_output=True)
        assert blocked_again(Path("r.txt"), index=index) == set()


def _apply(printed: str) -> None:
    """Apply the whole output; what every tool takes the first one changes."""
    for number, command in enumerate(filter(lambda one: shutil.which(one[0]), reversed(TOOLS.values()))):
        dry = ["--check"] if command[0] == "git" else ["--dry-run"] if not number else []
        done = subprocess.run([*command, *dry], input=printed.encode(), capture_output=True, check=False)
        assert done.returncode == 0, (command, done.stdout, done.stderr)

"""Every row of the table "Intended differences" is held by a test; those that no other place holds are here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import Outcome, run
from tests.world import SHAPES, Index, Universe, parse, serve, write_links_dir

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "reference" / "agreement-with-pip.md"
GIL = "cp314-cp314-manylinux_2_17_x86_64"

WORLD = f"""
[projects.six]
"1.17" = {{}}
[projects.gil]
"1.0" = {{ wheels = ["{GIL}"] }}
[projects.capped]
"1.0" = {{}}
"2.0" = {{ wheels = ["{GIL}"], requires-python = "<3.14" }}
[projects.asks]
"1.0" = {{ requires = ["candidate>=1.0rc1"] }}
[projects.candidate]
"1.0" = {{}}
"2.0rc1" = {{}}
[projects.needs-more]
"1.0" = {{ requires = ["gil"] }}
"""

LOCK = """
lock-version = "1.0"
created-by = "by hand"
[[packages]]
name = "needs-more"
version = "1.0"
wheels = [{ url = "FILES/needs_more-1.0-py3-none-any.whl", hashes = { sha256 = "HASH" } }]
"""


def rows() -> list[str]:
    """The last column of the table."""
    _, _, section = PAGE.read_text(encoding="utf-8").partition("## Intended differences")
    table = section.partition("\n## ")[0]
    return re.findall(r"\| `([^`|]+)` \|$", table, re.MULTILINE)


def test_each_row_is_held_by_a_test() -> None:
    held = rows()
    assert len(held) >= 16
    for name in held:
        file, _, test = name.partition("::")
        texts = [path.read_text(encoding="utf-8") for path in TESTS.rglob(file)]
        assert any(re.search(rf"def {test}\(", text) for text in texts), name


@pytest.fixture
def universe() -> Universe:
    return parse(WORLD)


@pytest.fixture
def index(universe: Universe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    monkeypatch.chdir(tmp_path)
    with serve(universe, SHAPES["pypi"]) as running:
        monkeypatch.setenv("PIP_INDEX_URL", running.url)
        yield running


def asked(*arguments: str) -> Outcome:
    return run(*arguments, "--python", "3.14t", "--no-cache", "--no-config", "-v")


def test_an_upload_date_without_upload_times_is_never_ready(
    universe: Universe, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(universe, SHAPES["mirror"]) as mirror:
        monkeypatch.setenv("PIP_INDEX_URL", mirror.url)
        assert asked("six", "--exclude-newer", "2026-06-01").status == 3


def test_an_upload_date_does_not_reach_files_of_the_disk(universe: Universe, tmp_path: Path) -> None:
    write_links_dir(universe, tmp_path / "links")
    links = ("--no-index", "--find-links", str(tmp_path / "links"))
    assert asked("six", *links).status == 0
    assert asked("six", *links, "--exclude-newer", "2026-06-01").status == 0


def test_several_hashes_of_one_archive_are_an_error(universe: Universe, index: Index) -> None:
    line = f"six @ {index.base}/files/six-1.17-py3-none-any.whl"
    Path("r.txt").write_text(f"{line} --hash=sha256:{'a' * 64} --hash=sha256:{'b' * 64}\n", encoding="utf-8")
    assert asked("r.txt").status == 2


@pytest.mark.usefixtures("index")
def test_upper_bounds_of_requires_python_hold() -> None:
    outcome = asked("capped")
    assert outcome.status == 0
    assert "capped 1.0" in outcome.stdout
    assert "2.0" in outcome.stdout, "the newest is not named"


@pytest.mark.usefixtures("index")
def test_a_candidate_that_a_dependency_asks_for() -> None:
    outcome = asked("asks")
    assert outcome.status == 0
    assert "candidate 2.0rc1" in outcome.stdout


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize(
    "group",
    [
        "[dependency-groups]\ndev = ['gil']\n[tool.uv]\ndefault-groups = ['dev']\n",
        "[dependency-groups]\ndev = ['gil']\n[tool.pdm]\n",
        "[tool.poetry.group.dev.dependencies]\ngil = '*'\n",
    ],
)
def test_default_groups_are_named_and_not_checked(group: str) -> None:
    project = "[project]\nname = 'app'\nversion = '1'\ndependencies = ['six']\n"
    Path("pyproject.toml").write_text(project + group, encoding="utf-8")
    outcome = asked("pyproject.toml")
    assert outcome.status == 0
    assert "group dev" in outcome.stdout
    assert asked("pyproject.toml", "--all-groups").status == 1


def _locked(index: Index) -> Outcome:
    text = LOCK.replace("FILES", f"{index.base}/files").replace("HASH", "a" * 64)
    Path("pylock.toml").write_text(text, encoding="utf-8")
    return asked("pylock.toml")


def test_a_lock_is_followed_and_not_resolved(index: Index) -> None:
    outcome = _locked(index)
    assert outcome.status == 0
    assert "gil" not in outcome.stdout.split()


def test_what_a_lock_says_of_its_files_is_believed(index: Index) -> None:
    assert _locked(index).status == 0
    assert index.asked() == ()

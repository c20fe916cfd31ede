"""Plans for projects and their locks: what moves, by which command, and what is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.planning import ask_plan, blocked_again, plan
from tests.support.statements import STATEMENTS, write
from tests.world import Index, parse, serve

BOTH = 'wheels = ["cp314-cp314-manylinux_2_28_x86_64", "cp314-cp314t-manylinux_2_28_x86_64"]'
GIL = 'wheels = ["cp314-cp314-manylinux_2_28_x86_64"]'
LATER = parse(f"""
[projects.app]
"1.0" = {{ requires = ["speed>=1", "pure", "windowed ; sys_platform == 'win32'"], extras.socks = ["sock"] }}
[projects.speed]
"1.0" = {{ {GIL} }}
"2.0" = {{ {BOTH}, upload-time = "2026-02-01T00:00:00Z" }}
[projects.pure]
"1.0" = {{}}
"2.0" = {{}}
[projects.sock]
"1.0" = {{ {BOTH} }}
[projects.windowed]
"1.0" = {{ wheels = ["cp314-cp314-win_amd64"] }}
[projects.gil]
"1.0" = {{ {GIL} }}
[projects.tester]
"1.0" = {{ requires = ["pure"] }}
""")
"""The world of the statements, a month later: what blocks their core has a release that fits."""

COMMANDS = {
    "uv.lock": "$ uv lock --upgrade-package speed==2.0",
    "poetry.lock": "$ poetry update speed",
    "pdm.lock": "$ pdm update --update-reuse speed",
    "Pipfile.lock": "$ pipenv upgrade speed==2.0",
    "pylock.toml": "",
}


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with serve(LATER) as served:
        yield served


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "project"
    directory.mkdir()
    monkeypatch.chdir(directory)
    return directory


@pytest.mark.parametrize("name", COMMANDS)
def test_a_lock_that_has_to_be_written_again(name: str, index: Index, here: Path) -> None:
    statement = STATEMENTS[name]
    write(statement.files(index), here)
    answer = plan(*statement.named, "--write", "constraints.txt", index=index)
    assert answer.moves == {"speed": ("1.0", "2.0")}
    assert (answer.verified, answer.changes) == (True, [])
    assert Path("constraints.txt").read_text("utf-8") == "# written by nogilcheck plan, for 3.14t\nspeed==2.0\n"
    text = ask_plan(*statement.named, index=index).stdout
    assert "when it is locked again, verified by a second resolution" in " ".join(text.split())
    assert "Moves in the lock: speed 1.0 to 2.0." in text
    assert COMMANDS[name] in text


def test_the_locked_versions_of_everything_else_are_kept(index: Index, here: Path) -> None:
    """There is a pure 2.0, and a lock that is written again with the command does not take it."""
    statement = STATEMENTS["uv.lock"]
    write(statement.files(index), here)
    answer = plan(*statement.named, "--all-extras", "--all-groups", index=index)
    assert "pure" not in answer.moves
    assert answer.remaining == ["gil"]


def test_a_projects_own_words_are_shown_changed_and_written_as_a_list(index: Index, here: Path) -> None:
    Path("pyproject.toml").write_text(
        '[project]\nname = "own"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = [\n'
        '  "app>=1",\n  "speed<2",\n]\n',
        encoding="utf-8",
    )
    answer = plan("pyproject.toml", "--write", "planned.txt", index=index)
    assert answer.changes == [("relax", "speed<2", "speed<2.1")]
    assert answer.target["changes"][0]["location"] == {"path": "pyproject.toml", "line": 7}
    written = Path("planned.txt")
    assert written.read_text("utf-8") == "# written by nogilcheck plan, for 3.14t\napp>=1\nspeed<2.1\n"
    assert blocked_again(written, index=index) == set()
    diff = ask_plan("pyproject.toml", index=index).stdout
    assert '\n@@ -4,5 +4,5 @@\n requires-python = ">=3.11"\n dependencies = [\n   "app>=1",\n' in diff
    assert '\n-  "speed<2",\n+  "speed<2.1",\n ]\n' in diff


def test_overrides_are_not_restated(index: Index, here: Path) -> None:
    Path("pyproject.toml").write_text(
        '[project]\nname = "own"\nversion = "1"\ndependencies = ["pure<2", "speed==1.0"]\n'
        '[tool.uv]\noverride-dependencies = ["pure>=2"]\n',
        encoding="utf-8",
    )
    answer = plan("pyproject.toml", index=index)
    assert answer.changes == [("pin", "speed==1.0", "speed==2.0")]
    assert (answer.status, answer.verified) == (0, True)


def test_an_override_that_blocks_stays(index: Index, here: Path) -> None:
    Path("pyproject.toml").write_text(
        '[project]\nname = "own"\nversion = "1"\ndependencies = ["speed"]\n'
        '[tool.uv]\noverride-dependencies = ["speed<2"]\n',
        encoding="utf-8",
    )
    answer = plan("pyproject.toml", index=index)
    assert (answer.status, answer.changes, answer.remaining) == (1, [], ["speed"])

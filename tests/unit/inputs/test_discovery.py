from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.inputs.discovery import advice, discover


def chosen(directory: Path, *names: str) -> tuple[list[str], list[str]] | None:
    for name in names:
        (directory / name).write_text("", encoding="utf-8")
    found = discover(str(directory), lambda path: True)
    return None if found is None else ([Path(path).name for path in found.paths], list(found.passed_over))


ORDER = [
    "pylock.toml",
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "Pipfile.lock",
    "pyproject.toml",
    "requirements.txt",
    "setup.cfg",
    "environment.yml",
]


@pytest.mark.parametrize("position", range(len(ORDER)))
def test_the_first_of_the_order_is_chosen(tmp_path: Path, position: int) -> None:
    first, *others = ORDER[position:]
    assert chosen(tmp_path, *reversed(ORDER[position:])) == ([first], others)


def test_requirements_files_are_one_project(tmp_path: Path) -> None:
    names = ["requirements-dev.txt", "requirements.txt", "requirements_test.txt"]
    assert chosen(tmp_path, *names, "requirements.in", "other.txt") == (names, [])


def test_what_requirements_are_compiled_from_is_read_where_nothing_is_compiled(tmp_path: Path) -> None:
    assert chosen(tmp_path, "requirements.in") == (["requirements.in"], [])


def test_of_several_pylock_files_the_plain_one_is_chosen(tmp_path: Path) -> None:
    assert chosen(tmp_path, "pylock.dev.toml", "pylock.ci.toml") == (["pylock.ci.toml"], [])
    assert chosen(tmp_path, "pylock.toml") == (["pylock.toml"], [])


def test_nothing_is_chosen_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").mkdir()
    assert chosen(tmp_path, "script.py", "setup.py", "Pipfile", "README.md") is None


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        discover(str(tmp_path / "nowhere"), lambda path: True)


def test_a_pyproject_that_states_nothing_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    asked: list[str] = []

    def states(path: str) -> bool:
        asked.append(path)
        return False

    assert discover(str(tmp_path), states) is None
    (tmp_path / "requirements.txt").touch()
    found = discover(str(tmp_path), states)
    assert found is not None
    assert [Path(path).name for path in found.paths] == ["requirements.txt"]
    assert found.passed_over == ()
    assert asked == [str(tmp_path / "pyproject.toml")] * 2


@pytest.mark.parametrize(
    ("names", "passed_over"),
    [
        (("requirements.txt", "setup.py", "Pipfile"), ["Pipfile", "setup.py"]),
        (("setup.cfg", "Pipfile"), ["Pipfile"]),
        (("Pipfile.lock", "Pipfile"), []),
        (("pyproject.toml", "setup.py"), []),
        (("requirements.txt", "dev-requirements.txt", "notes.txt"), ["dev-requirements.txt"]),
        (("requirements.txt", "requirements/dev.txt", "requirements/base.txt"),
         ["requirements/base.txt", "requirements/dev.txt"]),
        (("uv.lock", "requirements.txt", "requirements/dev.txt"), ["requirements.txt", "requirements/dev.txt"]),
    ],
)  # fmt: skip
def test_files_that_are_not_read_are_named(names: tuple[str, ...], passed_over: list[str], tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    assert chosen(tmp_path, *names) == ([names[0]], passed_over)


def test_projects_below_an_empty_directory_are_named(tmp_path: Path) -> None:
    for name in ("api/uv.lock", "web/pyproject.toml", ".venv/requirements.txt", "lib/site-packages/x/pyproject.toml"):
        file = tmp_path / "top" / name
        file.parent.mkdir(parents=True)
        file.touch()
    assert advice(str(tmp_path / "top"), "my top") == "name projects below it: nogilcheck 'my top/api' 'my top/web'"
    for number in range(4):
        (tmp_path / "top" / f"more-{number}").mkdir()
        (tmp_path / "top" / f"more-{number}" / "requirements.txt").touch()
    assert (
        advice(str(tmp_path / "top"), ".") == "name projects below it: nogilcheck api more-0 more-1 (and 3 more below)"
    )

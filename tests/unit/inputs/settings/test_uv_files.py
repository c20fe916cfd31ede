"""`uv.toml`: of the project, of the user, of the system."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nogilcheck.inputs.settings import uv_files
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.source import IndexSettings
from tests.unit.inputs.reading import read

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the files are elsewhere")


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Where uv looks for its files, in its order; none of them is there."""
    monkeypatch.delenv("UV_NO_CONFIG")
    monkeypatch.setattr(uv_files, "SYSTEM_DIRECTORY", str(tmp_path / "etc"))
    for name in ("XDG_CONFIG_HOME", "XDG_CONFIG_DIRS"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    here = tmp_path / "project" / "below"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    return {
        "here": here / "uv.toml",
        "above": here.parent / "uv.toml",
        "user": tmp_path / "xdg_config_home" / "uv" / "uv.toml",
        "xdg": tmp_path / "xdg_config_dirs" / "uv" / "uv.toml",
        "etc": tmp_path / "etc" / "uv" / "uv.toml",
    }


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def settings() -> IndexSettings:
    found = read("a")
    assert found.unread == ()
    return found.settings


def default(name: str) -> str:
    return f'index-url = "https://{name}.test/"\n[[index]]\nname = "{name}"\nurl = "https://{name}-more.test/"\n'


def names(found: IndexSettings) -> list[str]:
    return [index.name for index in found.indexes if index.name]


def test_files_of_the_system_can_be_switched_off(places: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """As uv 0.13 does; those of the user and of the project stay."""
    for name, path in places.items():
        write(path, default(name))
    monkeypatch.setenv("UV_NO_SYSTEM_CONFIG", "1")
    assert set(names(settings())) == {"here", "user"}


def test_an_earlier_one_goes_first(places: dict[str, Path]) -> None:
    read_so_far: list[str] = []
    for name, path in reversed(places.items()):
        write(path, default(name))
        read_so_far = [one for one in (name, *read_so_far) if not (name == "here" and one == "above")]
        found = settings()
        assert found.index_url == f"https://{name}.test/"
        assert names(found) == read_so_far, "the nearest one of the project, and all others"


def test_everything_that_it_says_of_indexes(places: dict[str, Path]) -> None:
    write(places["above"], """
no-index = true
index-strategy = "unsafe-best-match"
prerelease = "allow"
extra-index-url = ["https://more.test/"]
find-links = ["wheels", "https://links.test/"]
[[index]]
name = "own"
url = "simple"
explicit = true
""")  # fmt: skip
    found = settings()
    directory = places["above"].parent
    assert (found.no_index, found.strategy, found.pre) == (True, "merge", True)
    assert found.find_links == (str(directory / "wheels"), "https://links.test/")
    assert [(one.name, one.url, one.role) for one in found.indexes] == [
        ("own", str(directory / "simple"), "explicit"),
        ("", "https://more.test/", "first"),
    ]


def test_variables_go_before_it_and_pips_configuration_after_it(
    places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://pip.test/")
    write(places["user"], default("user"))
    assert settings().index_url == "https://user.test/"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://variable.test/")
    assert settings().index_url == "https://variable.test/"


def test_a_file_that_is_named_is_the_only_one(
    places: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("here", "user"):
        write(places[name], default(name))
    monkeypatch.setenv("UV_CONFIG_FILE", str(write(tmp_path / "named.toml", default("named"))))
    assert names(settings()) == ["named"]
    monkeypatch.setenv("UV_CONFIG_FILE", "nothing.toml")
    (unread,) = read("a").unread
    assert (unread.location.path, unread.text) == ("nothing.toml", "no such file")


def test_no_file_is_read_where_uv_reads_none(places: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    write(places["user"], default("user"))
    monkeypatch.setenv("UV_NO_CONFIG", "true")
    assert settings() == IndexSettings()


@pytest.mark.parametrize(("table", "expected"), [("[tool.uv]\n", []), ("[tool.other]\n", ["above"]), ("[", ["above"])])
def test_the_nearest_project_of_uv_ends_the_search(places: dict[str, Path], table: str, expected: list[str]) -> None:
    write(places["above"], default("above"))
    write(places["here"].with_name("pyproject.toml"), table)
    assert names(settings()) == expected


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("index-url = [", 1, "not valid TOML"),
        ('\nindex-url = ["https://u:hunter2@host/"]', 2, "index-url has to be a string"),
        ('index-strategy = "best"', 1, "index-strategy of uv is not followed"),
        ('[[index]]\nname = "x"', 1, "an index without a URL"),
    ],
)
def test_what_cannot_be_read_is_said(places: dict[str, Path], text: str, line: int, said: str) -> None:
    write(places["here"], text)
    (unread,) = read("a").unread
    assert unread.location.path == "uv.toml"
    assert unread.location.line == line
    assert said in unread.text
    assert "hunter2" not in unread.text


def of_project(directory: Path) -> Inputs:
    table = (
        '[project]\nname = "p"\nversion = "1"\ndependencies = ["a"]\n[[tool.uv.index]]\nurl = "https://table.test/"\n'
    )
    return read(str(write(directory / "pyproject.toml", table)))


def test_beside_a_project_it_takes_the_place_of_the_table(tmp_path: Path) -> None:
    directory = tmp_path / "elsewhere"
    assert [one.url for one in of_project(directory).settings.indexes] == ["https://table.test/"]
    write(directory / "uv.toml", 'find-links = ["wheels"]\n')
    found = of_project(directory)
    assert found.settings.indexes == ()
    assert found.settings.find_links == (str(directory / "wheels"),)
    write(directory / "uv.toml", "[")
    (unread,) = of_project(directory).unread
    assert unread.location.path.endswith("uv.toml")


def test_what_was_looked_for_is_witnessed(places: dict[str, Path]) -> None:
    def witnessed() -> dict[str, str]:
        found = read("a").witnesses
        assert found is not None
        return {one.name: one.sha256 for one in found}

    before = witnessed()
    assert {str(path) for path in places.values()} <= set(before)
    for path in places.values():
        write(path, default("x"))
        after = witnessed()
        assert after[str(path)] != before[str(path)]
        path.unlink()

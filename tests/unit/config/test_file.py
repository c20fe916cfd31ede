"""Which configuration file counts, and what is wrong with one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nogilcheck.config import file as config_file
from nogilcheck.config.file import ConfigFile, find_config, locate, read_config
from nogilcheck.errors import UsageError


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A directory below others."""
    path = tmp_path / "a" / "b"
    path.mkdir(parents=True)
    return path


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def found(here: Path) -> ConfigFile:
    config = find_config(here)
    assert config is not None
    return config


def test_the_nearest_directory_counts(here: Path) -> None:
    write(here.parents[1] / "nogilcheck.toml", "python = '3.13t'")
    config = found(here)
    assert (config.path, config.directory) == (str(Path("../../nogilcheck.toml")), str(here.parents[1]))
    write(here.parent / "pyproject.toml", "[project]\nname='x'\n[tool.nogilcheck]\npython = '3.14t'")
    config = found(here)
    assert (config.path, config.table) == (str(Path("../pyproject.toml")), {"python": "3.14t"})
    write(here / "nogilcheck.toml", "")
    assert (found(here).path, found(here).table) == ("nogilcheck.toml", {})


@pytest.mark.parametrize(
    "text",
    [
        "[project]\nname = 'x'\n",
        "[tool.ruff]\n",
        "not toml at all",
        "# nogilcheck\n[tool]\nx = 1\n",
        "[tool.nogilcheck-x]\n",
    ],
)
def test_a_project_without_the_table_is_passed_over(here: Path, text: str) -> None:
    write(here / "pyproject.toml", text)
    write(here.parent / "pyproject.toml", "[tool.nogilcheck]\npre = true")
    assert found(here).path == str(Path("../pyproject.toml"))


def test_a_project_that_says_nothing_of_us_is_not_parsed(here: Path) -> None:
    (here / "pyproject.toml").write_bytes(b"\xff\xfe \x00")
    assert find_config(here) is None


def test_the_file_of_its_own_counts_where_there_are_both(here: Path) -> None:
    write(here / "pyproject.toml", "[tool.nogilcheck]\npre = true")
    assert found(here).ignored is None
    write(here / "nogilcheck.toml", "pre = false")
    assert (found(here).path, found(here).ignored) == ("nogilcheck.toml", "pyproject.toml")


def test_places_are_lines_of_the_file(here: Path) -> None:
    write(here / "pyproject.toml", "[tool.nogilcheck]\npre = true\n\n[[tool.nogilcheck.waivers]]\nrule = 'x'\n")
    config = found(here)
    assert config.place("pre") == "pyproject.toml:2"
    assert config.place("waivers", 0, "rule") == "pyproject.toml:5"
    assert config.line("waivers", 0) == 4
    write(here / "nogilcheck.toml", "\npre = true\r\nno-index = true\r\n")
    assert found(here).place("no-index") == "nogilcheck.toml:3"


@pytest.mark.parametrize(
    ("name", "data", "mentioned"),
    [
        ("nogilcheck.toml", b"python = [", ["nogilcheck.toml:1", "not valid TOML"]),
        ("nogilcheck.toml", b"a = 1\nb = \n", ["nogilcheck.toml:2", "not valid TOML"]),
        ("nogilcheck.toml", b"\xff", ["nogilcheck.toml", "UTF-8"]),
        ("nogilcheck.toml", b"x = " + b"[" * 100_000, ["nogilcheck.toml:1", "nested too deeply"]),
        ("nogilcheck.toml", b"a = 1\n" + b"x." * 100_000 + b"x = 1", ["nogilcheck.toml:2", "more than 256 parts"]),
        ("nogilcheck.toml", b"x = " + b"9" * 5000, ["nogilcheck.toml", "TOML"]),
        ("pyproject.toml", b"[tool.nogilcheck\n", ["pyproject.toml:1", "not valid TOML"]),
        ("pyproject.toml", b"tool.nogilcheck = 3\n", ["pyproject.toml", "tool.nogilcheck is not a table"]),
        ("pyproject.toml", b"tool = 'nogilcheck'\nnogilcheck = 1", ["pyproject.toml", "tool is not a table"]),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(here: Path, name: str, data: bytes, mentioned: list[str]) -> None:
    (here / name).write_bytes(data)
    with pytest.raises(UsageError) as caught:
        find_config(here)
    for text in mentioned:
        assert text in str(caught.value)
    assert "--no-config" in (caught.value.hint or "")


def test_a_file_of_any_size_is_not_read(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config_file, "MAX_CONFIG_BYTES", 64)
    write(here / "pyproject.toml", "#" * 100)
    assert find_config(here) is None
    write(here / "nogilcheck.toml", "#" * 100)
    with pytest.raises(UsageError, match="more than"):
        find_config(here)


def test_a_directory_of_that_name_is_no_file(here: Path) -> None:
    (here / "nogilcheck.toml").mkdir()
    assert find_config(here) is None


def test_a_file_by_name(here: Path) -> None:
    write(here / "ci.toml", "pre = true")
    assert read_config("ci.toml", here).table == {"pre": True}
    write(here / "pyproject.toml", "[project]\n")
    for name, mentioned in (("pyproject.toml", "no .tool.nogilcheck. table"), ("missing.toml", "no such")):
        with pytest.raises(UsageError, match=mentioned) as caught:
            read_config(name, here)
        assert caught.value.where == name


def test_flags_before_variables(here: Path) -> None:
    write(here / "nogilcheck.toml", "")
    write(here / "ci.toml", "")
    write(here / "other.toml", "")

    def path(flags: dict[str, object], **environ: str) -> str | None:
        config = locate(flags, environ, here)
        return config.path if config else None

    assert path({}) == "nogilcheck.toml"
    assert path({}, NOGILCHECK_CONFIG="ci.toml") == "ci.toml"
    assert path({"config": "other.toml"}, NOGILCHECK_CONFIG="ci.toml", NOGILCHECK_NO_CONFIG="1") == "other.toml"
    assert path({"no_config": True}, NOGILCHECK_CONFIG="ci.toml") is None
    assert path({}, NOGILCHECK_NO_CONFIG="true") is None
    assert path({}, NOGILCHECK_NO_CONFIG="0") == "nogilcheck.toml"
    with pytest.raises(UsageError, match="contradict"):
        path({"config": "ci.toml", "no_config": True})
    with pytest.raises(UsageError, match="NOGILCHECK_NO_CONFIG"):
        path({}, NOGILCHECK_NO_CONFIG="perhaps")


@pytest.mark.parametrize("marker", [".git", ".hg", ".jj"])
@pytest.mark.parametrize("name", ["nogilcheck.toml", "pyproject.toml"])
def test_settings_outside_the_repository_are_not_taken_and_told(here: Path, marker: str, name: str) -> None:
    table = "" if name == "nogilcheck.toml" else "[tool.nogilcheck]\n"
    write(here.parents[1] / name, f"{table}fail-on = 'never'")
    told: list[str] = []
    assert find_config(here, told.append) is not None
    assert not told
    write(here.parent / marker, "gitdir: elsewhere")
    assert find_config(here, told.append) is None
    assert len(told) == 1
    assert str(Path("../..") / name) in told[0]
    write(here.parent / "nogilcheck.toml", "python = '3.14t'")
    assert found(here).path == str(Path("../nogilcheck.toml"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.parametrize("where", [".", "..", "../.."])
def test_settings_of_another_user_are_not_taken_and_told(here: Path, where: str) -> None:
    path = here / where / "nogilcheck.toml"
    write(path, "fail-on = 'never'")
    os.chown(path, 12345, -1)
    told: list[str] = []
    assert find_config(here, told.append) is None
    assert len(told) == 1
    assert "another user" in told[0]
    os.chown(here, 12345, -1)  # a checkout that is mounted into a container
    assert find_config(here) is not None

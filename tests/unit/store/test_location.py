from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.store.location import VARIABLE, locate


def test_the_option_wins_over_everything(tmp_path: Path) -> None:
    location = locate(str(tmp_path / "a"), {VARIABLE: str(tmp_path / "b"), "XDG_CACHE_HOME": "/c"}, platform="linux")
    assert location is not None
    assert (location.directory, location.explicit) == (tmp_path / "a", True)


@pytest.mark.parametrize("option", [None, ""])
def test_the_variable_comes_second(tmp_path: Path, option: str | None) -> None:
    location = locate(option, {VARIABLE: str(tmp_path / "b"), "XDG_CACHE_HOME": "/c"}, platform="linux")
    assert location is not None
    assert (location.directory, location.explicit) == (tmp_path / "b", True)


def test_a_named_directory_is_used_as_it_is_and_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    location = locate("here", {}, platform="linux")
    assert location is not None
    assert location.directory == tmp_path / "here"


def test_a_tilde_is_the_home_directory(home: Path) -> None:
    location = locate("~/kept", {}, platform="linux")
    assert location is not None
    assert location.directory == home / "kept"


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/xdg", "HOME": "/home/me"}, "/xdg/nogilcheck"),
        ("linux", {"XDG_CACHE_HOME": "relative", "HOME": "/home/me"}, "/home/me/.cache/nogilcheck"),
        ("linux", {"XDG_CACHE_HOME": "", "HOME": "/home/me"}, "/home/me/.cache/nogilcheck"),
        ("freebsd14", {"HOME": "/home/me", VARIABLE: ""}, "/home/me/.cache/nogilcheck"),
        ("darwin", {"HOME": "/Users/me", "XDG_CACHE_HOME": "/xdg"}, "/Users/me/Library/Caches/nogilcheck"),
        ("win32", {"LOCALAPPDATA": "/local", "USERPROFILE": "/me"}, "/local/nogilcheck"),
        ("win32", {"USERPROFILE": "/me"}, "/me/AppData/Local/nogilcheck"),
    ],
)
def test_each_platform_has_its_place(platform: str, environ: dict[str, str], expected: str) -> None:
    location = locate(None, environ, platform=platform)
    assert location is not None
    assert not location.explicit
    assert location.directory.as_posix().endswith(expected)


def test_without_a_home_there_is_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    assert locate(None, {}, platform="linux") is None
    assert locate("/somewhere", {}, platform="linux") is not None

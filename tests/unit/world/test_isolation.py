"""What tests/conftest.py promises to every other test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

DIRTY = {
    "PIP_INDEX_URL": "https://u:p@x/",
    "UV_INDEX": "x",
    "HTTPS_PROXY": "x",
    "no_proxy": "x",
    "CI": "1",
    "NO_COLOR": "1",
}


@pytest.fixture(scope="module", autouse=True)
def dirty() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in DIRTY.items():
            patch.setenv(name, value)
        yield


def test_settings_of_the_machine_do_not_reach_a_test() -> None:
    assert not set(DIRTY) & set(os.environ)


def test_home_is_empty_and_the_tests_own(home: Path, cache_dir: Path) -> None:
    assert Path.home() == home
    assert list(home.iterdir()) == []
    assert Path(os.environ["XDG_CACHE_HOME"]).is_relative_to(home)
    assert not Path(os.environ["NETRC"]).exists()
    assert list(cache_dir.iterdir()) == []
    assert not cache_dir.is_relative_to(home)

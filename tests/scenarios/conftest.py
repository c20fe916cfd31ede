"""Fixtures of the scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.statements import WORLD
from tests.world import Index, serve


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    directory = tmp_path / "project"
    directory.mkdir()
    monkeypatch.chdir(directory)
    return directory


@pytest.fixture(scope="module")
def index(request: pytest.FixtureRequest) -> Iterator[Index]:
    """An index with the module's ``WORLD``, or that of the statements."""
    with serve(getattr(request.module, "WORLD", WORLD)) as served:
        yield served

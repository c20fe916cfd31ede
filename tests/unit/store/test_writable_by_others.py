"""A cache that others can write to would let them decide what is answered."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nogilcheck.model.cache import Kind
from nogilcheck.store.database import DATABASE_NAME
from nogilcheck.store.sqlite_cache import open_cache

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners")


def kept(directory: Path) -> tuple[bytes | None, list[str]]:
    """What a cache in this directory has for a key, and what was told."""
    told: list[str] = []
    with open_cache(directory, explicit=True, warn=told.append) as cache:
        return cache.get(Kind.METADATA, "a"), told


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A cache with one record."""
    path = tmp_path / "cache"
    with open_cache(path, explicit=True, warn=pytest.fail) as cache:
        cache.put(Kind.METADATA, "a", b"1")
    assert kept(path) == (b"1", [])
    return path


@pytest.mark.parametrize("mode", [0o777, 0o757, 0o1777])
@pytest.mark.parametrize("name", [".", DATABASE_NAME])
def test_what_all_can_write_to_is_not_used(directory: Path, name: str, mode: int) -> None:
    (directory / name).chmod(mode)
    answer, told = kept(directory)
    assert answer is None
    assert len(told) == 1
    assert "other users" in told[0]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.parametrize(("user", "group", "mode"), [(12345, 0, 0o700), (0, 12345, 0o770)])
@pytest.mark.parametrize("name", [".", DATABASE_NAME])
def test_what_another_user_or_group_can_write_to_is_not_used(
    directory: Path, name: str, user: int, group: int, mode: int
) -> None:
    os.chown(directory / name, user, group)
    (directory / name).chmod(mode)
    assert kept(directory)[0] is None


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o500])
def test_what_others_can_only_read_is_used(directory: Path, mode: int) -> None:
    directory.chmod(mode)
    assert kept(directory) == (b"1", [])

"""Directories and files that cannot be used."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from nogilcheck.errors import CacheError, ExitStatus
from nogilcheck.model.cache import Kind
from nogilcheck.store import database
from nogilcheck.store.database import DATABASE_NAME
from nogilcheck.store.sqlite_cache import open_cache
from tests.unit.store import worker
from tests.unit.store.samples import digest, key, opened, page, solution
from tests.unit.store.test_sharing import check_integrity, finish, start

unprivileged = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not stop this user"
)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.02)


def assert_dead(directory: Path) -> None:
    """The cache gives one warning that names it, and answers nothing."""
    warnings: list[str] = []
    with open_cache(directory, explicit=False, warn=warnings.append) as cache:
        cache.put(Kind.PAGES, key(1), page(1))
        cache.put(Kind.METADATA, digest(1), b"")
        cache.put(Kind.SOLUTIONS, digest(1), solution(1))
        cache.flush()
        assert cache.get(Kind.PAGES, key(1)) is None
        assert cache.get(Kind.METADATA, digest(1)) is None
        assert cache.get(Kind.SOLUTIONS, digest(1)) is None
    (warning,) = warnings
    assert str(directory) in warning


def test_a_file_in_place_of_the_directory(cache_dir: Path) -> None:
    (cache_dir / "file").write_text("here first", encoding="utf-8")
    assert_dead(cache_dir / "file")
    assert_dead(cache_dir / "file" / "below")
    assert (cache_dir / "file").read_text(encoding="utf-8") == "here first"


@pytest.mark.parametrize("name", ["file", "file/below", "nul\0"])
def test_a_directory_that_was_asked_for_and_cannot_be_made(cache_dir: Path, name: str) -> None:
    (cache_dir / "file").write_text("here first", encoding="utf-8")
    with pytest.raises(CacheError) as caught:
        open_cache(cache_dir / name, explicit=True, warn=lambda _: None)
    assert caught.value.exit_status is ExitStatus.UNUSABLE
    assert caught.value.where == str(cache_dir / name)
    assert caught.value.hint is not None
    assert "--no-cache" in caught.value.hint


def test_a_directory_in_place_of_the_file(cache_dir: Path) -> None:
    (cache_dir / DATABASE_NAME).mkdir()
    assert_dead(cache_dir)
    assert (cache_dir / DATABASE_NAME).is_dir()


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs /proc")
def test_a_place_where_nobody_may_write() -> None:
    assert_dead(Path("/proc/nogilcheck"))
    with pytest.raises(CacheError):
        open_cache(Path("/proc/nogilcheck"), explicit=True, warn=lambda _: None)


@unprivileged
def test_a_directory_that_may_only_be_read(cache_dir: Path) -> None:
    cache_dir.chmod(0o500)
    assert_dead(cache_dir)
    cache_dir.chmod(0o700)


@pytest.mark.parametrize("directory_too", [False, True])
@unprivileged
def test_a_file_that_may_only_be_read_still_answers(cache_dir: Path, *, directory_too: bool) -> None:
    with opened(cache_dir) as cache:
        cache.put(Kind.PAGES, key(1), page(1))
    (cache_dir / DATABASE_NAME).chmod(0o400)
    if directory_too:
        cache_dir.chmod(0o500)
    warnings: list[str] = []
    with open_cache(cache_dir, explicit=True, warn=warnings.append) as cache:
        assert cache.get(Kind.PAGES, key(1)) == page(1)
        assert warnings == []
        cache.put(Kind.PAGES, key(2), page(2))
        cache.flush()
        cache.put(Kind.PAGES, key(3), page(3))
        cache.flush()
        assert cache.get(Kind.PAGES, key(1)) == page(1)
        assert cache.get(Kind.PAGES, key(2)) is None
    cache_dir.chmod(0o700)
    assert len(warnings) == 1


def test_a_connection_that_may_only_read_still_answers(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        cache.put(Kind.PAGES, key(1), page(1))
    warnings: list[str] = []
    with open_cache(cache_dir, explicit=True, warn=warnings.append) as cache:
        assert cache._database is not None
        cache._database.connection.execute("PRAGMA query_only = 1")
        cache.put(Kind.PAGES, key(2), page(2))
        cache.flush()
        cache.put(Kind.PAGES, key(3), page(3))
        cache.flush()
        assert cache.get(Kind.PAGES, key(1)) == page(1)
        assert cache.get(Kind.PAGES, key(2)) is None
        assert cache.get(Kind.PAGES, key(3)) is None
    assert len(warnings) == 1


def test_a_full_file_still_answers(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        cache.put(Kind.PAGES, key(1), page(1))
    warnings: list[str] = []
    with open_cache(cache_dir, explicit=True, warn=warnings.append) as cache:
        assert cache._database is not None
        cache._database.connection.execute("PRAGMA max_page_count = 12")
        cache.put(Kind.PAGES, key(2), page(2, body=bytes(100_000)))
        cache.flush()
        cache.put(Kind.PAGES, key(3), page(3))
        assert cache.get(Kind.PAGES, key(1)) == page(1)
        assert cache.get(Kind.PAGES, key(3)) is None
    (warning,) = warnings
    assert "cannot be written" in warning
    assert "adds nothing" in warning
    check_integrity(cache_dir)
    with opened(cache_dir) as cache:
        assert cache.get(Kind.PAGES, key(1)) == page(1)


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
def test_a_full_disk(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        cache.put(Kind.PAGES, key(1), page(1))
    warnings = finish(start(worker.fill, cache_dir)).splitlines()
    assert len(warnings) == 1, warnings
    assert "cannot be written" in warnings[0]
    check_integrity(cache_dir)
    with opened(cache_dir) as cache:
        assert cache.get(Kind.PAGES, key(1)) == page(1)
        assert cache.get(Kind.PAGES, key(2)) is None
        assert cache.get(Kind.PAGES, key(3)) is None


@pytest.mark.usefixtures("impatient")
def test_a_file_that_another_process_keeps_to_itself(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        cache.put(Kind.PAGES, key(1), page(1))
    with closing(sqlite3.connect(cache_dir / DATABASE_NAME, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        assert_dead(cache_dir)
    with opened(cache_dir) as cache:
        assert cache.get(Kind.PAGES, key(1)) == page(1)


@pytest.mark.usefixtures("impatient")
def test_a_file_locked_on_the_way_is_given_up_after_one_wait(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        cache.put(Kind.PAGES, key(1), page(1))
    warnings: list[str] = []
    with (
        open_cache(cache_dir, explicit=True, warn=warnings.append) as cache,
        closing(sqlite3.connect(cache_dir / DATABASE_NAME, isolation_level=None)) as holder,
    ):
        holder.execute("BEGIN EXCLUSIVE")
        assert cache.get(Kind.PAGES, key(1)) is None
        holder.execute("ROLLBACK")
        assert cache.get(Kind.PAGES, key(1)) is None
    assert len(warnings) == 1
    assert not list(cache_dir.glob("*.corrupt-*"))


@pytest.mark.usefixtures("impatient")
def test_a_file_that_another_process_writes_for_long_is_only_read(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        cache.put(Kind.PAGES, key(1), page(1))
    warnings: list[str] = []
    with (
        open_cache(cache_dir, explicit=True, warn=warnings.append) as cache,
        closing(sqlite3.connect(cache_dir / DATABASE_NAME, isolation_level=None)) as holder,
    ):
        holder.execute("BEGIN IMMEDIATE")
        cache.put(Kind.PAGES, key(2), page(2))
        cache.flush()
        assert cache.get(Kind.PAGES, key(1)) == page(1)
        assert cache.get(Kind.PAGES, key(2)) is None
    assert len(warnings) == 1


@pytest.mark.usefixtures("impatient")
def test_a_damaged_file_in_use_elsewhere_is_not_moved(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        cache.put(Kind.PAGES, key(1), page(1))
    path = cache_dir / DATABASE_NAME
    warnings: list[str] = []
    with (
        open_cache(cache_dir, explicit=True, warn=warnings.append) as cache,
        closing(sqlite3.connect(path, isolation_level=None)) as holder,
    ):
        holder.execute("UPDATE pages SET data = x'00'")
        holder.execute("BEGIN IMMEDIATE")
        assert cache.get(Kind.PAGES, key(1)) is None
        assert path.exists()
    assert len(warnings) == 1


def test_a_file_that_vanishes_while_it_is_opened_is_made_again(
    cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(cache_dir).close()
    real = database.connect
    removed: list[Path] = []

    def connect(path: Path, *, mode: str) -> sqlite3.Connection:
        if not removed:  # another process clears the cache in this moment
            removed.append(path)
            path.unlink()
        return real(path, mode=mode)

    monkeypatch.setattr(database, "connect", connect)
    with opened(cache_dir) as cache:
        cache.put(Kind.PAGES, key(), page())
    with opened(cache_dir) as cache:
        assert cache.get(Kind.PAGES, key()) == page()

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from nogilcheck.errors import CacheError
from nogilcheck.model.cache import Kind, PageState
from nogilcheck.store import database
from nogilcheck.store.database import DATABASE_NAME
from nogilcheck.store.maintenance import CacheInfo, clear, info
from tests.unit.store.samples import digest, key, opened, page, solution


def test_info_counts(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        for number in range(4):
            state = PageState(digest=digest(number), fetched_at=100.0 + number, fresh_until=700.0)
            cache.put(Kind.PAGE_STATES, key(number), state.encoded())
        cache.put(Kind.METADATA, digest(1), b"")
        cache.put(Kind.METADATA, digest(2), b"")
        cache.put(Kind.SCANS, digest(1), b"")
        cache.put(Kind.SOLUTIONS, digest(1), solution(1))
    path = cache_dir / DATABASE_NAME
    size = path.stat().st_size
    records = {"pages": 4, "metadata": 2, "scans": 1, "solutions": 1}
    assert info(cache_dir) == CacheInfo(path=path, bytes=size, records=records, oldest=100.0, newest=103.0)
    (cache_dir / f"{DATABASE_NAME}.corrupt-5").write_bytes(bytes(77))
    assert info(cache_dir).bytes == size + 77


@pytest.mark.parametrize("name", ["", "missing"])
def test_info_of_no_cache_makes_none(cache_dir: Path, name: str) -> None:
    directory = cache_dir / name
    assert info(directory) == CacheInfo(path=directory / DATABASE_NAME)
    assert list(cache_dir.iterdir()) == []


def test_info_of_an_empty_file(cache_dir: Path) -> None:
    (cache_dir / DATABASE_NAME).touch()
    assert info(cache_dir) == CacheInfo(path=cache_dir / DATABASE_NAME)


def test_info_of_a_damaged_file_says_so(cache_dir: Path) -> None:
    (cache_dir / DATABASE_NAME).write_bytes(b"x" * 5000)
    found = info(cache_dir)
    assert found.bytes == 5000
    assert found.problem, "whatever SQLite says"
    assert (cache_dir / DATABASE_NAME).exists()


def test_clear_removes_the_cache_and_nothing_else(cache_dir: Path) -> None:
    with opened(cache_dir / "cache") as cache:
        cache.put(Kind.PAGES, key(1), page(1))
    directory = cache_dir / "cache"
    (directory / f"{DATABASE_NAME}.corrupt-5").write_bytes(bytes(77))
    (directory / "mine.txt").write_text("keep", encoding="utf-8")
    (directory / "cache-v1.sqlite3").write_bytes(bytes(4000))  # of an older version
    (directory / "cache-v1.sqlite3-wal").write_bytes(bytes(300))
    size = (directory / DATABASE_NAME).stat().st_size + 4000 + 300 + 77
    assert info(directory).bytes == size
    assert clear(directory) == size
    assert sorted(file.name for file in directory.iterdir()) == ["CACHEDIR.TAG", "mine.txt"]
    assert clear(directory) == 0
    opened(directory).close()


def test_clear_of_no_cache_frees_nothing(cache_dir: Path) -> None:
    assert clear(cache_dir / "missing") == 0
    assert list(cache_dir.iterdir()) == []


def test_clear_removes_a_damaged_file_and_its_journal(cache_dir: Path) -> None:
    (cache_dir / DATABASE_NAME).write_bytes(b"x" * 5000)
    (cache_dir / f"{DATABASE_NAME}-journal").write_bytes(b"y" * 600)
    assert clear(cache_dir) == 5600
    assert list(cache_dir.iterdir()) == []


def test_clear_waits_for_a_writer_and_then_says_so(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.02)
    opened(cache_dir).close()
    path = cache_dir / DATABASE_NAME
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(CacheError, match="cannot be removed") as caught:
            clear(cache_dir)
    assert caught.value.where == str(path)
    assert caught.value.hint is not None
    assert path.exists()


def test_clear_of_what_cannot_be_removed(cache_dir: Path) -> None:
    (cache_dir / DATABASE_NAME).mkdir()
    with pytest.raises(CacheError):
        clear(cache_dir)

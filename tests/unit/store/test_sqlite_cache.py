from __future__ import annotations

import sqlite3
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nogilcheck.model.cache import Cache, Kind, PageKey, PageState, pages_hold
from nogilcheck.store import sqlite_cache, tables
from nogilcheck.store.database import DATABASE_NAME, TAG
from nogilcheck.store.sqlite_cache import SqliteCache
from tests.unit.store.samples import digest, key, opened, page, solution

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")


def test_a_missing_cache_is_made_and_answers_nothing(cache_dir: Path) -> None:
    with opened(cache_dir / "a" / "b") as made:
        cache: Cache = made
        assert cache.get(Kind.PAGES, key()) is None
        assert cache.get(Kind.METADATA, digest()) is None
        assert cache.get(Kind.SCANS, digest()) is None
        assert cache.get(Kind.SOLUTIONS, digest()) is None
        assert cache.get_many(Kind.PAGE_STATES, [key()]) == {}
    assert (cache_dir / "a" / "b" / DATABASE_NAME).is_file()


@pytest.mark.parametrize("reopen", [False, True], ids=["waiting", "written"])
def test_what_was_put_is_found(cache_dir: Path, *, reopen: bool) -> None:
    cache = opened(cache_dir)
    cache.put(Kind.PAGES, key(1), page(1))
    cache.put(Kind.METADATA, digest(2), b"metadata")
    cache.put(Kind.SCANS, digest(2), b"scan")
    cache.put(Kind.SOLUTIONS, digest(3), solution(3))
    if reopen:
        cache.close()
        cache = opened(cache_dir)
    assert cache.get(Kind.PAGES, key(1)) == page(1)
    assert cache.get(Kind.METADATA, digest(2)) == b"metadata"
    assert cache.get(Kind.SCANS, digest(2)) == b"scan"
    assert cache.get(Kind.SOLUTIONS, digest(3)) == solution(3)
    assert cache.get(Kind.PAGES, key(2)) is None
    assert cache.get(Kind.METADATA, digest(1)) is None
    assert cache.get(Kind.SCANS, digest(1)) is None
    assert cache.get(Kind.SOLUTIONS, digest(1)) is None
    cache.close()


@pytest.mark.parametrize("flush", [False, True])
def test_a_later_record_replaces_an_earlier_one(cache_dir: Path, *, flush: bool) -> None:
    later = page(7)
    with opened(cache_dir) as cache:
        cache.put(Kind.PAGES, key(1), page(1))
        cache.put(Kind.METADATA, digest(2), b"old")
        cache.put(Kind.SOLUTIONS, digest(3), solution(3))
        if flush:
            cache.flush()
        cache.put(Kind.PAGES, key(1), later)
        cache.put(Kind.METADATA, digest(2), b"new")
        cache.put(Kind.SOLUTIONS, digest(3), solution(3, report="{}"))
    with opened(cache_dir) as cache:
        assert cache.get(Kind.PAGES, key(1)) == later
        assert cache.get(Kind.METADATA, digest(2)) == b"new"
        assert cache.get(Kind.SOLUTIONS, digest(3)) == solution(3, report="{}")


@pytest.mark.parametrize("flush", [False, True], ids=["waiting", "written"])
def test_many_are_found_at_once_and_those_that_are_not_there_left_out(cache_dir: Path, *, flush: bool) -> None:
    count = 2 * tables.KEYS_AT_ONCE + 1
    with opened(cache_dir) as cache:
        for number in range(count):
            cache.put(Kind.PAGES, key(number), page(number))
        if flush:
            cache.flush()
        cache.put(Kind.PAGES, key(1), page(7))
        records = cache.get_many(Kind.PAGES, [key(number) for number in range(count + 1)])
        assert records == {key(number): page(7 if number == 1 else number) for number in range(count)}
        assert cache.get_many(Kind.PAGE_STATES, [key(1)]) == {}


names = st.text(max_size=20)  # surrogates included: an undecodable byte of a path


@given(key=names, kind=st.sampled_from(Kind), data=st.binary(max_size=200))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_record_comes_back_as_it_was(key: str, kind: Kind, data: bytes, cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        cache.put(kind, key, data)
    with opened(cache_dir) as cache:
        assert cache.get(kind, key) == data


def statements(cache: SqliteCache) -> list[str]:
    """What the cache asks of SQLite from here on."""
    seen: list[str] = []
    assert cache._database is not None
    cache._database.connection.set_trace_callback(seen.append)
    return seen


def test_a_replay_asks_two_questions_and_changes_nothing(cache_dir: Path) -> None:
    pages = [(PageKey(index="https://pypi.org/simple/", project=f"project-{number}"), "one") for number in range(150)]
    state = PageState(digest="one", fetched_at=100.0, fresh_until=700.0)
    with opened(cache_dir) as cache:
        for key, _ in pages:
            cache.put(Kind.PAGE_STATES, key.text, state.encoded())
        cache.put(Kind.SOLUTIONS, digest(1), solution(1))
    before = (cache_dir / DATABASE_NAME).read_bytes()
    with opened(cache_dir) as cache:
        seen = statements(cache)
        assert cache.get(Kind.SOLUTIONS, digest(1)) is not None
        assert pages_hold(cache, pages, now=150.0)
        cache.flush()
        assert len(seen) == 2
        assert all(text.startswith("SELECT") for text in seen)
    assert len(seen) == 2
    assert (cache_dir / DATABASE_NAME).read_bytes() == before


def test_looking_up_pages_uses_the_index(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        assert cache._database is not None
        statement = "EXPLAIN QUERY PLAN " + tables.get(Kind.PAGES, 3)
        plan = cache._database.connection.execute(statement, ["a", "b", "c"]).fetchall()
    steps = [str(step[-1]) for step in plan]
    assert any("SEARCH" in step and "USING INDEX" in step for step in steps), steps
    assert not any("SCAN" in step for step in steps), steps


def test_writing_waits_for_the_end(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        seen = statements(cache)
        for number in range(50):
            cache.put(Kind.PAGES, key(number), page(number))
            cache.put(Kind.METADATA, digest(number), b"data")
        assert seen == []
    # Immediate: the file must not be moved between the look whether it is in its place and the first change.
    assert [text for text in seen if text.startswith("BEGIN")] == ["BEGIN IMMEDIATE"]


def test_a_full_buffer_is_written(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_cache, "FLUSH_RECORDS", 10)
    monkeypatch.setattr(sqlite_cache, "FLUSH_BYTES", 1000)
    with opened(cache_dir) as cache, opened(cache_dir) as other:
        for number in range(9):
            cache.put(Kind.METADATA, digest(number), b"")
        assert other.get(Kind.METADATA, digest(0)) is None
        cache.put(Kind.METADATA, digest(9), b"")
        assert other.get(Kind.METADATA, digest(0)) == b""
        cache.put(Kind.PAGES, key(1), page(1, body=bytes(1000)))
        assert other.get(Kind.PAGES, key(1)) is not None


def test_a_huge_record_is_not_kept(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_cache, "MAX_RECORD_BYTES", 1000)
    with opened(cache_dir) as cache:
        cache.put(Kind.PAGES, key(1), page(1, body=bytes(1001)))
        cache.put(Kind.METADATA, digest(1), bytes(1001))
        cache.put(Kind.SOLUTIONS, digest(1), solution(1, report="x" * 1001))
        cache.put(Kind.METADATA, digest(2), bytes(1000))
        assert cache.get(Kind.PAGES, key(1)) is None
        assert cache.get(Kind.METADATA, digest(1)) is None
        assert cache.get(Kind.SOLUTIONS, digest(1)) is None
        assert cache.get(Kind.METADATA, digest(2)) is not None


def test_the_newest_solutions_stay(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        for number in range(tables.MAX_SOLUTIONS + 5):
            cache.put(Kind.SOLUTIONS, digest(number), solution(number))
        cache.flush()
        cache.put(Kind.SOLUTIONS, digest(5), solution(5))  # the oldest that stayed; now the newest
        cache.put(Kind.SOLUTIONS, digest(9999), solution(9999))
    with opened(cache_dir) as cache:
        kept = [number for number in range(10_000) if cache.get(Kind.SOLUTIONS, digest(number)) is not None]
    assert kept == [5, *range(7, tables.MAX_SOLUTIONS + 5), 9999]


def test_a_file_grown_too_large_loses_its_oldest_quarter(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(cache_dir) as cache:
        for number in range(40):
            cache.put(Kind.PAGES, key(number), page(body=bytes(20_000)))
            cache.put(Kind.METADATA, digest(number), bytes(1000))
    monkeypatch.setattr(sqlite_cache, "MAX_FILE_BYTES", 500_000)
    with opened(cache_dir) as cache:
        assert cache.get(Kind.PAGES, key(0)) is not None, "a run that writes nothing drops nothing"
    with opened(cache_dir) as cache:
        cache.put(Kind.METADATA, digest(99), b"new")
    with opened(cache_dir) as cache:
        kept = [number for number in range(40) if cache.get(Kind.PAGES, key(number)) is not None]
        assert kept == list(range(11, 40))
        assert cache.get(Kind.METADATA, digest(0)) is None
        assert cache.get(Kind.METADATA, digest(99)) == b"new"


def test_dropping_goes_on_until_the_size_in_use_is_right(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_cache, "MAX_FILE_BYTES", 500_000)
    sizes = []
    for run in range(12):
        with opened(cache_dir) as cache:
            for number in range(10):
                cache.put(
                    Kind.PAGES,
                    key(100 * run + number),
                    page(body=bytes(20_000)),
                )
        sizes.append((cache_dir / DATABASE_NAME).stat().st_size)
    assert max(sizes) < 1_000_000
    with opened(cache_dir) as cache:
        assert cache.get(Kind.PAGES, key(1109)) is not None, "the newest are still there"


@posix
def test_only_the_user_may_read_it(cache_dir: Path) -> None:
    directory = cache_dir / "new"
    cache = opened(directory)
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert stat.S_IMODE((directory / DATABASE_NAME).stat().st_mode) == 0o600
    assert cache._database is not None
    connection = cache._database.connection
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(tables.PUT[Kind.METADATA], ("ab", 0, b""))
    journal = directory / f"{DATABASE_NAME}-journal"
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    connection.execute("ROLLBACK")
    cache.close()
    assert sorted(file.name for file in directory.iterdir()) == ["CACHEDIR.TAG", DATABASE_NAME]


def test_backup_programs_are_told_to_skip_it(cache_dir: Path) -> None:
    opened(cache_dir / "new").close()
    assert (cache_dir / "new" / "CACHEDIR.TAG").read_text(encoding="utf-8") == TAG
    assert TAG.startswith("Signature: 8a477f597d28d172789f06886806bc55")


def test_a_directory_with_other_things_in_it_is_not_tagged(cache_dir: Path) -> None:
    (cache_dir / "thesis.tex").write_text("precious", encoding="utf-8")
    opened(cache_dir).close()
    assert not (cache_dir / "CACHEDIR.TAG").exists()


@pytest.mark.parametrize("name", ["with space", "per%20cent", "ques?tion#hash", "späß", "a&mode=ro"])
def test_any_name_of_a_directory_will_do(cache_dir: Path, name: str) -> None:
    with opened(cache_dir / name) as cache:
        cache.put(Kind.PAGES, key(1), page(1))
    with opened(cache_dir / name) as cache:
        assert cache.get(Kind.PAGES, key(1)) == page(1)
    assert (cache_dir / name / DATABASE_NAME).is_file()


def test_a_relative_directory_survives_a_change_of_directory(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(cache_dir)
    cache = opened(Path("relative"))
    monkeypatch.chdir("/")
    cache.put(Kind.PAGES, key(1), page(1))
    cache.flush()
    assert cache.get(Kind.PAGES, key(1)) == page(1)
    cache.close()
    assert (cache_dir / "relative" / DATABASE_NAME).is_file()


def test_a_closed_cache_answers_nothing_and_may_be_closed_again(cache_dir: Path) -> None:
    cache = opened(cache_dir)
    cache.put(Kind.PAGES, key(1), page(1))
    cache.close()
    cache.put(Kind.PAGES, key(2), page(2))
    assert cache.get(Kind.PAGES, key(1)) is None
    assert cache.get(Kind.PAGES, key(2)) is None
    assert cache.get_many(Kind.PAGES, [key(1)]) == {}
    cache.flush()
    cache.close()
    with opened(cache_dir) as again:
        assert again.get(Kind.PAGES, key(1)) == page(1)
        assert again.get(Kind.PAGES, key(2)) is None


def test_an_interrupt_in_the_middle_of_writing_loses_nothing(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = opened(cache_dir)
    cache.put(Kind.PAGES, key(1), page(1))

    def interrupt(_self: SqliteCache, connection: sqlite3.Connection) -> None:
        connection.execute(tables.PUT[Kind.METADATA], ("ab", 0, b""))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SqliteCache, "_write_waiting", interrupt)
        with pytest.raises(KeyboardInterrupt):
            cache.flush()
    cache.close()
    with opened(cache_dir) as again:
        assert again.get(Kind.PAGES, key(1)) == page(1)
        assert again.get(Kind.METADATA, "ab") is None


def test_without_a_file_it_keeps_nothing() -> None:
    with SqliteCache() as made:
        cache: Cache = made
        for kind in Kind:
            cache.put(kind, "key", b"data")
        made.flush()
        assert [cache.get(kind, "key") for kind in Kind] == [None] * len(Kind)


def test_a_digest_is_by_the_key_of_the_file(tmp_path: Path) -> None:
    def digest(directory: Path) -> str:
        with sqlite_cache.open_cache(directory, explicit=True, warn=pytest.fail) as cache:
            return cache.keyed("Basic secret")

    here, there = tmp_path / "here", tmp_path / "there"
    assert digest(here) == digest(here)
    assert digest(here) != digest(there)
    assert SqliteCache().keyed("a") != SqliteCache().keyed("a"), "without a file, one for each run"
    one = SqliteCache()
    assert one.keyed("a") == one.keyed("a") != one.keyed("b")

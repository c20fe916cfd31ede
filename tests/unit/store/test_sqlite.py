from __future__ import annotations

import sqlite3
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nogilcheck.model.cache import Cache, PageKey, PageRecord, SolutionRecord
from nogilcheck.model.source import Witness
from nogilcheck.store import buffer, sqlite, tables
from nogilcheck.store.database import DATABASE_NAME, TAG
from nogilcheck.store.sqlite import SqliteCache
from tests.unit.store.samples import INDEX, digest, key, opened, page, solution

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")


def test_a_missing_cache_is_made_and_answers_nothing(cache_dir: Path) -> None:
    with opened(cache_dir / "a" / "b") as made:
        cache: Cache = made
        assert cache.page(key()) is None
        assert cache.metadata(digest()) is None
        assert cache.scan(digest()) is None
        assert cache.solution(digest()) is None
        assert not cache.holds([(key(), digest())], now=None)
    assert (cache_dir / "a" / "b" / DATABASE_NAME).is_file()


@pytest.mark.parametrize("reopen", [False, True], ids=["waiting", "written"])
def test_what_was_put_is_found(cache_dir: Path, *, reopen: bool) -> None:
    cache = opened(cache_dir)
    cache.put_page(page(1))
    cache.put_metadata(digest(2), b"metadata")
    cache.put_scan(digest(2), b"scan")
    cache.put_solution(solution(3))
    if reopen:
        cache.close()
        cache = opened(cache_dir)
    assert cache.page(key(1)) == page(1)
    assert cache.metadata(digest(2)) == b"metadata"
    assert cache.scan(digest(2)) == b"scan"
    assert cache.solution(digest(3)) == solution(3)
    assert cache.page(key(2)) is None
    assert cache.metadata(digest(1)) is None
    assert cache.scan(digest(1)) is None
    assert cache.solution(digest(1)) is None
    cache.close()


def test_the_same_project_on_two_indexes_is_two_pages(cache_dir: Path) -> None:
    other = replace(page(1), key=key(1, "https://example.org/simple/"), digest=digest(9))
    with opened(cache_dir) as cache:
        cache.put_page(page(1))
        cache.put_page(other)
    with opened(cache_dir) as cache:
        assert cache.page(key(1)) == page(1)
        assert cache.page(other.key) == other


@pytest.mark.parametrize("flush", [False, True])
def test_a_later_record_replaces_an_earlier_one(cache_dir: Path, *, flush: bool) -> None:
    later = replace(page(1), digest=digest(7), etag=None, body=b"", links=b"new")
    with opened(cache_dir) as cache:
        cache.put_page(page(1))
        cache.put_metadata(digest(2), b"old")
        cache.put_solution(solution(3))
        if flush:
            cache.flush()
        cache.put_page(later)
        cache.put_metadata(digest(2), b"new")
        cache.put_solution(solution(3, report="{}"))
    with opened(cache_dir) as cache:
        assert cache.page(key(1)) == later
        assert cache.metadata(digest(2)) == b"new"
        assert cache.solution(digest(3)) == solution(3, report="{}")


@pytest.mark.parametrize("flush", [False, True], ids=["waiting", "written"])
def test_a_renewed_page_keeps_its_content(cache_dir: Path, *, flush: bool) -> None:
    with opened(cache_dir) as cache:
        cache.put_page(page(1))
        if flush:
            cache.flush()
        cache.renew_page(key(1), fetched_at=1000.0, fresh_until=2000.0)
        expected = replace(page(1), fetched_at=1000.0, fresh_until=2000.0)
        assert cache.page(key(1)) == expected
        assert cache.holds([(key(1), digest(1))], now=1999.0)
    with opened(cache_dir) as cache:
        assert cache.page(key(1)) == expected


def test_a_page_put_after_a_renewal_is_not_renewed(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        cache.put_page(page(1))
        cache.flush()
        cache.renew_page(key(1), fetched_at=1000.0, fresh_until=2000.0)
        cache.put_page(page(1, fetched_at=1100.0))
    with opened(cache_dir) as cache:
        assert cache.page(key(1)) == page(1, fetched_at=1100.0)


def test_renewing_an_unknown_page_makes_none(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        cache.renew_page(key(1), fetched_at=1000.0, fresh_until=2000.0)
        assert cache.page(key(1)) is None
        assert not cache.holds([(key(1), digest(1))], now=None)
    with opened(cache_dir) as cache:
        assert cache.page(key(1)) is None


@pytest.mark.parametrize("flush", [False, True], ids=["waiting", "written"])
def test_holds_looks_at_digest_and_freshness(cache_dir: Path, *, flush: bool) -> None:
    pages = [(key(number), digest(number)) for number in range(3)]
    with opened(cache_dir) as cache:
        for number in range(3):
            cache.put_page(page(number, fetched_at=100.0 + number))
        if flush:
            cache.flush()
        assert cache.holds([], now=0.0)
        assert cache.holds(pages, now=699.9)
        assert not cache.holds(pages, now=700.5), "the first is stale"
        assert cache.holds(pages[1:], now=700.5)
        assert cache.holds(pages, now=None), "stale is good enough"
        assert cache.holds(pages, now=5000.0, max_age=10_000)
        assert not cache.holds(pages, now=150.0, max_age=10)
        assert not cache.holds([*pages, (key(4), digest(4))], now=None), "one is missing"
        assert not cache.holds([*pages[:2], (key(2), digest(9))], now=None), "one has changed"
        assert not cache.holds([*pages, (key(2), digest(9))], now=None), "one page cannot have two digests"
        assert cache.holds([*pages, *pages], now=None)


def test_holds_joins_what_waits_and_what_is_written(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        cache.put_page(page(1))
        cache.put_page(page(2))
        cache.flush()
        cache.put_page(replace(page(2), digest=digest(9)))
        assert cache.holds([(key(1), digest(1)), (key(2), digest(9))], now=150.0)
        assert not cache.holds([(key(1), digest(1)), (key(2), digest(2))], now=None)


def test_holds_takes_more_pages_than_a_statement_does(cache_dir: Path) -> None:
    count = 2 * tables.PAGES_AT_ONCE + 1
    pages = [(key(number), digest(number)) for number in range(count)]
    with opened(cache_dir) as cache:
        for number in range(count):
            cache.put_page(page(number))
        cache.flush()
        assert cache.holds(pages, now=150.0)
        assert not cache.holds([*pages[:-1], (key(count - 1), digest(0))], now=None)


names = st.text(max_size=20)  # surrogates included: an undecodable byte of a path
contents = st.binary(max_size=200)
times = st.floats(allow_nan=False, allow_infinity=False)


@given(
    record=st.builds(
        PageRecord,
        key=st.builds(PageKey, index=names, project=names),
        digest=st.text("0123456789abcdef", max_size=64),
        etag=st.none() | st.text(st.characters(codec="latin-1"), max_size=20),
        fetched_at=times,
        fresh_until=times,
        body=contents,
        links=contents,
    ),
    made=st.builds(
        SolutionRecord,
        key=st.text("0123456789abcdef", max_size=64),
        witnesses=st.lists(st.builds(Witness, kind=names, name=names, sha256=names), max_size=3).map(tuple),
        pages=st.lists(st.tuples(st.builds(PageKey, index=names, project=names), names), max_size=3).map(tuple),
        report=names,
    ),
    data=contents,
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_record_comes_back_as_it_was(
    record: PageRecord, made: SolutionRecord, data: bytes, cache_dir: Path
) -> None:
    with opened(cache_dir) as cache:
        cache.put_page(record)
        cache.put_solution(made)
        cache.put_metadata("ab", data)
    with opened(cache_dir) as cache:
        assert cache.page(record.key) == record
        assert cache.solution(made.key) == made
        assert cache.metadata("ab") == data
        assert cache.holds([(record.key, record.digest)], now=None)


def statements(cache: SqliteCache) -> list[str]:
    """What the cache asks of SQLite from here on."""
    seen: list[str] = []
    assert cache._database is not None
    cache._database.connection.set_trace_callback(seen.append)
    return seen


def test_a_replay_asks_two_questions_and_changes_nothing(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        for number in range(150):
            cache.put_page(page(number))
        cache.put_solution(solution(1, pages=150))
    before = (cache_dir / DATABASE_NAME).read_bytes()
    with opened(cache_dir) as cache:
        seen = statements(cache)
        record = cache.solution(digest(1))
        assert record is not None
        assert cache.holds(record.pages, now=150.0)
        cache.flush()
        assert len(seen) == 2
        assert all(" ".join(text.split()).startswith(("SELECT", "WITH")) for text in seen)
    assert len(seen) == 2
    assert (cache_dir / DATABASE_NAME).read_bytes() == before


def test_looking_up_pages_uses_the_index(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        assert cache._database is not None
        plan = cache._database.connection.execute(
            "EXPLAIN QUERY PLAN " + tables.page_states(3), [INDEX, "a"] * 3
        ).fetchall()
    steps = [str(step[-1]) for step in plan]
    assert any("SEARCH" in step and "USING INDEX" in step for step in steps), steps
    assert not any("SCAN pages" in step or "SCAN TABLE pages" in step for step in steps), steps


def test_writing_waits_for_the_end(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        seen = statements(cache)
        for number in range(50):
            cache.put_page(page(number))
            cache.put_metadata(digest(number), b"data")
        assert seen == []
    # Immediate: the file must not be moved between the look whether it is in its place and the first change.
    assert [text for text in seen if text.startswith("BEGIN")] == ["BEGIN IMMEDIATE"]


def test_a_full_buffer_is_written(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffer, "FLUSH_RECORDS", 10)
    monkeypatch.setattr(buffer, "FLUSH_BYTES", 1000)
    with opened(cache_dir) as cache, opened(cache_dir) as other:
        for number in range(9):
            cache.put_metadata(digest(number), b"")
        assert other.metadata(digest(0)) is None
        cache.put_metadata(digest(9), b"")
        assert other.metadata(digest(0)) == b""
        cache.put_page(page(1, body=bytes(1000)))
        assert other.page(key(1)) is not None


def test_a_huge_record_is_not_kept(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffer, "MAX_RECORD_BYTES", 1000)
    with opened(cache_dir) as cache:
        cache.put_page(page(1, body=bytes(1001)))
        cache.put_metadata(digest(1), bytes(1001))
        cache.put_solution(solution(1, report="x" * 1001))
        cache.put_metadata(digest(2), bytes(1000))
        assert cache.page(key(1)) is None
        assert cache.metadata(digest(1)) is None
        assert cache.solution(digest(1)) is None
        assert cache.metadata(digest(2)) is not None


def test_the_newest_solutions_stay(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        for number in range(tables.MAX_SOLUTIONS + 5):
            cache.put_solution(solution(number))
        cache.flush()
        cache.put_solution(solution(5))  # the oldest that stayed; now the newest
        cache.put_solution(solution(1000))
    with opened(cache_dir) as cache:
        kept = [number for number in range(1001) if cache.solution(digest(number)) is not None]
    assert kept == [5, *range(7, tables.MAX_SOLUTIONS + 5), 1000]


def test_a_file_grown_too_large_loses_its_oldest_quarter(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(cache_dir) as cache:
        for number in range(40):
            cache.put_page(page(number, body=bytes(20_000), fetched_at=1000.0 - number))
            cache.put_metadata(digest(number), bytes(1000))
    monkeypatch.setattr(sqlite, "MAX_FILE_BYTES", 500_000)
    with opened(cache_dir) as cache:
        assert cache.page(key(39)) is not None, "a run that writes nothing drops nothing"
    with opened(cache_dir) as cache:
        cache.put_metadata(digest(99), b"new")
    with opened(cache_dir) as cache:
        kept = [number for number in range(40) if cache.page(key(number)) is not None]
        assert kept == list(range(29))
        assert cache.metadata(digest(0)) is None
        assert cache.metadata(digest(99)) == b"new"


def test_dropping_goes_on_until_the_size_in_use_is_right(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "MAX_FILE_BYTES", 500_000)
    sizes = []
    for run in range(12):
        with opened(cache_dir) as cache:
            for number in range(10):
                cache.put_page(page(100 * run + number, body=bytes(20_000), fetched_at=float(run)))
        sizes.append((cache_dir / DATABASE_NAME).stat().st_size)
    assert max(sizes) < 1_000_000
    with opened(cache_dir) as cache:
        assert cache.page(key(1109)) is not None, "the newest are still there"


@posix
def test_only_the_user_may_read_it(cache_dir: Path) -> None:
    directory = cache_dir / "new"
    cache = opened(directory)
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert stat.S_IMODE((directory / DATABASE_NAME).stat().st_mode) == 0o600
    assert cache._database is not None
    connection = cache._database.connection
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(tables.PUT_METADATA, ("ab", 0, b""))
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
        cache.put_page(page(1))
    with opened(cache_dir / name) as cache:
        assert cache.page(key(1)) == page(1)
    assert (cache_dir / name / DATABASE_NAME).is_file()


def test_a_relative_directory_survives_a_change_of_directory(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(cache_dir)
    cache = opened(Path("relative"))
    monkeypatch.chdir("/")
    cache.put_page(page(1))
    cache.flush()
    assert cache.page(key(1)) == page(1)
    cache.close()
    assert (cache_dir / "relative" / DATABASE_NAME).is_file()


def test_a_closed_cache_answers_nothing_and_may_be_closed_again(cache_dir: Path) -> None:
    cache = opened(cache_dir)
    cache.put_page(page(1))
    cache.close()
    cache.put_page(page(2))
    assert cache.page(key(1)) is None
    assert cache.page(key(2)) is None
    assert not cache.holds([], now=None)
    cache.flush()
    cache.close()
    with opened(cache_dir) as again:
        assert again.page(key(1)) == page(1)
        assert again.page(key(2)) is None


def test_an_interrupt_in_the_middle_of_writing_loses_nothing(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = opened(cache_dir)
    cache.put_page(page(1))

    def interrupt(_self: buffer.Buffer, connection: sqlite3.Connection) -> None:
        connection.execute(tables.PUT_METADATA, ("ab", 0, b""))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(buffer.Buffer, "write", interrupt)
        with pytest.raises(KeyboardInterrupt):
            cache.flush()
    cache.close()
    with opened(cache_dir) as again:
        assert again.page(key(1)) == page(1)
        assert again.metadata("ab") is None

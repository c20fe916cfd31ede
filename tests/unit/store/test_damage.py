"""Files that are not what they should be."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cache as once
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nogilcheck.model.cache import Kind
from nogilcheck.store import tables
from nogilcheck.store.database import DATABASE_NAME, identify, set_aside
from nogilcheck.store.sqlite_cache import SqliteCache, open_cache
from tests.unit.store.samples import digest, key, opened, page, solution

COUNT = 12


def fill(cache: SqliteCache) -> None:
    for number in range(COUNT):
        cache.put(Kind.PAGES, key(number), page(number))
        cache.put(Kind.METADATA, digest(number), b"metadata %d" % number)
    cache.put(Kind.PAGES, key(COUNT), page(COUNT, body=bytes(range(256)) * 40))
    cache.put(Kind.SOLUTIONS, digest(1), solution(1, report="r" * 9000))


def set_aside_in(directory: Path) -> list[Path]:
    return list(directory.glob(f"{DATABASE_NAME}.corrupt-*"))


def garbage(path: Path) -> None:
    path.write_bytes(b"this is not a database, but it is long enough to look at" * 100)


def older(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 0")


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {tables.SCHEMA_VERSION + 1}")


def somebody_elses(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (id INTEGER)")


@pytest.mark.parametrize("spoil", [garbage, older, newer, somebody_elses])
def test_a_file_of_no_use_is_set_aside_and_made_anew(cache_dir: Path, spoil: Callable[[Path], None]) -> None:
    path = cache_dir / DATABASE_NAME
    with opened(cache_dir) as cache:
        fill(cache)
    spoil(path)
    spoiled = path.read_bytes()
    warnings: list[str] = []
    with open_cache(cache_dir, explicit=True, warn=warnings.append) as cache:
        assert cache.get(Kind.PAGES, key(1)) is None
        cache.put(Kind.PAGES, key(1), page(1))
    (aside,) = set_aside_in(cache_dir)
    assert aside.read_bytes() == spoiled
    (warning,) = warnings
    assert str(path) in warning
    assert aside.name in warning
    with opened(cache_dir) as cache:
        assert cache.get(Kind.PAGES, key(1)) == page(1)


def test_an_empty_file_is_a_new_cache(cache_dir: Path) -> None:
    (cache_dir / DATABASE_NAME).touch()
    with opened(cache_dir) as cache:
        cache.put(Kind.PAGES, key(1), page(1))
    with opened(cache_dir) as cache:
        assert cache.get(Kind.PAGES, key(1)) == page(1)


def drop_tables(connection: sqlite3.Connection) -> None:
    for name in ("pages", "metadata", "solutions"):
        connection.execute(f"DROP TABLE {name}")


def change_contents(connection: sqlite3.Connection) -> None:
    for kind in Kind:
        connection.execute(f"UPDATE {kind} SET data = x'00'")


def change_types(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE pages SET data = 5")
    connection.execute("UPDATE metadata SET data = 'text'")
    connection.execute("UPDATE solutions SET data = 1.5")


def break_text(connection: sqlite3.Connection) -> None:
    for kind in Kind:
        connection.execute(f"UPDATE {kind} SET checksum = CAST(x'ff' AS TEXT)")


QUESTIONS: dict[str, Callable[[SqliteCache], object]] = {
    "page": lambda cache: cache.get(Kind.PAGES, key(1)),
    "metadata": lambda cache: cache.get(Kind.METADATA, digest(1)),
    "solution": lambda cache: cache.get(Kind.SOLUTIONS, digest(1)),
}


@pytest.mark.parametrize("spoil", [drop_tables, change_contents, change_types, break_text])
@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_damage_found_on_the_way_ends_the_use_of_the_file(
    cache_dir: Path, question: Callable[[SqliteCache], object], spoil: Callable[[sqlite3.Connection], None]
) -> None:
    with opened(cache_dir) as cache:
        fill(cache)
    with closing(sqlite3.connect(cache_dir / DATABASE_NAME, isolation_level=None)) as connection:
        spoil(connection)
    warnings: list[str] = []
    with open_cache(cache_dir, explicit=True, warn=warnings.append) as cache:
        assert question(cache) is None
        cache.put(Kind.PAGES, key(3), page(3))
        cache.put(Kind.METADATA, "ab", b"")
        cache.flush()
        assert [ask(cache) for ask in QUESTIONS.values()] == [None] * 3
        assert cache.get(Kind.PAGES, key(3)) is None
    (aside,) = set_aside_in(cache_dir)
    (warning,) = warnings
    assert aside.name in warning
    with opened(cache_dir) as cache:
        fill(cache)
        assert cache.get(Kind.PAGES, key(1)) == page(1)


def test_damage_found_while_writing_ends_the_use_of_the_file(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        fill(cache)
    warnings: list[str] = []
    with open_cache(cache_dir, explicit=True, warn=warnings.append) as cache:
        with closing(sqlite3.connect(cache_dir / DATABASE_NAME, isolation_level=None)) as connection:
            drop_tables(connection)
        cache.put(Kind.PAGES, key(1), page(1))
        cache.flush()
        assert cache.get(Kind.PAGES, key(1)) is None
    assert len(warnings) == 1
    assert len(set_aside_in(cache_dir)) == 1


def test_one_file_at_most_is_kept_aside(cache_dir: Path) -> None:
    (cache_dir / f"{DATABASE_NAME}.corrupt-1").write_bytes(b"older")
    (cache_dir / "notes.corrupt-1").write_bytes(b"not ours")
    garbage(cache_dir / DATABASE_NAME)
    open_cache(cache_dir, explicit=True, warn=lambda _: None).close()
    (aside,) = set_aside_in(cache_dir)
    assert aside.name != f"{DATABASE_NAME}.corrupt-1"
    assert (cache_dir / "notes.corrupt-1").exists()


def test_a_stray_journal_is_not_played_into_a_new_file(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        fill(cache)
    path, journal = cache_dir / DATABASE_NAME, cache_dir / f"{DATABASE_NAME}-journal"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_spill = 0")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE pages SET data = x'01'")
        left = journal.read_bytes()
    garbage(path)
    journal.write_bytes(left)
    open_cache(cache_dir, explicit=True, warn=lambda _: None).close()
    with opened(cache_dir) as cache:
        fill(cache)
    assert not journal.exists()
    with opened(cache_dir) as cache:
        assert cache.get(Kind.PAGES, key(1)) == page(1)


def test_a_file_that_another_process_replaced_is_not_set_aside(cache_dir: Path) -> None:
    path = cache_dir / DATABASE_NAME
    garbage(path)
    damaged = identify(path)
    path.rename(cache_dir / "elsewhere")
    assert set_aside(path, damaged) is None, "it is gone"
    with opened(cache_dir) as cache:
        cache.put(Kind.PAGES, key(1), page(1))
    assert set_aside(path, damaged) is None, "another is there"
    with opened(cache_dir) as cache:
        assert cache.get(Kind.PAGES, key(1)) == page(1)


def test_a_file_moved_while_open_is_left_alone(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        cache.put(Kind.PAGES, key(1), page(1))
        cache.flush()
        (cache_dir / DATABASE_NAME).rename(cache_dir / "elsewhere")
        with opened(cache_dir) as other:
            other.put(Kind.PAGES, key(2), page(2))
        assert cache.get(Kind.PAGES, key(1)) is None
        cache.put(Kind.PAGES, key(3), page(3))
    with opened(cache_dir) as other:
        assert other.get(Kind.PAGES, key(2)) == page(2)
        assert other.get(Kind.PAGES, key(3)) is None


@once
def sound() -> bytes:
    """The bytes of a cache with something in every table."""
    with tempfile.TemporaryDirectory() as directory:
        with opened(Path(directory)) as cache:
            fill(cache)
        return (Path(directory) / DATABASE_NAME).read_bytes()


PAGE_SIZE = 4096
# Half of all accidents hit the beginning of a page, where the structure is.
PLACES = st.integers(0, 2**16) | st.builds(
    lambda page, offset: PAGE_SIZE * page + offset, st.integers(0, 12), st.integers(0, 120)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accident:
    """What may happen to a file; places beyond its end begin again at its beginning."""

    flips: list[tuple[int, int]]
    """Places, and the bits to turn over there."""
    zeros: tuple[int, int]
    """A place and a length, as after a power cut."""
    cut: int | None
    """Where the file ends."""

    def happen_to(self, sound: bytes) -> bytes:
        content = bytearray(sound)
        for place, bits in self.flips:
            content[place % len(content)] ^= bits
        start, length = self.zeros[0] % len(content), self.zeros[1]
        content[start : start + length] = bytes(min(length, len(content) - start))
        if self.cut is not None:
            del content[self.cut % len(content) :]
        return bytes(content)


accidents = st.builds(
    Accident,
    flips=st.lists(st.tuples(PLACES, st.integers(1, 255)), max_size=4),
    zeros=st.tuples(PLACES, st.just(0) | st.integers(1, 5000)),
    cut=st.none() | PLACES,
)


@given(accident=accidents)
@settings(max_examples=150, deadline=None)
@example(accident=Accident(flips=[(3612, 128)], zeros=(0, 0), cut=None))  # the error message is not UTF-8
def test_whatever_happened_to_the_file_an_answer_is_right_or_there_is_none(accident: Accident) -> None:
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / DATABASE_NAME).write_bytes(accident.happen_to(sound()))
        warnings: list[str] = []
        with open_cache(directory, explicit=True, warn=warnings.append) as cache:
            for number in range(COUNT):
                found = cache.get(Kind.PAGES, key(number))
                assert found in {None, page(number)}
                assert cache.get(Kind.METADATA, digest(number)) in {None, b"metadata %d" % number}
            assert cache.get(Kind.SOLUTIONS, digest(1)) in {None, solution(1, report="r" * 9000)}
            fill(cache)
            cache.flush()
        assert len(warnings) <= 2, "at most one when it is opened and one when it is used"
        # Damage is found and set aside piece by piece; soon the cache works again.
        for _ in range(3):
            with open_cache(directory, explicit=True, warn=warnings.append) as cache:
                fill(cache)
        with opened(directory) as cache:
            assert cache.get(Kind.PAGES, key(1)) == page(1)
            assert cache.get(Kind.METADATA, digest(1)) == b"metadata 1"
            assert cache.get(Kind.SOLUTIONS, digest(1)) is not None

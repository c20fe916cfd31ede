"""The cache in a file that threads and processes share."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import TypeVar

from nogilcheck.errors import CacheError
from nogilcheck.model.cache import PageKey, PageRecord, SolutionRecord
from nogilcheck.store import rows, tables
from nogilcheck.store.buffer import Buffer
from nogilcheck.store.database import DATABASE_NAME, Database, identify, is_clash, is_damage, open_database, set_aside

MAX_FILE_BYTES = 256 * 2**20
"""Size in use beyond which the oldest quarter of every table is dropped when a cache that wrote is closed."""

Warn = Callable[[str], None]
Answer = TypeVar("Answer")

_FAILURES = (sqlite3.Error, OSError, ValueError, MemoryError)
"""What a file that is damaged, locked, full or gone can raise; damaged lengths show as `MemoryError`."""


def open_cache(directory: Path, *, explicit: bool, warn: Warn) -> SqliteCache:
    """Open the cache in this directory, making both when they are missing.

    A damaged file, or one of another format, is set aside and made anew; a cache that cannot be used answers nothing.
    ``warn`` is told, in a sentence, at most once for either. Close the cache: what was put last is written then.

    Raises `CacheError` when the directory was asked for (``explicit``) and cannot be made.
    """
    path = directory.absolute() / DATABASE_NAME
    identity = identify(path)  # Before the file is read: only the one that proved bad may be moved.
    try:
        try:
            database: Database | None = open_database(path)
        except _FAILURES as error:
            if not is_damage(error):
                raise
            aside = set_aside(path, identity)
            database = open_database(path)
            warn(f"the cache {path} cannot be read ({error}); {_fate(aside)} and a new one was made")
    except _FAILURES as error:
        if explicit and not directory.is_dir():
            raise CacheError(
                f"the cache directory cannot be made: {_reason(error)}",
                hint="name another directory with --cache-dir or NOGILCHECK_CACHE_DIR, or go without with --no-cache",
                where=str(directory),
            ) from error
        warn(f"the cache {path} cannot be used ({_reason(error)}); going on without it")
        database = None
    return SqliteCache(path, database, warn)


class SqliteCache:
    """`nogilcheck.model.cache.Cache` in one file.

    One connection behind one lock: a look-up takes 16 us to 50 us, so threads hardly meet, and a connection for each
    would have to be opened and closed, 0.05 ms apiece. Nothing here raises on account of the file.
    """

    def __init__(self, path: Path, database: Database | None, warn: Warn) -> None:
        self._path = path
        self._database = database
        self._warn: Warn | None = warn if database is not None else None
        self._lock = RLock()
        self._buffer = Buffer()
        self._writable = database is not None
        self._wrote = False

    def page(self, key: PageKey) -> PageRecord | None:
        """The record of one page, fresh or not."""
        return self._ask(lambda: self._find_page(key), None)

    def page_states(self, keys: Collection[PageKey]) -> Mapping[PageKey, PageRecord]:
        """The records of those of these pages that are kept, fresh or not, without ``body`` and ``links``."""
        return self._ask(lambda: self._find_states(keys), {})

    def put_page(self, record: PageRecord) -> None:
        """Keep a page, replacing an older record."""
        self._put(lambda: self._buffer.put_page(record))

    def renew_page(self, key: PageKey, *, fetched_at: float, fresh_until: float) -> None:
        """Prolong the life of a page that the server called unchanged (304)."""
        self._put(lambda: self._buffer.renew_page(key, fetched_at=fetched_at, fresh_until=fresh_until))

    def metadata(self, sha256: str) -> bytes | None:
        """What was read from the file with this hash."""
        return self._ask(lambda: self._find_metadata(sha256), None)

    def put_metadata(self, sha256: str, data: bytes) -> None:
        """Keep what was read from a file, for good."""
        self._put(lambda: self._buffer.put_metadata(sha256, data))

    def scan(self, key: str) -> bytes | None:
        """What was read of the extension modules of a wheel."""
        return self._ask(lambda: self._find_scan(key), None)

    def put_scan(self, key: str, data: bytes) -> None:
        """Keep what was read of a wheel's extension modules, for good."""
        self._put(lambda: self._buffer.put_scan(key, data))

    def solution(self, key: str) -> SolutionRecord | None:
        """A finished report, to be validated before it is used."""
        return self._ask(lambda: self._find_solution(key), None)

    def put_solution(self, record: SolutionRecord) -> None:
        """Keep a finished report."""
        self._put(lambda: self._buffer.put_solution(record))

    def holds(self, pages: Iterable[tuple[PageKey, str]], *, now: float | None, max_age: int | None = None) -> bool:
        """Whether every page has this digest and is fresh at ``now`` (``None``: fresh or not)."""
        return self._ask(lambda: self._all_hold(tuple(pages), now, max_age), otherwise=False)

    def flush(self) -> None:
        """Write what waits in memory, in one transaction."""
        self._ask(self._write, None)

    def close(self) -> None:
        """Write what waits, drop the oldest records of a file grown too large, and let go of it. May be repeated."""
        with self._lock:
            self.flush()
            if self._wrote:
                self._ask(self._prune, None)
            self._release()

    def __enter__(self) -> SqliteCache:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _ask(self, question: Callable[[], Answer], otherwise: Answer) -> Answer:
        with self._lock:
            if self._database is None:
                return otherwise
            try:
                return question()
            except _FAILURES as error:
                self._give_up(self._database, error)
                return otherwise

    def _put(self, keep: Callable[[], None]) -> None:
        with self._lock:
            if self._writable:
                keep()
                if self._buffer.full:
                    self.flush()

    def _rows(self, statement: str, values: Iterable[str]) -> list[rows.Row]:
        """All rows at once, so that no lock of the file outlives the look-up."""
        database = self._database
        if database is None or not database.in_place():
            return []
        return database.connection.execute(statement, tuple(values)).fetchall()

    def _find_page(self, key: PageKey) -> PageRecord | None:
        waiting = self._buffer.page(key)
        if waiting is not None:
            return waiting
        for row in self._rows(tables.PAGE, rows.page_key(key)):
            return self._buffer.renewed(rows.read_page(key, row))
        return None

    def _find_metadata(self, sha256: str) -> bytes | None:
        waiting = self._buffer.metadata(sha256)
        if waiting is not None:
            return waiting
        for row in self._rows(tables.METADATA, [sha256]):
            return rows.read_data(sha256, row)
        return None

    def _find_scan(self, key: str) -> bytes | None:
        waiting = self._buffer.scan(key)
        if waiting is not None:
            return waiting
        for row in self._rows(tables.SCAN, [key]):
            return rows.read_data(key, row)
        return None

    def _find_solution(self, key: str) -> SolutionRecord | None:
        waiting = self._buffer.solution(key)
        if waiting is not None:
            return waiting
        for row in self._rows(tables.SOLUTION, [key]):
            return rows.read_solution(key, row)
        return None

    def _all_hold(self, pages: Collection[tuple[PageKey, str]], now: float | None, max_age: int | None) -> bool:
        states = self._find_states([key for key, _ in pages])
        return all(key in states and _holds(states[key], digest, now, max_age) for key, digest in pages)

    def _find_states(self, keys: Iterable[PageKey]) -> dict[PageKey, PageRecord]:
        found: dict[PageKey, PageRecord] = {}
        asked: dict[tuple[str, str], PageKey] = {}
        for key in keys:
            waiting = self._buffer.page(key)
            if waiting is None:
                asked[rows.page_key(key)] = key
            else:
                found[key] = waiting
        columns = list(asked)
        for start in range(0, len(columns), tables.PAGES_AT_ONCE):
            some = columns[start : start + tables.PAGES_AT_ONCE]
            values = [value for pair in some for value in pair]
            for index_url, project, *state in self._rows(tables.page_states(len(some)), values):
                key = asked[index_url, project]
                found[key] = self._buffer.renewed(rows.page_state(key, tuple(state)))
        return found

    def _write(self) -> None:
        if self._buffer.empty or not self._writable or self._database is None:
            return
        try:
            if self._transaction(self._database, self._buffer.write):
                self._wrote = True
            else:  # Cleared, or set aside, by another process: that one said so.
                self._writable = False
        except _FAILURES as error:
            if is_damage(error):
                raise
            self._writable = False
            # One that is cleared in this very moment is nobody's fault.
            if self._database.in_place() and not is_clash(error):
                self._tell(f"the cache {self._path} cannot be written ({_reason(error)}); this run adds nothing to it")
        self._buffer = Buffer()

    def _prune(self) -> None:
        database = self._database
        if database is None or not database.in_place() or self._path.stat().st_size <= MAX_FILE_BYTES:
            return
        size, total, spare = (
            database.connection.execute(statement).fetchone()[0]
            for statement in (tables.PAGE_SIZE, tables.FILE_PAGES, tables.SPARE_PAGES)
        )
        # The file does not shrink; what was freed is used again.
        if (total - spare) * size > MAX_FILE_BYTES:
            self._transaction(database, _drop_oldest)

    def _transaction(self, database: Database, change: Callable[[sqlite3.Connection], None]) -> bool:
        """Make a change whole or not at all; ``False`` when the file is no longer at its path."""
        connection = database.connection
        # A power cut may cost the last run's records; the cache survives it, and a killed process anyway.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("BEGIN IMMEDIATE")
        try:
            in_place = database.in_place()
            if in_place:
                change(connection)
            connection.execute("COMMIT" if in_place else "ROLLBACK")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        return in_place

    def _give_up(self, database: Database, error: Exception) -> None:
        """Answer nothing from here on, and make way for a new file if this one is damaged."""
        in_place = database.in_place()
        self._release()
        if is_clash(error) or not in_place:  # cleared, or replaced by another process: that one said so
            return
        fate = "going on without it"
        if is_damage(error):
            with suppress(*_FAILURES):
                fate = f"{_fate(set_aside(self._path, database.identity))}, going on without it"
        self._tell(f"the cache {self._path} cannot be used ({_reason(error)}); {fate}")

    def _release(self) -> None:
        database, self._database = self._database, None
        self._writable = False
        self._buffer = Buffer()
        if database is not None:
            with suppress(sqlite3.Error):
                database.connection.close()

    def _tell(self, text: str) -> None:
        warn, self._warn = self._warn, None
        if warn is not None:
            warn(text)


def _holds(record: PageRecord, digest: str, now: float | None, max_age: int | None) -> bool:
    return record.digest == digest and (now is None or record.fresh(now, max_age))


def _drop_oldest(connection: sqlite3.Connection) -> None:
    for statement in tables.DROP_OLDEST_QUARTER:
        connection.execute(statement)


def _fate(aside: Path | None) -> str:
    return "another process replaced it" if aside is None else f"it was kept as {aside.name}"


def _reason(error: BaseException) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error) or type(error).__name__

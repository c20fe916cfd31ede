"""The cache in a file that threads and processes share."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import TypeVar

from nogilcheck.errors import CacheError
from nogilcheck.model.cache import Kind
from nogilcheck.store import tables
from nogilcheck.store.database import (
    DATABASE_NAME,
    KEY_BYTES,
    Database,
    identify,
    is_clash,
    is_damage,
    keyed_digest,
    open_database,
    set_aside,
    stored_key,
    writable_by_others,
)

FLUSH_BYTES = 4 * 2**20
"""Contents that may wait in memory. Most runs keep less, and so write once, at the end."""

FLUSH_RECORDS = 1000
"""Records that may wait in memory."""

MAX_RECORD_BYTES = 32 * 2**20
"""A larger record is not kept; the largest page of PyPI takes about 2 MB."""

MAX_FILE_BYTES = 256 * 2**20
"""Size in use beyond which the oldest quarter of every table is dropped when a cache that wrote is closed."""

Warn = Callable[[str], None]
Answer = TypeVar("Answer")

_FAILURES = (sqlite3.Error, OSError, ValueError, MemoryError)
"""What a file that is damaged, locked, full or gone can raise; damaged lengths show as `MemoryError`."""


def open_cache(directory: Path, *, explicit: bool, warn: Warn) -> SqliteCache:
    """Open the cache in this directory, making both when they are missing.

    A damaged file, or one of another format, is set aside and made anew; a cache that cannot be used answers nothing.
    So does one that other users can write to: they would decide what is answered.
    ``warn`` is told, in a sentence, at most once for any of these. Close the cache: what was put last is written then.

    Raises `CacheError` when the directory was asked for (``explicit``) and cannot be made.
    """
    path = directory.absolute() / DATABASE_NAME
    for place in (directory, path):
        if writable_by_others(place):
            warn(f"the cache {place} can be written to by other users; going on without it (chmod go-w {place})")
            return SqliteCache()
    identity = identify(path)  # Before the file is read: only the one that proved bad may be moved.
    try:
        try:
            database = open_database(path)
        except _FAILURES as error:
            if not is_damage(error):
                raise
            aside = set_aside(path, identity)
            database = open_database(path)
            warn(f"the cache {path} cannot be read ({error}); {_fate(aside)} and a new one was made")
    except _FAILURES as error:
        if explicit and not os.path.isdir(directory):
            raise CacheError(
                f"cannot create the cache directory: {_reason(error)}",
                hint="name another directory with --cache-dir or NOGILCHECK_CACHE_DIR, or go without with --no-cache",
                where=str(directory),
            ) from error
        warn(f"the cache {path} cannot be used ({_reason(error)}); going on without it")
        return SqliteCache()
    return SqliteCache(database, warn)


class SqliteCache:
    """`nogilcheck.model.cache.Cache` in one file; without a file it keeps nothing (``--no-cache``).

    Records wait in memory until they are many, or the cache is closed. One connection behind one lock: a look-up takes
    16 us to 50 us, so threads hardly meet, and a connection for each would have to be opened and closed, 0.05 ms
    apiece. Errors of the file never propagate.
    """

    def __init__(self, database: Database | None = None, warn: Warn | None = None) -> None:
        self._database = database
        self._warn = warn
        self._lock = RLock()
        self._waiting: dict[Kind, dict[str, bytes]] = {kind: {} for kind in Kind}
        self._waiting_bytes = 0
        self._key: bytes | None = None
        self._writable = database is not None
        self._wrote = False

    @property
    def keeps(self) -> bool:
        """Whether there is a file, which can be written as far as is known."""
        return self._writable

    def get(self, kind: Kind, key: str) -> bytes | None:
        """One record, as it was put."""
        return self.get_many(kind, [key]).get(key)

    def get_many(self, kind: Kind, keys: Iterable[str]) -> dict[str, bytes]:
        """The records of those of these keys that have one."""
        return self._guarded(lambda database: self._find(database, kind, keys), {})

    def put(self, kind: Kind, key: str, data: bytes) -> None:
        """Keep a record, replacing an older one."""
        with self._lock:
            if self._writable and len(data) <= MAX_RECORD_BYTES:
                self._waiting[kind][key] = data
                self._waiting_bytes += len(data)
                if self._waiting_bytes >= FLUSH_BYTES or sum(map(len, self._waiting.values())) >= FLUSH_RECORDS:
                    self.flush()

    def keyed(self, text: str) -> str:
        """A digest of this text (BLAKE2b), by the key of this cache; without a file, by one of this run."""
        with self._lock:
            if self._key is None:
                kept = self._guarded(lambda database: stored_key(database.connection), None)
                self._key = kept or os.urandom(KEY_BYTES)
        return keyed_digest(text, self._key)

    def flush(self) -> None:
        """Write what waits in memory, in one transaction."""
        self._guarded(self._write, None)

    def close(self) -> None:
        """Write what waits, drop the oldest records of a file grown too large, and let go of it. May be repeated."""
        with self._lock:
            self.flush()
            if self._wrote:
                self._guarded(self._prune, None)
            self._release()

    def __enter__(self) -> SqliteCache:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _guarded(self, action: Callable[[Database], Answer], otherwise: Answer) -> Answer:
        with self._lock:
            if self._database is None:
                return otherwise
            try:
                return action(self._database)
            except _FAILURES as error:
                self._give_up(self._database, error)
                return otherwise

    def _find(self, database: Database, kind: Kind, keys: Iterable[str]) -> dict[str, bytes]:
        records: dict[str, bytes] = {}
        asked: dict[str, str] = {}
        for key in keys:
            waiting = self._waiting[kind].get(key)
            if waiting is None:
                asked[tables.column(key)] = key
            else:
                records[key] = waiting
        columns = list(asked)
        for start in range(0, len(columns), tables.KEYS_AT_ONCE):
            some = columns[start : start + tables.KEYS_AT_ONCE]
            if database.in_place():
                # All rows at once, so that no lock of the file outlives the look-up.
                for row in database.connection.execute(tables.get(kind, len(some)), some).fetchall():
                    records[asked[row[0]]] = tables.content(row)
        return records

    def _write(self, database: Database) -> None:
        if not self._writable or not any(self._waiting.values()):
            return
        try:
            if self._transaction(database, self._write_waiting):
                self._wrote = True
            else:  # Cleared, or set aside, by another process: that one said so.
                self._writable = False
        except _FAILURES as error:
            if is_damage(error):
                raise
            self._writable = False
            # One that is cleared in this very moment is nobody's fault.
            if database.in_place() and not is_clash(error):
                self._tell(
                    f"the cache {database.path} cannot be written ({_reason(error)}); this run adds nothing to it"
                )
        self._forget_waiting()

    def _write_waiting(self, connection: sqlite3.Connection) -> None:
        for kind, records in self._waiting.items():
            rows = (tables.row(tables.column(key), data) for key, data in records.items())
            connection.executemany(tables.PUT[kind], rows)
        if self._waiting[Kind.SOLUTIONS]:
            connection.execute(tables.DROP_OLD_SOLUTIONS)

    def _forget_waiting(self) -> None:
        self._waiting_bytes = 0
        for records in self._waiting.values():
            records.clear()

    def _prune(self, database: Database) -> None:
        if not database.in_place() or database.path.stat().st_size <= MAX_FILE_BYTES:
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
                fate = f"{_fate(set_aside(database.path, database.identity))}, going on without it"
        self._tell(f"the cache {database.path} cannot be used ({_reason(error)}); {fate}")

    def _release(self) -> None:
        database, self._database = self._database, None
        self._writable = False
        self._forget_waiting()
        if database is not None:
            with suppress(sqlite3.Error):
                database.connection.close()

    def _tell(self, text: str) -> None:
        warn, self._warn = self._warn, None
        if warn is not None:
            warn(text)


def _drop_oldest(connection: sqlite3.Connection) -> None:
    for statement in tables.DROP_OLDEST_QUARTER:
        connection.execute(statement)


def _fate(aside: Path | None) -> str:
    return "another process replaced it" if aside is None else f"it was kept as {aside.name}"


def _reason(error: BaseException) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error) or type(error).__name__

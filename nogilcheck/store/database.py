"""The database file: opening it, making it, and moving it out of the way.

A rollback journal rather than a write-ahead log. Measured for a cold run that keeps 3 MB: 10 ms to write and close
against 21 ms, since closing the last connection copies the whole log; opening takes 0.05 ms against 0.2 ms. There is
one file at rest, it can be read where nothing may be written, and it works on network file systems. What a log would
buy, reading while another process writes, matters little where a run writes once or twice.

SQLite finds a journal by the path of its database. Two files that had the same path, one of them removed or renamed
while open, would take each other's journal for their own. So a file is moved or removed only under its exclusive lock,
and whoever has one open looks whether it is still in its place before each use (1 us).
"""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from nogilcheck.store import tables

DATABASE_NAME = "cache-v4.sqlite3"
"""The file in the cache directory; named after its format, so that versions of this program do not contend for it."""

COMPANIONS = ("-journal", "-wal", "-shm")
"""What SQLite may keep beside a database."""

SET_ASIDE = ".corrupt-"
"""Between the name of a database that was set aside and the Unix time when it was."""

BUSY_TIMEOUT = 5.0
"""Seconds to wait for another process that is writing."""

KEY_BYTES = 32
"""Of the key by which digests of logins are made. It is in the file, which only its owner may read."""

ATTEMPTS = 5
"""At opening a file that others remove at the same moment."""

TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This file marks a cache directory of nogilcheck; see https://bford.info/cachedir/\n"
)
"""The content of ``CACHEDIR.TAG``, which tells backup programs to skip the directory."""

_DAMAGE = frozenset(
    {
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_FORMAT,
        sqlite3.SQLITE_INTERNAL,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_TOOBIG,
    }
)
"""Codes that our statements meet only in a damaged file: a missing table, the same key twice, an absurd length."""


_CLASHES = frozenset({sqlite3.SQLITE_IOERR_DELETE_NOENT, sqlite3.SQLITE_READONLY_DBMOVED})


class Database(NamedTuple):
    """An open file."""

    path: Path
    connection: sqlite3.Connection
    identity: tuple[int, int]
    """Of the file that was at ``path`` when it was opened."""

    def in_place(self) -> bool:
        """Whether the open file is still the one at its path."""
        return identify(self.path) == self.identity


def open_database(path: Path) -> Database:
    """Open the file, making it (and its directory) when there is none.

    Nothing is written to a file that is as it should be. Raises `OSError`, `ValueError` and `sqlite3.Error`, of
    which `is_damage` tells what the file itself is to blame for.
    """
    for _ in range(ATTEMPTS):
        try:
            return _open(path)
        except (FileNotFoundError, sqlite3.OperationalError) as error:
            if identify(path) is not None and not is_clash(error):
                raise
    return _open(path)


def _open(path: Path) -> Database:
    identity = identify(path)
    if identity is None:
        _make_room(path)
        identity = identify(path)
        if identity is None:
            raise FileNotFoundError(f"{path} vanished")
    connection = connect(path, mode="rw")
    try:
        if _version(connection) != tables.SCHEMA_VERSION:
            _make_tables(connection)
    except BaseException:
        connection.close()
        raise
    return Database(path=path, connection=connection, identity=identity)


def connect(path: Path, *, mode: str) -> sqlite3.Connection:
    """A connection that any thread may use, one at a time; transactions are begun by hand.

    ``mode`` is ``ro`` or ``rw`` (https://www.sqlite.org/uri.html); neither makes a file.
    """
    name = quote(os.fsencode(path.as_posix()))
    uri = f"file://{name}" if name.startswith("/") else f"file:///{name}"
    return sqlite3.connect(
        f"{uri}?mode={mode}", uri=True, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False
    )


def stored_key(connection: sqlite3.Connection) -> bytes:
    """The key of the cache. Raises `DamageError`."""
    row = connection.execute(tables.GET_KEY).fetchone()
    if row is None or not isinstance(row[0], bytes) or len(row[0]) != KEY_BYTES:
        raise tables.DamageError("the key is missing")
    return row[0]


def keyed_digest(text: str, key: bytes) -> str:
    """A digest of this text by this key (BLAKE2b, hexadecimal)."""
    return blake2b(text.encode("utf-8", "surrogatepass"), key=key, digest_size=16).hexdigest()


def identify(path: Path) -> tuple[int, int] | None:
    """Device and inode of the file, ``None`` when it cannot be seen."""
    try:
        status = os.stat(path)  # noqa: PTH116  a third faster, and called before each look-up
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def writable_by_others(path: Path) -> bool:
    """Whether somebody else may write to a file or a directory, and so decide what a run answers.

    Root may write everywhere. The group of the same number as a user is that user's own, as most distributions have
    it. What is not there is nobody's; Windows is not asked.
    """
    if sys.platform == "win32":
        return False
    try:
        status = path.stat()
    except (OSError, ValueError):
        return False
    user = os.geteuid()
    shared = stat.S_IWOTH | (0 if status.st_gid == user == os.getegid() else stat.S_IWGRP)
    return status.st_uid not in {user, 0} or bool(status.st_mode & shared)


def is_damage(error: BaseException) -> bool:
    """Whether the file is to blame, rather than the disk, its permissions or another process."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        # From the sqlite3 module itself: a text, or an error message that quotes the schema, is not UTF-8.
        return isinstance(error, (tables.DamageError, sqlite3.OperationalError, UnicodeDecodeError))
    return (code & 0xFF) in _DAMAGE


def is_clash(error: BaseException) -> bool:
    """Whether another process removed the file in this very moment, which is nobody's fault.

    One that still has the removed file open may also take the journal of its successor for its own, and delete it:
    what was being written is in the successor all the same.
    """
    return getattr(error, "sqlite_errorcode", None) in _CLASHES


def set_aside(path: Path, identity: tuple[int, int] | None) -> Path | None:
    """Rename the file with this identity, keep no more than one such file, and give the new path.

    ``None`` when another process was faster. Raises `OSError` and `sqlite3.OperationalError` (busy).
    """
    if identity is None or identify(path) != identity:
        return None
    with _lock(path) as locked:
        if identify(path) != identity:
            return None
        aside = path.with_name(f"{path.name}{SET_ASIDE}{int(time.time())}")
        path.replace(aside)
    if not locked:
        _remove_companions(path)
    for older in path.parent.glob(f"{path.name}{SET_ASIDE}*"):
        if older != aside:
            with suppress(OSError):
                older.unlink()
    return aside


def remove(path: Path) -> None:
    """Delete the file once nobody is using it; nothing when there is none. Raises as `set_aside` does."""
    locked = False
    if os.path.exists(path):
        with _lock(path) as locked:
            path.unlink(missing_ok=True)
    if not locked:
        _remove_companions(path)


@contextmanager
def _lock(path: Path) -> Iterator[bool]:
    """Hold the exclusive lock of the file, and say whether it could be had.

    With the lock, there is no journal left: SQLite has played it back. A file too damaged to be locked has none of
    use, and nobody can be writing to it. Raises `sqlite3.OperationalError` when another process keeps the lock.
    """
    connection = connect(path, mode="rw")
    try:
        try:
            connection.execute("BEGIN EXCLUSIVE")
            locked = True
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise
            locked = False
        if sys.platform == "win32":
            # There an open file can be neither renamed nor removed, by us or anyone: that is lock enough.
            connection.close()
        yield locked
    finally:
        connection.close()


def _make_room(path: Path) -> None:
    """Make the directory, its tag and an empty file, readable by this user only.

    An existing directory with something in it is not tagged: it may be one that is worth a backup.
    """
    directory = path.parent
    directory.parent.mkdir(parents=True, exist_ok=True)
    directory.mkdir(mode=0o700, exist_ok=True)
    if not any(directory.iterdir()):
        (directory / "CACHEDIR.TAG").write_text(TAG, encoding="utf-8")
    with suppress(FileExistsError):
        # SQLite gives a journal the permissions of its database.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _make_tables(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    version = _version(connection)
    if version == tables.SCHEMA_VERSION:  # another process was faster
        connection.execute("ROLLBACK")
        return
    if version or connection.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
        raise tables.DamageError(f"format {version} instead of {tables.SCHEMA_VERSION}")
    for statement in tables.CREATE:
        connection.execute(statement)
    connection.execute(tables.KEEP_KEY, (os.urandom(KEY_BYTES),))
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _remove_companions(path: Path) -> None:
    for suffix in COMPANIONS:
        with suppress(OSError):
            path.with_name(path.name + suffix).unlink()

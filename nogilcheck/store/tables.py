"""The tables, one for each kind of record, and every statement that reads or changes them.

Rows have an integer key and the large column last: in a ``WITHOUT ROWID`` table of the same content, the look-up of
150 pages takes 9 ms instead of 0.3 ms, since the contents then lie between the keys.

SQLite keeps no checksums, and a file system may hand back zeros after a power cut; so each row carries a CRC-32 of its
key and its content, and a row that does not match counts as damage.
"""

from __future__ import annotations

import sqlite3
from typing import Any
from zlib import crc32

from nogilcheck.model.cache import Kind

SCHEMA_VERSION = 4
"""``PRAGMA user_version`` of a file with these tables. Change it with any change of a table or of a row's meaning."""

MAX_SOLUTIONS = 2000
"""Finished reports that are kept, the newest: a survey of a thousand projects is to find its own again."""

KEYS_AT_ONCE = 900
"""Keys that one statement asks for; SQLite before 3.32 takes 999 variables."""

Row = tuple[Any, ...]
"""Key, checksum and content."""


class DamageError(sqlite3.DatabaseError):
    """The file opens, and does not hold what this version wrote there."""


CREATE_KEY = "CREATE TABLE secret (key BLOB NOT NULL)"
KEEP_KEY = "INSERT INTO secret (key) VALUES (?)"
GET_KEY = "SELECT key FROM secret"

CREATE = (
    CREATE_KEY,
    *(
        f"""CREATE TABLE {kind} (
            id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, checksum INTEGER NOT NULL, data BLOB NOT NULL)"""
        for kind in Kind
    ),
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)
PUT = {kind: f"INSERT OR REPLACE INTO {kind} (key, checksum, data) VALUES (?, ?, ?)" for kind in Kind}  # noqa: S608
DROP_OLDEST_QUARTER = tuple(
    f"""DELETE FROM {kind} WHERE id IN
        (SELECT id FROM {kind} ORDER BY id LIMIT (SELECT count(*) / 4 + 1 FROM {kind}))"""  # noqa: S608  a constant
    for kind in Kind
)
DROP_OLD_SOLUTIONS = f"""DELETE FROM {Kind.SOLUTIONS} WHERE id IN
    (SELECT id FROM {Kind.SOLUTIONS} ORDER BY id DESC LIMIT -1 OFFSET {MAX_SOLUTIONS})"""  # noqa: S608  a constant
SPARE_PAGES = "PRAGMA freelist_count"
FILE_PAGES = "PRAGMA page_count"
PAGE_SIZE = "PRAGMA page_size"


def get(kind: Kind, count: int) -> str:
    """The statement that reads the rows of so many keys."""
    marks = ", ".join("?" * count)
    return f"SELECT key, checksum, data FROM {kind} WHERE key IN ({marks})"  # noqa: S608  question marks only


def row(key: str, data: bytes) -> Row:
    """The values for `PUT`."""
    return key, _checksum(key, data), data


def content(row: Row) -> bytes:
    """The data of a row. Raises `DamageError`."""
    key, checksum, data = row
    if isinstance(data, bytes) and _checksum(key, data) == checksum:
        return data
    raise DamageError("a row does not match its checksum")


def column(key: str) -> str:
    """Text that SQLite can keep: a lone surrogate (an undecodable byte of a path) becomes an escape."""
    return key if key.isascii() else key.encode("utf-8", "backslashreplace").decode()


def _checksum(key: str, data: bytes) -> int:
    return crc32(data, crc32(key.encode()))

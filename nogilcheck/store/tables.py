"""The tables, and every statement that reads or changes them.

Rows have an integer key and the large columns last: in a ``WITHOUT ROWID`` table of the same content, the look-up of
150 pages takes 9 ms instead of 0.3 ms, since the contents then lie between the keys.
"""

from __future__ import annotations

import sqlite3
from functools import lru_cache

SCHEMA_VERSION = 2
"""``PRAGMA user_version`` of a file with these tables. Change it with any change of a table or of a row's meaning."""

MAX_SOLUTIONS = 200
"""Finished reports that are kept, the newest."""

PAGES_AT_ONCE = 400
"""Pages that one statement asks for: two variables each, and SQLite before 3.32 takes 999."""


class DamageError(sqlite3.DatabaseError):
    """The file opens, and does not hold what this version wrote there."""


CREATE = (
    """CREATE TABLE pages (
        id INTEGER PRIMARY KEY, index_url TEXT NOT NULL, project TEXT NOT NULL, digest TEXT NOT NULL, etag TEXT,
        fetched_at REAL NOT NULL, fresh_until REAL NOT NULL, checksum INTEGER NOT NULL,
        body BLOB NOT NULL, links BLOB NOT NULL, UNIQUE (index_url, project))""",
    """CREATE TABLE metadata (
        id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, checksum INTEGER NOT NULL, data BLOB NOT NULL)""",
    """CREATE TABLE scans (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, checksum INTEGER NOT NULL, data BLOB NOT NULL)""",
    """CREATE TABLE solutions (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, created_at REAL NOT NULL, checksum INTEGER NOT NULL,
        witnesses BLOB NOT NULL, pages BLOB NOT NULL, report BLOB NOT NULL)""",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)

PAGE = """SELECT digest, etag, fetched_at, fresh_until, checksum, body, links FROM pages
    WHERE index_url = ? AND project = ?"""
PUT_PAGE = """INSERT OR REPLACE INTO pages
    (index_url, project, digest, etag, fetched_at, fresh_until, checksum, body, links)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
RENEW_PAGE = "UPDATE pages SET fetched_at = ?, fresh_until = ? WHERE index_url = ? AND project = ?"

METADATA = "SELECT checksum, data FROM metadata WHERE sha256 = ?"
PUT_METADATA = "INSERT OR REPLACE INTO metadata (sha256, checksum, data) VALUES (?, ?, ?)"

SCAN = "SELECT checksum, data FROM scans WHERE key = ?"
PUT_SCAN = "INSERT OR REPLACE INTO scans (key, checksum, data) VALUES (?, ?, ?)"

# The report is not compressed: inflating 170 KB takes 0.5 ms, reading it as it is 0.03 ms, and `MAX_SOLUTIONS` bounds
# what that costs in space.
SOLUTION = "SELECT checksum, witnesses, pages, report FROM solutions WHERE key = ?"
PUT_SOLUTION = """INSERT OR REPLACE INTO solutions (key, created_at, checksum, witnesses, pages, report)
    VALUES (?, ?, ?, ?, ?, ?)"""
DROP_OLD_SOLUTIONS = f"""DELETE FROM solutions
    WHERE id IN (SELECT id FROM solutions ORDER BY id DESC LIMIT -1 OFFSET {MAX_SOLUTIONS})"""  # noqa: S608  a constant

SPARE_PAGES = "PRAGMA freelist_count"
FILE_PAGES = "PRAGMA page_count"
PAGE_SIZE = "PRAGMA page_size"
DROP_OLDEST_QUARTER = (
    """DELETE FROM pages WHERE id IN
        (SELECT id FROM pages ORDER BY fetched_at, id LIMIT (SELECT count(*) / 4 + 1 FROM pages))""",
    """DELETE FROM metadata WHERE id IN
        (SELECT id FROM metadata ORDER BY id LIMIT (SELECT count(*) / 4 + 1 FROM metadata))""",
    """DELETE FROM scans WHERE id IN
        (SELECT id FROM scans ORDER BY id LIMIT (SELECT count(*) / 4 + 1 FROM scans))""",
    """DELETE FROM solutions WHERE id IN
        (SELECT id FROM solutions ORDER BY id LIMIT (SELECT count(*) / 4 + 1 FROM solutions))""",
)


@lru_cache(maxsize=8)
def page_states(count: int) -> str:
    """The statement that reads digest, ETag and times of so many pages, given as ``index_url``, ``project`` in turn.

    The cross join keeps SQLite from scanning the table for them, which it does for ``IN (VALUES ...)``.
    """
    wanted = ", ".join(["(?, ?)"] * count)
    return f"""WITH wanted (index_url, project) AS (VALUES {wanted})
        SELECT wanted.index_url, wanted.project, digest, etag, fetched_at, fresh_until
        FROM wanted CROSS JOIN pages USING (index_url, project)"""  # noqa: S608  question marks only

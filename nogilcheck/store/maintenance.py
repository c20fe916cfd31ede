"""Looking at the cache, and emptying it."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import field
from pathlib import Path

from nogilcheck.errors import CacheError
from nogilcheck.frozen import frozen
from nogilcheck.model.cache import Kind, PageState
from nogilcheck.store.database import COMPANIONS, DATABASE_NAME, SET_ASIDE, connect, remove

_COUNTED = {"pages": Kind.PAGE_STATES, "metadata": Kind.METADATA, "scans": Kind.SCANS, "solutions": Kind.SOLUTIONS}


@frozen
class CacheInfo:
    """What is in a cache directory."""

    path: Path
    """Of the database."""
    bytes: int = 0
    """Size of all files of the cache, those set aside and those of other versions included."""
    records: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTED, 0))
    """How many pages, metadata, scans and solutions there are."""
    oldest: float | None = None
    """When the page fetched longest ago was fetched: Unix time, seconds."""
    newest: float | None = None
    problem: str | None = None
    """Why the counts are missing."""


def info(directory: Path) -> CacheInfo:
    """Count what the cache holds; a missing one holds nothing, and a damaged one has a ``problem``."""
    path = directory.absolute() / DATABASE_NAME
    size = sum(map(_size, _files(path.parent)))
    if not os.path.exists(path):
        return CacheInfo(path=path, bytes=size)
    try:
        with closing(connect(path, mode="ro")) as connection:
            if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
                return CacheInfo(path=path, bytes=size)
            counts = {
                name: connection.execute(f"SELECT count(*) FROM {kind}").fetchone()[0]  # noqa: S608  a constant
                for name, kind in _COUNTED.items()
            }
            states = connection.execute(f"SELECT data FROM {Kind.PAGE_STATES}").fetchall()  # noqa: S608  a constant
    except sqlite3.Error as error:
        return CacheInfo(path=path, bytes=size, problem=str(error))
    times = [state.fetched_at for (record,) in states if (state := PageState.decoded(record))]
    oldest, newest = min(times, default=None), max(times, default=None)
    return CacheInfo(path=path, bytes=size, records=counts, oldest=oldest, newest=newest)


def clear(directory: Path) -> int:
    """Remove the cache's files, also those of other versions, and nothing else in the directory; gives the bytes freed.

    Runs that have the cache open go on without it. Raises `CacheError` when a file cannot be removed, or another
    process keeps it locked.
    """
    path = directory.absolute() / DATABASE_NAME
    files = _files(path.parent)
    size = sum(map(_size, files))
    try:
        for file in files:
            if SET_ASIDE in file.name:
                file.unlink(missing_ok=True)
            elif not file.name.endswith(COMPANIONS):
                path = file
                remove(file)
        remove(path)  # what a journal alone has left
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CacheError(
            f"the cache cannot be removed: {reason}",
            hint="wait for other runs to end, and check that you may write to the directory",
            where=str(path),
        ) from error
    return size


def _files(directory: Path) -> list[Path]:
    """The databases of every format, what SQLite keeps beside them, and those that were set aside."""
    known = re.compile(rf"cache-v\d+\.sqlite3({'|'.join(COMPANIONS)}|{re.escape(SET_ASIDE)}.*)?")
    try:
        return [file for file in directory.iterdir() if known.fullmatch(file.name)]
    except OSError:
        return []


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0

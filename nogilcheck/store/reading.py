"""The cache, only read: nothing is written or repaired, and whatever is wrong with the file, the check says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from nogilcheck.model.cache import Kind
from nogilcheck.store import tables
from nogilcheck.store.database import DATABASE_NAME, connect, keyed_digest, stored_key, writable_by_others


@contextmanager
def reading(directory: Path) -> Iterator[ReadingCache | None]:
    """The cache of a directory; ``None`` where there is none of this version, or other users can write to it."""
    path = directory / DATABASE_NAME
    if not path.exists() or writable_by_others(directory) or writable_by_others(path):
        yield None
        return
    with closing(connect(path, mode="ro")) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        yield ReadingCache(connection) if version == tables.SCHEMA_VERSION else None


class ReadingCache:
    """What `nogilcheck.model.cache.Cache` has for reading. Every method may raise `sqlite3.Error` or `ValueError`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._key: bytes | None = None

    def get(self, kind: Kind, key: str) -> bytes | None:
        """One record, as it was put."""
        return self.get_many(kind, [key]).get(key)

    def get_many(self, kind: Kind, keys: Iterable[str]) -> dict[str, bytes]:
        """The records of those of these keys that have one; none for keys that one statement does not take."""
        asked = {tables.column(key): key for key in keys}
        if len(asked) > tables.KEYS_AT_ONCE:
            return {}
        rows = self._connection.execute(tables.get(kind, len(asked)), list(asked))
        return {asked[row[0]]: tables.content(row) for row in rows}

    def keyed(self, text: str) -> str:
        """A digest of this text by the key of the cache."""
        self._key = self._key or stored_key(self._connection)
        return keyed_digest(text, self._key)

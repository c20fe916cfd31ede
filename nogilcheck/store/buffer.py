"""What was put into the cache and is not yet in the file."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace

from nogilcheck.model.cache import PageKey, PageRecord, SolutionRecord
from nogilcheck.store import rows, tables

FLUSH_BYTES = 4 * 2**20
"""Contents that may wait in memory. Most runs keep less, and so write once, at the end."""

FLUSH_RECORDS = 1000
"""Records that may wait in memory."""

MAX_RECORD_BYTES = 32 * 2**20
"""A larger record is not kept; the largest page of PyPI takes about 2 MB."""


class Buffer:
    """Records on their way to the file. Not safe for threads: its owner holds a lock."""

    def __init__(self) -> None:
        self._pages: dict[PageKey, PageRecord] = {}
        self._renewals: dict[PageKey, tuple[float, float]] = {}
        self._metadata: dict[str, bytes] = {}
        self._scans: dict[str, bytes] = {}
        self._solutions: dict[str, SolutionRecord] = {}
        self._bytes = 0

    def put_page(self, record: PageRecord) -> None:
        """Replaces an older record and its renewal."""
        if self._admit(len(record.body) + len(record.links)):
            self._renewals.pop(record.key, None)
            self._pages[record.key] = record

    def renew_page(self, key: PageKey, *, fetched_at: float, fresh_until: float) -> None:
        """Applies to the waiting record, or to the one in the file."""
        waiting = self._pages.get(key)
        if waiting is not None:
            self._pages[key] = replace(waiting, fetched_at=fetched_at, fresh_until=fresh_until)
        else:
            self._renewals[key] = (fetched_at, fresh_until)

    def put_metadata(self, sha256: str, data: bytes) -> None:
        """Replaces older data."""
        if self._admit(len(data)):
            self._metadata[sha256] = data

    def put_scan(self, key: str, data: bytes) -> None:
        """Replaces older data."""
        if self._admit(len(data)):
            self._scans[key] = data

    def put_solution(self, record: SolutionRecord) -> None:
        """Replaces an older solution."""
        if self._admit(len(record.report)):
            self._solutions[record.key] = record

    def page(self, key: PageKey) -> PageRecord | None:
        """The record, if it waits."""
        return self._pages.get(key)

    def renewed(self, record: PageRecord) -> PageRecord:
        """A record from the file with the renewal that waits for it."""
        times = self._renewals.get(record.key)
        return record if times is None else replace(record, fetched_at=times[0], fresh_until=times[1])

    def metadata(self, sha256: str) -> bytes | None:
        """The data, if it waits."""
        return self._metadata.get(sha256)

    def scan(self, key: str) -> bytes | None:
        """The data, if it waits."""
        return self._scans.get(key)

    def solution(self, key: str) -> SolutionRecord | None:
        """The solution, if it waits."""
        return self._solutions.get(key)

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return not (self._pages or self._renewals or self._metadata or self._scans or self._solutions)

    @property
    def full(self) -> bool:
        """Whether it is time to write."""
        count = len(self._pages) + len(self._renewals) + len(self._metadata) + len(self._scans) + len(self._solutions)
        return self._bytes >= FLUSH_BYTES or count >= FLUSH_RECORDS

    def write(self, connection: sqlite3.Connection) -> None:
        """Put everything into the tables, within the caller's transaction. Raises `sqlite3.Error`."""
        connection.executemany(tables.PUT_PAGE, map(rows.page_row, self._pages.values()))
        connection.executemany(
            tables.RENEW_PAGE, ((*times, *rows.page_key(key)) for key, times in self._renewals.items())
        )
        connection.executemany(tables.PUT_METADATA, (rows.data_row(*item) for item in self._metadata.items()))
        connection.executemany(tables.PUT_SCAN, (rows.data_row(*item) for item in self._scans.items()))
        if self._solutions:
            now = time.time()
            connection.executemany(
                tables.PUT_SOLUTION, (rows.solution_row(record, now) for record in self._solutions.values())
            )
            connection.execute(tables.DROP_OLD_SOLUTIONS)

    def _admit(self, size: int) -> bool:
        if size > MAX_RECORD_BYTES:
            return False
        self._bytes += size
        return True

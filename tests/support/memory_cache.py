"""A cache that forgets everything at the end of the test."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from nogilcheck.model.cache import PageKey, PageRecord, SolutionRecord


class MemoryCache:
    """Implements `nogilcheck.model.cache.Cache`."""

    def __init__(self) -> None:
        self.pages: dict[PageKey, PageRecord] = {}
        self.metadata_records: dict[str, bytes] = {}
        self.scans: dict[str, bytes] = {}
        self.solutions: dict[str, SolutionRecord] = {}
        self._lock = threading.Lock()

    def page(self, key: PageKey) -> PageRecord | None:
        return self.pages.get(key)

    def page_states(self, keys: Collection[PageKey]) -> Mapping[PageKey, PageRecord]:
        return {key: self.pages[key] for key in keys if key in self.pages}

    def put_page(self, record: PageRecord) -> None:
        self.pages[record.key] = record

    def renew_page(self, key: PageKey, *, fetched_at: float, fresh_until: float) -> None:
        with self._lock:
            record = self.pages.get(key)
            if record is not None:
                self.pages[key] = replace(record, fetched_at=fetched_at, fresh_until=fresh_until)

    def metadata(self, sha256: str) -> bytes | None:
        return self.metadata_records.get(sha256)

    def put_metadata(self, sha256: str, data: bytes) -> None:
        self.metadata_records[sha256] = data

    def scan(self, key: str) -> bytes | None:
        return self.scans.get(key)

    def put_scan(self, key: str, data: bytes) -> None:
        self.scans[key] = data

    def solution(self, key: str) -> SolutionRecord | None:
        return self.solutions.get(key)

    def put_solution(self, record: SolutionRecord) -> None:
        self.solutions[record.key] = record

    def close(self) -> None:
        """Nothing is buffered."""

    def holds(self, pages: Iterable[tuple[PageKey, str]], *, now: float | None, max_age: int | None = None) -> bool:
        for key, digest in pages:
            record = self.pages.get(key)
            if record is None or record.digest != digest or (now is not None and not record.fresh(now, max_age)):
                return False
        return True

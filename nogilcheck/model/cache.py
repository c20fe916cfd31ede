"""What the cache holds, and the protocol by which the rooms reach it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from nogilcheck.model.source import Witness

NOT_FOUND_DIGEST = "not-found"
"""The digest of a page that the index answered with 404."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageKey:
    """One project on one index."""

    index: str
    """The index or the find-links page, as `nogilcheck.model.urls.identity` names it: no credentials."""
    project: str
    """Normalized name; empty for a find-links page, which holds many projects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord:
    """One page as it is kept: a digest of it, never the page itself."""

    key: PageKey
    digest: str
    """Of everything in the page that an answer may depend on; `NOT_FOUND_DIGEST` for a 404."""
    etag: str | None = None
    fetched_at: float
    """Unix time, seconds."""
    fresh_until: float
    """Unix time, seconds; what the server's Cache-Control said, or a default life."""
    body: bytes = b""
    """Versions, tags, Requires-Python, yanked, upload times: what a resolution reads."""
    links: bytes = b""
    """URLs, hashes and sizes of the files, row by row: what fetching a file reads."""

    def fresh(self, now: float, max_age: int | None = None) -> bool:
        """Whether the page may be used at this Unix time without asking the index."""
        return now < (self.fresh_until if max_age is None else self.fetched_at + max_age)


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionRecord:
    """A finished report and everything that it rests on."""

    key: str
    """Hash of the options, the working directory, the tool's version and the format of this record."""
    witnesses: tuple[Witness, ...]
    pages: tuple[tuple[PageKey, str], ...]
    """Every page that was read, with its digest then."""
    report: str
    """The JSON report."""


class Cache(Protocol):
    """Shared by threads and by processes. A cache never fails a run: a broken one answers nothing."""

    def page(self, key: PageKey) -> PageRecord | None:
        """The record of one page, fresh or not."""

    def page_states(self, keys: Collection[PageKey]) -> Mapping[PageKey, PageRecord]:
        """The records of those of these pages that are kept, fresh or not, without ``body`` and ``links``."""

    def put_page(self, record: PageRecord) -> None:
        """Keep a page, replacing an older record."""

    def renew_page(self, key: PageKey, *, fetched_at: float, fresh_until: float) -> None:
        """Prolong the life of a page that the server called unchanged (304)."""

    def metadata(self, sha256: str) -> bytes | None:
        """What was read from the file with this hash."""

    def put_metadata(self, sha256: str, data: bytes) -> None:
        """Keep what was read from a file, for good."""

    def scan(self, key: str) -> bytes | None:
        """What was read of the extension modules of the wheel that the key stands for."""

    def put_scan(self, key: str, data: bytes) -> None:
        """Keep what was read of a wheel's extension modules, for good: the key tells who read it."""

    def solution(self, key: str) -> SolutionRecord | None:
        """A finished report, to be validated before it is used."""

    def put_solution(self, record: SolutionRecord) -> None:
        """Keep a finished report."""

    def close(self) -> None:
        """Write what is still buffered and let go of the file."""

    def holds(self, pages: Iterable[tuple[PageKey, str]], *, now: float | None, max_age: int | None = None) -> bool:
        """Whether every page has this digest and is fresh at ``now`` (``None``: fresh or not)."""

"""Records for the tests of the store."""

from __future__ import annotations

from pathlib import Path

from nogilcheck.model.cache import PageKey, PageRecord, SolutionRecord
from nogilcheck.model.source import Witness
from nogilcheck.store.sqlite import SqliteCache, open_cache

INDEX = "https://pypi.org/simple/"


def key(number: int = 0, index: str = INDEX) -> PageKey:
    return PageKey(index=index, project=f"project-{number}")


def digest(number: int = 0) -> str:
    return f"{number:064x}"


def page(number: int = 0, *, body: bytes | None = None, fetched_at: float = 100.0) -> PageRecord:
    return PageRecord(
        key=key(number),
        digest=digest(number),
        etag=f'"{number}"',
        fetched_at=fetched_at,
        fresh_until=fetched_at + 600.0,
        body=b"body of %d" % number if body is None else body,
        links=b"links of %d" % number,
    )


def solution(number: int = 0, *, pages: int = 3, report: str = '{"verdict": "ready"}') -> SolutionRecord:
    return SolutionRecord(
        key=digest(number),
        witnesses=(
            Witness(kind="file", name="/project/requirements.txt", sha256="ab" * 32),
            Witness(kind="variable", name="PIP_INDEX_URL", sha256=""),
        ),
        pages=tuple((key(each), digest(each)) for each in range(pages)),
        report=report,
    )


def no_warning(text: str) -> None:
    raise AssertionError(text)


def opened(directory: Path) -> SqliteCache:
    """A cache that has nothing to complain about."""
    return open_cache(directory, explicit=False, warn=no_warning)

"""Records for the tests of the store."""

from __future__ import annotations

from pathlib import Path

from nogilcheck.store.sqlite_cache import SqliteCache, open_cache


def key(number: int = 0) -> str:
    return f"project-{number} https://pypi.org/simple/"


def digest(number: int = 0) -> str:
    return f"{number:064x}"


def page(number: int = 0, *, body: bytes | None = None) -> bytes:
    return b"page %d" % number if body is None else body


def solution(number: int = 0, *, report: str = '{"verdict": "ready"}') -> bytes:
    return f"{number}\n{report}".encode()


def no_warning(text: str) -> None:
    raise AssertionError(text)


def opened(directory: Path) -> SqliteCache:
    """A cache that has nothing to complain about."""
    return open_cache(directory, explicit=False, warn=no_warning)

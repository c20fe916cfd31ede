"""The cache of a run that wants none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from nogilcheck.model.cache import PageKey, PageRecord, SolutionRecord


class NullCache:
    """Keeps nothing and answers nothing (``--no-cache``)."""

    def page(self, key: PageKey) -> PageRecord | None:  # noqa: ARG002
        """``None``."""
        return None

    def page_states(self, keys: Collection[PageKey]) -> Mapping[PageKey, PageRecord]:  # noqa: ARG002
        """None of them."""
        return {}

    def put_page(self, record: PageRecord) -> None:
        """Forget the page."""

    def renew_page(self, key: PageKey, *, fetched_at: float, fresh_until: float) -> None:
        """Do nothing: no page is kept."""

    def metadata(self, sha256: str) -> bytes | None:  # noqa: ARG002
        """``None``."""
        return None

    def put_metadata(self, sha256: str, data: bytes) -> None:
        """Forget the data."""

    def scan(self, key: str) -> bytes | None:  # noqa: ARG002
        """``None``."""
        return None

    def put_scan(self, key: str, data: bytes) -> None:
        """Forget the data."""

    def solution(self, key: str) -> SolutionRecord | None:  # noqa: ARG002
        """``None``."""
        return None

    def put_solution(self, record: SolutionRecord) -> None:
        """Forget the report."""

    def holds(
        self,
        pages: Iterable[tuple[PageKey, str]],  # noqa: ARG002
        *,
        now: float | None,  # noqa: ARG002
        max_age: int | None = None,  # noqa: ARG002
    ) -> bool:
        """``False``, even for no page at all."""
        return False

    def flush(self) -> None:
        """Do nothing: there is nothing to write."""

    def close(self) -> None:
        """Do nothing: nothing is open."""

    def __enter__(self) -> NullCache:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

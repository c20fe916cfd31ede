"""A cache that forgets everything at the end of the test."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from nogilcheck.model.cache import Kind, PageKey, PageState


class MemoryCache:
    """Implements `nogilcheck.model.cache.Cache`."""

    def __init__(self) -> None:
        self.records: dict[tuple[Kind, str], bytes] = {}

    @property
    def keeps(self) -> bool:
        return True

    def get(self, kind: Kind, key: str) -> bytes | None:
        return self.records.get((kind, key))

    def get_many(self, kind: Kind, keys: Iterable[str]) -> dict[str, bytes]:
        return {key: self.records[kind, key] for key in keys if (kind, key) in self.records}

    def put(self, kind: Kind, key: str, data: bytes) -> None:
        self.records[kind, key] = data

    def keyed(self, text: str) -> str:
        return blake2b(text.encode(), key=b"the key", digest_size=16).hexdigest()

    def close(self) -> None:
        """Nothing is buffered."""

    def keys(self, kind: Kind) -> list[str]:
        """The keys of everything of a kind."""
        return [key for of, key in self.records if of is kind]

    def state(self, key: PageKey) -> PageState:
        """The state of a page that is there."""
        state = PageState.decoded(self.records[Kind.PAGE_STATES, key.text])
        assert state is not None
        return state

    def put_state(self, key: PageKey, state: PageState) -> None:
        self.put(Kind.PAGE_STATES, key.text, state.encoded())

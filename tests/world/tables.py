"""Reading TOML tables strictly: every key is known, every value has the expected type, every error says where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TypeVar

T = TypeVar("T")


class UniverseError(Exception):
    """A universe that does not mean anything: where, and what is wrong with it."""


class Table:
    """A TOML table whose keys are taken one by one; what is left at the end is a mistake."""

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, dict):
            raise UniverseError(f"{where}: expected a table, not {data!r}")
        self._data: Mapping[str, object] = data
        self._asked: set[str] = set()
        self.where = where

    def __contains__(self, key: str) -> bool:
        self._asked.add(key)
        return key in self._data

    def __iter__(self) -> Iterator[str]:
        """Every key, in the order of the file; asking for them all makes them all known."""
        self._asked.update(self._data)
        return iter(self._data)

    def text(self, key: str, default: str = "") -> str:
        """A string."""
        return self._typed(key, str, default)

    def maybe_text(self, key: str) -> str | None:
        """A string, or ``None`` when the key is absent."""
        return self._typed(key, str, "") if key in self else None

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        return self._typed(key, bool, default)

    def number(self, key: str, default: int = 0) -> int:
        """A whole number."""
        return self._typed(key, int, default)

    def texts(self, key: str, default: Iterable[str] = ()) -> tuple[str, ...]:
        """An array of strings."""
        return tuple(self._checked(item, str, key) for item in self.array(key, default))

    def array(self, key: str, default: Iterable[object] = ()) -> list[object]:
        """An array of anything."""
        return self._typed(key, list, list(default))

    def table(self, key: str) -> Table:
        """A table, empty when the key is absent."""
        return Table(self.value(key, {}), f"{self.where}.{key}")

    def value(self, key: str, default: object = None) -> object:
        """Whatever stands there."""
        self._asked.add(key)
        return self._data.get(key, default)

    def finish(self) -> None:
        """Raise `UniverseError` for keys that nobody asked for."""
        unknown = [key for key in self._data if key not in self._asked]
        if unknown:
            hints = get_close_matches(unknown[0], self._asked, n=1)
            hint = f"; did you mean {hints[0]!r}?" if hints else ""
            raise UniverseError(f"{self.where}: unknown key {', '.join(map(repr, unknown))}{hint}")

    def _typed(self, key: str, kind: type[T], default: T) -> T:
        return self._checked(self.value(key, default), kind, key)

    def _checked(self, value: object, kind: type[T], key: str) -> T:
        # bool is an int; a flag where a number belongs is a mistake all the same.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise UniverseError(f"{self.where}.{key}: expected {kind.__name__}, not {value!r}")
        return value

"""Typed reads of decoded JSON, with the JSON path of whatever is not as it should be.

The path is grown while the exception unwinds, so that reading a sound document never builds one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn, TypeVar

T = TypeVar("T")
Object = dict[str, Any]

SHOWN_CHARS = 40
"""How much of a wrong value an error message quotes."""

_ABSENT: Final = object()


MAX_CHOICES: Final = 20
"""Values that a message lists of those that there are."""


class Mismatch(Exception):
    """A value is not what it should be. `path` leads to it from the document's root."""

    def __init__(self, expected: str, found: object, *path: str | int) -> None:
        super().__init__(expected)
        self.expected = expected
        self.found = found
        self.path: list[str | int] = list(path)

    def __str__(self) -> str:
        steps = "".join(map(_step, self.path))
        return f"${steps}: expected {self.expected}, found {_quoted(self.found)}"

    def under(self, *path: str | int) -> Mismatch:
        """The same, seen from further up."""
        self.path[:0] = path
        return self


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    plain = key.isidentifier() and key.isascii() and len(key) <= SHOWN_CHARS
    return f".{key}" if plain else f"[{_quoted(key)}]"


def _quoted(value: object) -> str:
    """The value as JSON, printable and not too long; arrays and objects by their kind only."""
    if value is _ABSENT:
        return "nothing"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    shown = json.dumps(value).replace("\x7f", "\\u007f")  # the one control character that JSON leaves alone
    return shown if len(shown) <= SHOWN_CHARS else f"{shown[:SHOWN_CHARS]}..."


def _wrong(data: Object, key: str, expected: str) -> NoReturn:
    raise Mismatch(expected, data.get(key, _ABSENT), key)


def _choices(table: Mapping[str, object]) -> str:
    names = list(table)
    more = len(names) - MAX_CHOICES
    return ", ".join([*names[:MAX_CHOICES], f"{more} more"] if more > 1 else names)


def text(data: Object, key: str) -> str:
    """The string under a key. Raises `Mismatch`, as every function here does."""
    value = data.get(key)
    if type(value) is not str:
        _wrong(data, key, "a string")
    return value


def optional_text(data: Object, key: str) -> str | None:
    """The string or null under a key, which must be there."""
    value = data.get(key, _ABSENT)
    if value is not None and type(value) is not str:
        _wrong(data, key, "a string or null")
    return value


def integer(data: Object, key: str) -> int:
    """The integer under a key; ``true`` is none."""
    value = data.get(key)
    if type(value) is not int:
        _wrong(data, key, "an integer")
    return value


def optional_integer(data: Object, key: str) -> int | None:
    """The integer or null under a key, which must be there."""
    value = data.get(key, _ABSENT)
    if value is not None and type(value) is not int:
        _wrong(data, key, "an integer or null")
    return value


def position(data: Object, key: str, length: int) -> int:
    """The 0-based position in an array of this length that a key holds."""
    value = data.get(key)
    if type(value) is not int or not 0 <= value < length:
        _wrong(data, key, f"a position in an array of {length}")
    return value


def boolean(data: Object, key: str) -> bool:
    """The boolean under a key."""
    value = data.get(key)
    if type(value) is not bool:
        _wrong(data, key, "true or false")
    return value


def member(data: Object, key: str, table: Mapping[str, T]) -> T:
    """What the string under a key stands for in the table."""
    value = data.get(key)
    if type(value) is not str or value not in table:
        _wrong(data, key, f"one of {_choices(table)}")
    return table[value]


def optional_member(data: Object, key: str, table: Mapping[str, T]) -> T | None:
    """What the string under a key stands for in the table, or null; the key must be there."""
    value = data.get(key, _ABSENT)
    if value is None:
        return None
    if type(value) is not str or value not in table:
        _wrong(data, key, f"null or one of {_choices(table)}")
    return table[value]


def strings(data: Object, key: str) -> tuple[str, ...]:
    """The array of strings under a key."""
    value = data.get(key)
    if type(value) is not list:
        _wrong(data, key, "an array")
    for index, item in enumerate(value):
        if type(item) is not str:
            raise Mismatch("a string", item, key, index)
    return tuple(value)


def record(data: Object, key: str, read: Callable[[Object], T]) -> T:
    """The object under a key, read by the function."""
    value = data.get(key)
    if type(value) is not dict:
        _wrong(data, key, "an object")
    try:
        return read(value)
    except Mismatch as problem:
        raise problem.under(key) from None


def optional_record(data: Object, key: str, read: Callable[[Object], T]) -> T | None:
    """The object under a key, read by the function, or null; the key must be there."""
    if data.get(key, _ABSENT) is None:
        return None
    return record(data, key, read)


def records(data: Object, key: str, read: Callable[[Object], T]) -> tuple[T, ...]:
    """The array of objects under a key, each read by the function."""
    value = data.get(key)
    if type(value) is not list:
        _wrong(data, key, "an array")
    done: list[T] = []
    try:
        done.extend(read(_object(item)) for item in value)
    except Mismatch as problem:
        raise problem.under(key, len(done)) from None
    return tuple(done)


def _object(value: object) -> Object:
    if type(value) is not dict:
        raise Mismatch("an object", value)
    return value


def table(data: Object, key: str, read: Callable[[Object, str], T]) -> dict[str, T]:
    """The object under a key whose keys are data; the function reads one value by its key."""
    value = data.get(key)
    if type(value) is not dict:
        _wrong(data, key, "an object")
    try:
        return {name: read(value, name) for name in value}
    except Mismatch as problem:
        raise problem.under(key) from None

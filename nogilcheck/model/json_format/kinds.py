"""What a value is in JSON: strings, numbers, choices, arrays, tables, each read with the path to what is wrong.

The path in an error is built while the exception unwinds, so that reading a sound document never builds one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

Object = dict[str, Any]

SHOWN_CHARS = 40
"""How much of a wrong value an error message quotes."""

MAX_CHOICES: Final = 20
"""How many of the possible values an error message lists."""

ABSENT: Final = object()
"""In the place of a value whose key is missing."""

_NULL: Final = type(None)


class Mismatch(Exception):
    """A value that is not what it should be; ``path`` leads to it from the root of the document."""

    def __init__(self, expected: str, value: object, *path: str | int) -> None:
        super().__init__(expected)
        self.expected = expected
        self.value = value
        self.path: list[str | int] = list(path)

    def __str__(self) -> str:
        steps = "".join(map(_step, self.path))
        return f"${steps}: expected {self.expected}, found {_quoted(self.value)}"

    def under(self, *path: str | int) -> Mismatch:
        """Prefix the path."""
        self.path[:0] = path
        return self


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    plain = key.isidentifier() and key.isascii() and len(key) <= SHOWN_CHARS
    return f".{key}" if plain else f"[{_quoted(key)}]"


def _quoted(value: object) -> str:
    """The value as JSON, printable and not too long; arrays and objects by their kind only."""
    if value is ABSENT:
        return "nothing"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    shown = json.dumps(value).replace("\x7f", "\\u007f")  # the one control character that JSON leaves alone
    return shown if len(shown) <= SHOWN_CHARS else f"{shown[:SHOWN_CHARS]}..."


class JsonKind:
    """What a type is in JSON: a value of one of the types ``plain`` is taken as it stands, any other is read."""

    name = ""
    """The name of the type, for the schema; empty where it has none."""

    def __init__(self, expected: str, plain: Iterable[type] = (), schema: Object | None = None) -> None:
        self.expected = expected
        self.plain = frozenset(plain)
        self.schema: Object = schema or {}
        """JSON Schema of the value, where nothing else tells it."""

    def read(self, value: Any) -> Any:
        """The value that JSON says. Raises `Mismatch`."""
        if type(value) not in self.plain:
            raise Mismatch(self.expected, value)
        return value

    def write(self, value: Any) -> Any:
        """The value as JSON."""
        return value


def text(**schema: object) -> JsonKind:
    """A string; ``schema`` are further keywords of JSON Schema, here and below."""
    return JsonKind("a string", [str], {"type": "string", **schema})


def integer(**schema: object) -> JsonKind:
    """An integer; ``true`` is none."""
    return JsonKind("an integer", [int], {"type": "integer", **schema})


class Anything(JsonKind):
    """Any JSON value."""

    def read(self, value: Any) -> Any:
        """The value as it stands."""
        return value

    def write(self, value: Any) -> Any:
        """The value, with the keys of mappings sorted at every level: equal mappings may differ in their order."""
        if isinstance(value, Mapping):
            return {key: self.write(value[key]) for key in sorted(value)}
        if isinstance(value, list | tuple):
            return [self.write(item) for item in value]
        return value


class Choice(JsonKind):
    """One of several values, such as the members of an enum."""

    def __init__(self, members: Iterable[Any], *, formerly: Mapping[str, str] | None = None) -> None:
        """``formerly``: values of older documents, and what they are called now."""
        self.members = {getattr(member, "value", member): member for member in members}
        names = list(map(str, self.members))
        more = len(names) - MAX_CHOICES
        shown = [*names[:MAX_CHOICES], f"{more} more"] if more > 1 else names
        super().__init__(f"one of {', '.join(shown)}", schema={"enum": list(self.members)})
        self._type = type(next(iter(self.members)))
        self._formerly = formerly or {}

    def read(self, value: Any) -> Any:
        """The member of this value. Raises `Mismatch` for any other."""
        if isinstance(value, str):
            value = self._formerly.get(value, value)
        if type(value) is not self._type or value not in self.members:
            raise Mismatch(self.expected, value)
        return self.members[value]


class Nullable(JsonKind):
    """Another kind, or null for ``None``."""

    def __init__(self, inner: JsonKind) -> None:
        super().__init__(inner.expected, {*inner.plain, _NULL})
        self.inner = inner

    def read(self, value: Any) -> Any:
        """The value, which is not null."""
        try:
            return self.inner.read(value)
        except Mismatch as problem:
            if not problem.path:
                problem.expected += " or null"
            raise

    def write(self, value: Any) -> Any:
        """The value or null."""
        return None if value is None else self.inner.write(value)


class Added(Nullable):
    """A nullable value whose key older documents lack."""

    def read(self, value: Any) -> Any:
        """The value, or ``None`` where the key is not there."""
        return None if value is ABSENT else super().read(value)


class Array(JsonKind):
    """A tuple, as an array."""

    def __init__(self, items: JsonKind) -> None:
        super().__init__("an array")
        self.items = items

    def read(self, value: Any) -> tuple[Any, ...]:
        """The items."""
        if type(value) is not list:
            raise Mismatch(self.expected, value)
        plain, read = self.items.plain, self.items.read
        done: list[Any] = []
        try:
            for item in value:
                done += (item if type(item) in plain else read(item),)
        except Mismatch as problem:
            raise problem.under(len(done)) from None
        return tuple(done)

    def write(self, value: Any) -> list[Any]:
        """The items."""
        return list(map(self.items.write, value))


class JsonTable(JsonKind):
    """A mapping whose keys are data; ``keys`` names the kind of them in the schema."""

    def __init__(self, values: JsonKind, *, keys: str = "") -> None:
        super().__init__("an object")
        self.values = values
        self.keys = keys

    def read(self, value: Any) -> dict[str, Any]:
        """The mapping, in the document's order."""
        if type(value) is not dict:
            raise Mismatch(self.expected, value)
        done: dict[str, Any] = {}
        for key, item in value.items():
            try:
                done[key] = self.values.read(item)
            except Mismatch as problem:
                raise problem.under(key) from None
        return done

    def write(self, value: Any) -> Object:
        """The mapping with sorted keys."""
        return {key: self.values.write(value[key]) for key in sorted(value)}


def read_key(data: Object, key: str, kind: JsonKind) -> Any:
    """The value under a key of an object that no dataclass describes. Raises `Mismatch`."""
    try:
        return kind.read(data.get(key, ABSENT))
    except Mismatch as problem:
        raise problem.under(key) from None

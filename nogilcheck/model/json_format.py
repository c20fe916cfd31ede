"""JSON for frozen dataclasses, read and written as their annotations declare it.

A value's fields are its keys, in their order. What an annotation may say:

- ``str``, ``int``, ``bool``, ``object`` (any JSON value), an enum, another dataclass, each also ``... | None``;
- ``tuple[X, ...]`` (an array) and ``Mapping[str, X]`` (an object whose keys are data, written sorted);
- a name for ``Annotated[..., kind]``, whose `JsonKind` says the rest.

Where the JSON differs from the value, ``field(metadata=...)`` says so: ``key`` (another name), ``flat`` (its keys stand
among those of the value around it), ``before`` (the key that it precedes), ``added`` (older documents lack the key,
which then counts as null).

Annotations are read as text rather than evaluated, on first use: a replayed run decodes a report before it prints
anything. The path in an error is built while the exception unwinds, so that reading a sound document never builds one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import EnumMeta
from functools import cache
from typing import Any, Final

Object = dict[str, Any]

SHOWN_CHARS = 40
"""How much of a wrong value an error message quotes."""

MAX_CHOICES: Final = 20
"""How many of the possible values an error message lists."""

_ABSENT: Final = object()

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
    if value is _ABSENT:
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

    def __init__(self, members: Iterable[Any]) -> None:
        self.members = {getattr(member, "value", member): member for member in members}
        names = list(map(str, self.members))
        more = len(names) - MAX_CHOICES
        shown = [*names[:MAX_CHOICES], f"{more} more"] if more > 1 else names
        super().__init__(f"one of {', '.join(shown)}", schema={"enum": list(self.members)})
        self._type = type(next(iter(self.members)))

    def read(self, value: Any) -> Any:
        """The member."""
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


class _Added(Nullable):
    """A nullable value whose key older documents lack."""

    def read(self, value: Any) -> Any:
        """The value, or ``None`` where the key is not there."""
        return None if value is _ABSENT else super().read(value)


class Array(JsonKind):
    """A tuple."""

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


class JsonKey:
    """One key of an object, and the field that holds it: of the value itself, or of its field ``within``."""

    __slots__ = ("field", "kind", "name", "within")

    def __init__(self, name: str, field: str, kind: JsonKind, within: str = "") -> None:
        self.name, self.field, self.kind, self.within = name, field, kind, within


class Record(JsonKind):
    """A dataclass."""

    def __init__(self, of: type) -> None:
        super().__init__("an object")
        self.of = of
        self.name = of.__name__
        self.keys: list[JsonKey] = []
        self.flat: list[tuple[str, Record]] = []
        for each in fields(of):
            kind = _parse(str(each.type), of.__module__)
            if each.metadata.get("added") and isinstance(kind, Nullable):
                kind = _Added(kind.inner)
            key = JsonKey(each.metadata.get("key", each.name), each.name, kind)
            if each.metadata.get("flat") and isinstance(kind, Record):
                self.flat.append((each.name, kind))
                self.keys += [JsonKey(inner.name, inner.field, inner.kind, each.name) for inner in kind.keys]
            elif "before" in each.metadata:
                names = [other.name for other in self.keys]
                self.keys.insert(names.index(each.metadata["before"]), key)
            else:
                self.keys.append(key)
        self._own = [(key.name, key.field, key.kind.plain, key.kind.read) for key in self.keys if not key.within]

    def read(self, value: Any) -> Any:
        """The dataclass. Keys that it does not know are ignored: a later minor version may add some."""
        if type(value) is not dict:
            raise Mismatch(self.expected, value)
        arguments = {}
        get = value.get
        for key, name, plain, read in self._own:
            item = get(key, _ABSENT)
            if type(item) not in plain:
                try:
                    item = read(item)
                except Mismatch as problem:
                    raise problem.under(key) from None
            arguments[name] = item
        for name, record in self.flat:
            arguments[name] = record.read(value)
        return self.of(**arguments)

    def write(self, value: Any) -> Object:
        """The fields, in the order in which they are declared."""
        return {
            key.name: key.kind.write(getattr(getattr(value, key.within) if key.within else value, key.field))
            for key in self.keys
        }


_BUILTIN: Final = {
    "str": text(),
    "int": integer(),
    "bool": JsonKind("true or false", [bool], {"type": "boolean"}),
    "object": Anything("a JSON value"),
}


_RECORDS: Final[dict[type, Record]] = {}


def kind_of(of: type) -> Record:
    """The JSON of a dataclass."""
    if of not in _RECORDS:
        _RECORDS[of] = Record(of)
    return _RECORDS[of]


@cache
def _parse(annotation: str, module: str) -> JsonKind:
    """The kind that an annotation in a module names."""
    if annotation.endswith(" | None"):
        return Nullable(_parse(annotation.removesuffix(" | None"), module))
    if annotation.startswith("tuple[") and annotation.endswith(", ...]"):
        return Array(_parse(annotation[len("tuple[") : -len(", ...]")], module))
    if annotation.startswith("Mapping[str, "):
        return JsonTable(_parse(annotation[len("Mapping[str, ") : -1], module))
    if annotation in _BUILTIN:
        return _BUILTIN[annotation]
    named: Any = vars(sys.modules[module]).get(annotation)
    if is_dataclass(named) and isinstance(named, type):
        return kind_of(named)
    kind: JsonKind = Choice(named) if isinstance(named, EnumMeta) else named.__metadata__[0]
    kind.name = annotation
    return kind


def read_key(data: Object, key: str, kind: JsonKind) -> Any:
    """The value under a key of an object that no dataclass describes. Raises `Mismatch`."""
    try:
        return kind.read(data.get(key, _ABSENT))
    except Mismatch as problem:
        raise problem.under(key) from None


def to_json(value: Any) -> Object:
    """A dataclass as JSON values, keys in the order in which they are declared; the same for equal values."""
    return kind_of(type(value)).write(value)

"""JSON for frozen dataclasses, read and written as their annotations declare it.

A value's fields are its keys, in their order. What an annotation may say:

- ``str``, ``int``, ``bool``, ``object`` (any JSON value), an enum, another dataclass, each also ``... | None``;
- ``tuple[X, ...]`` (an array) and ``Mapping[str, X]`` (an object whose keys are data, written sorted);
- a name for ``Annotated[..., kind]``, whose `JsonKind` says the rest.

Where the JSON differs from the value, ``field(metadata=...)`` says so: ``key`` (another name), ``flat`` (its keys stand
among those of the value around it), ``before`` (the key that it precedes), ``added`` (older documents lack the key,
which then counts as null).

Annotations are read as text rather than evaluated, on first use: a replayed run decodes a report before it prints
anything.
"""

from __future__ import annotations

import sys
from dataclasses import fields, is_dataclass
from enum import EnumMeta
from functools import cache
from typing import Any, Final

from nogilcheck.model.json_format.kinds import (
    ABSENT,
    Added,
    Anything,
    Array,
    Choice,
    JsonKind,
    JsonTable,
    Mismatch,
    Nullable,
    Object,
    integer,
    text,
)


class JsonKey:
    """One key of an object, and the field that holds it: of the value itself, or of its field ``within``."""

    __slots__ = ("field", "kind", "name", "within")

    def __init__(self, name: str, field: str, kind: JsonKind, within: str = "") -> None:
        self.name, self.field, self.kind, self.within = name, field, kind, within


class Record(JsonKind):
    """A dataclass, as an object with a key for each field."""

    def __init__(self, of: type) -> None:
        super().__init__("an object")
        self.of = of
        self.name = of.__name__
        self.keys: list[JsonKey] = []
        self.flat: list[tuple[str, Record]] = []
        for declared in fields(of):
            kind = _parse(str(declared.type), of.__module__)
            if declared.metadata.get("added") and isinstance(kind, Nullable):
                kind = Added(kind.inner)
            key = JsonKey(declared.metadata.get("key", declared.name), declared.name, kind)
            if declared.metadata.get("flat") and isinstance(kind, Record):
                self.flat.append((declared.name, kind))
                self.keys += [JsonKey(inner.name, inner.field, inner.kind, declared.name) for inner in kind.keys]
            elif "before" in declared.metadata:
                names = [other.name for other in self.keys]
                self.keys.insert(names.index(declared.metadata["before"]), key)
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
            item = get(key, ABSENT)
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


def to_json(value: Any) -> Object:
    """A dataclass as JSON values, keys in the order in which they are declared; the same for equal values."""
    return kind_of(type(value)).write(value)

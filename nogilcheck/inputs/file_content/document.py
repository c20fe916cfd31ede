"""A file while it is read: typed values of its document with their places, and what of them cannot be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, TypeVar

from packaging.specifiers import SpecifierSet

from nogilcheck.inputs.file_content.diagnostics import CORE, Diagnostics, Part
from nogilcheck.inputs.specifiers.dependency_specifiers import canonical_marker, specifier_set
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.toml_document import parse_toml
from nogilcheck.model.source import Location

Keys = tuple[str | int, ...]
"""The place of a value: keys of tables, and 0-based indexes of arrays."""

_T = TypeVar("_T", str, bool, list[Any], dict[str, Any])

_TYPES = (
    (type(None), "null"),
    (bool, "a boolean"),
    (str, "a string"),
    (int, "an integer"),
    (float, "a float"),
    (list, "an array"),
    (dict, "a table"),
)


class ParsedDocument(Protocol):
    """TOML or JSON whose values have lines."""

    @property
    def data(self) -> Mapping[str, Any]:
        """The values of the document, as its format's parser gives them."""

    def line(self, *keys: str | int) -> int | None:
        """The 1-based line of a value, or of the nearest one around it that has one."""


class Document:
    """A file, what lies beside it, and what is wrong with it."""

    def __init__(
        self, path: str, neighbours: Neighbours, parsed: ParsedDocument | None = None, *, first_line: int = 1
    ) -> None:
        """``path`` is for people; ``parsed`` begins on the line ``first_line`` of the file."""
        self.path = path
        self.neighbours = neighbours
        self.diagnostics = Diagnostics()
        self._parsed = parsed
        self._offset = first_line - 1
        self.root = Table(self, parsed.data if parsed else {}, ())

    def where(self, *keys: str | int) -> Location:
        """The place of a value."""
        line = self._parsed.line(*keys) if self._parsed and keys else None
        return Location(path=self.path, line=None if line is None else line + self._offset)


def open_toml(neighbours: Neighbours, name: str) -> Document:
    """A TOML file in a directory. Raises `UnreadableSourceError`."""
    return Document(neighbours.shown(name), neighbours, parse_toml(neighbours.text(name)))


class Table:
    """A table of a document: gives values of the right type, and rejects the others, which then count as absent."""

    __slots__ = ("_keys", "data", "document")

    def __init__(self, document: Document, data: Mapping[str, Any], keys: Keys) -> None:
        self.document = document
        self.data = data
        self._keys = keys

    def __bool__(self) -> bool:
        return bool(self.data)

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def at(self, *keys: str) -> object:
        """The value at a path of tables, of any type; ``None`` when there is none."""
        value: object = self.data
        for key in keys:
            if not isinstance(value, Mapping):
                return None
            value = value.get(key)
        return value

    def where(self, *keys: str | int) -> Location:
        """The place of a value in the table; without keys, of the table."""
        return self.document.where(*self._keys, *keys)

    def reject(self, message: str, *keys: str | int, part: Part = CORE) -> None:
        """Something in the table, or the table itself, cannot be used."""
        self.document.diagnostics.reject(self.where(*keys), message, part=part)

    def note(self, text: str, *keys: str | int) -> None:
        """Something in the table is worth saying."""
        self.document.diagnostics.note(text, self.where(*keys))

    def named(self, *keys: str | int) -> str:
        """A place for people: ``tool.uv.index[0].url``."""
        text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in (*self._keys, *keys))
        return text.removeprefix(".")

    def string(self, key: str) -> str | None:
        """A string; ``None`` where there is none."""
        return self._checked(self.data.get(key), str, (key,))

    def boolean(self, key: str) -> bool:
        """A boolean; ``False`` where there is none."""
        return self._checked(self.data.get(key), bool, (key,)) or False

    def array(self, key: str, *, part: Part = CORE) -> list[Any]:
        """An array; an empty one where there is none."""
        return self._checked(self.data.get(key), list, (key,), part) or []

    def table(self, *keys: str) -> Table:
        """A table in it, or in a table of it; an empty one where there is none."""
        table = self
        for key in keys:
            table = table.as_table(table.data.get(key), key)
        return table

    def as_table(self, value: object, *keys: str | int) -> Table:
        """A value in the table as a table; an empty one in the place of anything else."""
        return Table(self.document, self._checked(value, dict, keys) or {}, (*self._keys, *keys))

    def as_string(self, value: object, *keys: str | int) -> str | None:
        """A value in the table as a string; ``None`` in the place of anything else."""
        return self._checked(value, str, keys)

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of an array of tables; whatever else it holds is rejected with its place."""
        for index, value in enumerate(self.array(key)):
            table = self.as_table(value, key, index)
            if isinstance(value, dict):
                yield table

    def strings(self, key: str, *, part: Part = CORE) -> Iterator[tuple[int, str]]:
        """The strings of an array, each with its index."""
        for index, value in enumerate(self.array(key, part=part)):
            if (text := self._checked(value, str, (key, index), part)) is not None:
                yield index, text

    def several(self, key: str) -> list[tuple[Keys, Any]]:
        """The items of an array, or the one value in the place of it; each with its place in the table."""
        value = self.data.get(key)
        if isinstance(value, list):
            return [((key, index), item) for index, item in enumerate(value)]
        return [] if value is None else [((key,), value)]

    def marker(self, key: str) -> str | None:
        """An environment marker (PEP 508) in its canonical form; ``None`` for none, and for one that is rejected."""
        return self.as_marker(self.data.get(key), key)

    def as_marker(self, value: object, *keys: str | int) -> str | None:
        """A value in the table as an environment marker; ``None`` for none, and for one that is rejected."""
        text = self._checked(value, str, keys)
        marker = None if text is None else canonical_marker(text)
        if text is not None and marker is None:
            self.reject(f"not an environment marker: {text}", *keys)
        return marker

    def specifiers(self, key: str) -> SpecifierSet | None:
        """A version specifier set (PEP 440); ``None`` for none, and for one that is rejected."""
        text = self.string(key)
        specifiers = None if text is None else specifier_set(text)
        if text is not None and specifiers is None:
            self.reject(f"{self.named(key)} is not a version specifier set: {text}", key)
        return specifiers

    def _checked(self, value: object, kind: type[_T], keys: Keys, part: Part = CORE) -> _T | None:
        if isinstance(value, kind):
            return value
        if value is not None or any(isinstance(key, int) for key in keys[-1:]):  # a null in an array is an item
            self.reject(f"{self.named(*keys)} has to be {type_name(kind())}, not {type_name(value)}", *keys, part=part)
        return None


def type_name(value: object) -> str:
    """What TOML calls the type of a value."""
    return next((name for known, name in _TYPES if isinstance(value, known)), "a date or a time")

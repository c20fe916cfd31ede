"""TOML with the line of everything in it: `tomllib` gives the values, one pass over the text the places."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nogilcheck.inputs.text.sources import UnreadableSourceError

Path = tuple[str | int, ...]
"""Keys of tables and 0-based indexes of arrays, from the top of the document."""

MAX_KEY_PARTS = 256
"""Parts of a dotted key. `tomllib` takes time that grows with the square of them."""

MAX_TRACKED = 32
"""Parts of a key or header whose places are remembered; deeper ones are answered with the line of an ancestor."""

_MAX_SHOWN_DEPTH = 64
"""Open brackets at which a document that is nested too deeply is said to be so."""

_STRING = r"""(?s:
    \"\"\" [^"\\]*+ (?: (?: \\. | "{1,2}(?!") ) [^"\\]*+ )*+ "{3,5}
  | ''' [^']*+ (?: '{1,2}(?!') [^']*+ )*+ '{3,5}
  | " [^"\\\n]*+ (?: \\. [^"\\\n]*+ )*+ "
  | ' [^'\n]*+ '
)"""

_OUTLINE = re.compile(rf"{_STRING} | \#[^\n]*+ | (?P<mark>[\[\]{{}}\n])", re.VERBOSE)
"""What has to be seen to find the end of a value."""

_SCALAR = re.compile(rf"{_STRING} | [^,\[\]{{}}\#\"'\n]++", re.VERBOSE)

_STEP = {"[": 1, "{": 1, "]": -1, "}": -1}

_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")

_KEY = re.compile(rf"[ \t]*+(?:(?P<bare>[A-Za-z0-9_-]++)|(?P<string>{_STRING}))[ \t]*+(?P<next>[.=\]])", re.VERBOSE)

_LONG_KEY = re.compile(rf"[^\s.,=\[\]{{}}]++(?:[ \t]*+\.[ \t]*+[^\s.,=\[\]{{}}]++){{{MAX_KEY_PARTS}}}")

_ERROR_LINE = re.compile(r"line (\d+), column \d+\)")


class TomlDocument:
    """A parsed document. Places are looked for when the first is asked for."""

    def __init__(self, text: str, data: dict[str, Any]) -> None:
        self.data = data
        self._text = text
        self._inner: dict[int, dict[Path, int]] = {}

    def line(self, *path: str | int) -> int | None:
        """The 1-based line on which the value, table or array element at ``path`` begins.

        The line of the nearest ancestor that has one, for a path that is not there or cannot be followed.
        """
        for length in range(min(len(path), MAX_TRACKED), 0, -1):
            statement = self._statements.get(path[:length])
            if statement is not None:
                start, value = statement
                if value is not None and length < len(path):
                    start = self._inside(value, path[length:], start)
                return bisect_right(self._line_starts, start)
        return None

    @cached_property
    def _statements(self) -> dict[Path, tuple[int, int | None]]:
        """Path -> where its header or key begins, and where its value does."""
        statements: dict[Path, tuple[int, int | None]] = {}
        for path, known, start, value in _scan(self._text):
            statements.setdefault(path, (start, value))
            for length in range(len(path) - 1, known, -1):
                statements.setdefault(path[:length], (start, None))
        return statements

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self._text))]

    def _inside(self, value: int, path: Path, start: int) -> int:
        """Where a part of the value at ``value`` begins; ``start`` when there is no such part."""
        parts = self._inner.get(value)
        if parts is None:
            parts = self._inner[value] = {}
            _places_in(self._text, _end(_BLANK, self._text, value), (), parts)
        return next((parts[path[:n]] for n in range(len(path), 0, -1) if path[:n] in parts), start)


def parse_toml(text: str) -> TomlDocument:
    """The document. Raises `UnreadableSourceError`, with the line, for text that is no TOML."""
    _check_keys(text)
    try:
        return TomlDocument(text, tomllib.loads(text))
    except RecursionError as error:
        raise _unreadable("not usable TOML: nested too deeply", line=_deep_line(text)) from error
    except ValueError as error:
        reason, line = _reason_and_line(error, last=text.count("\n", 0, len(text.rstrip())) + 1)
        raise _unreadable(f"not valid TOML: {reason[:1].lower()}{reason[1:160]}", line=line) from error


def _reason_and_line(error: ValueError, last: int) -> tuple[str, int | None]:
    """What is wrong and where; attributes tell since Python 3.14, before it the end of the message.

    ``last`` is the last line that is not blank: where a document is at fault that ends too early.
    """
    if not isinstance(error, tomllib.TOMLDecodeError):  # an integer of more than 4,300 digits
        return str(error), None
    line: int | None = getattr(error, "lineno", None)
    if line is not None:
        return str(getattr(error, "msg", error)), min(line, last)
    reason, _, place = str(error).rpartition(" (at ")
    number = _ERROR_LINE.fullmatch(place)
    return reason or place, int(number[1]) if number else last


def _unreadable(message: str, *, line: int | None) -> UnreadableSourceError:
    from nogilcheck.inputs.text.sources import UnreadableSourceError  # a replay looks for lines and reads no sources

    return UnreadableSourceError(message, line=line)


def _check_keys(text: str) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") >= MAX_KEY_PARTS and _LONG_KEY.search(re.sub(_STRING, "s", line, flags=re.VERBOSE)):
            raise _unreadable(f"not usable TOML: a key of more than {MAX_KEY_PARTS} parts", line=number)


def _deep_line(text: str) -> int | None:
    depth = 0
    for match in _OUTLINE.finditer(text):
        depth += _STEP.get(match["mark"], 0)
        if depth > _MAX_SHOWN_DEPTH:
            return text.count("\n", 0, match.start()) + 1
    return None


def _scan(text: str) -> Iterator[tuple[Path, int, int, int | None]]:
    """The headers and the key/value pairs of a valid document, in order.

    Each with its path, how many parts of the path the table around it has, where it begins, where its value begins.
    """
    table: Path = ()
    last: dict[Path, int] = {}
    at = 0
    while (at := _end(_BLANK, text, at)) < len(text):
        start = at
        if text[at] == "[":
            array = text.startswith("[[", at)
            keys, at = _keys(text, at + (2 if array else 1))
            table = ()
            for index, key in enumerate(keys, 1):
                table += (key,)
                if array and index == len(keys):
                    last[table] = last.get(table, -1) + 1
                if table in last:
                    table += (last[table],)
            yield table, 0, start, None
        else:
            keys, at = _keys(text, at)
            yield table + keys, len(table), start, at
        at = _end_of_statement(text, at)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _keys(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """The parts of a dotted key, `MAX_TRACKED` at most, and where what follows the key begins."""
    keys: list[str] = []
    while match := _KEY.match(text, at):
        at = match.end()
        if len(keys) < MAX_TRACKED:
            keys.append(match["bare"] or _unquoted(match["string"]))
        if match["next"] != ".":
            break
    return tuple(keys), at


def _unquoted(text: str) -> str:
    if text.startswith("'") or "\\" not in text:
        return text[1:-1]
    try:
        return str(tomllib.loads(f"key = {text}")["key"])
    except ValueError:
        return text[1:-1]


def _end_of_statement(text: str, at: int) -> int:
    depth = 0
    for match in _OUTLINE.finditer(text, at):
        mark = match["mark"]
        if mark == "\n":
            if depth <= 0:
                return match.end()
        else:
            depth += _STEP.get(mark, 0)
    return len(text)


def _places_in(text: str, at: int, path: Path, places: dict[Path, int]) -> int:
    """Keep where each part of the value at ``at`` begins, by its path below ``path``; the end of the value."""
    opening = text[at]
    if opening not in _STEP:
        return _end(_SCALAR, text, at)
    at = _end(_BLANK, text, at + 1)
    index = 0
    while text[at] not in "]}":
        inner, start = path, at
        keys: tuple[str | int, ...] = (index,)
        if opening == "{":
            keys, at = _keys(text, at)
            at = _end(_BLANK, text, at)
        for key in keys[: MAX_TRACKED - len(path)]:
            inner = (*inner, key)
            places.setdefault(inner, start)
        at = _end(_BLANK, text, _places_in(text, at, inner, places))
        if text[at] == ",":
            at = _end(_BLANK, text, at + 1)
        index += 1
    return at + 1

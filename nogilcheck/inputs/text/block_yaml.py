"""The part of YAML that conda, conda-lock and pixi write: blocks of mappings, lists and scalars on one line each.

What goes beyond it (anchors, tags, block scalars, scalars on several lines) is told rather than guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from nogilcheck.frozen import frozen
from nogilcheck.inputs.text.quoting import abbreviate
from nogilcheck.inputs.text.sources import UnreadableSourceError

_WORDS: dict[str, object] = {"{}": {}, "[]": [], "null": None, "~": None, "true": True, "false": False}

MAX_DEPTH = 32
"""Levels of lists and mappings."""

MAX_FLOW_ITEMS = 10_000
"""Items of one list in brackets."""

_KEY = re.compile(r"""(?P<key>[A-Za-z0-9_][\w.+-]*|"[^"\\]*"|'[^']*')\s*:(?:\s+(?P<value>.*))?""", re.DOTALL)
_QUOTED = re.compile(r"""(?P<scalar>"(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+')\s*(?:\s\#.*)?""")
_FLOW_ITEM = re.compile(
    r"""\s*(?P<scalar>"(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+'|[^\s,\[\]{}"'#&*!|>%@`][^,\[\]{}#]*+)\s*(?P<end>,|\Z)"""
)
_COMMENT = re.compile(r"(?:^|\s)#.*")


@frozen
class YamlLine:
    """A line that says something."""

    number: int
    """1-based."""
    indent: int
    text: str
    """Without the indentation; comments and all."""

    @property
    def is_item(self) -> bool:
        """Whether an item of a list begins here."""
        return self.text == "-" or self.text.startswith("- ")

    def item(self) -> str:
        """What follows the dash."""
        return self.text[1:].strip()


def yaml_lines(text: str) -> list[YamlLine]:
    """The lines of one document, without blank ones and comments. Raises `UnreadableSourceError`, also for several."""
    lines: list[YamlLine] = []
    ended = False
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        stripped = raw.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if raw.startswith(("---", "...", "%")) and not lines:
            continue
        if raw.startswith(("---", "...")):
            ended = True
            continue
        if ended:
            raise UnreadableSourceError("a second document, which conda refuses", line=number)
        indent = len(raw) - len(raw.lstrip(" "))
        if raw[indent] == "\t":
            raise UnreadableSourceError("a tab at the start of the line, which YAML does not allow", line=number)
        lines.append(YamlLine(number=number, indent=indent, text=stripped))
    return lines


def sections(lines: Sequence[YamlLine]) -> Iterator[tuple[str, YamlLine, str, list[YamlLine]]]:
    """The keys of the mapping that a document is: key, its line, what follows on it, the lines that belong to it.

    Raises `UnreadableSourceError` for a document of another shape.
    """
    at = 0
    while at < len(lines):
        line = lines[at]
        pair = None if line.indent else key_of(line.text)
        if pair is None:
            raise UnreadableSourceError(
                "not a mapping such as conda writes: a key and a colon should be here", line=line.number
            )
        end = at + 1
        while end < len(lines) and (lines[end].indent or lines[end].is_item or lines[end].text[0] in "]}"):
            end += 1
        yield pair[0], line, pair[1], list(lines[at + 1 : end])
        at = end


class YamlDocument:
    """A document as mappings, lists and strings, with the 1-based line of everything in it."""

    def __init__(self, text: str) -> None:
        """Raises `UnreadableSourceError` for what is no mapping, or goes beyond the part of YAML that is read."""
        self._lines: dict[tuple[str | int, ...], int] = {}
        self._left = yaml_lines(text)[::-1]
        data = self._block((), 0) if self._left else None
        if not isinstance(data, dict) or self._left:
            line = self._left[-1].number if self._left else None
            raise UnreadableSourceError("not a mapping such as conda-lock and pixi write", line=line)
        self.data: dict[str, Any] = data

    def line(self, *keys: str | int) -> int | None:
        """The line of a value, or of the nearest one around it."""
        return next((line for end in range(len(keys), 0, -1) if (line := self._lines.get(keys[:end]))), None)

    def _block(self, path: tuple[str | int, ...], indent: int) -> object:
        """The lists or mappings that begin on the next line, at this indent."""
        if len(path) > MAX_DEPTH:
            raise UnreadableSourceError("nested too deeply", line=self._left[-1].number)
        items: list[object] = []
        values: dict[str, object] = {}
        is_list = self._left[-1].is_item
        while self._left and self._left[-1].indent == indent and self._left[-1].is_item is is_list:
            line = self._left.pop()
            if is_list:
                here = (*path, len(items))
                inner = line.text[1:].lstrip()
                self._lines[here] = line.number
                if key_of(inner) is not None:  # a mapping begins on the line of the dash
                    deeper = line.indent + len(line.text) - len(inner)
                    self._left.append(YamlLine(number=line.number, indent=deeper, text=inner))
                    items.append(self._block(here, deeper))
                else:
                    items.append(self._value(here, line, inner))
            elif (pair := key_of(line.text)) is None or pair[0] in values:
                raise UnreadableSourceError("a key of its own and a colon should be here", line=line.number)
            else:
                self._lines[*path, pair[0]] = line.number
                values[pair[0]] = self._value((*path, pair[0]), line, pair[1])
        return items if is_list else values

    def _value(self, path: tuple[str | int, ...], line: YamlLine, text: str) -> object:
        """What follows a key or a dash: a scalar, an empty list or mapping, or a block below."""
        after = self._left[-1] if self._left else None
        below = after is not None and (after.indent, after.is_item and not line.is_item) > (line.indent, False)
        if not text or text.startswith("#"):
            return self._block(path, after.indent) if after is not None and below else None
        value: object = _WORDS.get(text, scalar(text))
        if below or (value is None and text not in {"null", "~"}):
            raise UnreadableSourceError(f"cannot be followed: {abbreviate(text)}", line=line.number)
        return value


def key_of(text: str) -> tuple[str, str] | None:
    """A key and what follows its colon; ``None`` where there is no key."""
    pair = _KEY.fullmatch(text)
    return (pair["key"].strip("\"'"), without_comment(pair["value"] or "")) if pair else None


def without_comment(text: str) -> str:
    """A value without the comment behind it."""
    if quoted := _QUOTED.fullmatch(text):
        return quoted["scalar"]
    return _COMMENT.sub("", text, count=1).strip()


def scalar(text: str) -> str | None:
    """The string that a scalar stands for; ``None`` for what is no scalar on one line."""
    text = without_comment(text)
    if text[:1] in {'"', "'"}:
        return _unquoted(text) if _QUOTED.fullmatch(text) else None
    if not text or text[0] in "&*!|>%@`{}[],?" or ": " in text or text.endswith(":"):
        return None
    return text


def flow_list(text: str) -> list[str] | None:
    """The scalars of a list in brackets; ``None`` for what is none, or holds anything else."""
    if not (text.startswith("[") and text.endswith("]")):
        return None
    inner = text[1:-1].strip()
    items: list[str] = []
    at = 0
    while at < len(inner):
        item = _FLOW_ITEM.match(inner, at)
        value = scalar(item["scalar"]) if item else None
        if item is None or value is None or len(items) >= MAX_FLOW_ITEMS:
            return None
        items.append(value)
        at = item.end()
    return items


def _unquoted(text: str) -> str | None:
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, str) and value.isprintable() else None

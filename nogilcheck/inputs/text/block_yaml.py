"""The part of YAML that conda writes: block lists of scalars under the keys of a mapping.

What goes beyond it (anchors, tags, block scalars, mappings in mappings) is told rather than guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nogilcheck.inputs.text.sources import UnreadableSourceError

MAX_FLOW_ITEMS = 10_000
"""Items of one list in brackets."""

_KEY = re.compile(r"""(?P<key>[A-Za-z_][\w.-]*|"[^"\\]*"|'[^']*')\s*:(?:\s+(?P<value>.*))?""", re.DOTALL)
_QUOTED = re.compile(r"""(?P<scalar>"(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+')\s*(?:\s\#.*)?""")
_FLOW_ITEM = re.compile(
    r"""\s*(?P<scalar>"(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+'|[^\s,\[\]{}"'#&*!|>%@`][^,\[\]{}#]*+)\s*(?P<end>,|\Z)"""
)
_COMMENT = re.compile(r"(?:^|\s)#.*")


@dataclass(frozen=True, slots=True, kw_only=True)
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

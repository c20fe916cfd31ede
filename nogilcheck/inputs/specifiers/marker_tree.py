"""Environment markers (PEP 508) as trees of comparisons, ``and`` and ``or``."""

from __future__ import annotations

import re
from collections.abc import Callable

from packaging.markers import InvalidMarker, Marker

MAX_MARKER_LENGTH = 64 * 1024
"""Characters. Poetry writes some of several thousand where extras exclude one another."""

_OPERAND = r"""(?:"[^"]*"|'[^']*'|[\w.]+)"""
_TOKEN = re.compile(
    rf" *+(?:(?P<mark>[()])|(?P<word>and|or)\b|(?P<comparison>{_OPERAND} *(?:not in|in|[<>=!~]+) *{_OPERAND}))"
)

Node = str | tuple[str, tuple["Node", ...]]
"""A comparison, or ``and``/``or`` over several nodes."""


class BadMarkerError(ValueError):
    """Text that is no marker."""


def parse_marker(marker: str) -> Node:
    """The tree of a marker. Raises `BadMarkerError`, with a text for people."""
    if len(marker) > MAX_MARKER_LENGTH:
        raise BadMarkerError(f"a marker of more than {MAX_MARKER_LENGTH} characters")
    try:
        canonical = str(Marker(marker))
        node, end = _alternatives(canonical, 0)
    except InvalidMarker as error:
        raise BadMarkerError(str(error).partition("\n")[0]) from error
    except RecursionError as error:
        raise BadMarkerError("a marker that is nested too deeply") from error
    if end != len(canonical):
        raise BadMarkerError("a marker with a comparison that cannot be followed")
    return node


def marker_text(node: Node) -> str:
    """A tree as text (PEP 508)."""
    if isinstance(node, str):
        return node
    word, parts = node
    return f" {word} ".join(f"({marker_text(part)})" if isinstance(part, tuple) else part for part in parts)


def _alternatives(text: str, at: int) -> tuple[Node, int]:
    return _chain(text, at, "or", lambda place: _chain(text, place, "and", lambda inner: _factor(text, inner)))


def _chain(text: str, at: int, word: str, part: Callable[[int], tuple[Node, int]]) -> tuple[Node, int]:
    node, at = part(at)
    nodes = [node]
    while (token := _TOKEN.match(text, at)) and token["word"] == word:
        node, at = part(token.end())
        nodes.append(node)
    return (nodes[0] if len(nodes) == 1 else (word, tuple(nodes))), at


def _factor(text: str, at: int) -> tuple[Node, int]:
    token = _TOKEN.match(text, at)
    if token and token["comparison"]:
        return token["comparison"], token.end()
    if token and token["mark"] == "(":
        node, at = _alternatives(text, token.end())
        if (closing := _TOKEN.match(text, at)) and closing["mark"] == ")":
            return node, closing.end()
    return text, -1

"""Extras out of markers: tools write ``extra == "x"`` (PEP 508) into the markers of what an extra brings."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from packaging.markers import InvalidMarker, Marker
from packaging.utils import canonicalize_name

MAX_MARKER_LENGTH = 64 * 1024
"""Characters. Poetry writes some of several thousand where extras exclude one another."""

MAX_EXTRAS = 100
"""Extras that one marker names."""

_OPERAND = r"""(?:"[^"]*"|'[^']*'|[\w.]+)"""
_TOKEN = re.compile(
    rf" *+(?:(?P<mark>[()])|(?P<word>and|or)\b|(?P<comparison>{_OPERAND} *(?:not in|in|[<>=!~]+) *{_OPERAND}))"
)
_EXTRA = re.compile(r"""extra (?P<operator>==|!=) ["'](?P<name>[^"']*)["']""")
_EXTRA_LAST = re.compile(r"""["'](?P<name>[^"']*)["'] (?P<operator>==|!=) extra""")

_Node = str | bool | tuple[str, tuple["_Node", ...]]
"""A comparison, the value of one, or ``and``/``or`` over several."""


class BadMarkerError(ValueError):
    """Text that is no marker."""


@lru_cache(maxsize=4096)
def split_extras(marker: str) -> tuple[tuple[str | None, str | None], ...]:
    """The cases in which a marker can hold: (an extra or ``None`` for none, what else has to hold or ``None``).

    ``os_name == "nt" and extra == "x"`` -> ``(("x", 'os_name == "nt"'),)``. Names are normalized. An extra whose
    case says the same as the one without any is left out. Raises `BadMarkerError`.
    """
    node = _parse(marker)
    extras = _names(node)
    if len(extras) > MAX_EXTRAS:
        raise BadMarkerError(f"a marker that names more than {MAX_EXTRAS} extras")
    base = _folded(node, _deciding(""))
    cases: list[tuple[str | None, str | None]] = [] if base is False else [(None, _text(base))]
    for extra in extras:
        folded = _folded(node, _deciding(extra))
        if folded is not False and folded != base:
            cases.append((extra, _text(folded)))
    return tuple(cases)


@lru_cache(maxsize=4096)
def without_extras(marker: str) -> tuple[str | None, tuple[str, ...]]:
    """What a marker says apart from extras (``None``: nothing), and the extras that it names, normalized.

    Of something that is reached only where an extra asks for it, the rest of the marker is all that counts.
    Raises `BadMarkerError`.
    """
    node = _parse(marker)
    return _text(_folded(node, lambda comparison: True if _extra_in(comparison) else None)), _names(node)


def _parse(marker: str) -> _Node:
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


def _alternatives(text: str, at: int) -> tuple[_Node, int]:
    return _chain(text, at, "or", lambda place: _chain(text, place, "and", lambda inner: _factor(text, inner)))


def _chain(text: str, at: int, word: str, part: Callable[[int], tuple[_Node, int]]) -> tuple[_Node, int]:
    node, at = part(at)
    nodes = [node]
    while (found := _TOKEN.match(text, at)) and found["word"] == word:
        node, at = part(found.end())
        nodes.append(node)
    return (nodes[0] if len(nodes) == 1 else (word, tuple(nodes))), at


def _factor(text: str, at: int) -> tuple[_Node, int]:
    found = _TOKEN.match(text, at)
    if found and found["comparison"]:
        return found["comparison"], found.end()
    if found and found["mark"] == "(":
        node, at = _alternatives(text, found.end())
        if (closing := _TOKEN.match(text, at)) and closing["mark"] == ")":
            return node, closing.end()
    return text, -1


def _extra_in(comparison: str) -> tuple[str, bool] | None:
    """The extra that a comparison is about, and whether it asks for it rather than against it."""
    found = _EXTRA.fullmatch(comparison) or _EXTRA_LAST.fullmatch(comparison)
    return (canonicalize_name(found["name"]), found["operator"] == "==") if found else None


def _deciding(asked: str) -> Callable[[str], bool | None]:
    def decide(comparison: str) -> bool | None:
        found = _extra_in(comparison)
        return None if found is None else (found[0] == asked) == found[1]

    return decide


def _names(node: _Node) -> tuple[str, ...]:
    if isinstance(node, tuple):
        return tuple(dict.fromkeys(name for part in node[1] for name in _names(part)))
    found = _extra_in(node) if isinstance(node, str) else None
    return (found[0],) if found else ()


def _folded(node: _Node, decide: Callable[[str], bool | None]) -> _Node:
    """The same with comparisons replaced by their values, as far as ``decide`` gives one."""
    if isinstance(node, bool):
        return node
    if isinstance(node, str):
        value = decide(node)
        return node if value is None else value
    word, parts = node
    folded = [_folded(part, decide) for part in parts]
    decisive = word == "or"
    if decisive in folded:
        return decisive
    left = tuple(part for part in folded if not isinstance(part, bool))
    if len(left) > 1:
        return word, left
    return left[0] if left else not decisive


def _text(node: _Node) -> str | None:
    """PEP 508 text; ``None`` for what always holds."""
    if isinstance(node, bool):
        return None
    if isinstance(node, str):
        return node
    word, parts = node
    return f" {word} ".join(f"({_text(part)})" if isinstance(part, tuple) else str(_text(part)) for part in parts)

"""Extras out of markers: tools write ``extra == "x"`` (PEP 508) into the markers of what an extra brings."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from packaging.utils import canonicalize_name

from nogilcheck.inputs.specifiers.marker_tree import BadMarkerError, Node, marker_text, parse_marker

MAX_EXTRAS = 100
"""Extras that one marker names."""

_EXTRA = re.compile(r"""extra (?P<operator>==|!=) ["'](?P<name>[^"']*)["']""")
_EXTRA_LAST = re.compile(r"""["'](?P<name>[^"']*)["'] (?P<operator>==|!=) extra""")

_Folded = Node | bool
"""A marker, or what it is worth."""


@lru_cache(maxsize=4096)
def split_extras(marker: str) -> tuple[tuple[str | None, str | None], ...]:
    """The cases in which a marker can hold: (an extra or ``None`` for none, what else has to hold or ``None``).

    ``os_name == "nt" and extra == "x"`` -> ``(("x", 'os_name == "nt"'),)``. Names are normalized. An extra whose
    case says the same as the one without any is left out. Raises `BadMarkerError`.
    """
    node = parse_marker(marker)
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
    node = parse_marker(marker)
    return _text(_folded(node, lambda comparison: True if _extra_in(comparison) else None)), _names(node)


def selecting_extras(marker: str) -> str:
    """The marker with ``"x" in extras`` (PEP 751) in the place of ``extra == "x"``. Raises `BadMarkerError`."""

    def written(node: Node) -> Node:
        if isinstance(node, str):
            extra = _extra_in(node)
            return node if extra is None else f'"{extra[0]}" {"in" if extra[1] else "not in"} extras'
        word, parts = node
        return word, tuple(map(written, parts))

    return marker_text(written(parse_marker(marker)))


def _extra_in(comparison: str) -> tuple[str, bool] | None:
    """The extra that a comparison is about, and whether it asks for it rather than against it."""
    match = _EXTRA.fullmatch(comparison) or _EXTRA_LAST.fullmatch(comparison)
    return (canonicalize_name(match["name"]), match["operator"] == "==") if match else None


def _deciding(asked: str) -> Callable[[str], bool | None]:
    def decide(comparison: str) -> bool | None:
        extra = _extra_in(comparison)
        return None if extra is None else (extra[0] == asked) == extra[1]

    return decide


def _names(node: Node) -> tuple[str, ...]:
    if isinstance(node, tuple):
        return tuple(dict.fromkeys(name for part in node[1] for name in _names(part)))
    extra = _extra_in(node)
    return (extra[0],) if extra else ()


def _folded(node: Node, decide: Callable[[str], bool | None]) -> _Folded:
    """Replace comparisons by their values where ``decide`` gives one."""
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


def _text(node: _Folded) -> str | None:
    """PEP 508 text; ``None`` for what always holds."""
    return None if isinstance(node, bool) else marker_text(node)

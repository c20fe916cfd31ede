"""Markers of pylock.toml -> for which extra or group a package is there, and what else has to hold (PEP 751)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

from packaging.markers import Marker
from packaging.utils import canonicalize_name

from nogilcheck.inputs.specifiers.marker_tree import BadMarkerError, Node, marker_text, parse_marker

MAX_CASES = 64
"""Alternatives that one marker is taken apart into; one with more stays whole."""

_SELECTED = re.compile(r"""["'](?P<name>[^"']*)["'] (?P<no>not )?in (?P<variable>extras|dependency_groups)""")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Case:
    """One way in which a package comes to be installed."""

    kind: Literal["", "extra", "group"] = ""
    group: str | None = None
    """Normalized; ``None`` for what is there whatever is asked for."""
    marker: str | None = None
    """What else has to hold. Asks for extras or groups itself, where it takes more than one, or the lack of one."""


_Selection = tuple[Literal["", "extra", "group"], str | None]
_CORE: _Selection = ("", None)

_Alternative = tuple[tuple[tuple[Literal["extra", "group"], str], ...], tuple[str, ...]]
"""What has to be asked for, and the comparisons that have to hold."""


def cases(marker: Marker | None, default_groups: Collection[str]) -> tuple[Case, ...]:
    """The cases in which a marker can hold; together they say what it says, nothing is lost.

    A case for the core alone that always holds makes all others needless. ``default_groups`` (normalized) are always
    asked for. None at all for a marker that cannot hold.
    """
    if marker is None:
        return (Case(),)
    text = str(marker)
    if not asks(text):
        return (Case(marker=text),)
    try:
        alternatives = _alternatives(parse_marker(text), default_groups)
    except (BadMarkerError, _TooManyError):
        return (Case(marker=text),)
    return tuple(_merged(alternatives))


def asks(marker: str) -> bool:
    """Whether a marker, or a part of one, rests on what extras or groups are asked for."""
    return _SELECTED.search(marker) is not None


class _TooManyError(Exception):
    pass


def _alternatives(node: Node, default_groups: Collection[str]) -> list[_Alternative]:
    """A marker in disjunctive form. Raises `_TooManyError`."""
    if isinstance(node, str):
        return _comparison(node, default_groups)
    word, parts = node
    alternatives = [_part(part, default_groups) for part in parts]
    if word == "or":
        return list(dict.fromkeys(alternative for part in alternatives for alternative in part))
    conjunction = alternatives[0]
    for more in alternatives[1:]:
        if len(conjunction) * len(more) > MAX_CASES:
            raise _TooManyError
        conjunction = [
            (tuple(dict.fromkeys(left[0] + right[0])), tuple(dict.fromkeys(left[1] + right[1])))
            for left, right in product(conjunction, more)
        ]
    return conjunction


def _part(node: Node, default_groups: Collection[str]) -> list[_Alternative]:
    """Alternatives in parentheses that ask for nothing stay one condition."""
    if isinstance(node, tuple) and node[0] == "or" and not asks(marker_text(node)):
        return [((), (f"({marker_text(node)})",))]
    return _alternatives(node, default_groups)


def _comparison(comparison: str, default_groups: Collection[str]) -> list[_Alternative]:
    selected = _SELECTED.fullmatch(comparison)
    if selected is None:
        return [((), (comparison,))]
    name = canonicalize_name(selected["name"])
    group = selected["variable"] == "dependency_groups"
    if group and name in default_groups:
        return [] if selected["no"] else [((), ())]
    if selected["no"]:
        return [((), (comparison,))]
    return [((("group" if group else "extra", name),), ())]


def _merged(alternatives: list[_Alternative]) -> Iterator[Case]:
    """One case for each extra or group, in order; its alternatives joined."""
    by_selection: dict[_Selection, list[str]] = {}
    for wanted, conditions in alternatives:
        more = [f'"{name}" in {"extras" if kind == "extra" else "dependency_groups"}' for kind, name in wanted[1:]]
        first = wanted[0] if wanted else _CORE
        by_selection.setdefault(first, []).append(" and ".join((*more, *conditions)))
    if "" in by_selection.get(_CORE, ()):
        yield Case()
        return
    for (kind, group), several in by_selection.items():
        joined = " or ".join(f"({text})" if len(several) > 1 and " and " in text else text for text in several)
        yield Case(kind=kind, group=group, marker=None if "" in several else joined)

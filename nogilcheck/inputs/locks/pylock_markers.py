"""Markers of pylock.toml -> for which extra or group a package is there, and what else has to hold (PEP 751)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

from packaging.markers import Marker
from packaging.utils import canonicalize_name

MAX_CASES = 64
"""Alternatives that one marker is taken apart into; one with more stays whole."""

MAX_DEPTH = 50
"""Open parentheses in a marker that is taken apart; one with more stays whole."""

_OPERAND = r"""(?:"[^"]*"|'[^']*'|\w+)"""
_TOKEN = re.compile(
    rf" *+(?:(?P<mark>[()])|(?P<word>and|or)\b|(?P<comparison>{_OPERAND} (?:not in|in|[<>=!~]+) {_OPERAND}))"
)
"""The text of a `Marker` has nothing else."""

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
    tokens = [(found["mark"] or found["word"] or "", found["comparison"] or "") for found in _TOKEN.finditer(text)]
    if _depth(tokens) > MAX_DEPTH:
        return (Case(marker=text),)
    try:
        found = _Alternatives(tokens, default_groups).disjunction()
    except _TooManyError:
        return (Case(marker=text),)
    return tuple(_merged(found))


def asks(marker: str) -> bool:
    """Whether a marker, or a part of one, rests on what extras or groups are asked for."""
    return _SELECTED.search(marker) is not None


class _TooManyError(Exception):
    pass


def _depth(tokens: list[tuple[str, str]]) -> int:
    depth = deepest = 0
    for mark, _ in tokens:
        depth += (mark == "(") - (mark == ")")
        deepest = max(deepest, depth)
    return deepest


class _Alternatives:
    """A marker in disjunctive form: one pass over its tokens."""

    def __init__(self, tokens: list[tuple[str, str]], default_groups: Collection[str]) -> None:
        self._tokens = [*tokens, ("", "")]
        self._defaults = default_groups
        self._at = 0

    def disjunction(self) -> list[_Alternative]:
        found = self._conjunction()
        while self._taken("or"):
            found = found + self._conjunction()
        return list(dict.fromkeys(found))

    def _conjunction(self) -> list[_Alternative]:
        found = self._factor()
        while self._taken("and"):
            more = self._factor()
            if len(found) * len(more) > MAX_CASES:
                raise _TooManyError
            found = [
                (tuple(dict.fromkeys(left[0] + right[0])), tuple(dict.fromkeys(left[1] + right[1])))
                for left, right in product(found, more)
            ]
        return found

    def _factor(self) -> list[_Alternative]:
        if self._taken("("):
            found = self._disjunction_of_group()
            self._taken(")")
            return found
        comparison = self._tokens[self._at][1]
        self._at += 1
        return self._leaf(comparison)

    def _disjunction_of_group(self) -> list[_Alternative]:
        """A parenthesis that asks for nothing stays one condition."""
        start = self._at
        found = self.disjunction()
        if len(found) > 1 and not any(wanted or any(map(asks, rest)) for wanted, rest in found):
            return [((), (f"({_text(self._tokens[start : self._at])})",))]
        return found

    def _leaf(self, comparison: str) -> list[_Alternative]:
        selected = _SELECTED.fullmatch(comparison)
        if selected is None:
            return [((), (comparison,))]
        name = canonicalize_name(selected["name"])
        group = selected["variable"] == "dependency_groups"
        if group and name in self._defaults:
            return [] if selected["no"] else [((), ())]
        if selected["no"]:
            return [((), (comparison,))]
        return [((("group" if group else "extra", name),), ())]

    def _taken(self, mark: str) -> bool:
        found = self._tokens[self._at][0] == mark
        self._at += found
        return found


def _text(tokens: list[tuple[str, str]]) -> str:
    text = " ".join(mark or comparison for mark, comparison in tokens)
    return text.replace("( ", "(").replace(" )", ")")


def _merged(alternatives: list[_Alternative]) -> Iterator[Case]:
    """One case for each extra or group, in order; its alternatives joined."""
    found: dict[_Selection, list[str]] = {}
    for wanted, conditions in alternatives:
        more = [f'"{name}" in {"extras" if kind == "extra" else "dependency_groups"}' for kind, name in wanted[1:]]
        first = wanted[0] if wanted else _CORE
        found.setdefault(first, []).append(" and ".join((*more, *conditions)))
    if "" in found.get(_CORE, ()):
        yield Case()
        return
    for (kind, group), several in found.items():
        joined = " or ".join(f"({each})" if len(several) > 1 and " and " in each else each for each in several)
        yield Case(kind=kind, group=group, marker=None if "" in several else joined)

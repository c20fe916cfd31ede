"""Environment markers (PEP 508) against a target that does not know every variable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from packaging.markers import InvalidMarker, Marker

VARIABLES = (
    "implementation_name",
    "implementation_version",
    "os_name",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_system",
    "platform_version",
    "python_full_version",
    "python_version",
    "sys_platform",
)
"""The eleven of PEP 508. `Marker.evaluate` would fill an absent one from the running interpreter."""

_OF_LOCKS = ("extras", "dependency_groups")
"""Variables of PEP 751, which mean nothing in a requirement."""

_ALWAYS, _NEVER = 'python_version >= "0"', 'python_version < "0"'
_OPERAND = r"""("[^"]*"|'[^']*'|\w+)"""
_COMPARISON = re.compile(rf"{_OPERAND} (?:not in|in|[<>=!~]+) {_OPERAND}")
"""One comparison in the text of a `Marker`, which knows only these, ``and``, ``or`` and parentheses."""


@lru_cache(maxsize=8192)
def _marker(text: str) -> Marker | None:
    try:
        return Marker(text)
    except (InvalidMarker, RecursionError):  # nested as deep as the stack that was left to who read it
        return None


@lru_cache(maxsize=1024)
def extras_that_bring(text: str) -> tuple[str, ...]:
    """The extras of which one must be asked for if the marker is to hold, sorted; empty where it can do without."""
    marker = _marker(text)
    if marker is None:
        return ()
    extras: set[str] = set()

    def settled(found: re.Match[str]) -> str:
        if "extra" not in found.groups():
            return _ALWAYS
        extras.update(operand.strip("\"'") for operand in found.groups() if operand != "extra")
        return found[0]

    try:
        most = _marker(_COMPARISON.sub(settled, str(marker)))
        if most is None or most.evaluate({"extra": ""}):
            return ()
        return tuple(sorted(extra for extra in extras if most.evaluate({"extra": extra})))
    except (ValueError, RecursionError):
        return ()


MAX_ANSWERS = 200_000
"""Markers, each with every extra for which it is asked; a large real stack has some hundreds. What is asked beyond
them cannot be known, and is a gap."""


class MarkerEvaluator:
    """Evaluates markers for one build; every answer is kept."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """``environment`` holds the variables that are known."""
        self._environment = {name: environment.get(name, "") for name in VARIABLES}
        self._unknown = frozenset(name for name in (*VARIABLES, *_OF_LOCKS) if name not in environment)
        self._answers: dict[tuple[str, str], bool | None] = {}

    def holds(self, marker: str | None, extra: str = "") -> bool | None:
        """Whether the marker holds when ``extra`` is asked for; ``None`` when that cannot be known."""
        if marker is None:
            return True
        key = (marker, extra)
        if key not in self._answers:
            if len(self._answers) >= MAX_ANSWERS:
                return None
            self._answers[key] = self._evaluate(marker, extra)
        return self._answers[key]

    def is_equivalent_to(self, other: MarkerEvaluator) -> bool:
        """Whether every question that the other was asked so far has the same answer here."""
        return all(self.holds(marker, extra) == answer for (marker, extra), answer in other._answers.items())

    def _evaluate(self, text: str, extra: str) -> bool | None:
        marker = _marker(text)
        if marker is None:
            return None
        environment = self._environment | {"extra": extra}
        canonical = str(marker)  # ``platform.version`` is another name of a variable
        try:
            if not any(name in canonical for name in self._unknown):
                return marker.evaluate(environment)
            # Nothing negates in a marker: if it comes out alike with every comparison that cannot be
            # decided holding and with none, these do not matter.
            most, least = (_marker(self._settled(canonical, each)) for each in (_ALWAYS, _NEVER))
            if most is None or least is None:
                return None
            holds = most.evaluate(environment)
            return holds if holds == least.evaluate(environment) else None
        except (ValueError, RecursionError):  # versions against words, numbers that Python refuses to read, depth
            return None

    def _settled(self, text: str, stand_in: str) -> str:
        """The text with a stand-in for every comparison with a variable that is not known."""
        return _COMPARISON.sub(lambda found: found[0] if self._unknown.isdisjoint(found.groups()) else stand_in, text)

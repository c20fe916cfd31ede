"""Evaluate environment markers (PEP 508) for a target that does not know every variable."""

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
"""The eleven variables of PEP 508. `Marker.evaluate` takes absent ones from the running interpreter."""

_OF_LOCKS = ("extras", "dependency_groups")
"""Variables of PEP 751, which mean nothing in a requirement."""

ALWAYS, NEVER = 'python_version >= "0"', 'python_version < "0"'
_OPERAND = r"""("[^"]*"|'[^']*'|\w+)"""
_COMPARISON = re.compile(rf"{_OPERAND} (?:not in|in|[<>=!~]+) {_OPERAND}")
"""One comparison in the text of a `Marker`; between them stand only ``and``, ``or`` and parentheses."""


@lru_cache(maxsize=8192)
def _marker(text: str) -> Marker | None:
    try:
        return Marker(text)
    except SystemError:  # as in `nogilcheck.index.archives.core_metadata.parse_dependency`: other threads parse as well
        return Marker(text)
    except (InvalidMarker, RecursionError):  # nested deeper than the stack that is left here
        return None


@lru_cache(maxsize=1024)
def extras_that_bring(text: str) -> tuple[str, ...]:
    """The extras, sorted, one of which the marker needs to hold; empty where it can hold without any."""
    marker = _marker(text)
    if marker is None:
        return ()
    extras: set[str] = set()

    def settled(comparison: re.Match[str]) -> str:
        if "extra" not in comparison.groups():
            return ALWAYS
        extras.update(operand.strip("\"'") for operand in comparison.groups() if operand != "extra")
        return comparison[0]

    try:
        most = _marker(_COMPARISON.sub(settled, str(marker)))
        if most is None or most.evaluate({"extra": ""}):
            return ()
        return tuple(sorted(extra for extra in extras if most.evaluate({"extra": extra})))
    except (ValueError, RecursionError):
        return ()


MAX_ANSWERS = 200_000
"""Answers that one evaluator keeps, for pairs of a marker and an extra; a large real stack has some hundreds. Any more
are unknown, and gaps."""


class MarkerEvaluator:
    """Evaluates markers for one build, and keeps every answer."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Create an evaluator. ``environment``: the variables that are known, with their values."""
        self._environment = {name: environment.get(name, "") for name in VARIABLES}
        self._unknown = frozenset(name for name in (*VARIABLES, *_OF_LOCKS) if name not in environment)
        self._answers: dict[tuple[str, str], bool | None] = {}

    def holds(self, marker: str | None, extra: str = "") -> bool | None:
        """Whether the marker holds when ``extra`` is requested; ``None``: not known."""
        if marker is None:
            return True
        key = (marker, extra)
        if key not in self._answers:
            if len(self._answers) >= MAX_ANSWERS:
                return None
            self._answers[key] = self._evaluate(marker, extra)
        return self._answers[key]

    def is_equivalent_to(self, other: MarkerEvaluator) -> bool:
        """Whether every question asked of ``other`` so far has the same answer here."""
        return all(self.holds(marker, extra) == answer for (marker, extra), answer in other._answers.items())

    def _evaluate(self, text: str, extra: str) -> bool | None:
        marker = _marker(text)
        if marker is None:
            return None
        environment = self._environment | {"extra": extra}
        canonical = str(marker)  # names variables as PEP 508 does: ``platform.version`` becomes ``platform_version``
        try:
            if not any(name in canonical for name in self._unknown):
                return marker.evaluate(environment)
            # A marker has no negation. So when it evaluates alike with all undecidable comparisons true and with all
            # of them false, they do not matter.
            most, least = (_marker(self._settled(canonical, stand_in)) for stand_in in (ALWAYS, NEVER))
            if most is None or least is None:
                return None
            holds = most.evaluate(environment)
            return holds if holds == least.evaluate(environment) else None
        except (ValueError, RecursionError):  # versions against words, numbers that Python refuses to read, depth
            return None

    def _settled(self, text: str, stand_in: str) -> str:
        """The text with a stand-in for every comparison with an unknown variable."""
        return _COMPARISON.sub(lambda match: match[0] if self._unknown.isdisjoint(match.groups()) else stand_in, text)

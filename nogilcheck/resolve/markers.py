"""Evaluate environment markers (PEP 508) for a target that does not know every variable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from packaging.markers import InvalidMarker, Marker
from packaging.version import InvalidVersion, Version

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

_VERSIONS = frozenset({"implementation_version", "python_full_version", "python_version"})
_LISTING = frozenset({"in", "not in", "==="})
"""Operators that compare text."""

ALWAYS, NEVER = 'python_version >= "0"', 'python_version < "0"'
_OPERAND = r"""("[^"]*"|'[^']*'|\w+)"""
_COMPARISON = re.compile(rf"{_OPERAND} (not in|in|[<>=!~]+) {_OPERAND}")
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
        extras.update(operand.strip("\"'") for operand in comparison.group(1, 3) if operand != "extra")
        return comparison[0]

    try:
        most = _marker(_COMPARISON.sub(settled, str(marker)))
        if most is None or most.evaluate({"extra": ""}):
            return ()
        return tuple(sorted(extra for extra in extras if most.evaluate({"extra": extra})))
    except (ValueError, RecursionError):
        return ()


@lru_cache(maxsize=1024)
def _is_version(text: str) -> bool:
    try:
        return bool(Version(text.removesuffix(".*").removesuffix("*")))
    except InvalidVersion:
        return False


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
            if not any(map(self._is_undecided, _COMPARISON.finditer(canonical))):
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
        """The text with a stand-in for every comparison that cannot be decided."""
        return _COMPARISON.sub(lambda match: stand_in if self._is_undecided(match) else match[0], text)

    def _is_undecided(self, comparison: re.Match[str]) -> bool:
        """Whether it is with an unknown variable, or of a version with what is none.

        ``python_version >= "3.14t"`` never holds for pip 26.3, and always for uv 0.13.9.
        """
        operands = comparison.group(1, 3)
        if not self._unknown.isdisjoint(operands):
            return True
        if _VERSIONS.isdisjoint(operands) or comparison[2] in _LISTING:
            return False
        return not all(operand in _VERSIONS or _is_version(operand.strip("\"'")) for operand in operands)

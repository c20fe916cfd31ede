"""Environment markers (PEP 508) against a target that does not know every variable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import product

from packaging.markers import InvalidMarker, Marker, UndefinedComparison

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

_PROBES = ("", "0", "999999")
_LITERAL = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_MAX_COMBINATIONS = 256


@lru_cache(maxsize=8192)
def _marker(text: str) -> Marker | None:
    try:
        return Marker(text)
    except InvalidMarker:
        return None


class MarkerEvaluator:
    """Evaluates markers for one build; every answer is kept."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """``environment`` holds the variables that are known."""
        self._environment = {name: environment.get(name, "") for name in VARIABLES}
        self._unknown = [name for name in VARIABLES if name not in environment]
        self._answers: dict[tuple[str, str], bool | None] = {}

    def holds(self, marker: str | None, extra: str = "") -> bool | None:
        """Whether the marker holds when ``extra`` is asked for; ``None`` when that cannot be known."""
        if marker is None:
            return True
        key = (marker, extra)
        if key not in self._answers:
            self._answers[key] = self._evaluate(marker, extra)
        return self._answers[key]

    def _evaluate(self, text: str, extra: str) -> bool | None:
        marker = _marker(text)
        if marker is None:
            return None
        unknown = [name for name in self._unknown if name in text]
        # Where every plausible value leads to the same answer, the value does not matter.
        probes = [*_PROBES, *(single or double for single, double in _LITERAL.findall(text))]
        if len(probes) ** len(unknown) > _MAX_COMBINATIONS:
            return None
        answers: set[bool] = set()
        for values in product(probes, repeat=len(unknown)):
            environment = self._environment | dict(zip(unknown, values, strict=True)) | {"extra": extra}
            try:
                answers.add(marker.evaluate(environment))
            except UndefinedComparison:
                return None
        return answers.pop() if len(answers) == 1 else None

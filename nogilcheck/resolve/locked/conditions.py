"""Evaluate the markers of a lock for one build, and for the extras and groups that were requested."""

from __future__ import annotations

import re

from packaging.utils import canonicalize_name

from nogilcheck.model.lock import Lock
from nogilcheck.resolve.markers import ALWAYS, NEVER, MarkerEvaluator

_EXTRA = re.compile(r"""\bextra\s*(==|!=)\s*(?:'([^']*)'|"([^"]*)")""")
_OF_CONFLICT = re.compile(r"(extra|group|project)-(\d+)-(.+)", re.DOTALL)
"""How uv writes members of ``conflicts`` in markers: ``extra == 'extra-4-demo-cpu'`` is the extra ``cpu`` of ``demo``;
the number is the length of the project's name."""
_OF_LOCK = re.compile(r"""(?:'([^']*)'|"([^"]*)")\s*(in|not\s+in|==|!=)\s*(extras|dependency_groups)\b""")
"""PEP 751; a set is equal to no string, as packaging has it. Whatever else is compared with one, installers refuse."""


class Conditions:
    """Decides whether entries and dependencies in a lock belong to an installation; ``None``: not known."""

    def __init__(self, markers: MarkerEvaluator, lock: Lock) -> None:
        """Create them for what of a lock was requested, with the extras and groups of the project."""
        self._markers = markers
        self._asked = {*lock.selected, *((root.kind, root.group) for root in lock.roots)}
        self._settled: dict[tuple[str, bool], str] = {}

    def of_project(self, marker: str | None) -> bool | None:
        """Evaluate the marker of a root or an entry, in which ``extra`` is one of the project (as in poetry.lock)."""
        return self._markers.holds(self._settle(marker, own=True))

    def of_dependency(self, marker: str | None, extra: str) -> bool | None:
        """Evaluate the marker of a dependency, in which ``extra`` is one of the distribution that requires it."""
        return self._markers.holds(self._settle(marker, own=False), extra)

    def _settle(self, marker: str | None, *, own: bool) -> str | None:
        if marker is None or not ("extra" in marker or "dependency_groups" in marker):
            return marker
        key = (marker, own)
        if key not in self._settled:
            settled = _EXTRA.sub(lambda comparison: self._settled_part(comparison, own=own), marker)
            self._settled[key] = _OF_LOCK.sub(self._settled_selection, settled)
        return self._settled[key]

    def _settled_selection(self, comparison: re.Match[str]) -> str:
        single, double, operator, variable = comparison.groups()
        kind = "extra" if variable == "extras" else "group"
        name = canonicalize_name(double if single is None else single)
        there = "in" in operator and (kind, name) in self._asked
        return ALWAYS if there is (operator in {"in", "=="}) else NEVER

    def _settled_part(self, comparison: re.Match[str], *, own: bool) -> str:
        name = comparison[2] if comparison[3] is None else comparison[3]
        if conflict := _OF_CONFLICT.fullmatch(name):
            kind, digits, rest = conflict.groups()
            active = (kind, rest if kind == "project" else rest[int(digits[:4]) + 1 :]) in self._asked
        elif own:
            active = ("extra", name) in self._asked
        else:
            return comparison[0]
        return ALWAYS if active is (comparison[1] == "==") else NEVER

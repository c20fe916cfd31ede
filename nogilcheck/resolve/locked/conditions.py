"""The markers of a lock for one build, with the extras and groups of the project that were asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nogilcheck.model.source import Root
from nogilcheck.resolve.markers import MarkerEvaluator

_ALWAYS, _NEVER = 'python_version >= "0"', 'python_version < "0"'

_EXTRA = re.compile(r"""\bextra\s*(==|!=)\s*(?:'([^']*)'|"([^"]*)")""")
_OF_CONFLICT = re.compile(r"(extra|group|project)-(\d+)-(.+)", re.DOTALL)
"""uv names what its ``conflicts`` are about in markers: ``extra == 'extra-4-demo-cpu'`` is extra ``cpu`` of ``demo``,
the number being the length of the project's name."""


class Conditions:
    """Whether what is in a lock belongs to an installation; ``None`` when that cannot be known."""

    def __init__(self, markers: MarkerEvaluator, roots: Iterable[Root]) -> None:
        """``roots`` are all that were asked for: they tell which extras and groups of the project are."""
        self._markers = markers
        self._asked = {(root.kind, root.group) for root in roots}
        self._settled: dict[tuple[str, bool], str] = {}

    def of_project(self, marker: str | None) -> bool | None:
        """The marker of a root or of an entry, in which ``extra`` is one of the project (as in poetry.lock)."""
        return self._markers.holds(self._settle(marker, own=True))

    def of_dependency(self, marker: str | None, extra: str) -> bool | None:
        """The marker of a dependency, in which ``extra`` is one of the distribution that requires it."""
        return self._markers.holds(self._settle(marker, own=False), extra)

    def _settle(self, marker: str | None, *, own: bool) -> str | None:
        if marker is None or "extra" not in marker:
            return marker
        key = (marker, own)
        if key not in self._settled:
            self._settled[key] = _EXTRA.sub(lambda found: self._settled_part(found, own=own), marker)
        return self._settled[key]

    def _settled_part(self, found: re.Match[str], *, own: bool) -> str:
        name = found[2] if found[3] is None else found[3]
        if conflict := _OF_CONFLICT.fullmatch(name):
            kind, digits, rest = conflict.groups()
            # A member of a workspace is in the lock because it is a part of what is checked.
            active = kind == "project" or (kind, rest[int(digits[:4]) + 1 :]) in self._asked
        elif own:
            active = ("extra", name) in self._asked
        else:
            return found[0]
        return _ALWAYS if active is (found[1] == "==") else _NEVER

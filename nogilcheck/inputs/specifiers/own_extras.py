"""Requirements of a project on itself, ``name[extra]``: they stand for what its extras require."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Literal

from nogilcheck.inputs.specifiers.marker_text import all_of
from nogilcheck.model.source import Root

MAX_WAYS = 32
"""Different markers under which one requirement may lead to one extra."""

MAX_STEPS = 10_000
"""From extra to extra, for all requirements of a project together."""


class OwnExtras:
    """The extras of one project."""

    def __init__(self, name: str | None, extras: Collection[str], roots: Iterable[Root]) -> None:
        """``name`` is the project's, normalized; ``None``: nothing is known to be a requirement on itself."""
        self._name = name
        self._extras = extras
        self._by_extra: dict[str | None, list[Root]] = {}
        for root in roots:
            if root.kind == "extra":
                self._by_extra.setdefault(root.group, []).append(root)
        self._steps = 0
        self.missing: list[tuple[Root, str]] = []
        """Requirements that ask for an extra which the project does not have; pip only warns of it."""
        self.entangled: list[Root] = []
        """Requirements that were not followed to their end, because a bound was hit."""
        self.led_to: dict[tuple[str | None, Literal["", "extra", "group"]], dict[str, None]] = {}
        """By what a requirement belongs to (`Root.group` and `Root.kind`): the extras behind it."""

    def behind(self, root: Root) -> list[Root]:
        """What a requirement stands for: itself, or the requirements of the extras that it asks for.

        Those keep their own places, and belong to what ``root`` belongs to.
        """
        if root.name is None or root.name != self._name:
            return [root]
        found: list[Root] = []
        # What the extra has that it belongs to is there in any case.
        done: dict[str, list[frozenset[str]]] = (
            {root.group: [frozenset()]} if root.group and root.kind == "extra" else {}
        )
        pending = deque((extra, _conditions(root)) for extra in root.extras)
        while pending:
            extra, conditions = pending.popleft()
            ways = done.setdefault(extra, [])
            if any(way <= conditions for way in ways):
                continue
            self._steps += 1
            if self._steps > MAX_STEPS or len(ways) >= MAX_WAYS:
                self.entangled.append(root)
                break
            ways.append(conditions)
            self.led_to.setdefault((root.group, root.kind), {}).setdefault(extra)
            if extra not in self._extras:
                self.missing.append((root, extra))
            for one in self._by_extra.get(extra, ()):
                if one.name == self._name:
                    pending += ((further, conditions | _conditions(one)) for further in one.extras)
                else:
                    marker = all_of(*sorted(conditions), one.marker)
                    found.append(replace(one, marker=marker, group=root.group, kind=root.kind))
        return found


def _conditions(root: Root) -> frozenset[str]:
    """Markers of which everything has to hold."""
    return frozenset() if root.marker is None else frozenset({root.marker})

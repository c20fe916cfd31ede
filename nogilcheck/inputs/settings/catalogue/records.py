"""What a row of the catalogue is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from nogilcheck.frozen import frozen

Tool = Literal["pip", "uv", "Poetry", "PDM", "Pipenv", "pixi"]

Effect = Literal["obeyed", "gap", "none"]
"""``obeyed``: the answer is the one that the tool gives with it. ``gap``: it may change what the tool chooses, and
nogilcheck does not do the same: it is named, and the check does not pass. ``none``: it does not change what is chosen
for a target."""


@frozen
class Setting:
    """One setting of one tool, in one place."""

    tool: Tool
    place: str
    """Where it is written: ``[tool.uv]``, ``variable``, ... (`PLACES`)."""
    name: str
    effect: Effect
    note: str
    """What it does to the choice, or why it does nothing."""
    harmless: tuple[str, ...] = ()
    """Values of a gap that change nothing, such as the default; empty, false and absent ones never do."""
    obeyed: tuple[str, ...] = ()
    """Values of a gap that are obeyed."""
    false_counts: bool = False
    """``false`` is a value like any other."""
    at_install: bool = False
    """It counts where a lock is followed, too."""

    def is_gap(self, value: object) -> bool:
        """Whether a value of the setting is one that nogilcheck does not follow."""
        if self.effect != "gap" or value is None or value in ("", [], {}):
            return False
        if value is False:
            return self.false_counts
        return value not in (*self.harmless, *self.obeyed)


def rows(tool: Tool, place: str, effect: Effect, note: str, names: str, **more: Any) -> Iterator[Setting]:
    """A row for each of the names, which are separated by white space, with one note; ``more`` are further fields."""
    return (Setting(tool=tool, place=place, name=name, effect=effect, note=note, **more) for name in names.split())

"""Universes of any size whose shape is known: chains and trees of pure projects."""

from __future__ import annotations

from dataclasses import dataclass

from tests.world import Universe, parse


@dataclass(frozen=True, slots=True, kw_only=True)
class GrownWorld:
    """A tree of projects of which each requires those beneath it."""

    universe: Universe
    levels: tuple[tuple[str, ...], ...]
    """The names, from the only root downwards."""

    @property
    def root(self) -> str:
        """What to check."""
        return self.levels[0][0]

    @property
    def depth(self) -> int:
        """Distributions on the longest path."""
        return len(self.levels)

    @property
    def names(self) -> tuple[str, ...]:
        """Every project."""
        return tuple(name for level in self.levels for name in level)

    @property
    def rounds(self) -> list[list[str]]:
        """The fewest round trips that can lead through it: a level is known from the metadata of the one above."""
        return [
            [path(name) for name in level] for level in self.levels for path in (page_path, metadata_path)
        ]  # fmt: skip


def page_path(name: str) -> str:
    """Where the page of a project is."""
    return f"/simple/{name}/"


def metadata_path(name: str) -> str:
    """Where the core metadata of a project's newest wheel are (PEP 658)."""
    return f"/files/{name}-1.0-py3-none-any.whl.metadata"


def tree(depth: int, branching: int, *, releases: int = 1) -> GrownWorld:
    """A tree of this many levels; ``branching`` 1 makes a chain. Of the releases only the newest, 1.0, is wanted."""
    levels = tuple(tuple(f"d{level}n{place}" for place in range(branching**level)) for level in range(depth))
    lines = []
    for level, names in enumerate(levels):
        for place, name in enumerate(names):
            below = levels[level + 1][place * branching : (place + 1) * branching] if level + 1 < depth else ()
            lines.append(f"[projects.{name}]")
            lines += [f'"0.{number}" = {{ requires = ["never-to-be-asked-for"] }}' for number in range(1, releases)]
            lines.append(f'"1.0" = {{ requires = [{", ".join(f"{one!r}" for one in below)}] }}')
    return GrownWorld(universe=parse("\n".join(lines), name=f"tree-{depth}-{branching}"), levels=levels)

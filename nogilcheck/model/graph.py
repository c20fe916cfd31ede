"""The resolved graph of one target's twin."""

from __future__ import annotations

from dataclasses import dataclass

from packaging.version import Version

from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.finding import Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One chosen distribution."""

    name: str
    """Normalized (PEP 503)."""
    version: Version | None
    """``None``: the project could not be resolved (not found, unreachable, conflicting)."""
    files: tuple[ReleaseFile, ...] = ()
    """Every file of this version that the options admit (hashes, format control, upload date)."""
    held_back_from: Version | None = None
    """The newest permitted version, when it has no file for this Python or excludes it."""
    held_back_by: str | None = None
    """``requires-python`` or ``no-file``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One requirement that holds on the target, from a root or a distribution to a distribution."""

    parent: str | int
    """The name of the requiring distribution, or the position of the root in `Graph.roots`."""
    child: str
    specifier: str = ""
    extra: str | None = None
    """The extra of the parent that brings it in."""
    marker: str | None = None
    child_extras: tuple[str, ...] = ()
    """The extras of the child that it asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """What the twin installs today: one version of each project."""

    nodes: dict[str, Node]
    """By normalized name, in the order in which a walk from the roots meets them."""
    edges: tuple[Edge, ...]
    gaps: tuple[Gap, ...] = ()

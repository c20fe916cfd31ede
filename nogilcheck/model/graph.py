"""The resolved graph of one target's twin."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import field
from enum import StrEnum
from itertools import chain, count
from typing import NamedTuple

from packaging.version import Version

from nogilcheck.frozen import frozen
from nogilcheck.model.artifact import Missing, ReleaseFile
from nogilcheck.model.source import Location


@frozen
class Refusal:
    """A wheel that fits a target by its tags, and that installers do not take there."""

    filename: str
    why: str
    """In a clause: ``its Requires-Python is >=3.15``."""
    for_python: bool = False
    """It is for other Pythons; otherwise nobody can install it."""


class ExcludedBy(NamedTuple):
    """What the user said that excludes files of a version."""

    option: str
    """``only-binary``, ``no-binary`` or ``hash``."""
    said: str
    """The option or setting with its place, for people: ``--no-binary :all: (requirements.txt:3)``."""


@frozen
class Node:
    """One chosen distribution."""

    name: str
    """Normalized (PEP 503)."""
    version: Version | None
    """``None``: the project could not be resolved, see ``missing``."""
    missing: Missing | None = None
    files: tuple[ReleaseFile, ...] = ()
    """Every file of this version that the options admit (hashes, format control, upload date)."""
    not_admitted: tuple[ExcludedBy, ...] = ()
    """What excludes the version's other files."""
    requires_python: str | None = None
    """The Requires-Python of its core metadata, when that alone excludes this Python."""
    stated_python: str | None = None
    """The Requires-Python of its core metadata, whatever it admits."""
    pythons: tuple[str, ...] = ()
    """See `nogilcheck.model.artifact.Metadata.pythons`."""
    missing_extras: tuple[str, ...] = ()
    """Extras that are asked for and that this version does not provide."""
    held_back_from: Version | None = None
    """The newest permitted version, when it has no file for this Python or excludes it."""
    held_back_by: str | None = None
    """The Requires-Python that excludes this Python; empty when the newer version has no file for it."""
    discarded: tuple[str, ...] = ()
    """The newest permitted release, or the file of this one, that installers discard for its metadata: the version or
    the file name, and why in a clause."""
    refused: tuple[Refusal, ...] = ()
    """Wheels that fit the target by their tags, and that installers do not take there."""
    disagreeing: tuple[str, ...] = ()
    """The wheel of the target that requires something else than the regular build's: both file names, and what."""
    assumed_from: str | None = None
    """What it is really taken from (a VCS reference, no credentials), where the index's files of this version count."""
    described_by: str | None = None
    """The file whose metadata tell its dependencies, where no file is for the build."""
    direct: bool = False
    """Taken from an archive or a directory of its own: no index is asked about a project of this name."""
    rivals: tuple[str, ...] = ()
    """See `nogilcheck.model.artifact.ProjectPage.rivals`."""
    unanswered: tuple[Missing, ...] = ()
    """See `nogilcheck.model.artifact.ProjectPage.unanswered`."""
    local: bool = False
    """A project on the disk, such as the locked one itself: chains lead through it, and nothing of it is judged."""


@frozen
class Edge:
    """One requirement that holds on the target, from a root or a distribution to a distribution."""

    parent: str | int
    """The key of the requiring distribution in `Graph.nodes`, or the position of the root in `Inputs.all_roots`."""
    child: str
    """A key in `Graph.nodes`."""
    specifier: str = ""
    extra: str | None = None
    """The extra of the parent that brings it in."""
    marker: str | None = None
    child_extras: tuple[str, ...] = ()
    """The extras of the child that it asks for."""


class GapKind(StrEnum):
    """What kind of thing the walk could not know; `nogilcheck.judge.gap_rules` gives each its rule."""

    PROJECT = "project"
    """A project could not be resolved: `Node.missing` says why."""
    DEPENDENCIES = "dependencies"
    """A distribution's metadata, or a part of it, could not be read."""
    MARKER = "marker"
    """A marker rests on a value that the target cannot know; the requirement is taken to hold."""
    CUT_OFF = "cut-off"
    """A bound of the resolution was hit."""
    NOTHING_APPLIES = "nothing-applies"
    """No requirement applies to the target."""
    HASHES = "hashes"
    """Hashes are required, and a requirement has none, or does not pin its version."""
    INDEX = "index"
    """An index did not answer."""
    UPLOAD_TIME = "upload-time"
    """The index gives no upload times, so that an upload date could not be applied."""
    INSTALLER = "installer"
    """The installer that a lock is for does not take what fits the target."""


@frozen
class GraphGap:
    """One thing that the walk could not know."""

    kind: GapKind
    text: str
    """In a sentence; no credentials."""
    missing: Missing | None = None
    distribution: str | None = None
    location: Location | None = None


@frozen
class Graph:
    """What the twin installs today; of a lock, and of several projects together, a project may be there twice."""

    nodes: dict[str, Node]
    """By key (see `node_key`), in the order in which a walk from the roots meets them."""
    edges: tuple[Edge, ...]
    gaps: tuple[GraphGap, ...] = ()
    not_applicable: frozenset[int] = frozenset()
    """The positions in `Inputs.all_roots` of the requirements whose marker is false on the target."""
    capped: frozenset[int] = frozenset()
    """Those among them that older Pythons would have, and this one and newer ones have not."""
    _by_child: dict[str, list[Edge]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def edges_to(self, key: str) -> Sequence[Edge]:
        """The edges to a node, in their order."""
        if not self._by_child:
            for edge in self.edges:
                self._by_child.setdefault(edge.child, []).append(edge)
        return self._by_child.get(key, ())


def node_key(name: str, version: object, taken: Container[str]) -> str:
    """A key for a distribution that is not taken yet: the name, which is all that most need.

    ``name==version`` for the second version of a project. No key is ever read for what it says.
    """
    if name not in taken:
        return name
    key = f"{name}=={version}"
    keys = chain([key], (f"{key}#{number}" for number in count(2)))
    return next(free for free in keys if free not in taken)


def versions_of(graph: Graph) -> dict[str, Version]:
    """The chosen versions, by name."""
    return {node.name: node.version for node in graph.nodes.values() if node.version is not None}

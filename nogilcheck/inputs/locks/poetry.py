"""poetry.lock, of Poetry 1.0 (lock-version 1.0) to 2.x (2.1), and older ones where the rules agree.

There is no specification; the rules are those of ``poetry/packages/locker.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.diagnostics import CORE, Part, extra_part
from nogilcheck.inputs.file_content.document import Document, Table
from nogilcheck.inputs.locks.entries import LockEntry, parse_lock, requirement_name, unknown_version
from nogilcheck.inputs.locks.poetry_packages import poetry_entries
from nogilcheck.inputs.locks.roots import Member, lock_content, lock_roots, parts_named, project_beside
from nogilcheck.inputs.projects.poetry import constraint_of
from nogilcheck.inputs.specifiers.marker_text import any_of
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.quoting import abbreviate
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import Bounds, Root

KNOWN_VERSIONS = ("1.0", "1.1", "2.0", "2.1")
"""``lock-version`` of the lock files whose rules are known."""


def read_poetry_lock(text: str, path: str, neighbours: Neighbours) -> Content:
    """The lock, its roots from pyproject.toml where that lies beside it. Raises `UnreadableSourceError`."""
    document = Document(path, neighbours, parse_lock(text))
    _check_version(document.root)
    entries = poetry_entries(document.root)
    extras = _extras(document.root.table("extras"))
    project = project_beside(neighbours)
    markers = _markers(entries)
    entries = tuple(_as_locked(entry, markers) for entry in entries)
    if project and project.roots:
        roots = lock_roots([_root_as_locked(root, entries) for root in project.roots], _members(entries))
    else:
        roots = lock_roots((), _members(entry for entry in entries if not entry.optional))
        roots += lock_roots(
            tuple(_extra_roots(extras, entries)), _members(entry for entry in entries if entry.optional)
        )
    return lock_content(
        document,
        "poetry.lock",
        roots,
        [entry.distribution for entry in entries],
        bounds=_bounds(document.root.table("metadata")),
        extras=extras,
        groups=[name for entry in entries for name in entry.groups or () if name != "main"],
        project=project,
    )


def _check_version(root: Table) -> None:
    """``[metadata]``, which Poetry writes at the end.

    Raises `UnreadableSourceError` when this is no lock of Poetry, or one of a major version that is not known.
    """
    if "version" in root or "lock-version" in root or root.at("metadata", "lock_version") is not None:
        raise UnreadableSourceError(
            "not a lock file of Poetry: another tool wrote it", hint="Name its format with --input-format."
        )
    if not isinstance(root.at("metadata"), dict):
        raise UnreadableSourceError("no [metadata] at its end: cut short, or not a lock file of Poetry")
    version = root.at("metadata", "lock-version")
    if isinstance(version, str) and version.partition(".")[0] not in {
        known.partition(".")[0] for known in KNOWN_VERSIONS
    }:
        known = f"{KNOWN_VERSIONS[0]} to {KNOWN_VERSIONS[-1]}"
        raise unknown_version(f"lock-version {abbreviate(version)!r}", known, root.where("metadata", "lock-version"))
    if version not in KNOWN_VERSIONS:
        told = f"lock-version {version!r}" if isinstance(version, str) else "no usable lock-version"
        root.note(f"{told}: read by the rules of {KNOWN_VERSIONS[-1]}", "metadata", "lock-version")


def _bounds(metadata: Table) -> Bounds | None:
    constraint = metadata.string("python-versions")
    specifier = None if constraint is None else constraint_of(metadata, constraint, "python-versions")
    if not specifier:
        return None
    where = metadata.where("python-versions")
    return Bounds(project=metadata.document.path, location=where, requires_python=specifier)


def _markers(entries: Sequence[LockEntry]) -> dict[str, str | None]:
    """The marker under which a project is installed, where the entries have one for each group."""
    markers: dict[str, list[str | None]] = {}
    for entry in entries:
        if entry.conditions:
            markers.setdefault(entry.distribution.name, []).append(entry.distribution.marker)
    return {name: any_of(*several) for name, several in markers.items()}


def _as_locked(entry: LockEntry, markers: Mapping[str, str | None]) -> LockEntry:
    """An entry whose dependencies have the markers of their entries.

    Since 2.0, ``poetry install`` goes by these alone (``installer.re-resolve`` is off), whatever required them.
    """
    dependencies = tuple(
        replace(dependency, marker=markers.get(dependency.name, dependency.marker))
        for dependency in entry.distribution.dependencies
    )
    return replace(entry, distribution=replace(entry.distribution, dependencies=dependencies))


def _root_as_locked(root: Root, entries: Sequence[LockEntry]) -> Root:
    """A requirement of the project with the marker that the lock has for its group."""
    group = root.group if root.kind == "group" else "main"
    locked = [
        marker
        for entry in entries
        if entry.distribution.name == root.name
        for of, marker in entry.conditions
        if of == group
    ]
    return replace(root, marker=any_of(*locked)) if locked else root


def _members(entries: Iterable[LockEntry]) -> list[Member]:
    return [(entry.distribution, _parts(entry)) for entry in entries]


def _parts(entry: LockEntry) -> tuple[Part, ...]:
    """The parts of the project for which an entry is locked."""
    if entry.groups is None:
        return (CORE,)
    parts = parts_named(entry.groups, "main", {})
    if not entry.optional or not entry.extras:
        return parts
    extras = tuple(map(extra_part, entry.extras))
    return tuple(chosen for part in parts for chosen in (extras if part == CORE else (part,)))


def _extras(table: Table) -> dict[str, tuple[str, ...]]:
    """``[extras]``: the normalized names of what each extra of the project brings."""
    names = {extra: map(requirement_name, table.array(extra)) for extra in table}
    return {canonicalize_name(extra): tuple(filter(None, listed)) for extra, listed in names.items()}


def _extra_roots(extras: Mapping[str, Sequence[str]], entries: Sequence[LockEntry]) -> Iterator[Root]:
    """Roots for what extras bring, where no project file tells them."""
    optional = {entry.distribution.name: entry.distribution.location for entry in entries if entry.optional}
    for extra, names in extras.items():
        for name in names:
            if name in optional:
                yield Root(requirement=name, name=name, location=optional[name], group=extra, kind="extra")

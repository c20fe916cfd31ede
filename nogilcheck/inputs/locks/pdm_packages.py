"""The entries of pdm.lock: ``[[package]]``. See `nogilcheck.inputs.locks.pdm`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from packaging.utils import canonicalize_name

from nogilcheck.inputs.locks.entries import (
    PYPI,
    any_of,
    dependencies_of,
    entry_marker,
    locked_version,
    project_name,
    public_reference,
    release_files,
    requirement_of,
)
from nogilcheck.inputs.project_contents import MAX_REQUIREMENTS, ProjectCollector
from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.lock import LockedDependency, LockedDistribution, LockedSource

_VCS = ("git", "hg", "svn", "bzr")


@dataclass(frozen=True, slots=True, kw_only=True)
class PdmEntry:
    """One project at a version, from one source."""

    distribution: LockedDistribution
    groups: tuple[str, ...] | None
    """Normalized; ``None``: the lock does not tell (without the strategy ``inherit_metadata``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """One ``[[package]]``. With extras it stands for what these bring, beside an entry without."""

    entry: PdmEntry
    """Without dependencies."""
    extras: tuple[str, ...]
    dependencies: tuple[LockedDependency, ...]


_Key = tuple[str, str | None, str]


def pdm_entries(
    gathering: ProjectCollector, data: Mapping[str, Any], metadata: Mapping[str, Any]
) -> tuple[PdmEntry, ...]:
    """Every usable entry, those for extras joined to the one without; the others are rejected."""
    by_key: dict[_Key, list[_Table]] = {}
    for table in _tables(gathering, data, metadata):
        distribution = table.entry.distribution
        by_key.setdefault((distribution.name, distribution.version, distribution.reference), []).append(table)
    return tuple(_joined(tables) for tables in by_key.values())


def _joined(tables: list[_Table]) -> PdmEntry:
    bases = [table for table in tables if not table.extras]
    entry = (bases or tables)[0].entry
    found: dict[LockedDependency, None] = {}
    for table in bases:
        found |= dict.fromkeys(table.dependencies)
    alone = {table.extras[0] for table in tables if len(table.extras) == 1}
    for table in sorted((table for table in tables if table.extras), key=lambda table: len(table.extras)):
        # What several extras bring together beyond what each has an entry for belongs to one that has none.
        extra = next((extra for extra in table.extras if extra not in alone), table.extras[0])
        known = {replace(dependency, extra=None) for dependency in found if dependency.extra in table.extras}
        for dependency in table.dependencies:
            if dependency.name != entry.distribution.name and dependency not in known:
                found[replace(dependency, extra=extra)] = None
    groups = entry.groups
    if groups is not None:
        groups = tuple(dict.fromkeys(group for table in tables for group in table.entry.groups or ()))
    distribution = replace(
        entry.distribution,
        marker=any_of(*(table.entry.distribution.marker for table in bases or tables)),
        dependencies=tuple(found),
    )
    return PdmEntry(distribution=distribution, groups=groups)


def _tables(gathering: ProjectCollector, data: Mapping[str, Any], metadata: Mapping[str, Any]) -> Iterator[_Table]:
    for index, value in enumerate(gathering.array(data.get("package"), gathering.where("package"), "package")):
        table = gathering.table(value, gathering.where("package", index), "an entry of package")
        if table and (found := _table(gathering, table, index, metadata)):
            yield found


def _table(
    gathering: ProjectCollector, table: Mapping[str, Any], index: int, metadata: Mapping[str, Any]
) -> _Table | None:
    where = gathering.where("package", index)
    name = project_name(gathering, table.get("name"), where)
    version = name and locked_version(gathering, table.get("version"), where, name)
    if not name or not version:
        return None
    marker, _ = entry_marker(gathering, table.get("marker"), where)
    requires_python = gathering.string(table.get("requires_python"), where, "requires_python")
    kind, reference = _source(table)
    files = _files(gathering, table, metadata, name, version)
    named = gathering.array(table.get("groups"), where, "groups")
    extras = gathering.array(table.get("extras"), where, "extras")
    distribution = LockedDistribution(
        name=name,
        version=version,
        location=where,
        marker=marker,
        requires_python=None if requires_python in (None, "", "*") else requires_python,
        files=files,
        files_known=kind is not LockedSource.INDEX or bool(files),
        source=kind,
        reference=reference,
    )
    return _Table(
        entry=PdmEntry(
            distribution=distribution,
            groups=tuple(canonicalize_name(each) for each in named if isinstance(each, str)) or None,
        ),
        extras=tuple(sorted({canonicalize_name(extra) for extra in extras if isinstance(extra, str)})),
        dependencies=tuple(_dependencies(gathering, table, index)),
    )


def _source(table: Mapping[str, Any]) -> tuple[LockedSource, str]:
    """Where an entry comes from, and what to show of it."""
    for key in (*_VCS, "url", "path"):
        value = table.get(key)
        if isinstance(value, str):
            shown = public_reference(value)
            if key == "url":
                return LockedSource.URL, shown
            if key == "path":
                return LockedSource.PATH, shown
            revision = table.get("revision") or table.get("ref")
            return LockedSource.VCS, f"{key}+{shown}@{revision}" if isinstance(revision, str) else f"{key}+{shown}"
    return LockedSource.INDEX, ""


def _files(
    gathering: ProjectCollector, table: Mapping[str, Any], metadata: Mapping[str, Any], name: str, version: str
) -> tuple[ReleaseFile, ...]:
    """The files of an entry; before lock_version 4.3 they are all in ``[metadata.files]``."""
    rows = table.get("files")
    if rows is None and isinstance(by_name := metadata.get("files"), dict):
        rows = by_name.get(f"{table.get('name')} {table.get('version')}")
    listed = gathering.array(rows, gathering.where("metadata", "files"), "files")
    return release_files((row for row in listed if isinstance(row, dict)), name, index=PYPI, version=version)


def _dependencies(gathering: ProjectCollector, table: Mapping[str, Any], index: int) -> Iterator[LockedDependency]:
    keys = ("package", index, "dependencies")
    for number, item in enumerate(gathering.array(table.get("dependencies"), gathering.where(*keys), "dependencies")):
        where = gathering.where(*keys, number)
        text = gathering.string(item, where, "a dependency")
        if text is None or number >= MAX_REQUIREMENTS:
            continue
        try:
            yield from dependencies_of(requirement_of(text))
        except ValueError as error:
            gathering.reject(where, f"{error}: {text}")

"""The entries of pdm.lock: ``[[package]]``. See `nogilcheck.inputs.locks.pdm`."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from nogilcheck.frozen import frozen
from nogilcheck.inputs.file_content.diagnostics import MAX_REQUIREMENTS
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.locks.entries import (
    LockEntry,
    entry_marker,
    listed_dependencies,
    locked_version,
    normalized_names,
    project_name,
)
from nogilcheck.inputs.locks.files import (
    PYPI,
    VCS,
    at_place,
    directory_files,
    file_url,
    is_beside,
    public_reference,
    release_files,
    vcs_reference,
)
from nogilcheck.inputs.specifiers.marker_text import any_of
from nogilcheck.model.lock import LockedDependency, LockedDistribution, LockedSource


@frozen
class _PdmTable:
    """One ``[[package]]``. With extras it stands for what these bring, beside an entry without."""

    entry: LockEntry
    """Without dependencies."""
    extras: tuple[str, ...]
    dependencies: tuple[LockedDependency, ...]


def pdm_entries(root: Table) -> tuple[LockEntry, ...]:
    """Every usable entry, those for extras joined to the one without; the others are rejected."""
    by_key: dict[tuple[str, str | None, str], list[_PdmTable]] = {}
    for table in root.tables("package"):
        if package := _package(table, root.table("metadata")):
            distribution = package.entry.distribution
            by_key.setdefault((distribution.name, distribution.version, distribution.reference), []).append(package)
    return tuple(_joined(packages) for packages in by_key.values())


def _joined(packages: list[_PdmTable]) -> LockEntry:
    bases = [package for package in packages if not package.extras]
    entry = (bases or packages)[0].entry
    joined: dict[LockedDependency, None] = {}
    for package in bases:
        joined |= dict.fromkeys(package.dependencies)
    alone = {package.extras[0] for package in packages if len(package.extras) == 1}
    for package in sorted((package for package in packages if package.extras), key=lambda package: len(package.extras)):
        # What several extras bring together beyond what each has an entry for belongs to one that has none.
        extra = next((extra for extra in package.extras if extra not in alone), package.extras[0])
        known = {replace(dependency, extra=None) for dependency in joined if dependency.extra in package.extras}
        for dependency in package.dependencies:
            if dependency.name != entry.distribution.name and dependency not in known:
                joined[replace(dependency, extra=extra)] = None
    groups = entry.groups
    if groups is not None:
        groups = tuple(dict.fromkeys(group for package in packages for group in package.entry.groups or ()))
    distribution = replace(
        entry.distribution,
        marker=any_of(*(package.entry.distribution.marker for package in bases or packages)),
        dependencies=tuple(joined),
    )
    return LockEntry(distribution=distribution, groups=groups)


def _package(table: Table, metadata: Table) -> _PdmTable | None:
    name = project_name(table)
    version = name and locked_version(table, name)
    if not name or not version:
        return None
    marker, _ = entry_marker(table, table.at("marker"), "marker")
    requires_python = table.string("requires_python")
    kind, reference, place = _source(table)
    neighbours = table.document.neighbours
    # Before lock_version 4.3 they are all in ``[metadata.files]``.
    by_name = metadata.table("files")
    rows = table.array("files") if "files" in table else by_name.array(f"{table.at('name')} {version}")
    files = release_files(rows, name, index=PYPI, version=version)
    if kind in {LockedSource.URL, LockedSource.PATH}:
        files = at_place(files, place, neighbours)
        if not files and kind is LockedSource.PATH and neighbours.is_directory(place):
            files = directory_files(file_url(place, neighbours), version)
    distribution = LockedDistribution(
        name=name,
        version=version,
        location=table.where(),
        marker=marker,
        requires_python=None if requires_python in (None, "", "*") else requires_python,
        files=files,
        files_known=kind is not LockedSource.INDEX or bool(files),
        source=kind,
        reference=reference,
        own=kind is LockedSource.PATH and is_beside(place, neighbours),
    )
    return _PdmTable(
        entry=LockEntry(distribution=distribution, groups=normalized_names(table, "groups") or None),
        extras=tuple(sorted(normalized_names(table, "extras"))),
        dependencies=tuple(islice(listed_dependencies(table, "dependencies"), MAX_REQUIREMENTS)),
    )


def _source(table: Table) -> tuple[LockedSource, str, str]:
    """Where an entry comes from, what to show of it, and the place as written."""
    for key in (*VCS, "url", "path"):
        place = table.at(key)
        if isinstance(place, str):
            if key == "url":
                kind = LockedSource.PATH if place.lower().startswith("file:") else LockedSource.URL
                return kind, public_reference(place), place
            if key == "path":
                return LockedSource.PATH, public_reference(place), place
            return LockedSource.VCS, vcs_reference(key, place, table.at("revision") or table.at("ref")), place
    return LockedSource.INDEX, "", ""

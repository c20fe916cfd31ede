"""The entries of poetry.lock: ``[[package]]`` with its sub-tables. See `nogilcheck.inputs.locks.poetry`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.diagnostics import MAX_REQUIREMENTS
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.locks.entries import (
    LockEntry,
    checked_name,
    entry_marker,
    locked_version,
    marker_cases,
    normalized_names,
    project_name,
    requirement_name,
)
from nogilcheck.inputs.locks.files import (
    PYPI,
    allowed_hashes,
    at_place,
    directory_files,
    file_url,
    is_beside,
    public_reference,
    release_files,
    tables_of,
    vcs_reference,
)
from nogilcheck.inputs.projects.poetry import constraint_of, limits_of
from nogilcheck.inputs.specifiers.marker_extras import selecting_extras
from nogilcheck.inputs.specifiers.marker_text import all_of, any_of
from nogilcheck.inputs.specifiers.poetry_versions import specifier_of
from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.lock import LockedDependency, LockedDistribution, LockedSource

_SOURCES = {
    "git": LockedSource.VCS,
    "hg": LockedSource.VCS,
    "url": LockedSource.URL,
    "file": LockedSource.PATH,
    "directory": LockedSource.PATH,
}
"""``[package.source] type``; ``legacy``, and none at all, is an index."""


def poetry_entries(root: Table) -> tuple[LockEntry, ...]:
    """Every usable entry, in the order of the file; the others are rejected."""
    entries = (_entry(table, root.table("metadata")) for table in root.tables("package"))
    return tuple(entry for entry in entries if entry is not None)


def _entry(table: Table, metadata: Table) -> LockEntry | None:
    name = project_name(table)
    version = name and locked_version(table, name)
    if not name or not version:
        return None
    groups = _groups(table)
    marker, extras, conditions = _marker(table, groups)
    kind, reference, registry = _source(table.table("source"))
    files, hashes = _files(table, metadata, name, version, registry)
    place, neighbours = str(table.at("source", "url")), table.document.neighbours
    if table.at("source", "type") == "directory":
        files = directory_files(file_url(place, neighbours), version)
    elif kind in {LockedSource.URL, LockedSource.PATH}:
        files = at_place(files, place, neighbours)
    distribution = LockedDistribution(
        name=name,
        version=version,
        location=table.where(),
        marker=marker,
        requires_python=specifier_of(table.string("python-versions") or "*") or None,
        files=files,
        files_known=kind is not LockedSource.INDEX or bool(files),
        hashes=() if files else hashes,
        dependencies=_dependencies(table),
        source=kind,
        reference=reference,
        own=kind is LockedSource.PATH and is_beside(place, neighbours),
    )
    return LockEntry(
        distribution=distribution,
        groups=groups,
        extras=extras,
        optional=table.at("optional") is True,
        conditions=conditions,
    )


def _groups(table: Table) -> tuple[str, ...] | None:
    """``groups`` (lock-version 2.1), or the ``category`` that was there until 1.1."""
    if "groups" in table:
        return normalized_names(table, "groups") or None
    category = table.string("category")
    return None if category is None else (canonicalize_name(category),)


_Conditions = tuple[tuple[str, str | None], ...]
"""For each group of the project the marker under which an entry is installed."""


def _marker(table: Table, groups: tuple[str, ...] | None) -> tuple[str | None, tuple[str, ...], _Conditions]:
    """When an entry is installed, as one marker; the extras that it names; and the marker of each group.

    The lock has one marker for all groups, or a table with one for each group that has one. Of lock-version 2.1 an
    installer goes by them alone, so that extras and groups but ``main`` are kept in them, written as in PEP 751.
    """
    value = table.at("markers")
    if "groups" not in table or groups is None:
        return *entry_marker(table, value, "markers"), ()
    texts: dict[str, object] = {}
    if isinstance(value, dict):
        texts = {canonicalize_name(group): text for group, text in value.items()}
    read = {
        group: entry_marker(table, texts[group], "markers", group) if group in texts else (None, ()) for group in groups
    }
    if value is not None and not isinstance(value, dict):
        read = dict.fromkeys(groups, entry_marker(table, value, "markers"))
        texts = dict.fromkeys(groups, value)
    conditions = tuple(
        (group, selecting_extras(str(texts[group])) if extras else marker) for group, (marker, extras) in read.items()
    )
    cases = [
        marker if group == "main" else all_of(f'"{group}" in dependency_groups', marker) for group, marker in conditions
    ]
    return any_of(*cases), read["main"][1] if "main" in read else (), conditions


def _source(source: Table) -> tuple[LockedSource, str, str]:
    """Where an entry comes from: the kind, what to show of it, and the registry."""
    kind, url = source.at("type"), source.at("url")
    url = url if isinstance(url, str) else ""
    shown = public_reference(url)
    if kind in (None, "legacy"):
        return LockedSource.INDEX, "", shown or PYPI
    if not isinstance(kind, str) or kind not in _SOURCES:
        source.reject(f"unknown type of source: {kind!r}")
        return LockedSource.URL, shown, ""
    if _SOURCES[kind] is LockedSource.VCS:
        shown = vcs_reference(kind, url, source.at("resolved_reference") or source.at("reference"))
    return _SOURCES[kind], shown, ""


def _files(
    table: Table, metadata: Table, name: str, version: str, registry: str
) -> tuple[tuple[ReleaseFile, ...], tuple[str, ...]]:
    """The files of an entry, or the hashes that a lock has in their place."""
    if isinstance(rows := table.at("files"), list):
        hashes = allowed_hashes(row.get("hash") for row in tables_of(rows))
        return release_files(rows, name, index=registry, version=version), hashes
    for key in ("files", "hashes"):  # lock-version 1.1, and before 1.0
        rows = metadata.at(key, str(table.at("name")))
        if isinstance(rows, list):
            return release_files(rows, name, index=registry, version=version), allowed_hashes(rows)
    return (), ()


def _dependencies(table: Table) -> tuple[LockedDependency, ...]:
    """``[package.dependencies]``: for each project a constraint, a table, or an array of such."""
    constraints = table.table("dependencies")
    optional = _extras_by_name(table.at("extras")) if constraints else {}
    dependencies: dict[LockedDependency, None] = {}
    for written in constraints:
        name = checked_name(constraints, written, written)
        for keys, value in constraints.several(written):
            constraint = constraints.as_table({"version": value} if isinstance(value, str) else value, *keys)
            if name and len(dependencies) <= MAX_REQUIREMENTS:
                dependencies |= dict.fromkeys(_dependency(name, constraint, optional.get(name, ())))
    return tuple(dependencies)


def _dependency(name: str, table: Table, optional: Sequence[str]) -> Iterator[LockedDependency]:
    """One constraint, for each extra of the parent that it is about."""
    constraint = table.string("version")
    specifier = constraint_of(table, constraint, "version") if constraint else ""
    asked = tuple(sorted(normalized_names(table, "extras")))
    further = all_of(*limits_of(table))
    cases = marker_cases(table)
    if table.at("optional") is True and all(extra is None for extra, _ in cases):
        # Before lock-version 1.1 the marker does not name the extra.
        cases = tuple((extra, marker) for extra in optional for _, marker in cases) or cases
    for extra, marker in cases:
        yield LockedDependency(
            name=name, specifier=specifier or "", extras=asked, marker=all_of(marker, further), extra=extra
        )


def _extras_by_name(value: object) -> dict[str, list[str]]:
    """``[package.extras]`` the other way round: project -> the extras that bring it."""
    extras: dict[str, list[str]] = {}
    for extra, items in value.items() if isinstance(value, dict) else ():
        for item in items if isinstance(items, list) else ():
            if name := requirement_name(item):
                extras.setdefault(name, []).append(canonicalize_name(extra))
    return extras

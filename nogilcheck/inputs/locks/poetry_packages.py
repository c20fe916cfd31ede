"""The entries of poetry.lock: ``[[package]]`` with its sub-tables. See `nogilcheck.inputs.locks.poetry`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from packaging.utils import canonicalize_name

from nogilcheck.inputs.locks.entries import (
    PYPI,
    allowed_hashes,
    any_of,
    entry_marker,
    locked_version,
    marker_cases,
    project_name,
    public_reference,
    release_files,
    requirement_name,
)
from nogilcheck.inputs.project_contents import MAX_REQUIREMENTS, ProjectCollector
from nogilcheck.inputs.specifiers.marker_text import all_of
from nogilcheck.inputs.specifiers.poetry_markers import platform_marker, python_marker
from nogilcheck.inputs.specifiers.poetry_versions import specifier_of
from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.lock import LockedDependency, LockedDistribution, LockedSource
from nogilcheck.model.source import Location

_SOURCES = {
    "git": LockedSource.VCS,
    "hg": LockedSource.VCS,
    "url": LockedSource.URL,
    "file": LockedSource.PATH,
    "directory": LockedSource.PATH,
}
"""``[package.source] type``; ``legacy``, and none at all, is an index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoetryEntry:
    """One ``[[package]]``."""

    distribution: LockedDistribution
    groups: tuple[str, ...] | None
    """Normalized; ``None``: the lock does not tell."""
    extras: tuple[str, ...] = ()
    """The extras of the project that its marker names, normalized."""
    optional: bool = False
    """Installed for extras only."""


def poetry_entries(
    gathering: ProjectCollector, data: Mapping[str, Any], metadata: Mapping[str, Any]
) -> tuple[PoetryEntry, ...]:
    """Every usable entry, in the order of the file; the others are rejected."""
    found = []
    for index, value in enumerate(gathering.array(data.get("package"), gathering.where("package"), "package")):
        table = gathering.table(value, gathering.where("package", index), "an entry of package")
        if table and (entry := _entry(gathering, table, index, metadata)):
            found.append(entry)
    return tuple(found)


def _entry(
    gathering: ProjectCollector, table: Mapping[str, Any], index: int, metadata: Mapping[str, Any]
) -> PoetryEntry | None:
    where = gathering.where("package", index)
    name = project_name(gathering, table.get("name"), where)
    version = name and locked_version(gathering, table.get("version"), where, name)
    if not name or not version:
        return None
    groups = _groups(gathering, table, where)
    marker, extras = _marker(gathering, table.get("markers"), groups, gathering.where("package", index, "markers"))
    constraint = gathering.string(table.get("python-versions"), where, "python-versions")
    source = gathering.table(table.get("source"), gathering.where("package", index, "source"), "source")
    kind, reference, registry = _source(gathering, source, gathering.where("package", index, "source"))
    files, hashes = _files(table, metadata, name, version, registry)
    if kind is LockedSource.URL:
        files = tuple(replace(file, url=str(source.get("url"))) for file in files)
    distribution = LockedDistribution(
        name=name,
        version=version,
        location=where,
        marker=marker,
        requires_python=specifier_of(constraint or "*") or None,
        files=files,
        files_known=kind is not LockedSource.INDEX or bool(files),
        hashes=() if files else hashes,
        dependencies=_dependencies(gathering, table, index),
        source=kind,
        reference=reference,
    )
    return PoetryEntry(distribution=distribution, groups=groups, extras=extras, optional=table.get("optional") is True)


def _groups(gathering: ProjectCollector, table: Mapping[str, Any], where: Location) -> tuple[str, ...] | None:
    """``groups`` (lock-version 2.1), or the ``category`` that was there until 1.1."""
    if "groups" in table:
        names = gathering.array(table["groups"], where, "groups")
        return tuple(dict.fromkeys(canonicalize_name(name) for name in names if isinstance(name, str))) or None
    category = gathering.string(table.get("category"), where, "category")
    return None if category is None else (canonicalize_name(category),)


def _marker(
    gathering: ProjectCollector, value: object, groups: tuple[str, ...] | None, where: Location
) -> tuple[str | None, tuple[str, ...]]:
    """When an entry is installed: one marker, or a table with one for each group that has one."""
    if not isinstance(value, dict):
        return entry_marker(gathering, value, where)
    found: dict[str, tuple[str | None, tuple[str, ...]]] = {
        canonicalize_name(group): entry_marker(gathering, text, where) for group, text in value.items()
    }
    extras = found["main"][1] if "main" in found else ()
    return any_of(*(found.get(group, (None, ()))[0] for group in groups or found)), extras


def _source(gathering: ProjectCollector, source: Mapping[str, Any], where: Location) -> tuple[LockedSource, str, str]:
    """Where an entry comes from: the kind, what to show of it, and the registry."""
    kind, url = source.get("type"), source.get("url")
    shown = public_reference(url) if isinstance(url, str) else ""
    if kind in (None, "legacy"):
        return LockedSource.INDEX, "", shown or PYPI
    if not isinstance(kind, str) or kind not in _SOURCES:
        gathering.reject(where, f"not a type of source that is known: {kind!r}")
        return LockedSource.URL, shown, ""
    if _SOURCES[kind] is LockedSource.VCS:
        revision = source.get("resolved_reference") or source.get("reference")
        shown = f"{kind}+{shown}@{revision}" if isinstance(revision, str) else f"{kind}+{shown}"
    return _SOURCES[kind], shown, ""


def _files(
    table: Mapping[str, Any], metadata: Mapping[str, Any], name: str, version: str, registry: str
) -> tuple[tuple[ReleaseFile, ...], tuple[str, ...]]:
    """The files of an entry, or the hashes that a lock has in their place."""
    if isinstance(rows := table.get("files"), list):
        listed = _tables(rows)
        return release_files(listed, name, index=registry, version=version), allowed_hashes(
            row.get("hash") for row in listed
        )
    for key in ("files", "hashes"):  # lock-version 1.1, and before 1.0
        by_name = metadata.get(key)
        rows = by_name.get(table.get("name")) if isinstance(by_name, dict) else None
        if isinstance(rows, list):
            return release_files(_tables(rows), name, index=registry, version=version), allowed_hashes(rows)
    return (), ()


def _tables(rows: list[Any]) -> list[dict[str, Any]]:
    return [row for row in rows if isinstance(row, dict)]


def _dependencies(gathering: ProjectCollector, table: Mapping[str, Any], index: int) -> tuple[LockedDependency, ...]:
    """``[package.dependencies]``: for each project a constraint, a table, or an array of such."""
    keys = ("package", index, "dependencies")
    tables = gathering.table(table.get("dependencies"), gathering.where(*keys), "dependencies")
    optional = _extras_by_name(table.get("extras")) if tables else {}
    found: dict[LockedDependency, None] = {}
    for written, constraints in tables.items():
        where = gathering.where(*keys, written)
        name = project_name(gathering, written, where)
        for value in constraints if isinstance(constraints, list) else [constraints]:
            constraint = {"version": value} if isinstance(value, str) else gathering.table(value, where, written)
            if name and len(found) <= MAX_REQUIREMENTS:
                found |= dict.fromkeys(_dependency(gathering, name, constraint, where, optional.get(name, ())))
    return tuple(found)


def _dependency(
    gathering: ProjectCollector,
    name: str,
    table: Mapping[str, Any],
    where: Location,
    optional: Sequence[str],
) -> Iterator[LockedDependency]:
    """One constraint, for each extra of the parent that it is about."""
    constraint = gathering.string(table.get("version"), where, f"{name}.version")
    specifier = specifier_of(constraint) if constraint else ""
    if specifier is None:
        gathering.reject(where, f"no version constraint of Poetry: {name} = {constraint!r}")
    extras = gathering.array(table.get("extras"), where, f"{name}.extras")
    asked = tuple(sorted({canonicalize_name(extra) for extra in extras if isinstance(extra, str)}))
    further = all_of(*_further_markers(gathering, table, where))
    cases = marker_cases(gathering, table.get("markers"), where)
    if table.get("optional") is True and all(extra is None for extra, _ in cases):
        # Before lock-version 1.1 the marker does not name the extra.
        cases = tuple((extra, marker) for extra in optional for _, marker in cases) or cases
    for extra, marker in cases:
        yield LockedDependency(
            name=name, specifier=specifier or "", extras=asked, marker=all_of(marker, further), extra=extra
        )


def _further_markers(gathering: ProjectCollector, table: Mapping[str, Any], where: Location) -> Iterator[str | None]:
    """``python`` and ``platform``, of lock-version 1.0, as markers."""
    for key, convert in (("python", python_marker), ("platform", platform_marker)):
        text = gathering.string(table.get(key), where, key)
        if text is not None:
            try:
                yield convert(text)
            except ValueError:
                gathering.reject(where, f"no constraint of Poetry: {key} = {text!r}")


def _extras_by_name(value: object) -> dict[str, list[str]]:
    """``[package.extras]`` the other way round: project -> the extras that bring it."""
    found: dict[str, list[str]] = {}
    for extra, items in value.items() if isinstance(value, dict) else ():
        for item in items if isinstance(items, list) else ():
            if name := requirement_name(item):
                found.setdefault(name, []).append(canonicalize_name(extra))
    return found

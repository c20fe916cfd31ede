"""The ``[[package]]`` tables of uv.lock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nogilcheck.inputs.locks.parts import LockParts, Table, is_url, last_part, normalized_name, release_file
from nogilcheck.inputs.text.paths import public_url
from nogilcheck.inputs.text.toml_document import Path
from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.filenames import parse_version
from nogilcheck.model.lock import LockedDependency, LockedDistribution, LockedSource

_DIRECTORIES = ("editable", "virtual", "directory")
"""Kinds of source that are a project directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UvPackage:
    """One package table."""

    distribution: LockedDistribution
    table: Table
    at: Path
    directory: str | None = None
    """Of a project on the disk, relative to the lock; ``.`` is where the lock is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _PackageSource:
    kind: LockedSource
    reference: str = ""
    directory: str | None = None
    registry: str | None = None
    """The URL or the directory of an index."""
    archive: str | None = None
    """The URL or the path of the one file there is."""


def read_entries(parts: LockParts, data: Table) -> Iterator[UvPackage]:
    """Every package that can be read; the others are rejected."""
    seen: set[tuple[object, ...]] = set()
    for table, at in parts.tables(data, "package", ()):
        entry = _entry(parts, table, at)
        if entry is None:
            continue
        found = entry.distribution
        key = (found.name, found.version, found.marker, found.source, found.reference, repr(table.get("source")))
        if key in seen:
            parts.reject(f"{' '.join(filter(None, (found.name, found.version)))} is in the lock twice", at)
        else:
            seen.add(key)
            yield entry


def _entry(parts: LockParts, table: Table, at: Path) -> UvPackage | None:
    name = parts.name(table, at)
    version = parts.string(table, "version", at)
    if name is None:
        return None
    if version is not None and parse_version(version) is None:
        parts.reject(f"{name}: {version!r} is no version (PEP 440)", (*at, "version"))
        return None
    source = _source(parts, table, at)
    if source is None:
        parts.reject(f"{name}: its source is not understood", (*at, "source"))
        return None
    files, hashes = _files(parts, table, at, name, source)
    markers = parts.markers(table, "resolution-markers", at)
    distribution = LockedDistribution(
        name=name,
        version=version,
        location=parts.location(at),
        marker=" or ".join(f"({marker})" if len(markers) > 1 else marker for marker in markers) or None,
        files=files,
        files_known=bool(files) or source.kind in {LockedSource.INDEX, LockedSource.PATH},
        hashes=() if files else hashes,
        dependencies=tuple(_all_dependencies(parts, table, at)),
        source=source.kind,
        reference=source.reference,
    )
    return UvPackage(distribution=distribution, table=table, at=at, directory=source.directory)


def _source(parts: LockParts, table: Table, at: Path) -> _PackageSource | None:
    source = parts.table(table, "source", at)
    for key in ("registry", "git", "url", "path", *_DIRECTORIES):
        place = parts.string(source, key, (*at, "source"))
        if place is None:
            continue
        if key == "registry":
            return _PackageSource(kind=LockedSource.INDEX, registry=place)
        if key == "git":
            return _PackageSource(kind=LockedSource.VCS, reference=public_url(f"git+{place}"))
        if key == "url":
            return _PackageSource(kind=LockedSource.URL, reference=public_url(place), archive=place)
        shown = parts.shown(place)
        if key == "path":
            return _PackageSource(kind=LockedSource.PATH, reference=shown, archive=place)
        return _PackageSource(kind=LockedSource.PATH, reference=shown, directory=place)
    return None


def _files(
    parts: LockParts, table: Table, at: Path, name: str, source: _PackageSource
) -> tuple[tuple[ReleaseFile, ...], tuple[str, ...]]:
    """The sdist and the wheels that can be read, and the hashes of all."""
    files: list[ReleaseFile] = []
    hashes: list[str] = []
    if source.directory is not None:
        return (), ()
    sdist = parts.table(table, "sdist", at)
    written = [(sdist, (*at, "sdist"))] if sdist else []
    for item, where in (*written, *parts.tables(table, "wheels", at)):
        digest = parts.string(item, "hash", where)
        hashes += [digest] if digest else []
        file = _file(parts, item, where, name, source)
        if file is not None and parts.of_version(file, table.get("version"), where):
            files.append(file)
    return tuple(files), tuple(dict.fromkeys(hashes))


def _file(parts: LockParts, item: Table, at: Path, name: str, source: _PackageSource) -> ReleaseFile | None:
    """By URL, by a path in the directory that is the index, or by the name of the one archive that is the source."""
    url = parts.string(item, "url", at)
    path = parts.string(item, "path", at)
    if url is None and path is not None:
        base = "" if source.registry is None or is_url(source.registry) else f"{source.registry}/"
        url = parts.path_url(f"{base}{path}")
    elif url is None and source.archive is not None:
        url = source.archive if is_url(source.archive) else parts.path_url(source.archive)
    filename = parts.string(item, "filename", at) or last_part(url or "")
    algorithm, colon, digest = (parts.string(item, "hash", at) or "").partition(":")
    size = item.get("size")
    return release_file(
        filename,
        name,
        url=url or "",
        hashes={algorithm: digest} if colon else {},
        size=size if type(size) is int else None,
        upload_time=parts.string(item, "upload-time", at),
        index=source.registry if source.registry is None or is_url(source.registry) else parts.shown(source.registry),
    )


def _all_dependencies(parts: LockParts, table: Table, at: Path) -> Iterator[LockedDependency]:
    for item, where in parts.tables(table, "dependencies", at):
        if dependency := read_dependency(parts, item, where):
            yield dependency
    extras = parts.table(table, "optional-dependencies", at)
    for extra in extras:
        for item, where in parts.tables(extras, extra, (*at, "optional-dependencies")):
            if dependency := read_dependency(parts, item, where, extra=extra):
                yield dependency


def read_dependency(parts: LockParts, item: Table, at: Path, *, extra: str | None = None) -> LockedDependency | None:
    """One requirement of a package; in ``manifest`` the extras are ``extras``, elsewhere ``extra``."""
    name = parts.name(item, at)
    if name is None:
        return None
    key = "extra" if "extra" in item else "extras"
    extras = {normalized_name(text) or text for text, _ in parts.strings(item, key, at)}
    return LockedDependency(
        name=name,
        version=parts.string(item, "version", at),
        specifier=parts.specifier(item, "specifier", at) or "",
        extras=tuple(sorted(extras)),
        marker=parts.marker(item, at),
        extra=None if extra is None else normalized_name(extra) or extra,
    )

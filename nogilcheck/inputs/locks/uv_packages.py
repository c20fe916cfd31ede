"""The ``[[package]]`` tables of uv.lock."""

from __future__ import annotations

from collections.abc import Iterator

from nogilcheck.frozen import frozen
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.locks.entries import checked_version, is_marker, normalized_name, project_name
from nogilcheck.inputs.locks.files import directory_files, file_url, is_url, last_part, release_file
from nogilcheck.inputs.text.paths import path_to_url, public_url
from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.filenames import parse_version
from nogilcheck.model.lock import LockedDependency, LockedDistribution, LockedSource

_DIRECTORIES = ("editable", "virtual", "directory")
"""Kinds of source that are a project directory."""


@frozen
class UvPackage:
    """One package table."""

    distribution: LockedDistribution
    table: Table
    directory: str | None = None
    """Of a project on the disk, relative to the lock; ``.`` is where the lock is."""


@frozen
class _PackageSource:
    kind: LockedSource
    reference: str = ""
    directory: str | None = None
    virtual: bool = False
    """Nothing of it is installed, but for what it requires."""
    registry: str | None = None
    """The URL or the directory of an index."""
    archive: str | None = None
    """The URL or the path of the one file there is."""


def uv_entries(root: Table) -> Iterator[UvPackage]:
    """Every package that can be read; the others are rejected."""
    seen: set[tuple[object, ...]] = set()
    for table in root.tables("package"):
        entry = _entry(table)
        if entry is None:
            continue
        locked = entry.distribution
        key = (locked.name, locked.version, locked.marker, locked.source, locked.reference, repr(table.at("source")))
        if key in seen:
            table.reject(f"{' '.join(filter(None, (locked.name, locked.version)))} is in the lock twice")
        else:
            seen.add(key)
            yield entry


def _entry(table: Table) -> UvPackage | None:
    name = project_name(table)
    version = table.string("version")
    if name is None or (version is not None and checked_version(table, name, version) is None):
        return None
    source = _source(table.table("source"))
    if source is None:
        table.reject(f"{name}: its source is not understood", "source")
        return None
    files, hashes = _files(table, name, source)
    markers = markers_of(table, "resolution-markers")
    distribution = LockedDistribution(
        name=name,
        version=version,
        location=table.where(),
        marker=" or ".join(f"({marker})" if len(markers) > 1 else marker for marker in markers) or None,
        files=files,
        files_known=bool(files) or source.kind in {LockedSource.INDEX, LockedSource.PATH},
        hashes=() if files else hashes,
        dependencies=tuple(_all_dependencies(table)),
        source=source.kind,
        reference=source.reference,
        own=source.virtual,
    )
    return UvPackage(distribution=distribution, table=table, directory=source.directory)


def markers_of(table: Table, key: str) -> tuple[str, ...]:
    """An array of markers. Empty, which means no limit, when one of them is rejected."""
    markers = [text for index, text in table.strings(key) if _is_marker(table, text, key, index)]
    return tuple(markers) if len(markers) == len(table.array(key)) else ()


def _is_marker(table: Table, text: str, *keys: str | int) -> bool:
    if not is_marker(text):
        table.reject(f"not an environment marker: {text}", *keys)
        return False
    return True


def _source(source: Table) -> _PackageSource | None:
    for key in ("registry", "git", "url", "path", *_DIRECTORIES):
        place = source.string(key)
        if place is None:
            continue
        if key == "registry":
            return _PackageSource(kind=LockedSource.INDEX, registry=place)
        if key == "git":
            return _PackageSource(kind=LockedSource.VCS, reference=public_url(f"git+{place}"))
        if key == "url":
            return _PackageSource(kind=LockedSource.URL, reference=public_url(place), archive=place)
        shown = source.document.neighbours.shown(place)
        if key == "path":
            return _PackageSource(kind=LockedSource.PATH, reference=shown, archive=place)
        return _PackageSource(kind=LockedSource.PATH, reference=shown, directory=place, virtual=key == "virtual")
    return None


def _files(table: Table, name: str, source: _PackageSource) -> tuple[tuple[ReleaseFile, ...], tuple[str, ...]]:
    """The sdist and the wheels that can be read, and the hashes of all."""
    files: list[ReleaseFile] = []
    hashes: list[str] = []
    if source.directory is not None:
        version = table.at("version")
        version = version if isinstance(version, str) else None
        return directory_files(file_url(source.directory, table.document.neighbours), version), ()
    sdist = table.table("sdist")
    version = table.at("version")
    for item in (*([sdist] if sdist else []), *table.tables("wheels")):
        digest = item.string("hash")
        hashes += [digest] if digest else []
        file = _file(item, name, source)
        # Installers refuse a wheel of another version.
        if file and file.kind == "wheel" and isinstance(version, str) and file.version != parse_version(version):
            item.reject(f"{file.filename} is not of version {version}, which its entry is about")
        elif file is not None:
            files.append(file)
    return tuple(files), tuple(dict.fromkeys(hashes))


def _file(item: Table, name: str, source: _PackageSource) -> ReleaseFile | None:
    """By URL, by a path in the directory that is the index, or by the name of the one archive that is the source."""
    shown = item.document.neighbours.shown
    url, path = item.string("url"), item.string("path")
    if url is None and path is not None:
        base = "" if source.registry is None or is_url(source.registry) else f"{source.registry}/"
        url = path_to_url(shown(f"{base}{path}"))
    elif url is None and source.archive is not None:
        url = source.archive if is_url(source.archive) else path_to_url(shown(source.archive))
    algorithm, colon, digest = (item.string("hash") or "").partition(":")
    size = item.at("size")
    return release_file(
        item.string("filename") or last_part(url or ""),
        name,
        url=url or "",
        hashes={algorithm: digest} if colon else {},
        size=size if type(size) is int else None,
        upload_time=item.string("upload-time"),
        index=source.registry if source.registry is None or is_url(source.registry) else shown(source.registry),
    )


def _all_dependencies(table: Table) -> Iterator[LockedDependency]:
    yield from locked_dependencies(table, "dependencies")
    extras = table.table("optional-dependencies")
    for extra in extras:
        yield from locked_dependencies(extras, extra, extra=normalized_name(extra) or extra)


def locked_dependencies(table: Table, key: str, *, extra: str | None = None) -> Iterator[LockedDependency]:
    """The requirements in an array, for the core of a package or for an extra of it."""
    for item in table.tables(key):
        if dependency := locked_dependency(item, extra=extra):
            yield dependency


def locked_dependency(item: Table, *, extra: str | None = None) -> LockedDependency | None:
    """One requirement; in ``manifest`` the extras are ``extras``, elsewhere ``extra``."""
    name = project_name(item)
    if name is None:
        return None
    marker = item.string("marker")
    extras = {normalized_name(text) or text for _, text in item.strings("extra" if "extra" in item else "extras")}
    return LockedDependency(
        name=name,
        version=item.string("version"),
        specifier=str(item.specifiers("specifier") or ""),
        extras=tuple(sorted(extras)),
        marker=marker if marker is not None and _is_marker(item, marker, "marker") else None,
        extra=extra,
    )

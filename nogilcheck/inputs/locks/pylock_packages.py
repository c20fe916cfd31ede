"""The ``[[packages]]`` tables of pylock.toml (PEP 751)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime

from packaging.pylock import Package, PackageArchive, PackageSdist, PackageWheel

from nogilcheck.frozen import frozen
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.locks.files import directory_files, file_url, is_beside, last_part, release_file
from nogilcheck.inputs.locks.pylock_markers import Case, asks, cases
from nogilcheck.inputs.text.paths import path_to_url, public_url
from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.lock import LockedDistribution, LockedSource

_Shown = Callable[[str], str]
"""A path relative to the lock -> the same as the user would type it."""


@frozen
class PylockPackage:
    """One package table."""

    distribution: LockedDistribution
    """Without its dependencies."""
    table: Table
    marker: str | None
    """As written."""
    cases: tuple[Case, ...]
    """When it is installed."""

    @property
    def selective(self) -> bool:
        """Whether it depends on what extras and groups are asked for."""
        return any(case.kind or asks(case.marker or "") for case in self.cases) or not self.cases


def read_package(package: Package, table: Table, default_groups: Collection[str]) -> PylockPackage:
    """One package that `packaging` has checked; ``table`` is what it was read from."""
    shown = table.document.neighbours.shown
    when = cases(package.marker, default_groups)
    source, reference = _source(package, shown)
    files, hashes = _files(package, shown)
    version = str(package.version) if package.version is not None else None
    if package.directory is not None:
        files = directory_files(file_url(package.directory.path, table.document.neighbours), version)
    return PylockPackage(
        distribution=LockedDistribution(
            name=package.name,
            version=version or (str(files[0].version) if files else None),
            location=table.where(),
            marker=None if package.marker is None else str(package.marker),
            requires_python=None if package.requires_python is None else str(package.requires_python),
            files=files,
            files_known=bool(files) or source in {LockedSource.INDEX, LockedSource.PATH},
            hashes=() if files else hashes,
            source=source,
            reference=reference,
            own=package.directory is not None and is_beside(package.directory.path, table.document.neighbours),
        ),
        table=table,
        marker=None if package.marker is None else str(package.marker),
        cases=when,
    )


def _source(package: Package, shown: _Shown) -> tuple[LockedSource, str]:
    if (vcs := package.vcs) is not None:
        place = vcs.url or shown(vcs.path or "")
        return LockedSource.VCS, public_url(f"{vcs.type}+{place}@{vcs.commit_id}")
    if (directory := package.directory) is not None:
        return LockedSource.PATH, shown(directory.path)
    if (archive := package.archive) is not None:
        if archive.url and not archive.url.startswith("file:"):
            return LockedSource.URL, public_url(archive.url)
        return LockedSource.PATH, archive.url or shown(archive.path or "")
    return LockedSource.INDEX, ""


def _files(package: Package, shown: _Shown) -> tuple[tuple[ReleaseFile, ...], tuple[str, ...]]:
    """The files that can be read, and the hashes of all."""
    written: list[tuple[str, PackageArchive | PackageSdist | PackageWheel]] = []
    if package.archive is not None:
        written.append((last_part(package.archive.url or package.archive.path or ""), package.archive))
    if package.sdist is not None:
        written.append((package.sdist.filename, package.sdist))
    written += [(wheel.filename, wheel) for wheel in package.wheels or ()]
    files = [_file(package, filename, item, shown) for filename, item in written]
    hashes = [text for _, item in written for text in _hashes(item.hashes)]
    return tuple(file for file in files if file is not None), tuple(dict.fromkeys(hashes))


def _hashes(hashes: Mapping[str, str]) -> list[str]:
    return [f"{algorithm}:{digest}" for algorithm, digest in hashes.items()]


def _file(
    package: Package, filename: str, item: PackageArchive | PackageSdist | PackageWheel, shown: _Shown
) -> ReleaseFile | None:
    return release_file(
        filename,
        package.name,
        # A path wins, and is relative to the lock (PEP 751).
        url=path_to_url(shown(item.path)) if item.path else item.url or "",
        hashes=dict(item.hashes),
        size=item.size,
        upload_time=None if item.upload_time is None else _rfc3339(item.upload_time),
        index=package.index,
    )


def _rfc3339(time: datetime) -> str:
    """In UTC, which is what PEP 751 asks for."""
    try:
        utc = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError:
        return time.isoformat()
    return utc.isoformat().replace("+00:00", "Z")

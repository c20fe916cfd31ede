"""The ``[[packages]]`` tables of pylock.toml (PEP 751), and for which extra or group each package is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import Literal

from packaging.markers import Marker
from packaging.pylock import Package, PackageArchive, PackageSdist, PackageWheel
from packaging.utils import canonicalize_name

from nogilcheck.frozen import frozen
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.locks.files import directory_files, file_url, is_beside, last_part, release_file
from nogilcheck.inputs.specifiers.marker_tree import BadMarkerError, Node, marker_text, parse_marker
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
    hashes = [f"{algorithm}:{digest}" for _, item in written for algorithm, digest in item.hashes.items()]
    return tuple(file for file in files if file is not None), tuple(dict.fromkeys(hashes))


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


MAX_CASES = 64
"""Alternatives that one marker is taken apart into; one with more stays whole."""

_SELECTED = re.compile(r"""["'](?P<name>[^"']*)["'] (?P<no>not )?in (?P<variable>extras|dependency_groups)""")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Case:
    """One way in which a package comes to be installed."""

    kind: Literal["", "extra", "group"] = ""
    group: str | None = None
    """Normalized; ``None`` for what is there whatever is asked for."""
    marker: str | None = None
    """What else has to hold. Asks for extras or groups itself, where it takes more than one, or the lack of one."""


_Selection = tuple[Literal["", "extra", "group"], str | None]
_CORE: _Selection = ("", None)

_Alternative = tuple[tuple[tuple[Literal["extra", "group"], str], ...], tuple[str, ...]]
"""What has to be asked for, and the comparisons that have to hold."""


def cases(marker: Marker | None, default_groups: Collection[str]) -> tuple[Case, ...]:
    """The cases in which a marker can hold; together they say what it says, nothing is lost.

    A case for the core alone that always holds makes all others needless. ``default_groups`` (normalized) are always
    asked for. None at all for a marker that cannot hold.
    """
    if marker is None:
        return (Case(),)
    text = str(marker)
    if not asks(text):
        return (Case(marker=text),)
    try:
        alternatives = _alternatives(parse_marker(text), default_groups)
    except (BadMarkerError, _TooManyError):
        return (Case(marker=text),)
    return tuple(_merged(alternatives))


def asks(marker: str) -> bool:
    """Whether a marker, or a part of one, rests on what extras or groups are asked for."""
    return _SELECTED.search(marker) is not None


class _TooManyError(Exception):
    pass


def _alternatives(node: Node, default_groups: Collection[str]) -> list[_Alternative]:
    """A marker in disjunctive form. Raises `_TooManyError`."""
    if isinstance(node, str):
        return _comparison(node, default_groups)
    word, parts = node
    alternatives = [_part(part, default_groups) for part in parts]
    if word == "or":
        return list(dict.fromkeys(alternative for part in alternatives for alternative in part))
    conjunction = alternatives[0]
    for more in alternatives[1:]:
        if len(conjunction) * len(more) > MAX_CASES:
            raise _TooManyError
        conjunction = [
            (tuple(dict.fromkeys(left[0] + right[0])), tuple(dict.fromkeys(left[1] + right[1])))
            for left, right in product(conjunction, more)
        ]
    return conjunction


def _part(node: Node, default_groups: Collection[str]) -> list[_Alternative]:
    """Alternatives in parentheses that ask for nothing stay one condition."""
    if isinstance(node, tuple) and node[0] == "or" and not asks(marker_text(node)):
        return [((), (f"({marker_text(node)})",))]
    return _alternatives(node, default_groups)


def _comparison(comparison: str, default_groups: Collection[str]) -> list[_Alternative]:
    selected = _SELECTED.fullmatch(comparison)
    if selected is None:
        return [((), (comparison,))]
    name = canonicalize_name(selected["name"])
    group = selected["variable"] == "dependency_groups"
    if group and name in default_groups:
        return [] if selected["no"] else [((), ())]
    if selected["no"]:
        return [((), (comparison,))]
    return [((("group" if group else "extra", name),), ())]


def _merged(alternatives: list[_Alternative]) -> Iterator[Case]:
    """One case for each extra or group, in order; its alternatives joined."""
    by_selection: dict[_Selection, list[str]] = {}
    for wanted, conditions in alternatives:
        more = [f'"{name}" in {"extras" if kind == "extra" else "dependency_groups"}' for kind, name in wanted[1:]]
        first = wanted[0] if wanted else _CORE
        by_selection.setdefault(first, []).append(" and ".join((*more, *conditions)))
    if "" in by_selection.get(_CORE, ()):
        yield Case()
        return
    for (kind, group), several in by_selection.items():
        joined = " or ".join(f"({text})" if len(several) > 1 and " and " in text else text for text in several)
        yield Case(kind=kind, group=group, marker=None if "" in several else joined)

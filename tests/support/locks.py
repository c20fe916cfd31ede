"""Small locks, as readers would hand them on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.filenames import parse_filename
from nogilcheck.model.lock import Lock, LockedDependency, LockedDistribution
from nogilcheck.model.source import Location, Root
from tests.support.small_worlds import root

LOCK = "uv.lock"
PURE = "py3-none-any"
GIL = "cp314-cp314-manylinux_2_28_x86_64"
FREE_THREADED = "cp314-cp314t-manylinux_2_28_x86_64"

_lines = count(10)


def locked_file(filename: str, project: str, *, url: str = "", sha256: str = "") -> ReleaseFile:
    """A file as a lock names it."""
    parsed = parse_filename(filename, project)
    assert parsed is not None
    return ReleaseFile(
        filename=filename,
        url=url,
        version=Version(parsed.version),
        kind=parsed.kind,
        tags=parsed.tags,
        build=parsed.build,
        hashes={"sha256": sha256} if sha256 else {},
    )


def entry(
    name: str,
    version: str | None = "1.0",
    requires: Iterable[str | LockedDependency] = (),
    *,
    tags: Sequence[str] = (PURE,),
    **more: object,
) -> LockedDistribution:
    """An entry with wheels of these tags; ``requires`` are requirements, ``x?`` before one of extra ``x``."""
    found = LockedDistribution(
        name=name,
        version=version,
        location=Location(path=LOCK, line=next(_lines)),
        files=tuple(locked_file(f"{name}-{version}-{tag}.whl", name) for tag in tags) if version else (),
        dependencies=tuple(needs(one) if isinstance(one, str) else one for one in requires),
    )
    return replace(found, **more)  # type: ignore[arg-type]


def needs(line: str, version: str | None = None) -> LockedDependency:
    """``numpy[x]>=2 ; marker``; ``fast?numpy`` is what the extra ``fast`` brings in."""
    extra, _, line = line.rpartition("?") if "?" in line.partition(";")[0] else ("", "", line)
    requirement = Requirement(line)
    return LockedDependency(
        name=canonicalize_name(requirement.name),
        version=version,
        specifier=str(requirement.specifier),
        extras=tuple(sorted(requirement.extras)),
        marker=str(requirement.marker) if requirement.marker else None,
        extra=extra or None,
    )


def lock(roots: Iterable[str | Root], *entries: LockedDistribution, path: str = LOCK, has_graph: bool = True) -> Lock:
    """A lock whose roots stand on its first lines; ``fast?numpy`` belongs to the extra, ``dev!pytest`` to the group."""
    return Lock(
        path=path,
        kind="uv.lock",
        roots=tuple(
            locked_root(one, number, path) if isinstance(one, str) else one for number, one in enumerate(roots, 1)
        ),
        distributions=entries,
        has_graph=has_graph,
    )


def locked_root(line: str, number: int, path: str = LOCK) -> Root:
    """See `lock`."""
    name = line.partition(";")[0]
    if "?" in name:
        extra, _, rest = line.partition("?")
        return replace(root(rest, number, path=path), group=extra, kind="extra")
    if "!" in name.partition("=")[0]:
        group, _, rest = line.partition("!")
        return replace(root(rest, number, path=path), group=group, kind="group")
    return root(line, number, path=path)

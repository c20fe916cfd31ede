"""What makes installers refuse a lock whose entries are all well: PEP 751, and pip, which resolves all that it is told.

pip 26.3 and uv 0.13 refuse a pylock.toml of which two entries for one project apply. pip resolves the entries, which
are pinned and hashed, together with the requirements and constraints beside the lock; uv takes nothing beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from packaging.version import Version

from nogilcheck.model.artifact import Missing, MissingKind
from nogilcheck.model.filenames import parse_version
from nogilcheck.model.graph import GapKind, GraphGap
from nogilcheck.model.lock import Lock, LockedDistribution
from nogilcheck.model.source import Root
from nogilcheck.resolve.direct import has_hash
from nogilcheck.resolve.roots import missing_project, unknown_marker
from nogilcheck.resolve.versions import specifier_set


def doubled(lock: Lock, applying: Iterable[LockedDistribution]) -> Iterator[GraphGap]:
    """A gap for each project of a pylock.toml with several entries that apply; other locks choose by what asks."""
    if lock.kind != "pylock.toml":
        return
    by_name: dict[str, list[LockedDistribution]] = {}
    for entry in applying:
        by_name.setdefault(entry.name, []).append(entry)
    for name, entries in by_name.items():
        if len(entries) > 1:
            places = " and ".join(str(entry.location) for entry in entries[:2])
            text = f"{places} both apply to the target and are both {name}: an installer refuses the lock"
            yield missing_project(Missing(kind=MissingKind.CONFLICT, text=text), name, entries[1].location)


def disobeyed(
    lock: Lock, reached: Iterable[LockedDistribution], holds: Callable[[str | None], bool | None]
) -> Iterator[GraphGap]:
    """A gap for each requirement and constraint beside a lock with which what is locked does not agree for certain."""
    by_name: dict[str | None, list[LockedDistribution]] = {}
    for entry in reached:
        by_name.setdefault(entry.name, []).append(entry)
    hashed = next((entry for entries in by_name.values() for entry in entries if _hashes(entry)), None)
    for root in (*lock.constraints, *lock.companions):
        applies = holds(root.marker)
        if applies is False:
            continue
        for entry in by_name.get(root.name, ()):
            if (problem := _disagreement(root, entry)) is not None:
                yield problem if applies else unknown_marker(root.marker, root.name, root.location)
    for root in lock.companions:
        if hashed and holds(root.marker) is not False and not (root.hashes or (root.url and has_hash(root.url))):
            text = (
                f"'{root.requirement}' has no hash, and {hashed.location} has: "
                "pip, which takes both together, refuses to install"
            )
            yield GraphGap(kind=GapKind.HASHES, text=text, distribution=root.name, location=root.location)


def _disagreement(root: Root, entry: LockedDistribution) -> GraphGap | None:
    version = _version(entry)
    locked = f"{entry.location} has {entry.name} {version}" if version else f"{entry.location} has {entry.name}"
    if version is not None and not specifier_set(root.specifier).contains(version, prereleases=True):
        text = f"'{root.requirement}' does not admit what is locked: {locked}"
        return missing_project(Missing(kind=MissingKind.CONFLICT, text=text), entry.name, root.location)
    same_file = not root.hashes or not _hashes(entry).isdisjoint(root.hashes)
    if root.url is None and same_file and not root.extras and (version is not None or not root.specifier):
        return None
    text = f"whether '{root.requirement}' admits what is locked cannot be known: {locked}"
    return GraphGap(kind=GapKind.DEPENDENCIES, text=text, distribution=entry.name, location=root.location)


def _version(entry: LockedDistribution) -> Version | None:
    return parse_version(entry.version) if entry.version else None


def _hashes(entry: LockedDistribution) -> set[str]:
    files = (f"{algorithm}:{digest}" for file in entry.files for algorithm, digest in file.hashes.items())
    return {*files, *entry.hashes}

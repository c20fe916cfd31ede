"""What makes installers refuse a lock whose entries are all well: PEP 751, and pip, which resolves all that it is told.

pip 26.3 and uv 0.13 refuse a pylock.toml of which two entries for one project apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nogilcheck.model.artifact import Missing, MissingKind
from nogilcheck.model.graph import GraphGap
from nogilcheck.model.lock import Lock, LockedDistribution
from nogilcheck.resolve.roots import missing_project


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

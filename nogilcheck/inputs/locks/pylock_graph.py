"""Which package requires which in pylock.toml, where it tells.

PEP 751 has no roots: a package is installed when its own marker holds, and ``dependencies`` are for information. So a
package is left to be reached through another one only where that one is certainly there whenever it is itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nogilcheck.inputs.file_content.diagnostics import Part
from nogilcheck.inputs.file_content.graph import covering
from nogilcheck.inputs.locks.entries import pinned_root
from nogilcheck.inputs.locks.pylock_packages import PylockPackage
from nogilcheck.model.lock import LockedDependency, LockedDistribution
from nogilcheck.model.source import Root


def roots_and_dependencies(entries: Sequence[PylockPackage]) -> tuple[tuple[Root, ...], tuple[LockedDistribution, ...]]:
    """The roots, and the distributions with their dependencies."""
    named: dict[object, list[int]] = {}
    for number, entry in enumerate(entries):
        named.setdefault(entry.table.at("name"), []).append(number)
    required = [list(_required(entries, named, number)) for number in range(len(entries))]
    distributions = [
        replace(entry.distribution, dependencies=tuple(_dependency(entries[other]) for other in others))
        for entry, others in zip(entries, required, strict=True)
    ]
    roots = (root for number in _starts(entries, required) for root in _roots(entries[number]))
    return tuple(roots), tuple(distributions)


def _required(entries: Sequence[PylockPackage], named: dict[object, list[int]], number: int) -> Iterator[int]:
    """The entries that an entry requires, apart from those whose extras and groups are another matter."""
    entry = entries[number]
    for wanted in entry.table.tables("dependencies"):
        name = wanted.at("name")
        others = [
            other
            for other in (named.get(name, ()) if isinstance(name, str) else ())
            if all(entries[other].table.at(key) == value for key, value in wanted.data.items())
        ]
        if not others:
            wanted.reject(f"{entry.distribution.name} requires {name}, which is not among the packages")
        for other in others:
            if other != number and (not entries[other].selective or entries[other].marker == entry.marker):
                yield other


def _dependency(entry: PylockPackage) -> LockedDependency:
    """The marker is that of the entry: without it, one that is not there would seem to be missing."""
    distribution = entry.distribution
    return LockedDependency(name=distribution.name, version=distribution.version, marker=distribution.marker)


def _starts(entries: Sequence[PylockPackage], required: Sequence[Sequence[int]]) -> list[int]:
    """The entries that nothing brings in for certain, and one of each circle that nothing else leads to."""
    bringing = {
        number: [other for other in others if entry.marker is None or entry.marker == entries[other].marker]
        for number, (entry, others) in enumerate(zip(entries, required, strict=True))
    }
    brought = {other for others in bringing.values() for other in others}
    return sorted(covering(range(len(entries)), bringing, brought))


def _roots(entry: PylockPackage) -> Iterator[Root]:
    for case in entry.cases:
        root = pinned_root(entry.distribution, Part(group=case.group, kind=case.kind))
        yield replace(root, marker=case.marker)

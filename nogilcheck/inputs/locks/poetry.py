"""poetry.lock, of Poetry 1.0 (lock-version 1.0) to 2.x (2.1), and the ones before that as far as they go.

There is no specification; the rules are those of ``poetry/packages/locker.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from packaging.utils import canonicalize_name

from nogilcheck.inputs.contents.content import Content
from nogilcheck.inputs.locks.entries import requirement_name
from nogilcheck.inputs.locks.poetry_packages import PoetryEntry, poetry_entries
from nogilcheck.inputs.locks.roots import Member, lock_roots, parts_named, project_beside, with_project
from nogilcheck.inputs.project_contents import CORE, Part, ProjectCollector
from nogilcheck.inputs.specifiers.poetry_versions import specifier_of
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.inputs.text.toml_document import parse_toml
from nogilcheck.model.lock import Lock
from nogilcheck.model.source import Bounds, Root

KNOWN_VERSIONS = ("1.0", "1.1", "2.0", "2.1")
"""``lock-version`` of the lock files whose rules are known."""


def read_poetry_lock(text: str, path: str, beside: Neighbours) -> Content:
    """The lock, its roots from pyproject.toml where that lies beside it. Raises `UnreadableSourceError`."""
    document = parse_toml(text)
    gathering = ProjectCollector(path, beside, document)
    metadata = _metadata(gathering, document.data)
    entries = poetry_entries(gathering, document.data, metadata)
    extras = _extras(gathering, document.data.get("extras"))
    project = project_beside(beside)
    if project and project.roots:
        roots = lock_roots(project.roots, _members(entries))
    else:
        roots = lock_roots((), _members(entry for entry in entries if not entry.optional))
        roots += lock_roots(
            tuple(_extra_roots(extras, entries)), _members(entry for entry in entries if entry.optional)
        )
    groups = dict.fromkeys(name for entry in entries for name in entry.groups or () if name != "main")
    lock = Lock(
        path=path, kind="poetry.lock", roots=roots, distributions=tuple(entry.distribution for entry in entries)
    )
    bounds = _bounds(gathering, metadata)
    content = replace(gathering.content(), lock=lock, bounds=bounds, extras=tuple(extras), groups=tuple(groups))
    return with_project(content, project)


def _metadata(gathering: ProjectCollector, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """``[metadata]``, which Poetry writes at the end. Raises `UnreadableSourceError` when this is no lock of Poetry."""
    metadata = data.get("metadata")
    if "version" in data or "lock-version" in data or (isinstance(metadata, dict) and "lock_version" in metadata):
        raise UnreadableSourceError(
            "not a lock file of Poetry: another tool wrote it", hint="Name its format with --input-format."
        )
    if not isinstance(metadata, dict):
        raise UnreadableSourceError("no [metadata] at its end: cut short, or not a lock file of Poetry")
    version = metadata.get("lock-version")
    if version not in KNOWN_VERSIONS:
        told = f"lock-version {version!r}" if isinstance(version, str) else "no usable lock-version"
        gathering.note(
            gathering.where("metadata", "lock-version"), f"{told}: read by the rules of {KNOWN_VERSIONS[-1]}"
        )
    return metadata


def _bounds(gathering: ProjectCollector, metadata: Mapping[str, Any]) -> Bounds | None:
    where = gathering.where("metadata", "python-versions")
    constraint = gathering.string(metadata.get("python-versions"), where, "python-versions")
    specifier = "" if constraint is None else specifier_of(constraint)
    if specifier is None:
        gathering.reject(where, f"no version constraint of Poetry: python-versions = {constraint!r}")
    return Bounds(project=gathering.path, location=where, requires_python=specifier) if specifier else None


def _members(entries: Iterable[PoetryEntry]) -> list[Member]:
    return [Member(distribution=entry.distribution, parts=_parts(entry)) for entry in entries]


def _parts(entry: PoetryEntry) -> tuple[Part, ...]:
    """The parts of the project for which an entry is locked."""
    if entry.groups is None:
        return (CORE,)
    parts = parts_named(entry.groups, "main", {})
    if not entry.optional or not entry.extras:
        return parts
    extras = tuple(Part(group=name, kind="extra") for name in entry.extras)
    return tuple(one for part in parts for one in (extras if part == CORE else (part,)))


def _extras(gathering: ProjectCollector, value: object) -> dict[str, tuple[str, ...]]:
    """``[extras]``: the normalized names of what each extra of the project brings."""
    found: dict[str, tuple[str, ...]] = {}
    for extra, items in gathering.table(value, gathering.where("extras"), "extras").items():
        listed = gathering.array(items, gathering.where("extras", extra), f"extras.{extra}")
        names = map(requirement_name, listed)
        found[canonicalize_name(extra)] = tuple(name for name in names if name)
    return found


def _extra_roots(extras: Mapping[str, Sequence[str]], entries: Sequence[PoetryEntry]) -> Iterator[Root]:
    """Roots for what extras bring, where no project file tells them."""
    optional = {entry.distribution.name: entry.distribution.location for entry in entries if entry.optional}
    for extra, names in extras.items():
        for name in names:
            if name in optional:
                yield Root(requirement=name, name=name, location=optional[name], group=extra, kind="extra")

"""pdm.lock of PDM 2 (lock_version 4.x).

There is no specification; the rules are those of ``pdm/project/lockfile/pdmlock.py`` and PDM's documentation,
"Lock file", where the strategies and targets are described.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from nogilcheck.inputs.contents.content import Content
from nogilcheck.inputs.locks.pdm_packages import PdmEntry, pdm_entries
from nogilcheck.inputs.locks.pdm_targets import environment_of
from nogilcheck.inputs.locks.roots import Member, lock_roots, parts_named, project_beside, with_project
from nogilcheck.inputs.project_contents import CORE, Part, ProjectCollector
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.inputs.text.toml_document import parse_toml
from nogilcheck.model.lock import Lock
from nogilcheck.model.source import Bounds

KNOWN_MAJOR = "4"
"""The first part of the ``lock_version`` whose rules are known; the others change details only."""

_CORE_GROUP = "default"


def read_pdm_lock(text: str, path: str, beside: Neighbours) -> Content:
    """The lock, its roots from pyproject.toml where that lies beside it. Raises `UnreadableSourceError`."""
    document = parse_toml(text)
    gathering = ProjectCollector(path, beside, document)
    metadata = _metadata(gathering, document.data)
    entries = pdm_entries(gathering, document.data, metadata)
    project = project_beside(beside)
    extras = project.extras if project else ()
    roots = lock_roots(project.roots if project else (), _members(entries, extras))
    lock = Lock(path=path, kind="pdm.lock", roots=roots, distributions=tuple(entry.distribution for entry in entries))
    written = gathering.array(metadata.get("groups"), gathering.where("metadata", "groups"), "groups")
    groups = dict.fromkeys(canonicalize_name(name) for name in written if isinstance(name, str))
    named = tuple(name for name in groups if name != _CORE_GROUP and name not in extras)
    bounds = _bounds(gathering, metadata)
    return with_project(replace(gathering.content(), lock=lock, bounds=bounds, groups=named), project)


def _metadata(gathering: ProjectCollector, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """``[metadata]``. Raises `UnreadableSourceError` when this is no lock of PDM 2."""
    metadata = data.get("metadata")
    version = metadata.get("lock_version") if isinstance(metadata, dict) else None
    if not isinstance(metadata, dict) or (version is None and "package" in data and "lock-version" in metadata):
        raise UnreadableSourceError("no [metadata] of PDM: cut short, or not a lock file of PDM")
    if not isinstance(version, str) or version.partition(".")[0] != KNOWN_MAJOR:
        told = f"lock_version {version!r}" if isinstance(version, str) else "no usable lock_version"
        gathering.note(gathering.where("metadata", "lock_version"), f"{told}: read by the rules of {KNOWN_MAJOR}.5")
    return metadata


def _members(entries: Iterable[PdmEntry], extras: tuple[str, ...]) -> list[Member]:
    kinds = {name: Part(group=name, kind="extra") for name in extras}
    return [
        Member(
            distribution=entry.distribution,
            parts=(CORE,) if entry.groups is None else parts_named(entry.groups, _CORE_GROUP, kinds),
        )
        for entry in entries
    ]


def _bounds(gathering: ProjectCollector, metadata: Mapping[str, Any]) -> Bounds | None:
    """What ``[[metadata.targets]]`` (since 4.5), or ``requires_python`` before, says of environments."""
    tables = [{"requires_python": metadata.get("requires_python")}]
    where = gathering.where("metadata", "requires_python")
    if "targets" in metadata:
        where = gathering.where("metadata", "targets")
        targets = gathering.array(metadata["targets"], where, "targets")
        tables = [gathering.table(target, where, "a target") for target in targets]
    try:
        environments = [environment_of(table) for table in tables]
    except ValueError as error:
        gathering.reject(where, str(error))
        return None
    if not tables or None in environments:
        return None
    if len(tables) == 1 and tables[0].keys() == {"requires_python"}:
        text = str(SpecifierSet(str(tables[0]["requires_python"])))
        where = gathering.where("metadata", "targets", 0, "requires_python") if "targets" in metadata else where
        return Bounds(project=gathering.path, location=where, requires_python=text)
    distinct = dict.fromkeys(environment for environment in environments if environment)
    return Bounds(project=gathering.path, location=where, environments=tuple(distinct))

"""pdm.lock of PDM 2 (lock_version 4.x).

There is no specification; the rules are those of ``pdm/project/lockfile/pdmlock.py`` and PDM's documentation,
"Lock file", where the strategies and targets are described. The names of platforms are those of the ``Platform`` of
dep-logic, which PDM uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.diagnostics import CORE, extra_part
from nogilcheck.inputs.file_content.document import Document, Table
from nogilcheck.inputs.locks.entries import LockEntry, normalized_names, parse_lock, unknown_version
from nogilcheck.inputs.locks.pdm_packages import pdm_entries
from nogilcheck.inputs.locks.roots import Member, lock_content, lock_roots, parts_named, project_beside
from nogilcheck.inputs.specifiers.marker_text import all_of
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.quoting import abbreviate
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import Bounds

KNOWN_MAJOR = "4"
"""The first part of the ``lock_version`` whose rules are known; the others change details only."""

_CORE_GROUP = "default"


def read_pdm_lock(text: str, path: str, neighbours: Neighbours, member: str | None = None) -> Content:
    """The lock, its roots from pyproject.toml where that lies beside it. Raises `UnreadableSourceError`.

    ``member``: the directory of the one project of the workspace that asks; the rest of the lock does not count.
    """
    document = Document(path, neighbours, parse_lock(text))
    _check_version(document.root)
    metadata = document.root.table("metadata")
    entries = pdm_entries(document.root)
    project = project_beside(neighbours if member is None else neighbours.within(member))
    extras = project.extras if project else ()
    asked = project.roots if project else ()
    # Without a project, a condition is no reason for an entry that has a marker of its own.
    conditions_count = project is not None or "inherit_metadata" not in metadata.array("strategy")
    members = _members(entries, extras)
    roots = asked if member is not None else lock_roots(asked, members, lambda _: conditions_count)
    groups = normalized_names(metadata, "groups") if member is None else ()
    return lock_content(
        document,
        "pdm.lock",
        roots,
        [entry.distribution for entry in entries],
        bounds=_bounds(metadata),
        groups=[name for name in groups if name != _CORE_GROUP and name not in extras],
        project=project,
        states_core=not groups or _CORE_GROUP in groups,
    )


def _check_version(root: Table) -> None:
    """Raises `UnreadableSourceError` when this is no lock of PDM 2, and for a major version that is not known."""
    version = root.at("metadata", "lock_version")
    of_poetry = version is None and "package" in root and root.at("metadata", "lock-version") is not None
    if not isinstance(root.at("metadata"), dict) or of_poetry:
        raise UnreadableSourceError("no [metadata] of PDM: cut short, or not a lock file of PDM")
    if not isinstance(version, str):
        root.note(f"no usable lock_version: read by the rules of {KNOWN_MAJOR}.5", "metadata", "lock_version")
    elif version.partition(".")[0] != KNOWN_MAJOR:
        where = root.where("metadata", "lock_version")
        raise unknown_version(f"lock_version {abbreviate(version)!r}", f"{KNOWN_MAJOR}.x", where)


def _members(entries: Iterable[LockEntry], extras: tuple[str, ...]) -> list[Member]:
    kinds = {name: extra_part(name) for name in extras}
    return [
        (entry.distribution, (CORE,) if entry.groups is None else parts_named(entry.groups, _CORE_GROUP, kinds))
        for entry in entries
    ]


def _bounds(metadata: Table) -> Bounds | None:
    """What ``[[metadata.targets]]`` (since 4.5), or ``requires_python`` before, says of environments."""
    key = "targets" if "targets" in metadata else "requires_python"
    where = metadata.where(key)
    tables = [{"requires_python": metadata.at("requires_python")}]
    if key == "targets":
        tables = [{**metadata.as_table(item, key, index).data} for index, item in enumerate(metadata.array(key))]
    try:
        environments = [environment_of(table) for table in tables]
    except ValueError as error:
        metadata.reject(str(error), key)
        return None
    if not tables or None in environments:
        return None
    if len(tables) == 1 and tables[0].keys() == {"requires_python"}:
        text = str(SpecifierSet(str(tables[0]["requires_python"])))
        where = metadata.where("targets", 0, "requires_python") if key == "targets" else where
        return Bounds(project=metadata.document.path, location=where, requires_python=text)
    distinct = dict.fromkeys(zip(environments, map(free_threaded, tables), strict=True))
    return Bounds(
        project=metadata.document.path,
        location=where,
        environments=tuple(environment for environment, _ in distinct if environment),
        free_threaded=tuple(build for _, build in distinct),
    )


_PLATFORM = re.compile(
    r"(?P<system>linux|manylinux|musllinux|alpine|macos|windows)(?:_\d+_\d+)?(?:_(?P<machine>[a-z0-9_]+))?"
)

_SYSTEMS = {"windows": "win32", "macos": "darwin"}
"""Name -> ``sys_platform``; all others are ``linux``."""

_DEFAULT_MACHINES = {"macos": "arm64", "windows": "amd64"}
"""Where a platform does not name its machine; all others are ``x86_64``."""

_MACHINES = {
    ("win32", "amd64"): "AMD64",
    ("win32", "x86_64"): "AMD64",
    ("win32", "aarch64"): "ARM64",
    ("win32", "arm64"): "ARM64",
    ("darwin", "aarch64"): "arm64",
    ("linux", "arm64"): "aarch64",
    ("linux", "amd64"): "x86_64",
}
"""``sys_platform``, machine -> ``platform_machine``, where that has another name."""

_IMPLEMENTATION = re.compile(r"[a-z]+")


def environment_of(target: Mapping[str, Any]) -> str | None:
    """The marker of one target; ``None`` where it is for everything. Raises `ValueError` with a text for people."""
    return all_of(
        *python_clauses(target.get("requires_python")),
        *_platform(target.get("platform")),
        *_implementation(target.get("implementation")),
    )


def free_threaded(target: Mapping[str, Any]) -> bool | None:
    """Which build of CPython a target is for; ``None``: for both. PDM takes no lock that has none for its own build.

    Where a target names an implementation and does not say, it is the regular build.
    """
    return None if target.get("implementation") is None else target.get("gil_disabled") is True


def python_clauses(value: object) -> list[str]:
    """A version specifier set for Python as clauses of a marker. Raises `ValueError` with a text for people."""
    if value is None or value == "*":
        return []
    try:
        specifiers = SpecifierSet(value) if isinstance(value, str) else None
    except InvalidSpecifier:
        specifiers = None
    if specifiers is None:
        raise ValueError(f"requires_python is not a version specifier set: {value!r}")
    clauses = sorted(specifiers, key=str)
    return [f'python_full_version {clause.operator} "{clause.version}"' for clause in clauses]


def _platform(value: object) -> list[str]:
    if value is None:
        return []
    parsed = _PLATFORM.fullmatch(value) if isinstance(value, str) else None
    if parsed is None:
        raise ValueError(f"unknown platform: {value!r}")
    name = parsed["system"]
    system = _SYSTEMS.get(name, "linux")
    machine = parsed["machine"] or _DEFAULT_MACHINES.get(name, "x86_64")
    machine = _MACHINES.get((system, machine), machine)
    return [f'sys_platform == "{system}"', f'platform_machine == "{machine}"']


def _implementation(value: object) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, str) or not _IMPLEMENTATION.fullmatch(value):
        raise ValueError(f"not an implementation of Python: {value!r}")
    return [f'implementation_name == "{value}"']

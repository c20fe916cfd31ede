"""What uv.lock says that was asked for: by its projects, their extras and groups, or by a script."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from nogilcheck.inputs.file_content.content import unique
from nogilcheck.inputs.file_content.diagnostics import CORE, Part
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.locks.entries import normalized_name
from nogilcheck.inputs.locks.files import tables_of
from nogilcheck.inputs.locks.uv_packages import UvPackage, locked_dependency
from nogilcheck.model.source import Root

_EXTRA = re.compile(r"\bextra == '([^']*)'")

_Written = dict[tuple[Part, str], dict[str, set[object]]]
"""The specifiers that a project wrote, each with its markers, by the part of it and the project that they are for."""


def member_roots(entry: UvPackage, conflicts: Iterable[Collection[tuple[str, str | None]]]) -> Iterator[Root]:
    """What a project requires, as it was resolved, with the specifiers that the project wrote."""
    name = entry.distribution.name
    asker = name if any(("project", name) in conflict for conflict in conflicts) else None
    for root in _member_roots(entry):
        yield replace(root, asker=asker)


def _member_roots(entry: UvPackage) -> Iterator[Root]:
    table, written = entry.table, _written(entry.table)
    yield from _roots(table, "dependencies", CORE, written)
    for extra in (extras := table.table("optional-dependencies")):
        yield from _roots(extras, extra, _part("extra", extra), written)
    for group in (groups := table.table("dev-dependencies")):
        yield from _roots(groups, group, _part("group", group), written)


def manifest_roots(manifest: Table) -> Iterator[Root]:
    """What a script (PEP 723) requires, and the groups of a workspace that is no project itself."""
    yield from _roots(manifest, "requirements", CORE, {})
    for group in (groups := manifest.table("dependency-groups")):
        yield from _roots(groups, group, _part("group", group), {})


def manifest_limits(manifest: Table) -> tuple[tuple[Root, ...], tuple[Root, ...]]:
    """The constraints and the overrides by which uv resolved, and will again."""
    constraints, overrides = (
        tuple(replace(root, binding=True) for root in _roots(manifest, key, CORE, {}))
        for key in ("constraints", "overrides")
    )
    return constraints, overrides


def offered(projects: Sequence[UvPackage], manifest: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All extras and all groups, with the empty ones where the lock tells them; normalized."""
    extras: list[object] = []
    groups: list[object] = [*_keys(manifest.at("dependency-groups"))]
    for table in (entry.table for entry in projects):
        provided = table.at("metadata", "provides-extras")
        extras += provided if isinstance(provided, list) else []
        extras += _keys(table.at("optional-dependencies"))
        groups += _keys(table.at("metadata", "requires-dev"))
        groups += _keys(table.at("dev-dependencies"))
    return _names(extras), _names(groups)


def _part(kind: Literal["extra", "group"], name: str) -> Part:
    return Part(group=normalized_name(name) or name, kind=kind)


def _roots(table: Table, key: str, part: Part, written: _Written) -> Iterator[Root]:
    for item in table.tables(key):
        dependency = locked_dependency(item)
        if dependency is None:
            continue
        specifier = dependency.specifier or _specifier(written.get((part, dependency.name), {}), dependency.marker)
        extras = f"[{','.join(dependency.extras)}]" if dependency.extras else ""
        yield Root(
            requirement=f"{dependency.name}{extras}{specifier}",
            name=dependency.name,
            specifier=specifier,
            extras=dependency.extras,
            marker=dependency.marker,
            location=item.where(),
            group=part.group,
            kind=part.kind,
            locked=dependency.version,
        )


def _specifier(known: Mapping[str, set[object]], marker: str | None) -> str:
    """The specifier that was written for a requirement; empty where that cannot be told. A fork is none of them."""
    fitting = list(known) if len(known) == 1 else [text for text, markers in known.items() if marker in markers]
    return fitting[0] if len(fitting) == 1 else ""


def _written(table: Table) -> _Written:
    """The specifiers in ``package.metadata``.

    They are for people: which version is meant is settled. So anything odd in there is left out.
    """
    written: _Written = {}
    for item in tables_of(table.at("metadata", "requires-dist")):
        marker = item.get("marker")
        extras = _EXTRA.findall(marker) if isinstance(marker, str) else []
        _note(written, _part("extra", extras[0]) if extras else CORE, item)
    groups = table.at("metadata", "requires-dev")
    for group, items in groups.items() if isinstance(groups, dict) else ():
        for item in tables_of(items):
            _note(written, _part("group", group), item)
    return written


def _note(written: _Written, part: Part, item: dict[str, object]) -> None:
    name, specifier = item.get("name"), item.get("specifier", "")
    if isinstance(name, str) and isinstance(specifier, str) and (normalized := normalized_name(name)):
        written.setdefault((part, normalized), {}).setdefault(specifier, set()).add(item.get("marker"))


def _keys(value: object) -> list[object]:
    return list(value) if isinstance(value, dict) else []


def _names(values: list[object]) -> tuple[str, ...]:
    return unique(normalized_name(value) or value for value in values if isinstance(value, str))

"""What uv.lock says that was asked for: by its projects, their extras and groups, or by a script."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from packaging.specifiers import SpecifierSet

from nogilcheck.inputs.file_content.content import unique
from nogilcheck.inputs.file_content.diagnostics import CORE, Part
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.locks.entries import normalized_name
from nogilcheck.inputs.locks.files import tables_of
from nogilcheck.inputs.locks.uv_packages import UvPackage, locked_dependency
from nogilcheck.inputs.specifiers.marker_text import all_of
from nogilcheck.model.lock import LockedDependency
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


def as_written(roots: Iterable[Root], stated: Iterable[Root]) -> Iterator[Root]:
    """The roots in the words, and at the place, of the project's requirements that they come from.

    ``stated``: those of the project. A root stays as it is in the lock where none of them says the same.
    """
    places: dict[tuple[object, ...], Root] = {}
    for root in stated:
        if root.url is None:
            places.setdefault(_said(root), root)
    for root in roots:
        found = places.get(_said(root))
        yield replace(root, requirement=found.requirement, location=found.location) if found else root


def _said(root: Root) -> tuple[object, ...]:
    return root.name, root.group, root.kind, root.extras, SpecifierSet(root.specifier)


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
        known = written.get((part, dependency.name), {})
        extras = f"[{','.join(dependency.extras)}]" if dependency.extras else ""
        for specifier, marker in _specifiers(known, dependency):
            yield Root(
                requirement=f"{dependency.name}{extras}{specifier}",
                name=dependency.name,
                specifier=specifier,
                extras=dependency.extras,
                marker=marker,
                location=item.where(),
                group=part.group,
                kind=part.kind,
                locked=dependency.version,
            )


def _specifiers(known: Mapping[str, set[object]], dependency: LockedDependency) -> Iterator[tuple[str, str | None]]:
    """What was written for a requirement, with markers; a fork (uv's page "Resolution") is no specifier of the project.

    Where several were written, with other markers than that of the fork, each counts where both markers hold.
    """
    if dependency.specifier:
        yield dependency.specifier, dependency.marker
        return
    exact = [text for text, markers in known.items() if dependency.marker in markers]
    if len(known) < 2 or len(exact) == 1:
        yield next(iter(exact or known), ""), dependency.marker
        return
    for text, markers in known.items():
        for marker in sorted(markers, key=str):
            yield text, all_of(dependency.marker, marker if isinstance(marker, str) else None)


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

"""What uv.lock says that was asked for: by its projects, their extras and groups, or by a script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from nogilcheck.inputs.locks.parts import LockParts, Table, normalized_name
from nogilcheck.inputs.locks.uv_packages import UvPackage, read_dependency
from nogilcheck.inputs.text.toml_document import Path
from nogilcheck.model.source import Root

Kind = Literal["", "extra", "group"]

_EXTRA = re.compile(r"\bextra == '([^']*)'")


def member_roots(parts: LockParts, entry: UvPackage) -> Iterator[Root]:
    """What a project requires, as it was resolved, with the specifiers that the project wrote."""
    table, at = entry.table, entry.at
    written = _written(table)
    yield from _roots(parts, table, "dependencies", at, written=written)
    for key, kind in _SECTIONS:
        section = parts.table(table, key, at)
        for group in section:
            yield from _roots(parts, section, group, (*at, key), kind=kind, written=written)


def manifest_roots(parts: LockParts, manifest: Table) -> Iterator[Root]:
    """What a script (PEP 723) requires, and the groups of a workspace that is no project itself."""
    yield from _roots(parts, manifest, "requirements", ("manifest",))
    groups = parts.table(manifest, "dependency-groups", ("manifest",))
    for group in groups:
        yield from _roots(parts, groups, group, ("manifest", "dependency-groups"), kind="group")


def offered(projects: Sequence[UvPackage], manifest: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All extras and all groups, with the empty ones where the lock tells them; normalized."""
    extras: list[object] = []
    groups: list[object] = [*_keys(manifest, "dependency-groups")]
    for entry in projects:
        metadata = entry.table.get("metadata")
        if isinstance(metadata, dict):
            provided = metadata.get("provides-extras")
            extras += provided if isinstance(provided, list) else []
            groups += _keys(metadata, "requires-dev")
        extras += _keys(entry.table, "optional-dependencies")
        groups += _keys(entry.table, "dev-dependencies")
    return _names(extras), _names(groups)


_SECTIONS: tuple[tuple[str, Kind], ...] = (("optional-dependencies", "extra"), ("dev-dependencies", "group"))


def _roots(
    parts: LockParts,
    table: Table,
    key: str,
    at: Path,
    *,
    kind: Kind = "",
    written: dict[tuple[Kind, str | None, str], set[str]] | None = None,
) -> Iterator[Root]:
    group = (normalized_name(key) or key) if kind else None
    for item, where in parts.tables(table, key, at):
        dependency = read_dependency(parts, item, where)
        if dependency is None:
            continue
        specifier = dependency.specifier
        if dependency.version is not None:
            specifier = f"=={dependency.version}"
        elif written is not None and len(known := written.get((kind, group, dependency.name), set())) == 1:
            (specifier,) = known
        extras = f"[{','.join(dependency.extras)}]" if dependency.extras else ""
        yield Root(
            requirement=f"{dependency.name}{extras}{specifier}",
            name=dependency.name,
            specifier=specifier,
            extras=dependency.extras,
            marker=dependency.marker,
            location=parts.location(where),
            group=group,
            kind=kind,
        )


def _written(table: Table) -> dict[tuple[Kind, str | None, str], set[str]]:
    """The specifiers in ``package.metadata``, by the extra or group and the project that they are for.

    They are for people: which version is meant is settled. So anything odd in there is left out.
    """
    found: dict[tuple[Kind, str | None, str], set[str]] = {}
    metadata = table.get("metadata")
    if not isinstance(metadata, dict):
        return found
    for item in _dicts(metadata.get("requires-dist")):
        marker = item.get("marker")
        extras = _EXTRA.findall(marker) if isinstance(marker, str) else []
        _note(found, "extra" if extras else "", normalized_name(extras[0]) if extras else None, item)
    groups = metadata.get("requires-dev")
    for group, items in groups.items() if isinstance(groups, dict) else ():
        for item in _dicts(items):
            _note(found, "group", normalized_name(group), item)
    return found


def _note(
    found: dict[tuple[Kind, str | None, str], set[str]], kind: Kind, group: str | None, item: dict[str, object]
) -> None:
    name, specifier = item.get("name"), item.get("specifier", "")
    if isinstance(name, str) and isinstance(specifier, str) and (normalized := normalized_name(name)):
        found.setdefault((kind, group, normalized), set()).add(specifier)


def _dicts(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _keys(table: Table, key: str) -> list[object]:
    value = table.get(key)
    return list(value) if isinstance(value, dict) else []


def _names(values: list[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(normalized_name(value) or value for value in values if isinstance(value, str)))

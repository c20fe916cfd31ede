"""Poetry's own tables in pyproject.toml: ``[tool.poetry.dependencies]``, groups and extras.

See Poetry's documentation, "The pyproject.toml file", "Dependency specification" and "Managing dependencies".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.utils import InvalidName, canonicalize_name

from nogilcheck.inputs.project_contents import CORE, MAX_GROUPS, Keys, Part, ProjectCollector
from nogilcheck.inputs.projects.source_tables import reference_of, referring
from nogilcheck.inputs.projects.uv_tables import marker_of
from nogilcheck.inputs.settings.index_tables import joined, poetry_indexes
from nogilcheck.inputs.specifiers.marker_text import all_of
from nogilcheck.inputs.specifiers.poetry_markers import platform_marker, python_marker
from nogilcheck.inputs.specifiers.poetry_versions import specifier_of
from nogilcheck.model.source import Location, Root

_KEYS = ("tool", "poetry")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One dependency of a table."""

    root: Root
    optional: bool
    """Installed for extras only."""


def add_poetry(gathering: ProjectCollector, poetry: Mapping[str, Any], project: Mapping[str, Any] | None) -> None:
    """The dependencies, extras and groups of ``[tool.poetry]``.

    Where ``[project]`` has dependencies, those of Poetry's main table are no further ones: they say more about the
    same (a URL, a narrower version), for the extras of ``[project]`` too.
    """
    gathering.settings = joined(poetry_indexes(gathering, poetry), gathering.settings)
    if project is None and isinstance(name := poetry.get("name"), str):
        gathering.name = canonicalize_name(name)
    entries = list(_entries(gathering, poetry.get("dependencies"), (*_KEYS, "dependencies"), main=True))
    by_name: dict[str | None, list[_Entry]] = {}
    for entry in entries:
        by_name.setdefault(entry.root.name, []).append(entry)
    stated = [root for root in gathering.roots if root.kind != "group"]
    if stated:
        gathering.rewrite(lambda root: _enriched(root, by_name.get(root.name, [])))
    if not any(root.kind == "" for root in stated):
        for entry in entries:
            if not entry.optional:
                gathering.keep(entry.root)
    if not any(root.kind == "extra" for root in stated):
        _add_extras(gathering, poetry.get("extras"), by_name)
    _add_groups(gathering, poetry)


def _add_extras(gathering: ProjectCollector, value: object, by_name: Mapping[str | None, list[_Entry]]) -> None:
    keys = (*_KEYS, "extras")
    for name, items in gathering.table(value, gathering.where(*keys), "tool.poetry.extras").items():
        part = gathering.part(name, "extra")
        listed = gathering.array(items, gathering.where(*keys, name), f"tool.poetry.extras.{name}")
        for index, item in enumerate(listed):
            where = gathering.where(*keys, name, index)
            dependency = gathering.string(item, where, "a dependency of an extra")
            if dependency is None or gathering.full:
                continue
            found = by_name.get(canonicalize_name(dependency))
            if found is None:
                gathering.reject(where, f"{dependency} is not among tool.poetry.dependencies")
            for entry in found or ():
                if entry.optional:
                    gathering.keep(replace(entry.root, group=part.group, kind=part.kind))


def _add_groups(gathering: ProjectCollector, poetry: Mapping[str, Any]) -> None:
    if "dev-dependencies" in poetry:  # before Poetry 1.2
        keys = (*_KEYS, "dev-dependencies")
        part = gathering.part("dev", "group")
        for entry in _entries(gathering, poetry["dev-dependencies"], keys, part):
            gathering.keep(entry.root)
    groups = gathering.table(poetry.get("group"), gathering.where(*_KEYS, "group"), "tool.poetry.group")
    if len(groups) > MAX_GROUPS:
        gathering.reject(gathering.where(*_KEYS, "group"), f"more than {MAX_GROUPS} dependency groups")
        return
    tables = {
        name: gathering.table(value, gathering.where(*_KEYS, "group", name), f"tool.poetry.group.{name}")
        for name, value in groups.items()
    }
    entries = {
        name: list(_entries(gathering, table.get("dependencies"), (*_KEYS, "group", name, "dependencies")))
        for name, table in tables.items()
    }
    includes = _includes(gathering, tables)
    for name in tables:
        part = gathering.part(name, "group")
        reached = {name: None}
        pending = [name]
        while pending and not gathering.full:
            source = pending.pop()
            for entry in entries[source]:
                gathering.keep(replace(entry.root, group=part.group, kind=part.kind))
            pending += [one for one in includes[source] if one not in reached]
            reached |= dict.fromkeys(includes[source])


def _includes(gathering: ProjectCollector, tables: Mapping[str, dict[str, Any]]) -> dict[str, list[str]]:
    """Which groups each group includes (``include-groups``, Poetry 2.2)."""
    written = {canonicalize_name(name): name for name in tables}
    found: dict[str, list[str]] = {}
    for name, table in tables.items():
        where = gathering.where(*_KEYS, "group", name, "include-groups")
        items = gathering.array(table.get("include-groups"), where, f"tool.poetry.group.{name}.include-groups")
        included = {item: written.get(canonicalize_name(item)) for item in items if isinstance(item, str)}
        for item, group in included.items():
            if group is None:
                gathering.reject(where, f"there is no group {item!r} to include")
        found[name] = list(dict.fromkeys(group for group in included.values() if group is not None))
    return found


def _entries(
    gathering: ProjectCollector, value: object, keys: Keys, part: Part = CORE, *, main: bool = False
) -> Iterator[_Entry]:
    """The dependencies of a table, and with ``main`` the Pythons of the project."""
    what = ".".join(map(str, keys))
    for name, item in gathering.table(value, gathering.where(*keys), what).items():
        if name.lower() == "python":
            if main:
                _python(gathering, item, gathering.where(*keys, name))
            continue
        several = isinstance(item, list)
        for index, one in enumerate(item if several else [item]):
            where = gathering.where(*keys, name, index) if several else gathering.where(*keys, name)
            if entry := _entry(gathering, name, one, where, part):
                yield entry


def _python(gathering: ProjectCollector, value: object, where: Location) -> None:
    text = value.get("version") if isinstance(value, dict) else value
    constraint = gathering.string(text, where, "python")
    if constraint is None:
        return
    specifier = specifier_of(constraint)
    if specifier is None:
        gathering.reject(where, f"no version constraint of Poetry: python = {constraint!r}")
    elif specifier:
        gathering.python(specifier, where, "python")


def _entry(gathering: ProjectCollector, name: str, value: object, where: Location, part: Part) -> _Entry | None:
    table = {"version": value} if isinstance(value, str) else gathering.table(value, where, name)
    if not table:
        return None
    try:
        normalized = canonicalize_name(name, validate=True)
    except InvalidName:
        gathering.reject(where, f"not the name of a project: {name}")
        return None
    constraint = gathering.string(table.get("version", "*"), where, f"{name}.version")
    specifier = None if constraint is None else specifier_of(constraint)
    if specifier is None:
        if constraint is not None:
            gathering.reject(where, f"no version constraint of Poetry: {name} = {constraint!r}")
        return None
    written = gathering.array(table.get("extras"), where, f"{name}.extras")
    extras = tuple(sorted({canonicalize_name(extra) for extra in written if isinstance(extra, str)}))
    marker = _marker(gathering, table, where)
    listed = f"[{','.join(extras)}]" if extras else ""
    root = Root(
        requirement=f"{name}{listed}{specifier}{f' ; {marker}' if marker else ''}",
        name=normalized,
        specifier=specifier,
        extras=extras,
        marker=marker,
        location=where,
        group=part.group,
        kind=part.kind,
        index=gathering.string(table.get("source"), where, f"{name}.source"),
    )
    if table.get("allow-prereleases") is True:
        gathering.note(where, f"allow-prereleases of {name} is not followed: they are taken when nothing else fits")
    if any(key in table for key in ("git", "url", "path", "file")):
        url = reference_of(gathering, table, where, name)
        if url is None:
            return None
        root = referring(root, url, marker=marker, editable=table.get("develop") is True)
    return _Entry(root=root, optional=table.get("optional") is True)


def _marker(gathering: ProjectCollector, table: Mapping[str, Any], where: Location) -> str | None:
    """What ``python``, ``platform`` and ``markers`` of a dependency say together."""
    markers = [marker_of(gathering, table.get("markers"), where)]
    for key, convert in (("python", python_marker), ("platform", platform_marker)):
        text = gathering.string(table.get(key), where, key)
        if text is None:
            continue
        try:
            markers.append(convert(text))
        except ValueError:
            gathering.reject(where, f"no constraint of Poetry: {key} = {text!r}")
    return all_of(*markers)


def _enriched(root: Root, entries: list[_Entry]) -> list[Root]:
    """A requirement of ``[project]`` with what Poetry's table says of the same project."""
    if root.kind == "group" or root.url is not None:
        return [root]
    return [_joined(root, entry.root) for entry in entries] or [root]


def _joined(root: Root, more: Root) -> Root:
    marker = all_of(root.marker, more.marker)
    if more.url is not None:
        return referring(root, more.url, marker=marker, editable=more.editable)
    specifier = str(SpecifierSet(root.specifier) & SpecifierSet(more.specifier))
    return replace(root, specifier=specifier, marker=marker, index=more.index)

"""Poetry's own tables in pyproject.toml: ``[tool.poetry.dependencies]``, groups and extras.

See Poetry's documentation, "The pyproject.toml file", "Dependency specification" and "Managing dependencies".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from nogilcheck.frozen import frozen
from nogilcheck.inputs.file_content.content import Content, joined, rewritten, unique
from nogilcheck.inputs.file_content.diagnostics import CORE, Part, extra_part, group_part
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.file_content.graph import reach
from nogilcheck.inputs.projects.pep621 import MAX_GROUPS
from nogilcheck.inputs.projects.source_tables import referring, sourced_root
from nogilcheck.inputs.settings.catalogue.poetry import DEPENDENCY
from nogilcheck.inputs.settings.poetry import poetry_settings
from nogilcheck.inputs.settings.unfollowed import reject_unfollowed
from nogilcheck.inputs.specifiers.marker_text import all_of
from nogilcheck.inputs.specifiers.poetry_versions import platform_marker, python_marker, specifier_of
from nogilcheck.model.source import Bounds, Root


@frozen
class _Dependency:
    """One dependency of a table."""

    root: Root
    optional: bool
    """Installed for extras only."""


_ByName = Mapping[str | None, list[_Dependency]]


def with_poetry(stated: Content, poetry: Table) -> Content:
    """What ``[project]`` states together with the dependencies, extras and groups of ``[tool.poetry]``.

    Where ``[project]`` has dependencies, those of Poetry's main table are no further ones: they say more about the
    same (a URL, a narrower version), for the extras of ``[project]`` too.
    """
    diagnostics = poetry.document.diagnostics
    name = poetry.at("name")
    main = poetry.table("dependencies")
    dependencies = list(_dependencies(main))
    by_name: dict[str | None, list[_Dependency]] = {}
    for dependency in dependencies:
        by_name.setdefault(dependency.root.name, []).append(dependency)
    content = rewritten(stated, lambda root: _enriched(root, by_name.get(root.name, [])), diagnostics)
    core = () if content.has_roots("") else (dependency.root for dependency in dependencies if not dependency.optional)
    extras = poetry.as_table(None) if content.has_roots("extra") else poetry.table("extras")
    groups = _groups(poetry)
    return joined(
        content,
        Content(
            name=canonicalize_name(name) if isinstance(name, str) else None,
            roots=diagnostics.bounded(chain(core, _extra_roots(extras, by_name), _group_roots(poetry, groups))),
            settings=poetry_settings(poetry),
            bounds=_bounds(main),
            extras=unique(map(canonicalize_name, extras)),
            groups=unique(chain(["dev"] if "dev-dependencies" in poetry else [], map(canonicalize_name, groups))),
            installers=frozenset({"Poetry"}),
        ),
    )


def _extra_roots(extras: Table, by_name: _ByName) -> Iterator[Root]:
    for extra in extras:
        part = extra_part(extra)
        for index, name in extras.strings(extra):
            dependencies = by_name.get(canonicalize_name(name))
            if dependencies is None:
                extras.reject(f"{name} is not among tool.poetry.dependencies", extra, index)
            for dependency in dependencies or ():
                if dependency.optional:
                    yield replace(dependency.root, group=part.group, kind=part.kind)


def _groups(poetry: Table) -> dict[str, Table]:
    groups = poetry.table("group")
    if len(groups.data) > MAX_GROUPS:
        groups.reject(f"more than {MAX_GROUPS} dependency groups")
        return {}
    return {name: groups.table(name) for name in groups}


def _group_roots(poetry: Table, groups: Mapping[str, Table]) -> Iterator[Root]:
    """The requirements of each group with those of the groups that it includes."""
    # ``dev-dependencies`` was there before Poetry 1.2.
    dev = _dependencies(poetry.table("dev-dependencies"), group_part("dev"))
    yield from (dependency.root for dependency in dev)
    stated = {name: list(_dependencies(table.table("dependencies"))) for name, table in groups.items()}
    includes = _includes(groups)
    for name in groups:
        part = group_part(name)
        for source in reach([name], includes):
            for dependency in stated[source]:
                yield replace(dependency.root, group=part.group, kind=part.kind)


def _includes(groups: Mapping[str, Table]) -> dict[str, list[str]]:
    """Which groups each group includes (``include-groups``, Poetry 2.2)."""
    written = {canonicalize_name(name): name for name in groups}
    includes: dict[str, list[str]] = {}
    for name, table in groups.items():
        includes[name] = []
        for _, item in table.strings("include-groups"):
            if (group := written.get(canonicalize_name(item))) is None:
                table.reject(f"there is no group {item!r} to include", "include-groups")
            else:
                includes[name].append(group)
    return includes


def _dependencies(table: Table, part: Part = CORE) -> Iterator[_Dependency]:
    """The dependencies of a table."""
    for name in table:
        if name.lower() != "python":
            for keys, value in table.several(name):
                constraint = {"version": value} if isinstance(value, str) else value
                if dependency := _dependency(name, table.as_table(constraint, *keys), part):
                    yield dependency


def _bounds(main: Table) -> Bounds | None:
    """The Pythons of the project, which are among the dependencies."""
    bounds = None
    for name in main:
        if name.lower() == "python":
            value = main.at(name)
            constraint = main.as_string(value.get("version") if isinstance(value, dict) else value, name)
            specifier = "" if constraint is None else constraint_of(main, constraint, name)
            if specifier:
                bounds = Bounds(project="", location=main.where(name), requires_python=specifier)
    return bounds


def _dependency(name: str, table: Table, part: Part) -> _Dependency | None:
    if not table:
        return None
    constraint = table.string("version") if "version" in table else "*"
    specifier = None if constraint is None else constraint_of(table, constraint, "version")
    if specifier is None:
        return None
    reject_unfollowed(table, "Poetry", DEPENDENCY, part)
    root = sourced_root(table, name, specifier, all_of(table.marker("markers"), *limits_of(table)), part)
    if root is None:
        return None
    root = replace(root, index=table.string("source"))
    return _Dependency(root=root, optional=table.at("optional") is True)


def _enriched(root: Root, dependencies: list[_Dependency]) -> list[Root]:
    """A requirement of ``[project]`` with what Poetry's table says of the same project."""
    if root.kind == "group" or root.url is not None:
        return [root]
    return [_narrowed(root, dependency.root) for dependency in dependencies] or [root]


def _narrowed(root: Root, more: Root) -> Root:
    marker = all_of(root.marker, more.marker)
    if more.url is not None:
        return referring(root, more.url, marker=marker, editable=more.editable)
    specifier = str(SpecifierSet(root.specifier) & SpecifierSet(more.specifier))
    return replace(root, specifier=specifier, marker=marker, index=more.index)


def constraint_of(table: Table, constraint: str, *keys: str | int) -> str | None:
    """The specifier set of a version constraint, which is at ``keys``; ``None`` for one that is rejected."""
    specifier = specifier_of(constraint)
    if specifier is None:
        # ``name = "^1"`` is short for ``name = { version = "^1" }``.
        name = table.named(*(key for key in keys if key != "version"))
        table.reject(f"not a version constraint of Poetry: {name} = {constraint!r}", *keys)
    return specifier


def limits_of(table: Table) -> Iterator[str | None]:
    """``python`` and ``platform`` of a dependency as markers."""
    for key, convert in (("python", python_marker), ("platform", platform_marker)):
        text = table.string(key)
        if text is not None:
            try:
                yield convert(text)
            except ValueError:
                table.reject(f"not a constraint of Poetry: {table.named(key)} = {text!r}", key)

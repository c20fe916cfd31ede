"""``[tool.hatch.envs]`` of pyproject.toml. See Hatch's "Environment configuration"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.content import Content, unique
from nogilcheck.inputs.file_content.dependencies import read_dependencies
from nogilcheck.inputs.file_content.diagnostics import group_part
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.projects.source_tables import referring
from nogilcheck.inputs.projects.workspace import matching, project_name
from nogilcheck.inputs.text.paths import path_to_url
from nogilcheck.model.source import Location, Root

_UNFOLLOWED = ("overrides", "sources")
"""Options of an environment that may change what is installed in it."""

MAX_TEMPLATES = 100
"""Environments in a chain of templates."""


def read_hatch(tool: Table, stated: Content) -> Content:
    """Every environment as a dependency group of its name, for that is how they are used (``hatch run test:...``).

    The project's extras that it asks for (``features``), the groups (``dependency-groups``) and the members of its
    workspace belong to it, and what it inherits from its template, ``default`` unless it says otherwise. Matrices are
    not followed; what may change with one is in `_UNFOLLOWED`. ``stated`` is the rest of the project.
    """
    envs = tool.table("envs")
    tables = {name: envs.table(name) for name in envs}
    groups = [name for name in tables if any(_origin(tables, name, option) for option in _READERS)]
    return Content(
        roots=tool.document.diagnostics.bounded(_roots(tables, stated)), groups=unique(map(canonicalize_name, groups))
    )


def _roots(tables: Mapping[str, Table], stated: Content) -> Iterator[Root]:
    read: dict[tuple[str, str], list[Root]] = {}
    for name in tables:
        part = group_part(name)
        for option in _UNFOLLOWED:
            origin = _origin(tables, name, option)
            if origin is not None and tables[origin].at(option):
                table = tables[origin]
                said = f"{table.named(option)} is not followed"
                table.document.diagnostics.reject(table.where(option), said, part=part, setting="install")
        for option, reader in _READERS.items():
            origin = _origin(tables, name, option)
            if origin is None:
                continue
            if (origin, option) not in read:
                read[origin, option] = list(reader(tables[origin], option, stated))
            yield from (replace(root, group=part.group, kind=part.kind) for root in read[origin, option])


def _origin(tables: Mapping[str, Table], name: str, option: str) -> str | None:
    """The environment from which one has an option: itself, or the nearest of its templates."""
    for _ in range(MAX_TEMPLATES):
        table = tables.get(name)
        if table is None:
            return None
        if option in table:
            return name
        template = table.at("template") if "template" in table else "default"
        if table.at("detached") is True or not isinstance(template, str) or template == name:
            return None
        name = template
    return None


def _requirements(table: Table, key: str, _: Content) -> Iterator[Root]:
    return read_dependencies(table, key)


def _features(table: Table, key: str, stated: Content) -> Iterator[Root]:
    """Extras of the project, each as a requirement of the project on itself."""
    for name, where in _names(table, key).items():
        if stated.name is not None:
            yield Root(requirement=f"{stated.name}[{name}]", name=stated.name, extras=(name,), location=where)


def _own_groups(table: Table, key: str, stated: Content) -> Iterator[Root]:
    for name, where in _names(table, key).items():
        if name not in stated.groups:
            table.document.diagnostics.reject(where, f"there is no dependency group {name!r}")
        yield from (root for root in stated.roots if root.kind == "group" and root.group == name)


def _members(table: Table, key: str, _: Content) -> Iterator[Root]:
    """The projects in ``workspace.members``, paths with wildcards or tables with ``path`` and ``features``."""
    workspace, neighbours = table.table(key), table.document.neighbours
    excluded = [text for _, text in workspace.strings("exclude")]
    for index, item in enumerate(workspace.array("members")):
        keys = ("members", index)
        member = workspace.as_table(item if isinstance(item, dict) else {"path": item}, *keys)
        path = member.string("path")
        extras = tuple(sorted({canonicalize_name(name) for _, name in member.strings("features")}))
        places = list(matching(neighbours, path, excluded)) if path else []
        if not places:
            workspace.reject(f"no project is in {path}", *keys)
        for place in places:
            if (name := project_name(neighbours.within(place))) is None:
                workspace.reject(f"the project in {place} has no name", *keys)
            else:
                root = Root(requirement=name, name=name, extras=extras, location=workspace.where(*keys))
                yield referring(root, path_to_url(place), marker=None, editable=True)


def _names(table: Table, key: str) -> dict[str, Location]:
    """The normalized names in an array, each once, with its place."""
    names: dict[str, Location] = {}
    for index, name in table.strings(key):
        names.setdefault(canonicalize_name(name), table.where(key, index))
    return names


_READERS: dict[str, Callable[[Table, str, Content], Iterator[Root]]] = {
    "dependencies": _requirements,
    "extra-dependencies": _requirements,
    "features": _features,
    "dependency-groups": _own_groups,
    "workspace": _members,
}
"""The options of an environment that say what is installed in it."""

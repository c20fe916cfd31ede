"""The ``[project]`` table (PEP 621), ``[dependency-groups]`` (PEP 735), and ``[tool.flit.metadata]`` before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.content import Content, unique
from nogilcheck.inputs.file_content.dependencies import read_dependencies, read_dependency
from nogilcheck.inputs.file_content.diagnostics import extra_part, group_part
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.file_content.graph import reach
from nogilcheck.model.classifiers import read_pythons
from nogilcheck.model.source import Bounds, Location, Root

MAX_GROUPS = 1000
"""Dependency groups of one file."""

_Items = list[str | dict[str, str] | None]
"""``None`` in the place of an item that cannot be used, so that the others keep their positions."""


def read_project_table(project: Table) -> Content:
    """Read the dependencies, extras and Requires-Python that are stated and not left to a build backend."""
    return _read_metadata(project, project.string("name"), "dependencies", "optional-dependencies")


def read_flit(metadata: Table) -> Content:
    """``[tool.flit.metadata]`` ("Old style metadata"): it is called as the module unless it says otherwise."""
    name = metadata.string("dist-name" if "dist-name" in metadata else "module")
    return _read_metadata(metadata, name, "requires", "requires-extra")


def _read_metadata(table: Table, name: str | None, dependencies: str, extras: str) -> Content:
    """A table with the core metadata of a project: ``dependencies`` and ``extras`` are the keys of those."""
    optional = table.table(extras)
    of_extras = (read_dependencies(optional, extra, extra_part(extra)) for extra in optional)
    roots = chain(read_dependencies(table, dependencies), *of_extras)
    return Content(
        name=canonicalize_name(name) if name else None,
        roots=table.document.diagnostics.bounded(roots),
        bounds=read_python(table),
        extras=unique(map(canonicalize_name, table.table(extras))),
    )


def read_python(table: Table) -> Bounds | None:
    """The Pythons that a project is for, by ``requires-python``."""
    pythons = read_pythons(line for line in table.array("classifiers") if isinstance(line, str))
    if table.specifiers("requires-python"):
        text = str(table.at("requires-python")).strip()
        return Bounds(project="", location=table.where("requires-python"), requires_python=text, pythons=pythons)
    return Bounds(project="", location=table.where("classifiers"), pythons=pythons) if pythons else None


def dynamic_fields(project: Table) -> dict[str, Location]:
    """The fields of which a build backend knows more than the table, each with the place that says so."""
    fields = enumerate(project.array("dynamic"))
    return {field: project.where("dynamic", index) for index, field in fields if isinstance(field, str)}


def read_groups(root: Table) -> Content:
    """Every group of ``[dependency-groups]``, with the groups that it includes.

    A problem of one group does not concern the others (PEP 735 wants groups validated when they are used).
    """
    table = root.table("dependency-groups")
    if len(table.data) > MAX_GROUPS:
        table.reject(f"more than {MAX_GROUPS} dependency groups")
        return Content()
    written: dict[str, str] = {}
    for name in table:
        earlier = written.setdefault(canonicalize_name(name), name)
        if earlier != name:
            message = f"the groups {earlier!r} and {name!r} have the same name"
            table.reject(message, name, part=group_part(name))
    items = {name: _usable(table, written, name) for name in written.values()}
    direct = {
        name: [written[canonicalize_name(item["include-group"])] for item in kept if isinstance(item, dict)]
        for name, kept in items.items()
    }
    included = {name: reach(direct[name], direct) for name in items}
    for name, others in included.items():
        if name in others:  # installers refuse it; what it holds counts all the same
            table.reject(f"the dependency group {name!r} includes itself", name, part=group_part(name))
    stated = {name: list(_roots(table, name, items[name])) for name in items}
    roots = _expanded(table, stated, included)
    return Content(roots=table.document.diagnostics.bounded(roots), groups=tuple(written))


def _expanded(table: Table, stated: Mapping[str, list[Root]], included: Mapping[str, Iterable[str]]) -> Iterator[Root]:
    """The requirements of each group with those of the groups that it includes."""
    for name, sources in included.items():
        part = group_part(name)
        for source in dict.fromkeys((name, *sources)):
            if source != name:
                table.document.diagnostics.share(group_part(source), part)
            yield from (replace(root, group=part.group, kind=part.kind) for root in stated[source])


def _roots(table: Table, name: str, items: Iterable[object]) -> Iterator[Root]:
    """The requirements of a group itself."""
    for index, item in enumerate(items):
        if isinstance(item, str):
            root = read_dependency(table.document, item, table.where(name, index), group_part(name))
            if root is not None:
                yield root


def _usable(table: Table, written: Mapping[str, str], name: str) -> _Items:
    """The items of a group; what cannot be used is rejected."""
    items: _Items = []
    part = group_part(name)
    for index, item in enumerate(table.array(name, part=part)):
        kept: str | dict[str, str] | None = None
        if isinstance(item, str):
            kept = item
        elif isinstance(item, dict) and list(item) == ["include-group"] and isinstance(item["include-group"], str):
            included = item["include-group"]
            if canonicalize_name(included) in written:
                kept = item
            else:
                table.reject(f"there is no dependency group {included!r} to include", name, index, part=part)
        else:
            message = "an item of a dependency group is a requirement or { include-group = NAME }"
            table.reject(message, name, index, part=part)
        items.append(kept)
    return items

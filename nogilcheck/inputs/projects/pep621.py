"""The ``[project]`` table (PEP 621, pyproject.toml specification) and ``[dependency-groups]`` (PEP 735)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from packaging.dependency_groups import CyclicDependencyGroup, DependencyGroupResolver
from packaging.utils import canonicalize_name

from nogilcheck.inputs.project_contents import MAX_GROUPS, Part, ProjectCollector
from nogilcheck.model.source import Location, Root

_Items = list[str | dict[str, str] | None]
"""``None`` in the place of an item that cannot be used, so that the others keep their positions."""


def add_project(gathering: ProjectCollector, project: Mapping[str, Any]) -> None:
    """Dependencies, extras and Requires-Python, as far as they are stated and not left to a build backend."""
    name = gathering.string(project.get("name"), gathering.where("project", "name"), "project.name")
    gathering.name = canonicalize_name(name) if name else None
    where = gathering.where("project", "requires-python")
    gathering.python(project.get("requires-python"), where, "project.requires-python")
    gathering.add_all(project.get("dependencies"), ("project", "dependencies"))
    add_arrays(gathering, project.get("optional-dependencies"), ("project", "optional-dependencies"))


def add_arrays(gathering: ProjectCollector, value: object, keys: tuple[str, ...], *, groups: bool = False) -> None:
    """A table of arrays of requirements, each of them an extra, or with ``groups`` a dependency group."""
    for name, items in gathering.table(value, gathering.where(*keys), ".".join(keys)).items():
        part = gathering.part(name, "group" if groups else "extra")
        gathering.add_all(items, (*keys, name), part)


def dynamic_fields(gathering: ProjectCollector, project: Mapping[str, Any]) -> dict[str, Location]:
    """The fields of which a build backend knows more than the table, each with the place that says so."""
    keys = ("project", "dynamic")
    fields = gathering.array(project.get("dynamic"), gathering.where(*keys), "project.dynamic")
    return {field: gathering.where(*keys, index) for index, field in enumerate(fields) if isinstance(field, str)}


def add_groups(gathering: ProjectCollector, value: object) -> None:
    """Every group of ``[dependency-groups]``, with the groups that it includes.

    What is wrong with one group is no matter to the others (PEP 735 wants groups validated when they are used).
    """
    keys = "dependency-groups"
    table = gathering.table(value, gathering.where(keys), keys)
    written: dict[str, str] = {}
    if len(table) > MAX_GROUPS:
        gathering.reject(gathering.where(keys), f"more than {MAX_GROUPS} dependency groups")
        return
    for name in table:
        part = gathering.part(name, "group")
        earlier = written.setdefault(part.group or "", name)
        if earlier != name:
            message = f"the groups {earlier!r} and {name!r} have the same name"
            gathering.reject(gathering.where(keys, name), message, part=part)
    usable = {name: _usable(gathering, table[name], written, name) for name in written.values()}
    _report_cycles(gathering, usable)
    roots = {name: _roots(gathering, items, name) for name, items in usable.items()}
    for name in usable:
        part = gathering.part(name, "group")
        for source in _included(usable, written, name):
            if source != name:
                gathering.share(_part(source), part)
            for root in roots[source]:
                if gathering.full:
                    return
                gathering.keep(replace(root, group=part.group, kind=part.kind))


def _part(name: str) -> Part:
    return Part(group=canonicalize_name(name), kind="group")


def _roots(gathering: ProjectCollector, items: _Items, name: str) -> list[Root]:
    """The requirements of a group itself; its other items keep their places."""
    requirements = [item if isinstance(item, str) else None for item in items]
    return gathering.all_parsed(requirements, ("dependency-groups", name), _part(name))


def _usable(gathering: ProjectCollector, value: object, written: Mapping[str, str], name: str) -> _Items:
    """The items of a group; what cannot be used is rejected."""
    items: _Items = []
    for index, item in enumerate(
        gathering.array(value, gathering.where("dependency-groups", name), f"dependency-groups.{name}", _part(name))
    ):
        where = gathering.where("dependency-groups", name, index)
        kept: str | dict[str, str] | None = None
        if isinstance(item, str):
            kept = item
        elif isinstance(item, dict) and list(item) == ["include-group"] and isinstance(item["include-group"], str):
            included = item["include-group"]
            if canonicalize_name(included) in written:
                kept = item
            else:
                gathering.reject(where, f"there is no dependency group {included!r} to include", part=_part(name))
        else:
            message = "an item of a dependency group is a requirement or { include-group = NAME }"
            gathering.reject(where, message, part=_part(name))
        items.append(kept)
    return items


def _report_cycles(gathering: ProjectCollector, usable: Mapping[str, _Items]) -> None:
    """Groups that include themselves, which installers refuse; what they hold counts all the same."""
    includes = {name: [item for item in items if isinstance(item, dict)] for name, items in usable.items()}
    resolver = DependencyGroupResolver(includes)
    for name in includes:
        where = gathering.where("dependency-groups", name)
        try:
            resolver.resolve(name)
        except RecursionError:
            gathering.reject(where, f"the dependency group {name!r} includes others too deeply", part=_part(name))
            return
        except ExceptionGroup as errors:
            cycles = [error for error in errors.exceptions if isinstance(error, CyclicDependencyGroup)]
            if any(canonicalize_name(cycle.include_group) == canonicalize_name(name) for cycle in cycles):
                gathering.reject(where, f"the dependency group {name!r} includes itself", part=_part(name))


def _included(usable: Mapping[str, _Items], written: Mapping[str, str], name: str) -> list[str]:
    """A group and the groups that it includes, each once."""
    found = {name: None}
    pending = [name]
    while pending:
        for item in usable[pending.pop(0)]:
            if isinstance(item, dict):
                included = written[canonicalize_name(item["include-group"])]
                if included not in found:
                    found[included] = None
                    pending.append(included)
    return list(found)

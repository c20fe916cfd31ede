"""The tables of PDM, Hatch and Flit in pyproject.toml that state dependencies of their own.

See PDM's reference "Build configuration" and guide "Manage dependencies", Hatch's "Environment configuration", and
Flit's "Old style metadata".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import VERSION_PATTERN

from nogilcheck.inputs.project_contents import ProjectCollector
from nogilcheck.inputs.projects.pep621 import add_arrays
from nogilcheck.inputs.settings.index_tables import joined, pdm_indexes
from nogilcheck.inputs.specifiers.dependency_specifiers import specifier_set
from nogilcheck.model.source import Location, Root

_EDITABLE = re.compile(r"\s*(?:-e\s*|--editable[ =])(?P<target>.*)", re.DOTALL)

_VERSION = re.compile(VERSION_PATTERN, re.VERBOSE | re.IGNORECASE)

MAX_TEMPLATES = 100
"""Hatch environments in a chain of templates."""


def add_pdm(gathering: ProjectCollector, tool: Mapping[str, Any]) -> None:
    """Development dependencies, each table entry a group, ``[tool.pdm.resolution.overrides]`` and sources."""
    gathering.settings = joined(pdm_indexes(gathering, tool), gathering.settings)
    keys: tuple[str, ...] = ("tool", "pdm", "dev-dependencies")
    what = ".".join(keys)
    for name, items in gathering.table(tool.get(keys[-1]), gathering.where(*keys), what).items():
        part = gathering.part(name, "group")
        for index, item in enumerate(gathering.array(items, gathering.where(*keys, name), f"{what}.{name}")):
            editable = _EDITABLE.fullmatch(item) if isinstance(item, str) else None
            where = gathering.where(*keys, name, index)
            gathering.add(editable["target"] if editable else item, where, part, editable=editable is not None)
    resolution = gathering.table(
        tool.get("resolution"), gathering.where(*keys[:2], "resolution"), "tool.pdm.resolution"
    )
    keys = ("tool", "pdm", "resolution", "overrides")
    for name, value in gathering.table(resolution.get("overrides"), gathering.where(*keys), ".".join(keys)).items():
        where = gathering.where(*keys, name)
        text = gathering.string(value, where, f"the override of {name}")
        if text is not None and (root := gathering.parsed(_pdm_override(name, text), where)):
            gathering.overrides.append(root)


def _pdm_override(name: str, value: str) -> str:
    """A version, a specifier set or a URL, as the requirement that it stands for."""
    if _VERSION.fullmatch(value):
        return f"{name}=={value}"
    return f"{name} @ {value}" if specifier_set(value) is None else f"{name}{value}"


def add_hatch(gathering: ProjectCollector, tool: Mapping[str, Any]) -> None:
    """Every environment as a dependency group of its name, for that is how they are used (``hatch run test:...``).

    The project's extras that it asks for (``features``) and the groups (``dependency-groups``) belong to it, and what
    it inherits from its template, ``default`` unless it says otherwise. Matrices and overrides are not followed.
    """
    keys = ("tool", "hatch", "envs")
    envs = gathering.table(tool.get("envs"), gathering.where(*keys), ".".join(keys))
    tables = {
        name: gathering.table(value, gathering.where(*keys, name), f"tool.hatch.envs.{name}")
        for name, value in envs.items()
    }
    groups = list(gathering.roots)
    read: dict[tuple[str, str], list[Root]] = {}
    for name in tables:
        origins = {option: origin for option in _READERS if (origin := _origin(tables, name, option)) is not None}
        for option, origin in origins.items():
            part = gathering.part(name, "group")
            if (origin, option) not in read:
                path = (*keys, origin, option)
                read[origin, option] = list(_READERS[option](gathering, tables[origin][option], path, groups))
            for root in read[origin, option]:
                if gathering.full:
                    return
                gathering.keep(replace(root, group=part.group, kind=part.kind))


def _origin(tables: Mapping[str, dict[str, Any]], name: str, option: str) -> str | None:
    """The environment from which one has an option: itself, or the nearest of its templates."""
    for _ in range(MAX_TEMPLATES):
        table = tables.get(name)
        if table is None:
            return None
        if option in table:
            return name
        template = table.get("template", "default")
        if table.get("detached") is True or not isinstance(template, str) or template == name:
            return None
        name = template
    return None


def _requirements(gathering: ProjectCollector, value: object, keys: tuple[str, ...], _: list[Root]) -> Iterable[Root]:
    return gathering.all_parsed(value, keys)


def _features(gathering: ProjectCollector, value: object, keys: tuple[str, ...], _: list[Root]) -> Iterator[Root]:
    """Extras of the project, each as a requirement of the project on itself."""
    for name, where in _names(gathering, value, keys).items():
        if gathering.name is not None:
            yield Root(requirement=f"{gathering.name}[{name}]", name=gathering.name, extras=(name,), location=where)


def _own_groups(gathering: ProjectCollector, value: object, keys: tuple[str, ...], roots: list[Root]) -> Iterator[Root]:
    for name, where in _names(gathering, value, keys).items():
        if name not in gathering.groups:
            gathering.reject(where, f"there is no dependency group {name!r}")
        yield from (root for root in roots if root.kind == "group" and root.group == name)


def _names(gathering: ProjectCollector, value: object, keys: tuple[str, ...]) -> dict[str, Location]:
    """The normalized names in an array, each once, with its place."""
    found: dict[str, Location] = {}
    for index, item in enumerate(gathering.array(value, gathering.where(*keys), ".".join(keys))):
        where = gathering.where(*keys, index)
        if (name := gathering.string(item, where, "a name")) is not None:
            found.setdefault(canonicalize_name(name), where)
    return found


_READERS = {
    "dependencies": _requirements,
    "extra-dependencies": _requirements,
    "features": _features,
    "dependency-groups": _own_groups,
}
"""The options of an environment that say what is installed in it."""


def add_flit(gathering: ProjectCollector, metadata: Mapping[str, Any]) -> None:
    """``[tool.flit.metadata]``, of projects without ``[project]``."""
    keys = ("tool", "flit", "metadata")
    name = gathering.string(metadata.get("dist-name", metadata.get("module")), gathering.where(*keys), "module")
    gathering.name = canonicalize_name(name) if name else None
    where = gathering.where(*keys, "requires-python")
    gathering.python(metadata.get("requires-python"), where, "requires-python")
    gathering.add_all(metadata.get("requires"), (*keys, "requires"))
    add_arrays(gathering, metadata.get("requires-extra"), (*keys, "requires-extra"))

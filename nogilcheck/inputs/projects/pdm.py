"""``[tool.pdm]`` of pyproject.toml. See PDM's reference "Build configuration" and guide "Manage dependencies"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging.utils import canonicalize_name
from packaging.version import VERSION_PATTERN

from nogilcheck.inputs.file_content.content import Content, unique
from nogilcheck.inputs.file_content.dependencies import read_dependency, read_exclusions
from nogilcheck.inputs.file_content.diagnostics import group_part
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.projects.source_tables import referring
from nogilcheck.inputs.projects.workspace import Workspace, is_installed_by_pdm
from nogilcheck.inputs.settings.pdm import pdm_settings
from nogilcheck.inputs.specifiers.dependency_specifiers import specifier_set
from nogilcheck.inputs.text.paths import path_to_url
from nogilcheck.model.source import Root

_EDITABLE = re.compile(r"\s*(?:-e\s*|--editable[ =])(?P<target>.*)", re.DOTALL)

_VERSION = re.compile(VERSION_PATTERN, re.VERBOSE | re.IGNORECASE)


def read_pdm(tool: Table) -> Content:
    """Development dependencies, each table entry a group, ``[tool.pdm.resolution.overrides]`` and sources."""
    groups = tool.table("dev-dependencies")
    return Content(
        roots=tool.document.diagnostics.bounded(_group_roots(groups)),
        overrides=(
            *_overrides(tool.table("resolution", "overrides")),
            *read_exclusions(tool.table("resolution"), "excludes"),
        ),
        settings=pdm_settings(tool),
        groups=unique(map(canonicalize_name, groups)),
        installers=frozenset({"PDM"}) if tool else frozenset(),
    )


def further_members(content: Content, workspace: Workspace) -> Iterator[Root]:
    """The members of a workspace that its root does not name, and that PDM installs with it all the same."""
    root = workspace.document.root
    where = root.where("tool", "pdm", "workspace", "members")
    named = {root.name for root in content.roots}
    for name, directory in workspace.members.items():
        further = name not in named and directory != workspace.directory
        if further and is_installed_by_pdm(root.document.neighbours.within(directory)):
            member = Root(requirement=name, name=name, location=where)
            yield referring(member, path_to_url(directory), marker=None, editable=True)


def _group_roots(groups: Table) -> Iterator[Root]:
    for name in groups:
        for index, text in groups.strings(name):
            editable = _EDITABLE.fullmatch(text)
            root = read_dependency(
                groups.document,
                editable["target"] if editable else text,
                groups.where(name, index),
                group_part(name),
                editable=editable is not None,
            )
            if root is not None:
                yield root


def _overrides(overrides: Table) -> Iterator[Root]:
    for name in overrides:
        text = overrides.string(name)
        if text is not None:
            root = read_dependency(overrides.document, _override(name, text), overrides.where(name))
            if root is not None:
                yield root


def _override(name: str, value: str) -> str:
    """A version, a specifier set or a URL, as the requirement that it stands for."""
    if _VERSION.fullmatch(value):
        return f"{name}=={value}"
    return f"{name} @ {value}" if specifier_set(value) is None else f"{name}{value}"

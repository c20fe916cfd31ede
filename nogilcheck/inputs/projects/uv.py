"""``[tool.uv]`` of pyproject.toml and of scripts: what changes which distributions are asked for.

See uv's reference, "Settings", and its concept page "Managing dependencies" (dependency sources).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from packaging.utils import canonicalize_name

from nogilcheck.frozen import frozen
from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.dependencies import read_dependencies, read_exclusions
from nogilcheck.inputs.file_content.diagnostics import Part, extra_part, group_part
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.projects.source_tables import reference_of, referring
from nogilcheck.inputs.projects.workspace import Workspace, in_workspace
from nogilcheck.inputs.settings.uv import uv_settings
from nogilcheck.inputs.settings.uv_files import project_settings
from nogilcheck.inputs.specifiers.marker_text import all_of, negated
from nogilcheck.inputs.text.paths import path_to_url
from nogilcheck.model.source import Bounds, Root

MAX_SOURCES = 32
"""Sources of one dependency that are followed."""


@frozen
class _UvSource:
    """Where one dependency comes from instead of the index, and when."""

    url: str | None
    """``None``: an index."""
    index: str | None = None
    """The name of the index."""
    editable: bool
    marker: str | None
    part: Part | None
    """The extra or group for which alone it holds."""


def read_uv(tool: Table, workspace: Workspace | None = None) -> Content:
    """The legacy group, constraints, overrides, environments and indexes of ``[tool.uv]``.

    In a member of a workspace all but the group are what its root says; of its own indexes only the names count.
    """
    if workspace is not None and workspace.tool == "uv" and workspace.directory != tool.document.neighbours.directory:
        return _read_member(tool, workspace)
    dev = read_dependencies(tool, "dev-dependencies", group_part("dev"))
    return Content(
        roots=tool.document.diagnostics.bounded(dev),
        constraints=tuple(replace(root, binding=True) for root in read_dependencies(tool, "constraint-dependencies")),
        overrides=(*read_dependencies(tool, "override-dependencies"), *read_exclusions(tool, "exclude-dependencies")),
        settings=project_settings(tool),
        bounds=_environments(tool),
        groups=("dev",) if "dev-dependencies" in tool else (),
        installers=frozenset({"uv"}) if tool else frozenset(),
    )


def _read_member(tool: Table, workspace: Workspace) -> Content:
    content = read_uv(workspace.document.root.table("tool", "uv"))
    tool.document.diagnostics.take(workspace.document.diagnostics.unread, workspace.document.diagnostics.notes)
    for key in ("constraint-dependencies", "override-dependencies", "exclude-dependencies", "environments"):
        if tool.at(key):
            tool.note(f"tool.uv.{key} is ignored in a member of a workspace: {workspace.document.path} counts", key)
    own = tuple(replace(index, role="explicit") for index in uv_settings(tool).indexes if index.name)
    dev = read_dependencies(tool, "dev-dependencies", group_part("dev"))
    return replace(
        content,
        roots=tool.document.diagnostics.bounded(dev),
        settings=replace(content.settings, indexes=(*own, *content.settings.indexes)),
        groups=("dev",) if "dev-dependencies" in tool else (),
    )


def _environments(tool: Table) -> Bounds | None:
    """The environments that the project is for: markers, of which one has to hold."""
    items = tool.several("environments")
    markers = tuple(marker for keys, item in items if (marker := tool.as_marker(item, *keys)))
    if not markers or len(markers) < len(items):  # to leave one out would exclude what it admits
        return None
    return Bounds(project="", location=tool.where("environments"), environments=markers)


def redirection(tool: Table, workspace: Workspace | None = None) -> Callable[[Root], Iterator[Root]]:
    """What ``[tool.uv.sources]`` puts in the place of a requirement; a member has those of its workspace's root too."""
    sources = _all_sources(tool, workspace)
    if workspace is not None and workspace.tool == "uv":
        sources = _all_sources(workspace.document.root.table("tool", "uv"), workspace) | sources
    return lambda root: _redirected(in_workspace(root, workspace), sources.get(root.name, []))


def _all_sources(tool: Table, workspace: Workspace | None) -> dict[str | None, list[_UvSource]]:
    table = tool.table("sources")
    sources: dict[str | None, list[_UvSource]] = {}
    for name in table:
        sources.setdefault(canonicalize_name(name), []).extend(_sources(table, name, workspace))
    return sources


def _redirected(root: Root, sources: list[_UvSource]) -> Iterator[Root]:
    """The root from each source that applies to it, and from the index where none does."""
    rest = [root.marker]
    if root.url is None:
        for source in sources:
            if source.part not in {None, Part(group=root.group, kind=root.kind)}:
                continue
            marker = all_of(root.marker, source.marker)
            if source.url is None:
                yield replace(root, marker=marker, index=source.index)
            else:
                yield referring(root, source.url, marker=marker, editable=source.editable)
            if source.marker is None:
                return
            rest.append(negated(source.marker))
    yield replace(root, marker=all_of(*rest))


def _sources(table: Table, name: str, workspace: Workspace | None) -> Iterator[_UvSource]:
    items = table.several(name)
    if len(items) > MAX_SOURCES:
        table.reject(f"more than {MAX_SOURCES} sources of {name}", name)
    for keys, item in items[:MAX_SOURCES]:
        source = table.as_table(item, *keys)
        if not source:
            continue
        url = None
        if source.at("workspace") is True:
            url = _member(name, workspace)
        elif "index" not in source:
            url = reference_of(source)
            if url is None:
                continue
        yield _UvSource(
            url=url,
            index=source.string("index"),
            editable=source.at("editable") is True,
            marker=source.marker("marker"),
            part=_part(source),
        )


def _part(source: Table) -> Part | None:
    extra, group = source.at("extra"), source.at("group")
    if isinstance(extra, str):
        return extra_part(extra)
    return group_part(group) if isinstance(group, str) else None


def _member(name: str, workspace: Workspace | None) -> str:
    """A file URL of the workspace member of this name; ``workspace:NAME`` when there is none."""
    directory = workspace.members.get(canonicalize_name(name)) if workspace is not None else None
    return path_to_url(directory) if directory else f"workspace:{canonicalize_name(name)}"

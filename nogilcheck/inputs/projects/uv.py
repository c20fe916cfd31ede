"""``[tool.uv]`` of pyproject.toml and of scripts: what changes which distributions are asked for.

See uv's reference, "Settings", and its concept page "Managing dependencies" (dependency sources).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from packaging.utils import canonicalize_name

from nogilcheck.inputs.contents.content import Content
from nogilcheck.inputs.contents.dependencies import read_dependencies, read_exclusions
from nogilcheck.inputs.contents.diagnostics import Part, extra_part, group_part
from nogilcheck.inputs.contents.document import Table
from nogilcheck.inputs.projects.source_tables import reference_of, referring
from nogilcheck.inputs.settings.uv_files import project_settings
from nogilcheck.inputs.specifiers.marker_text import all_of, negated
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.paths import absolute, path_to_url
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.inputs.text.toml_document import parse_toml
from nogilcheck.model.source import Bounds, Root

MAX_PATTERNS = 20
"""Patterns of workspace members that are followed."""

MAX_SOURCES = 32
"""Sources of one dependency that are followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
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


def read_uv(tool: Table) -> Content:
    """The legacy group, constraints, overrides, environments and indexes of ``[tool.uv]``."""
    dev = read_dependencies(tool, "dev-dependencies", group_part("dev"))
    return Content(
        roots=tool.document.diagnostics.bounded(dev),
        constraints=tuple(read_dependencies(tool, "constraint-dependencies")),
        overrides=(*read_dependencies(tool, "override-dependencies"), *read_exclusions(tool, "exclude-dependencies")),
        settings=project_settings(tool),
        bounds=_environments(tool),
        groups=("dev",) if "dev-dependencies" in tool else (),
        installers=frozenset({"uv"}) if tool else frozenset(),
    )


def _environments(tool: Table) -> Bounds | None:
    """The environments that the project is for: markers, of which one has to hold."""
    items = tool.several("environments")
    markers = tuple(marker for keys, item in items if (marker := tool.as_marker(item, *keys)))
    if not markers or len(markers) < len(items):  # to leave one out would exclude what it admits
        return None
    return Bounds(project="", location=tool.where("environments"), environments=markers)


def redirection(tool: Table) -> Callable[[Root], Iterator[Root]]:
    """What ``[tool.uv.sources]`` puts in the place of a requirement."""
    table = tool.table("sources")
    sources: dict[str | None, list[_UvSource]] = {}
    for name in table:
        sources.setdefault(canonicalize_name(name), []).extend(_sources(table, name, tool))
    return lambda root: _redirected(root, sources.get(root.name, []))


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


def _sources(table: Table, name: str, tool: Table) -> Iterator[_UvSource]:
    items = table.several(name)
    if len(items) > MAX_SOURCES:
        table.reject(f"more than {MAX_SOURCES} sources of {name}", name)
    for keys, item in items[:MAX_SOURCES]:
        source = table.as_table(item, *keys)
        if not source:
            continue
        url = None
        if source.at("workspace") is True:
            url = _member(name, tool)
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


def _member(name: str, tool: Table) -> str:
    """A file URL of the workspace member of this name; ``workspace:NAME`` when its directory is not found.

    The members' patterns are followed where they end in ``*`` and the directory is called as the project is.
    """
    members = tool.at("workspace", "members")
    patterns = [item for item in members if isinstance(item, str)] if isinstance(members, list) else ["../*"]
    spellings = dict.fromkeys((name, canonicalize_name(name), canonicalize_name(name).replace("-", "_")))
    neighbours = tool.document.neighbours
    for pattern in list(dict.fromkeys(patterns))[:MAX_PATTERNS]:
        for spelling in spellings:
            directory = pattern.replace("*", spelling)
            if _is_project(neighbours, directory, name):
                return path_to_url(absolute(directory, neighbours.directory))
    return f"workspace:{canonicalize_name(name)}"


def _is_project(neighbours: Neighbours, directory: str, name: str) -> bool:
    if not neighbours.exists(f"{directory}/pyproject.toml"):
        return False
    try:
        project = parse_toml(neighbours.text(f"{directory}/pyproject.toml")).data.get("project")
    except UnreadableSourceError:
        return False
    written = project.get("name") if isinstance(project, dict) else None
    return isinstance(written, str) and canonicalize_name(written) == canonicalize_name(name)

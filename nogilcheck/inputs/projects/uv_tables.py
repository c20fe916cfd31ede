"""``[tool.uv]`` of pyproject.toml and of scripts: what changes which distributions are asked for.

See uv's reference, "Settings", and its concept page "Managing dependencies" (dependency sources).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from packaging.utils import canonicalize_name

from nogilcheck.inputs.project_contents import Part, ProjectCollector
from nogilcheck.inputs.projects.source_tables import reference_of, referring
from nogilcheck.inputs.settings.index_tables import joined, uv_indexes
from nogilcheck.inputs.settings.uv_files import NAME as UV_TOML
from nogilcheck.inputs.settings.uv_files import settings_of
from nogilcheck.inputs.specifiers.dependency_specifiers import canonical_marker
from nogilcheck.inputs.specifiers.marker_text import all_of, negated
from nogilcheck.inputs.text.paths import absolute, path_to_url
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.inputs.text.toml_document import parse_toml
from nogilcheck.model.source import Location, Root

_KEYS = ("tool", "uv")

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


def add_uv(gathering: ProjectCollector, tool: dict[str, Any]) -> None:
    """The legacy group, constraints, overrides, environments and indexes of ``[tool.uv]``."""
    if gathering.beside.exists(UV_TOML):  # uv then passes over what the table says of indexes
        settings, unread = settings_of(gathering.beside)
        gathering.settings = joined(settings, gathering.settings)
        for one in unread:
            gathering.reject(one.location, one.text)
    elif tool:
        gathering.settings = joined(uv_indexes(gathering, tool), gathering.settings)
    if "dev-dependencies" in tool:
        part = gathering.part("dev", "group")
        gathering.add_all(tool["dev-dependencies"], (*_KEYS, "dev-dependencies"), part)
    for key, limits in (
        ("constraint-dependencies", gathering.constraints),
        ("override-dependencies", gathering.overrides),
    ):
        limits.extend(gathering.all_parsed(tool.get(key), (*_KEYS, key)))
    if tool.get("exclude-dependencies"):
        where = gathering.where(*_KEYS, "exclude-dependencies")
        gathering.note(where, "tool.uv.exclude-dependencies is not followed: what it removes is checked")
    _add_environments(gathering, tool.get("environments"))


def _add_environments(gathering: ProjectCollector, value: object) -> None:
    keys = (*_KEYS, "environments")
    where = gathering.where(*keys)
    items = [value] if isinstance(value, str) else gathering.array(value, where, "tool.uv.environments")
    markers = []
    for index, item in enumerate(items):
        if marker := marker_of(gathering, item, gathering.where(*keys, index)):
            markers.append(marker)
    if len(markers) == len(items):  # to leave one out would exclude what it admits
        gathering.limit(markers, where)


def marker_of(gathering: ProjectCollector, value: object, where: Location) -> str | None:
    """A marker in its canonical form; ``None`` for none, and for one that is rejected."""
    text = gathering.string(value, where, "a marker")
    if text is None:
        return None
    found = canonical_marker(text)
    if found is None:
        gathering.reject(where, f"not an environment marker: {text}")
    return found


def redirect(gathering: ProjectCollector, tool: dict[str, Any]) -> None:
    """Apply ``[tool.uv.sources]`` to every requirement gathered so far, constraints and overrides included."""
    keys = (*_KEYS, "sources")
    table = gathering.table(tool.get("sources"), gathering.where(*keys), "tool.uv.sources")
    sources: dict[str | None, list[_UvSource]] = {}
    for name, value in table.items():
        sources.setdefault(canonicalize_name(name), []).extend(_sources(gathering, name, value, tool))
    gathering.rewrite(lambda root: _redirected(root, sources.get(root.name, [])))


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


def _sources(gathering: ProjectCollector, name: str, value: object, tool: dict[str, Any]) -> Iterator[_UvSource]:
    keys: tuple[str | int, ...] = (*_KEYS, "sources", name)
    items = value if isinstance(value, list) else [value]
    if len(items) > MAX_SOURCES:
        gathering.reject(gathering.where(*keys), f"more than {MAX_SOURCES} sources of {name}")
    for index, item in enumerate(items[:MAX_SOURCES]):
        where = gathering.where(*keys, index) if isinstance(value, list) else gathering.where(*keys)
        source = gathering.table(item, where, f"tool.uv.sources.{name}")
        if not source:
            continue
        marker = marker_of(gathering, source.get("marker"), where)
        url = None
        if source.get("workspace") is True:
            url = _member(gathering, name, tool)
        elif "index" not in source:
            url = reference_of(gathering, source, where, f"tool.uv.sources.{name}")
            if url is None:
                continue
        named = gathering.string(source.get("index"), where, "the name of an index")
        yield _UvSource(
            url=url, index=named, editable=source.get("editable") is True, marker=marker, part=_part(source)
        )


def _part(source: dict[str, Any]) -> Part | None:
    for kind in ("extra", "group"):
        if isinstance(name := source.get(kind), str):
            return Part(group=canonicalize_name(name), kind="extra" if kind == "extra" else "group")
    return None


def _member(gathering: ProjectCollector, name: str, tool: dict[str, Any]) -> str:
    """A file URL of the workspace member of this name; ``workspace:NAME`` when its directory is not found.

    The members' patterns are followed where they end in ``*`` and the directory is called as the project is.
    """
    workspace = tool.get("workspace")
    members = workspace.get("members") if isinstance(workspace, dict) else None
    patterns = [one for one in members if isinstance(one, str)] if isinstance(members, list) else ["../*"]
    spellings = dict.fromkeys((name, canonicalize_name(name), canonicalize_name(name).replace("-", "_")))
    for pattern in list(dict.fromkeys(patterns))[:MAX_PATTERNS]:
        for spelling in spellings:
            directory = pattern.replace("*", spelling)
            if _is_project(gathering, directory, name):
                return path_to_url(absolute(directory, gathering.directory))
    return f"workspace:{canonicalize_name(name)}"


def _is_project(gathering: ProjectCollector, directory: str, name: str) -> bool:
    if not gathering.beside.exists(f"{directory}/pyproject.toml"):
        return False
    try:
        project = parse_toml(gathering.beside.text(f"{directory}/pyproject.toml")).data.get("project")
    except UnreadableSourceError:
        return False
    found = project.get("name") if isinstance(project, dict) else None
    return isinstance(found, str) and canonicalize_name(found) == canonicalize_name(name)

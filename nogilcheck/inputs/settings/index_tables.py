"""The tables of pyproject.toml that tell uv, Poetry and PDM of indexes.

See uv's "Package indexes", Poetry's "Repositories", PDM's "Configure the Project" (``[[tool.pdm.source]]``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from packaging.utils import canonicalize_name

from nogilcheck.inputs.project_contents import ProjectCollector
from nogilcheck.inputs.settings.uv_environment import STRATEGIES
from nogilcheck.inputs.text.paths import absolute
from nogilcheck.model.options import DEFAULT_INDEX_URL
from nogilcheck.model.source import IndexSettings, Location, NamedIndex, Role

MAX_INDEXES = 100
"""Indexes of one table."""

_UV = ("tool", "uv")

_POETRY_ROLES: dict[str, Role] = {"primary": "merged", "supplemental": "supplemental", "explicit": "explicit"}


def uv_indexes(gathering: ProjectCollector, tool: Mapping[str, Any], *, keys: tuple[str, ...] = _UV) -> IndexSettings:
    """``[[tool.uv.index]]``, the older ``index-url`` and ``extra-index-url``, and ``find-links``.

    ``keys`` lead to the table; in a ``uv.toml`` it is the document.
    """
    where = gathering.where(*keys, "index-strategy")
    written = gathering.string(tool.get("index-strategy"), where, _named(keys, "index-strategy"))
    if written is not None and written not in STRATEGIES:
        gathering.reject(where, f"no strategy of uv: {written!r}")
    return IndexSettings(
        indexes=tuple(_uv_indexes(gathering, tool, keys)),
        find_links=tuple(_here(gathering, one) for one, _ in _strings(gathering, tool, keys, "find-links")),
        no_index=tool.get("no-index") is True,
        pre=tool.get("prerelease") == "allow",
        strategy=STRATEGIES.get(written or ""),
    )


def _uv_indexes(gathering: ProjectCollector, tool: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[NamedIndex]:
    for table, where in _tables(gathering, tool.get("index"), (*keys, "index")):
        url = gathering.string(table.get("url"), where, "the url of an index")
        if not url:
            gathering.reject(where, "an index without a URL")
            continue
        role: Role = "default" if table.get("default") is True else "first"
        yield NamedIndex(
            name=gathering.string(table.get("name"), where, "the name of an index") or "",
            url=_here(gathering, url),
            role="explicit" if table.get("explicit") is True else role,
            flat=table.get("format") == "flat",
        )
    for url, _ in _strings(gathering, tool, keys, "extra-index-url"):
        yield NamedIndex(url=_here(gathering, url))
    where = gathering.where(*keys, "index-url")
    if url := gathering.string(tool.get("index-url"), where, _named(keys, "index-url")):
        yield NamedIndex(url=_here(gathering, url), role="default")


def poetry_indexes(gathering: ProjectCollector, tool: Mapping[str, Any]) -> IndexSettings:
    """``[[tool.poetry.source]]``. The first primary one, if there is any, stands in the place of PyPI.

    ``default`` and ``secondary`` are what Poetry had before 1.5.
    """
    found = []
    for table, where in _tables(gathering, tool.get("source"), ("tool", "poetry", "source")):
        name = gathering.string(table.get("name"), where, "the name of a source") or ""
        url = gathering.string(table.get("url"), where, "the url of a source")
        if not url and name.lower() != "pypi":
            gathering.reject(where, "a source without a URL")
            continue
        written = gathering.string(table.get("priority"), where, "the priority of a source")
        old: Role = "supplemental" if table.get("secondary") is True else "merged"
        role = _POETRY_ROLES.get(written.lower(), "merged") if written else old
        found.append(NamedIndex(name=name, url=url or DEFAULT_INDEX_URL, role=role))
    return IndexSettings(indexes=with_default(found))


def pdm_indexes(gathering: ProjectCollector, tool: Mapping[str, Any]) -> IndexSettings:
    """``[[tool.pdm.source]]``: beside PyPI, unless one of them is called so."""
    found = []
    for table, where in _tables(gathering, tool.get("source"), ("tool", "pdm", "source")):
        name = gathering.string(table.get("name"), where, "the name of a source") or ""
        url = gathering.string(table.get("url"), where, "the url of a source")
        if not url:
            gathering.reject(where, "a source without a URL")
            continue
        found.append(
            NamedIndex(
                name=name,
                url=url,
                role="default" if name == "pypi" else "merged",
                flat=table.get("type") == "find_links",
                only=_patterns(gathering, table.get("include_packages"), where),
                never=_patterns(gathering, table.get("exclude_packages"), where),
            )
        )
    return IndexSettings(indexes=tuple(found))


def joined(first: IndexSettings, second: IndexSettings) -> IndexSettings:
    """What two tables of a file say together; the first one wins."""
    return replace(
        first,
        indexes=(*first.indexes, *second.indexes),
        find_links=(*first.find_links, *second.find_links),
        no_index=first.no_index or second.no_index,
        pre=first.pre or second.pre,
        strategy=first.strategy or second.strategy,
    )


def with_default(indexes: list[NamedIndex]) -> tuple[NamedIndex, ...]:
    """The first of those that are merged as the default one."""
    first = next((index for index in indexes if index.role == "merged"), None)
    return tuple(replace(index, role="default") if index is first else index for index in indexes)


def _tables(
    gathering: ProjectCollector, value: object, keys: tuple[str, ...]
) -> Iterator[tuple[Mapping[str, Any], Location]]:
    what = ".".join(keys)
    items = gathering.array(value, gathering.where(*keys), what)
    if len(items) > MAX_INDEXES:
        gathering.reject(gathering.where(*keys), f"more than {MAX_INDEXES} entries of {what}")
    for position, item in enumerate(items[:MAX_INDEXES]):
        where = gathering.where(*keys, position)
        if table := gathering.table(item, where, what):
            yield table, where


def _strings(
    gathering: ProjectCollector, tool: Mapping[str, Any], keys: tuple[str, ...], key: str
) -> Iterator[tuple[str, Location]]:
    what = _named(keys, key)
    for position, item in enumerate(gathering.array(tool.get(key), gathering.where(*keys, key), what)[:MAX_INDEXES]):
        where = gathering.where(*keys, key, position)
        if text := gathering.string(item, where, what):
            yield text, where


def _named(keys: tuple[str, ...], key: str) -> str:
    return ".".join((*keys, key))


def _patterns(gathering: ProjectCollector, value: object, where: Location) -> tuple[str, ...]:
    """Normalized like the names that they stand for; what a pattern is made of stays."""
    items = gathering.array(value, where, "a list of packages")
    return tuple(canonicalize_name(item) for item in items if isinstance(item, str))


def _here(gathering: ProjectCollector, location: str) -> str:
    """A path is relative to the project."""
    return location if "://" in location else absolute(location, gathering.directory)

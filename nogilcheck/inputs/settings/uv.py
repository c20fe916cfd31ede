"""What ``[tool.uv]``, ``uv.toml`` and uv's environment variables say of indexes and of what is chosen.

See uv's references "Settings" and "Environment variables", and its page "Package indexes".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.content import with_formats
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.settings.catalogue.uv import INDEX, PIP_TABLE, TABLE, VARIABLE
from nogilcheck.inputs.settings.cooldown import table_cutoffs, text_cutoffs, uv_cutoff
from nogilcheck.inputs.settings.index_tables import MAX_INDEXES, index_tables, url_of
from nogilcheck.inputs.settings.unfollowed import reject_unfollowed, unfollowed_variables
from nogilcheck.inputs.text.evidence import Evidence
from nogilcheck.inputs.text.paths import absolute
from nogilcheck.model.source import IndexSettings, Location, NamedIndex, Role, Strategy, Unread

STRATEGIES: dict[str, Strategy] = {
    "first-index": "first-index",
    "unsafe-first-match": "merge",  # told as a gap: it prefers the versions of earlier indexes
    "unsafe-best-match": "merge",
}
"""uv's names."""

TRUE = frozenset({"1", "true", "yes", "on", "y", "t"})

_NAME = re.compile(r"[\w.-]+")


def uv_settings(tool: Table) -> IndexSettings:
    """``[[index]]``, the older ``index-url`` and ``extra-index-url``, ``find-links`` and the other choices.

    ``tool`` is ``[tool.uv]``, or a ``uv.toml`` as a whole.
    """
    reject_unfollowed(tool, "uv", TABLE)
    reject_unfollowed(tool.table("pip"), "uv", PIP_TABLE)
    settings = IndexSettings(
        indexes=tuple(_indexes(tool)),
        find_links=tuple(locations(tool, "find-links")),
        no_index=tool.at("no-index") is True,
        pre=tool.at("prerelease") == "allow",
        strategy=STRATEGIES.get(tool.string("index-strategy") or ""),
        cutoffs=tuple(table_cutoffs(tool, "exclude-newer", "exclude-newer-package", uv_cutoff)),
    )
    return with_formats(settings, only_binary=_formats(tool, "no-build"), no_binary=_formats(tool, "no-binary"))


def _formats(tool: Table, key: str) -> dict[str, str]:
    """The projects for which ``no-build`` or ``no-binary`` holds, and the setting with its place."""
    if tool.at(key) is True:
        return {":all:": f"{tool.named(key)} ({tool.where(key)})"}
    single = f"{key}-package"
    return {
        canonicalize_name(name): f"{tool.named(single)} ({tool.where(single, place)})"
        for place, name in tool.strings(single)
    }


def _indexes(tool: Table) -> Iterator[NamedIndex]:
    for table in index_tables(tool, "index"):
        reject_unfollowed(table, "uv", INDEX)
        if url := url_of(table):
            role: Role = "default" if table.at("default") is True else "first"
            yield NamedIndex(
                name=table.string("name") or "",
                url=local(tool, url),
                role="explicit" if table.at("explicit") is True else role,
                flat=table.at("format") == "flat",
            )
    for url in locations(tool, "extra-index-url"):
        yield NamedIndex(url=url)
    if url := tool.string("index-url"):
        yield NamedIndex(url=local(tool, url), role="default")


def locations(tool: Table, key: str) -> Iterator[str]:
    """The URLs and paths of an array; paths become absolute."""
    for index, location in tool.strings(key):
        if location and index < MAX_INDEXES:
            yield local(tool, location)


def local(tool: Table, location: str) -> str:
    """A URL as it is, or a path, which is relative to the project."""
    return location if "://" in location else absolute(location, tool.document.neighbours.directory)


def read_uv_environment(evidence: Evidence) -> tuple[IndexSettings, list[Unread]]:
    """What the variables say, each witnessed, and what makes no sense."""
    unread = list(unfollowed_variables(evidence, "uv", VARIABLE))
    name = "UV_EXCLUDE_NEWER"
    text = evidence.variable(name)
    cutoffs, unusable = text_cutoffs(text, Location(path=name), name, uv_cutoff) if text else ((), [])
    settings = IndexSettings(
        indexes=tuple(_variable_indexes(evidence)),
        find_links=tuple(filter(None, (evidence.variable("UV_FIND_LINKS") or "").split(","))),
        no_index=(evidence.variable("UV_NO_INDEX") or "").lower() in TRUE,
        pre=evidence.variable("UV_PRERELEASE") == "allow",
        strategy=STRATEGIES.get(evidence.variable("UV_INDEX_STRATEGY") or ""),
        cutoffs=cutoffs,
    )
    return settings, [*unread, *unusable]


def _variable_indexes(evidence: Evidence) -> Iterator[NamedIndex]:
    """In uv's order; ``UV_INDEX_URL`` and ``UV_EXTRA_INDEX_URL`` are the older names."""
    variables: tuple[tuple[str, Role], ...] = (
        ("UV_DEFAULT_INDEX", "default"),
        ("UV_INDEX", "first"),
        ("UV_EXTRA_INDEX_URL", "first"),
        ("UV_INDEX_URL", "default"),
    )
    for variable, role in variables:
        for written in (evidence.variable(variable) or "").split():
            yield _named_index(written, role)


def _named_index(written: str, role: Role) -> NamedIndex:
    """``URL``, or ``NAME=URL``."""
    name, equals, url = written.partition("=")
    if equals and url and _NAME.fullmatch(name):
        return NamedIndex(name=name, url=url, role=role)
    return NamedIndex(url=written, role=role)

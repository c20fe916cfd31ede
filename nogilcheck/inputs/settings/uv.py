"""What ``[tool.uv]`` and ``uv.toml`` say of indexes. See uv's reference "Settings" and its page "Package indexes"."""

from __future__ import annotations

from collections.abc import Iterator

from nogilcheck.inputs.contents.document import Table
from nogilcheck.inputs.settings.index_tables import MAX_INDEXES, index_tables, url_of
from nogilcheck.inputs.text.paths import absolute
from nogilcheck.model.source import IndexSettings, NamedIndex, Role, Strategy

STRATEGIES: dict[str, Strategy] = {
    "first-index": "first-index",
    "unsafe-first-match": "merge",
    "unsafe-best-match": "merge",
}
"""uv's names. ``unsafe-first-match`` differs in which version it prefers, not in which indexes it admits."""


def uv_settings(tool: Table) -> IndexSettings:
    """``[[index]]``, the older ``index-url`` and ``extra-index-url``, ``find-links`` and the other choices.

    ``tool`` is ``[tool.uv]``, or a ``uv.toml`` as a whole.
    """
    written = tool.string("index-strategy")
    if written is not None and written not in STRATEGIES:
        tool.reject(f"not a strategy of uv: {written!r}", "index-strategy")
    return IndexSettings(
        indexes=tuple(_indexes(tool)),
        find_links=tuple(_locations(tool, "find-links")),
        no_index=tool.at("no-index") is True,
        pre=tool.at("prerelease") == "allow",
        strategy=STRATEGIES.get(written or ""),
    )


def _indexes(tool: Table) -> Iterator[NamedIndex]:
    for table in index_tables(tool, "index"):
        if url := url_of(table):
            role: Role = "default" if table.at("default") is True else "first"
            yield NamedIndex(
                name=table.string("name") or "",
                url=_here(tool, url),
                role="explicit" if table.at("explicit") is True else role,
                flat=table.at("format") == "flat",
            )
    for url in _locations(tool, "extra-index-url"):
        yield NamedIndex(url=url)
    if url := tool.string("index-url"):
        yield NamedIndex(url=_here(tool, url), role="default")


def _locations(tool: Table, key: str) -> Iterator[str]:
    for index, location in tool.strings(key):
        if location and index < MAX_INDEXES:
            yield _here(tool, location)


def _here(tool: Table, location: str) -> str:
    """A path is relative to the project."""
    return location if "://" in location else absolute(location, tool.document.neighbours.directory)

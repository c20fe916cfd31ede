"""What ``[tool.pdm]`` says of indexes. See PDM's "Configure the Project"."""

from __future__ import annotations

from packaging.utils import canonicalize_name

from nogilcheck.inputs.contents.document import Table
from nogilcheck.inputs.settings.index_tables import index_tables, url_of
from nogilcheck.model.source import IndexSettings, NamedIndex


def pdm_settings(tool: Table) -> IndexSettings:
    """``[[tool.pdm.source]]``: beside PyPI, unless one of them is called so."""
    indexes = []
    for table in index_tables(tool, "source"):
        if url := url_of(table):
            name = table.string("name") or ""
            indexes.append(
                NamedIndex(
                    name=name,
                    url=url,
                    role="default" if name == "pypi" else "merged",
                    flat=table.at("type") == "find_links",
                    only=_patterns(table, "include_packages"),
                    never=_patterns(table, "exclude_packages"),
                )
            )
    return IndexSettings(indexes=tuple(indexes))


def _patterns(table: Table, key: str) -> tuple[str, ...]:
    """Normalized like the names that they stand for; what a pattern is made of stays."""
    return tuple(canonicalize_name(pattern) for _, pattern in table.strings(key))

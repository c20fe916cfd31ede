"""What the tools' tables of indexes have in common."""

from __future__ import annotations

from collections.abc import Iterator

from nogilcheck.inputs.file_content.document import Table

MAX_INDEXES = 100
"""Indexes of one table."""


def index_tables(tool: Table, key: str) -> Iterator[Table]:
    """The tables of an array of indexes."""
    count = len(tool.array(key))
    if count > MAX_INDEXES:
        tool.reject(f"more than {MAX_INDEXES} entries of {tool.named(key)}", key)
    for position, table in enumerate(tool.tables(key)):
        if position >= MAX_INDEXES:
            break
        yield table


def url_of(index: Table) -> str | None:
    """The URL of an index; one without is rejected."""
    url = index.string("url")
    if not url:
        index.reject("an index without a URL")
    return url or None

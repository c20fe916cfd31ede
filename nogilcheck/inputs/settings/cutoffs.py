"""Cool-downs of tables and variables -> `Cutoff`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.document import Table
from nogilcheck.model.source import Cutoff, Location, Unread

Reading = Callable[[str], Cutoff]
"""One of `nogilcheck.inputs.settings.cooldown`."""


def table_cutoffs(table: Table, key: str, by_project: str, read: Reading) -> Iterator[Cutoff]:
    """The cutoffs of a table for single projects, and the one for all others."""
    projects = table.table(by_project)
    for name in projects:
        yield from cutoff_at(projects, name, read, project=canonicalize_name(name))
    yield from cutoff_at(table, key, read)


def cutoff_at(table: Table, key: str, read: Reading, *, project: str | None = None) -> Iterator[Cutoff]:
    """The cutoff that a value states, if it states one; ``false`` is the one that lets everything through."""
    origin = f"{key} ({table.where(key)})"
    if table.at(key) is False:
        yield Cutoff(before=None, project=project, origin=origin)
    elif (text := table.string(key)) is not None:
        try:
            yield replace(read(text), project=project, origin=origin)
        except ValueError:
            table.reject(f"not a date, a time or a span of time: {table.named(key)} = {text!r}", key)


def text_cutoffs(text: str, where: Location, name: str, read: Reading) -> tuple[tuple[Cutoff, ...], list[Unread]]:
    """The cutoff that a text states, and what of it cannot be read; ``name`` is the setting's."""
    if text.lower() == "false":
        return (Cutoff(before=None, origin=name),), []
    try:
        return (replace(read(text), origin=name if where.path == name else f"{name} ({where})"),), []
    except ValueError:
        problem = f"not a date, a time or a span of time: {name} = {text!r}"
        return (), [Unread(location=where, text=problem)]

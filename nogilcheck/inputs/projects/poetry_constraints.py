"""Poetry's constraints in the tables of pyproject.toml and poetry.lock."""

from __future__ import annotations

from collections.abc import Iterator

from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.specifiers.poetry_versions import platform_marker, python_marker, specifier_of


def constraint_of(table: Table, constraint: str, *keys: str | int) -> str | None:
    """The specifier set of a version constraint, which is at ``keys``; ``None`` for one that is rejected."""
    specifier = specifier_of(constraint)
    if specifier is None:
        # ``name = "^1"`` is short for ``name = { version = "^1" }``.
        name = table.named(*(key for key in keys if key != "version"))
        table.reject(f"not a version constraint of Poetry: {name} = {constraint!r}", *keys)
    return specifier


def limits_of(table: Table) -> Iterator[str | None]:
    """``python`` and ``platform`` of a dependency as markers."""
    for key, convert in (("python", python_marker), ("platform", platform_marker)):
        text = table.string(key)
        if text is not None:
            try:
                yield convert(text)
            except ValueError:
                table.reject(f"not a constraint of Poetry: {table.named(key)} = {text!r}", key)

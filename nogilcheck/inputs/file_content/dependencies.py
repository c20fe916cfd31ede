"""Dependency specifiers of project files -> roots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.diagnostics import CORE, Part
from nogilcheck.inputs.file_content.document import Document, Table
from nogilcheck.inputs.specifiers.dependency_specifiers import fill, parse_dependency
from nogilcheck.inputs.specifiers.requirement import RejectedError, parse_editable
from nogilcheck.model.source import Location, Root
from nogilcheck.model.urls import redact

NEVER = "python_version < '0'"
"""A marker that holds in no environment."""


def read_dependency(
    document: Document, text: str, where: Location, part: Part = CORE, *, editable: bool = False
) -> Root | None:
    """The root that a dependency specifier (PEP 508) stands for, or with ``editable`` what follows ``-e``.

    ``None`` for one that is rejected. Whether a local path that it names exists is witnessed.
    """
    try:
        filled = fill(text, document.neighbours.directory)
        parsed = parse_editable(filled) if editable else parse_dependency(filled)
    except RejectedError as error:
        if error.local:
            document.neighbours.exists(error.local)
        message = f"{error.message}: {'-e ' if editable else ''}{text}"
        document.diagnostics.reject(where, message, error.hint, part=part)
        return None
    if parsed.local:
        document.neighbours.exists(parsed.local)
    root = parsed.root(redact(f"-e {text}" if editable else text.strip()), where)
    return replace(root, editable=editable, group=part.group, kind=part.kind)


def read_dependencies(table: Table, key: str, part: Part = CORE) -> Iterator[Root]:
    """The roots that an array of dependency specifiers stands for."""
    for index, text in table.strings(key, part=part):
        if root := read_dependency(table.document, text, table.where(key, index), part):
            yield root


def read_exclusions(table: Table, key: str) -> Iterator[Root]:
    """An array of names that are not installed, whoever requires them: overrides that hold nowhere."""
    for index, name in table.strings(key):
        yield exclusion(name, table.where(key, index))


def exclusion(name: str, where: Location) -> Root:
    """The override by which a project is not installed."""
    marker = NEVER
    return Root(requirement=f"{name} ; {marker}", name=canonicalize_name(name), marker=marker, location=where)

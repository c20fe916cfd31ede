"""``dynamic`` dependencies (PEP 621): where a build backend takes them from files, they are read there.

Nothing is built. Known are setuptools' ``[tool.setuptools.dynamic]`` (its user guide, "Dynamic Metadata"), setup.cfg,
and the metadata hook ``requirements_txt`` of Hatch (the plugin hatch-requirements-txt).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.content import Content, joined, unique
from nogilcheck.inputs.file_content.diagnostics import CORE, Kind, NothingStatedError, extra_part
from nogilcheck.inputs.file_content.document import Document, Table
from nogilcheck.inputs.projects.setup_cfg import read_requirement_files, read_stated
from nogilcheck.inputs.projects.setup_py import SETUP_PY, gap
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import Location

_SETUPTOOLS = ("tool", "setuptools", "dynamic")
_HATCH = ("tool", "hatch", "metadata", "hooks", "requirements_txt")
_FIELDS: dict[str, Kind] = {"dependencies": "", "optional-dependencies": "extra"}

_Names = Iterator[tuple[str, Location]]
"""Names of files, each with the place where it is named."""


def read_dynamic(root: Table, fields: Mapping[str, Location]) -> Content:
    """The dependencies and extras that ``project.dynamic`` names; what only a build tells is said to be unknown."""
    content = Content()
    left = []
    for field in filter(fields.__contains__, _FIELDS):
        if (stated := _from_files(root, field)) is None:
            left.append(field)
        else:
            content = joined(content, stated)
    setup_cfg = _setup_cfg(root.document) if left else Content()
    for field in left:
        taken = _part_of(setup_cfg, _FIELDS[field])
        if not taken.roots and not taken.extras:
            _unknown(root.document, field, fields[field])
        content = joined(content, taken)
    return content


def read_without_project(document: Document) -> Content:
    """The core and the extras of a pyproject.toml without ``[project]``: setuptools takes all from files of its own."""
    content = _setup_cfg(document)
    if document.diagnostics.complete and not content.has_roots("") and document.neighbours.exists(SETUP_PY):
        document.diagnostics.take([gap(document.neighbours)])
    return content


def _unknown(document: Document, field: str, where: Location) -> None:
    if field == "dependencies":
        document.diagnostics.reject(
            where,
            "the dependencies are dynamic: they cannot be known without a build, and nothing is built",
            "Check a lock of the project, or what `pip freeze` says in an environment with it.",
            needs_build=True,
        )
    else:
        text = "the optional dependencies are dynamic: its extras cannot be known without a build"
        document.diagnostics.note(text, where)


def _from_files(root: Table, field: str) -> Content | None:
    """What is in the requirement files that are named for the field; ``None`` when none are."""
    if root.at(*_SETUPTOOLS, field) is not None:
        return _read_files(root.table(*_SETUPTOOLS), field, _directive)
    hatch = "files" if field == "dependencies" else field
    if root.at(*_HATCH, hatch) is not None:
        return _read_files(root.table(*_HATCH), hatch, _names)
    return None


def _read_files(table: Table, field: str, names: Callable[[Table, str], _Names]) -> Content:
    document = table.document
    if field != "optional-dependencies":
        return Content(roots=document.diagnostics.bounded(read_requirement_files(document, names(table, field), CORE)))
    extras = table.table(field)
    roots = (
        root for extra in extras for root in read_requirement_files(document, names(extras, extra), extra_part(extra))
    )
    return Content(roots=document.diagnostics.bounded(roots), extras=unique(map(canonicalize_name, extras)))


def _directive(table: Table, key: str) -> _Names:
    """The files of ``{ file = NAME }`` or ``{ file = [NAME, ...] }``."""
    directive = table.table(key)
    if isinstance(table.at(key), dict) and "file" not in directive:
        table.reject(f"{table.named(key)} has to be {{ file = [...] }}", key)
    return _names(directive, "file")


def _names(table: Table, key: str) -> _Names:
    for keys, value in table.several(key):
        if (name := table.as_string(value, *keys)) is not None:
            yield name, table.where(*keys)


def _part_of(content: Content, kind: Kind) -> Content:
    return Content(
        roots=tuple(root for root in content.roots if root.kind == kind),
        extras=content.extras if kind == "extra" else (),
    )


def _setup_cfg(document: Document) -> Content:
    """What the setup.cfg beside a pyproject.toml says; nothing when it says nothing of dependencies."""
    neighbours = document.neighbours
    if not neighbours.exists("setup.cfg"):
        return Content()
    other = Document(neighbours.shown("setup.cfg"), neighbours)
    try:
        content = read_stated(neighbours.text("setup.cfg"), other)
    except NothingStatedError:
        return Content()
    except UnreadableSourceError as error:
        document.diagnostics.take([error.unread(other.path)])
        return Content()
    document.diagnostics.take(other.diagnostics.unread, other.diagnostics.notes)
    return content

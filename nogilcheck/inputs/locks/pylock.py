"""pylock.toml (PEP 751), read and checked by `packaging.pylock`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from packaging.pylock import Pylock, PylockValidationError
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.document import Document, Keys, Table
from nogilcheck.inputs.locks.entries import parse_lock, unknown_version
from nogilcheck.inputs.locks.pylock_graph import roots_and_dependencies
from nogilcheck.inputs.locks.pylock_packages import PylockPackage, read_package
from nogilcheck.inputs.locks.roots import as_stated, lock_content, project_beside
from nogilcheck.inputs.text.compiled import compiling_command
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.quoting import abbreviate
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import Bounds

KNOWN_VERSION = "1.0"
"""Of the specification (``lock-version``)."""

_TEXT = re.compile(r"""'[^']*'|"[^"]*\"""")
_EXTRA = re.compile(r"\bextra\b")
"""In a marker without its texts."""

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
"""Of the places that `packaging` tells: ``packages[3].wheels[0].size``."""


def read_pylock(text: str, path: str, neighbours: Neighbours) -> Content:
    """What a pylock.toml holds.

    Conditions on extras and groups (``'x' in extras``) become `Root.group`; default groups belong to the core.
    Where packages name their dependencies, roots are those that are not there for certain because of another one;
    elsewhere every package is one. Raises `UnreadableSourceError`.
    """
    document = Document(path, neighbours, parse_lock(text))
    root = document.root
    _check_version(root)
    head = _head(root)
    defaults = frozenset(map(canonicalize_name, head.default_groups or ()))
    entries = tuple(_entries(root, defaults))
    roots, distributions = roots_and_dependencies(entries)
    if head.created_by == "pip":
        note = "written by pip, which names only the files for the interpreter that it runs on"
        document.diagnostics.note(note, path)
    hashed = any(not {"wheels", "sdist", "archive"}.isdisjoint(entry.table) for entry in entries)
    for table in (entry.table for entry in entries if "directory" in entry.table and hashed):
        table.note(f"pip installs no directory beside files with hashes ({table.at('name')}); uv does")
    groups = [canonicalize_name(group) for group in head.dependency_groups or ()]
    has_graph = any("dependencies" in entry.table for entry in entries)
    if not has_graph and (project := project_beside(neighbours)):
        roots = tuple(as_stated(roots, project.roots))
    return lock_content(
        document,
        "pylock.toml",
        roots,
        distributions,
        has_graph=has_graph,
        bounds=_bounds(root, head),
        extras=head.extras or (),
        groups=[group for group in groups if group not in defaults],
        defaults=defaults,
        again=compiling_command(text),
        is_for_every_python=head.created_by != "uv",
    )


def _check_version(root: Table) -> None:
    """A note on a minor version that is not known.

    Raises `UnreadableSourceError` for what is no pylock.toml, and for another major version (PEP 751).
    """
    written = root.at("lock-version")
    if written is None or "packages" not in root:
        missing = "lock-version" if written is None else "packages"
        raise UnreadableSourceError(
            f"not a valid pylock.toml (PEP 751): no {missing}", hint="Is it the lock of another tool?"
        )
    if not isinstance(root.at("packages"), list):
        raise UnreadableSourceError("packages is not an array of tables", line=root.where("packages").line)
    try:
        version = Version(written) if isinstance(written, str) else None
    except InvalidVersion:
        version = None
    if version is None:
        line = root.where("lock-version").line
        raise UnreadableSourceError(f"lock-version is not a version: {abbreviate(str(written))}", line=line)
    if version.major != Version(KNOWN_VERSION).major or version.epoch:
        raise unknown_version(f"lock-version {abbreviate(str(written))}", KNOWN_VERSION, root.where("lock-version"))
    if version != Version(KNOWN_VERSION):
        root.note(f"unknown lock-version {written}, read as {KNOWN_VERSION}", "lock-version")


def _head(root: Table) -> Pylock:
    """Everything but the packages. Raises `UnreadableSourceError`."""
    environments = root.at("environments")
    try:
        for index, marker in enumerate(environments if isinstance(environments, list) else ()):
            _check_marker(marker, f"environments[{index}]")
        return _checked({**root.data, "packages": []})
    except PylockValidationError as error:
        line = root.where(*_place(error.context)).line
        raise UnreadableSourceError(_message(error), line=line) from error


def _entries(root: Table, default_groups: Collection[str]) -> Iterator[PylockPackage]:
    """Every package that follows the specification; one by one, so that the others count where one does not."""
    for table in root.tables("packages"):
        try:
            _check_marker(table.at("marker"), "packages[0].marker")
            (package,) = _checked({"created-by": "", "packages": [table.data]}).packages
        except PylockValidationError as error:
            name = table.at("name")
            message = f"{name}: {_message(error)}" if isinstance(name, str) else _message(error)
            # The place is one in a lock of this package alone: packages[0]...
            table.reject(message, *_place(error.context)[2:])
        else:
            yield read_package(package, table, default_groups)


def _check_marker(marker: object, context: str) -> None:
    """A backslash is no escape in a marker (PEP 508), but for packaging, which cannot write all that it reads then.

    Nor is there an ``extra`` to compare with in a lock (PEP 751): installers refuse it, which packaging finds out
    when it evaluates the marker. Raises `PylockValidationError`.
    """
    if not isinstance(marker, str):
        return
    if "\\" in marker:
        raise PylockValidationError("a backslash in an environment marker", context=context)
    if _EXTRA.search(_TEXT.sub("", marker)):
        raise PylockValidationError("the variable extra in an environment marker: a lock has extras", context=context)


def _checked(data: dict[str, Any]) -> Pylock:
    """Raises `PylockValidationError`."""
    return Pylock.from_dict({**data, "lock-version": KNOWN_VERSION})


def _place(context: str | None) -> Keys:
    return tuple(int(index) if index else key for key, index in _STEP.findall(context or ""))


def _message(error: PylockValidationError) -> str:
    """The first line: packaging repeats the text of a marker and draws an arrow in the others."""
    text = error.message.partition("\n")[0]
    place = f" ({error.context.removeprefix('packages[0].')})" if error.context else ""
    return abbreviate(f"{text[:1].lower()}{text[1:]}{place}")


def _bounds(root: Table, head: Pylock) -> Bounds | None:
    if head.requires_python is None and not head.environments:
        return None
    return Bounds(
        project=root.document.path,
        location=root.where("environments" if head.requires_python is None else "requires-python"),
        requires_python=None if head.requires_python is None else str(head.requires_python),
        environments=tuple(str(marker) for marker in head.environments or ()),
    )

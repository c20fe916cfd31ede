"""pylock.toml (PEP 751), read and checked by `packaging.pylock`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from packaging.pylock import Pylock, PylockValidationError
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from nogilcheck.inputs.contents.content import Content
from nogilcheck.inputs.locks.parts import LockParts, parse_lock
from nogilcheck.inputs.locks.pylock_graph import roots_and_dependencies
from nogilcheck.inputs.locks.pylock_packages import PylockPackage, read_package
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.quoting import abbreviate
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.inputs.text.toml_document import Path, TomlDocument
from nogilcheck.model.lock import Lock
from nogilcheck.model.source import Bounds, Location

KNOWN_VERSION = "1.0"
"""Of the specification (``lock-version``)."""

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
"""Of the places that `packaging` tells: ``packages[3].wheels[0].size``."""


def read_pylock(text: str, path: str, beside: Neighbours) -> Content:
    """What a pylock.toml holds.

    Conditions on extras and groups (``'x' in extras``) become `Root.group`; default groups belong to the core.
    Where packages name their dependencies, roots are those that are not there for certain because of another one;
    elsewhere every package is one. Raises `UnreadableSourceError`.
    """
    document = parse_lock(text)
    notes = _version_notes(document, path)
    head = _head(document)
    parts = LockParts(document, path, beside)
    defaults = frozenset(map(canonicalize_name, head.default_groups or ()))
    entries = tuple(_entries(parts, document, defaults))
    roots, distributions = roots_and_dependencies(parts, entries)
    if head.created_by == "pip":
        notes += (f"{path} was written by pip, which names only the files for the interpreter that it runs on",)
    groups = [canonicalize_name(group) for group in head.dependency_groups or ()]
    return Content(
        bounds=_bounds(parts, head),
        lock=Lock(
            path=path,
            kind="pylock.toml",
            roots=roots,
            distributions=distributions,
            has_graph=any("dependencies" in entry.table for entry in entries),
        ),
        extras=tuple(dict.fromkeys(head.extras or ())),
        groups=tuple(dict.fromkeys(group for group in groups if group not in defaults)),
        unread=parts.unread,
        notes=notes,
    )


def _version_notes(document: TomlDocument, path: str) -> tuple[str, ...]:
    """Raises `UnreadableSourceError` for what is no pylock.toml."""
    written = document.data.get("lock-version")
    if written is None or "packages" not in document.data:
        missing = "lock-version" if written is None else "packages"
        raise UnreadableSourceError(
            f"not a lock as PEP 751 has it: it has no {missing}", hint="Is it the lock of another tool?"
        )
    line = document.line("lock-version")
    if not isinstance(document.data["packages"], list):
        raise UnreadableSourceError("packages is no array of tables", line=document.line("packages"))
    try:
        version = Version(written) if isinstance(written, str) else None
    except InvalidVersion:
        version = None
    if version is None:
        raise UnreadableSourceError(f"lock-version is no version: {abbreviate(str(written))}", line=line)
    if version == Version(KNOWN_VERSION):
        return ()
    where = Location(path=path, line=line)
    return (f"{where}: lock-version {abbreviate(str(written))} is not known: it is read as {KNOWN_VERSION}",)


def _head(document: TomlDocument) -> Pylock:
    """Everything but the packages. Raises `UnreadableSourceError`."""
    environments = document.data.get("environments")
    try:
        for index, marker in enumerate(environments if isinstance(environments, list) else ()):
            _check_marker(marker, f"environments[{index}]")
        return _checked({**document.data, "packages": []})
    except PylockValidationError as error:
        place = _place(error.context)
        raise UnreadableSourceError(_message(error), line=document.line(*place)) from error


def _entries(parts: LockParts, document: TomlDocument, default_groups: Collection[str]) -> Iterator[PylockPackage]:
    """Every package that follows the specification; one by one, so that the others count where one does not."""
    for table, at in parts.tables(document.data, "packages", ()):
        try:
            _check_marker(table.get("marker"), "packages[0].marker")
            (package,) = _checked({"created-by": "", "packages": [table]}).packages
        except PylockValidationError as error:
            name = table.get("name")
            parts.reject(f"{name}: {_message(error)}" if isinstance(name, str) else _message(error), _within(at, error))
        else:
            yield read_package(parts, package, table, at, default_groups)


def _check_marker(marker: object, context: str) -> None:
    """A backslash is no escape in a marker (PEP 508), but for packaging, which cannot write all that it reads then.

    Raises `PylockValidationError`.
    """
    if isinstance(marker, str) and "\\" in marker:
        raise PylockValidationError("a backslash in an environment marker", context=context)


def _checked(data: dict[str, Any]) -> Pylock:
    """Raises `PylockValidationError`."""
    return Pylock.from_dict({**data, "lock-version": KNOWN_VERSION})


def _within(at: Path, error: PylockValidationError) -> Path:
    """The place in the lock, of one in a lock of this package alone (``packages[0]...``)."""
    return (*at, *_place(error.context)[2:])


def _place(context: str | None) -> Path:
    return tuple(int(index) if index else key for key, index in _STEP.findall(context or ""))


def _message(error: PylockValidationError) -> str:
    """The first line: packaging repeats the text of a marker and draws an arrow in the others."""
    text = error.message.partition("\n")[0]
    place = f" ({error.context.removeprefix('packages[0].')})" if error.context else ""
    return abbreviate(f"{text[:1].lower()}{text[1:]}{place}")


def _bounds(parts: LockParts, head: Pylock) -> Bounds | None:
    if head.requires_python is None and not head.environments:
        return None
    return Bounds(
        project=parts.path,
        location=parts.location(("environments" if head.requires_python is None else "requires-python",)),
        requires_python=None if head.requires_python is None else str(head.requires_python),
        environments=tuple(str(marker) for marker in head.environments or ()),
    )

"""pylock.toml (PEP 751), read and checked by `packaging.pylock`.

PEP 751 has no roots: a package is installed when its own marker holds, and ``dependencies`` are for information. So a
package is left to be reached through another one only where that one is certainly there whenever it is itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from packaging.pylock import Pylock, PylockValidationError
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.diagnostics import Part
from nogilcheck.inputs.file_content.document import Document, Keys, Table
from nogilcheck.inputs.file_content.graph import covering
from nogilcheck.inputs.locks.entries import parse_lock, pinned_root, unknown_version
from nogilcheck.inputs.locks.pylock_packages import PylockPackage, read_package
from nogilcheck.inputs.locks.roots import as_stated, lock_content, project_beside
from nogilcheck.inputs.text.compiled import compiling_command
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.quoting import abbreviate
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.lock import LockedDependency, LockedDistribution
from nogilcheck.model.source import Bounds, Root

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


def roots_and_dependencies(entries: Sequence[PylockPackage]) -> tuple[tuple[Root, ...], tuple[LockedDistribution, ...]]:
    """The roots, and the distributions with their dependencies."""
    named: dict[object, list[int]] = {}
    for number, entry in enumerate(entries):
        named.setdefault(entry.table.at("name"), []).append(number)
    required = [list(_required(entries, named, number)) for number in range(len(entries))]
    distributions = [
        replace(entry.distribution, dependencies=tuple(_dependency(entries[other]) for other in others))
        for entry, others in zip(entries, required, strict=True)
    ]
    roots = (root for number in _starts(entries, required) for root in _roots(entries[number]))
    return tuple(roots), tuple(distributions)


def _required(entries: Sequence[PylockPackage], named: dict[object, list[int]], number: int) -> Iterator[int]:
    """The entries that an entry requires, apart from those whose extras and groups are another matter."""
    entry = entries[number]
    for wanted in entry.table.tables("dependencies"):
        name = wanted.at("name")
        others = [
            other
            for other in (named.get(name, ()) if isinstance(name, str) else ())
            if all(entries[other].table.at(key) == value for key, value in wanted.data.items())
        ]
        if not others:
            wanted.reject(f"{entry.distribution.name} requires {name}, which is not among the packages")
        for other in others:
            if other != number and (not entries[other].selective or entries[other].marker == entry.marker):
                yield other


def _dependency(entry: PylockPackage) -> LockedDependency:
    """The marker is that of the entry: without it, one that is not there would seem to be missing."""
    distribution = entry.distribution
    return LockedDependency(name=distribution.name, version=distribution.version, marker=distribution.marker)


def _starts(entries: Sequence[PylockPackage], required: Sequence[Sequence[int]]) -> list[int]:
    """The entries that nothing brings in for certain, and one of each circle that nothing else leads to."""
    bringing = {
        number: [other for other in others if entry.marker is None or entry.marker == entries[other].marker]
        for number, (entry, others) in enumerate(zip(entries, required, strict=True))
    }
    brought = {other for others in bringing.values() for other in others}
    return sorted(covering(range(len(entries)), bringing, brought))


def _roots(entry: PylockPackage) -> Iterator[Root]:
    for case in entry.cases:
        root = pinned_root(entry.distribution, Part(group=case.group, kind=case.kind))
        yield replace(root, marker=case.marker)

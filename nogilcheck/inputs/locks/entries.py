"""What the entries of all locks have in common: names, versions, markers, dependencies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache

from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidName, canonicalize_name

from nogilcheck.frozen import frozen
from nogilcheck.inputs.file_content.diagnostics import CORE, Part
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.specifiers.marker_extras import split_extras, without_extras
from nogilcheck.inputs.specifiers.marker_tree import BadMarkerError
from nogilcheck.inputs.specifiers.requirement import MAX_REQUIREMENT_LENGTH
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.inputs.text.toml_document import TomlDocument, parse_toml
from nogilcheck.model.filenames import parse_version
from nogilcheck.model.lock import LockedDependency, LockedDistribution
from nogilcheck.model.source import Location, Root

MAX_VERSION_LENGTH = 256
"""Characters of a version."""

MAX_DIGITS = 1000
"""Digits of a number anywhere in a lock. From 4,300 on Python refuses to read it, in versions and markers too."""

_NUMBER = re.compile(rf"(?<!\d)\d{{{MAX_DIGITS}}}")
_NAME = re.compile(r"\s*(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")


@frozen
class LockEntry:
    """One project at a version, from one source, and the parts of the project for which it is locked."""

    distribution: LockedDistribution
    groups: tuple[str, ...] | None
    """Normalized; ``None``: the lock does not tell."""
    extras: tuple[str, ...] = ()
    """The extras of the project that its marker names, normalized."""
    optional: bool = False
    """Installed for extras only."""
    conditions: tuple[tuple[str, str | None], ...] = ()
    """The marker for each of ``groups``, where the lock has one for each and an installer goes by that alone."""


def parse_lock(text: str) -> TomlDocument:
    """The document. Raises `UnreadableSourceError`, with the line, for text that is no TOML or no sane lock."""
    if number := _NUMBER.search(text):
        line = text.count("\n", 0, number.start()) + 1
        raise UnreadableSourceError(f"a number of more than {MAX_DIGITS} digits", line=line)
    return parse_toml(text)


def unknown_version(told: str, known: str, where: Location) -> UnreadableSourceError:
    """The error for a lock of another major version, whose rules nobody can guess; its own tool refuses it as well."""
    hint = f"Write it with a tool that writes {known}, or try a newer nogilcheck."
    return UnreadableSourceError(f"{told} is not supported (supported: {known})", hint=hint, line=where.line)


@lru_cache(maxsize=8192)
def normalized_name(text: str) -> str | None:
    """The normalized name (PEP 503); ``None`` for text that is no name."""
    try:
        return canonicalize_name(text, validate=True)
    except InvalidName:
        return None


def project_name(table: Table) -> str | None:
    """The normalized name of an entry; ``None`` for what has none, which is rejected."""
    written = table.string("name")
    if table.at("name") is None:
        table.reject("an entry without a name")
    return None if written is None else checked_name(table, written)


def checked_name(table: Table, written: str, *keys: str) -> str | None:
    """A name, normalized; ``None`` for what is none, which is rejected."""
    name = normalized_name(written)
    if name is None:
        table.reject(f"not the name of a project: {written!r}", *keys)
    return name


def locked_version(table: Table, name: str) -> str | None:
    """The version of an entry as written; ``None`` for none and for what is none (PEP 440), which are rejected."""
    version = table.string("version")
    if table.at("version") is None:
        table.reject(f"{name} has no version")
    return None if version is None else checked_version(table, name, version)


def checked_version(table: Table, name: str, version: str) -> str | None:
    """A version as written; ``None`` for what is none, which is rejected."""
    if len(version) > MAX_VERSION_LENGTH or parse_version(version) is None:
        table.reject(f"{name} has no usable version: {version!r}", "version")
        return None
    return version


def normalized_names(table: Table, key: str) -> tuple[str, ...]:
    """The names in an array, such as extras or groups: normalized, each once."""
    return tuple(dict.fromkeys(canonicalize_name(name) for _, name in table.strings(key)))


@lru_cache(maxsize=8192)
def is_marker(text: str) -> bool:
    """Whether text is an environment marker (PEP 508), which knows no backslash; packaging takes it for Python's."""
    if "\\" in text:
        return False
    try:
        Marker(text)
    except (InvalidMarker, ValueError, RecursionError):
        return False
    return True


def held_in(environment: Mapping[str, str]) -> Callable[[str], bool]:
    """Whether a marker holds with these variables (PEP 508); those of the running interpreter where any is absent."""

    @cache
    def held(marker: str) -> bool:
        try:
            return Marker(marker).evaluate({**environment, "extra": ""})
        except (ValueError, RecursionError):
            return False

    return held


def entry_marker(table: Table, value: object, *keys: str) -> tuple[str | None, tuple[str, ...]]:
    """The marker of an entry without extras of the project, and the extras that it names.

    What cannot be read is rejected, and the entry always holds. The marker is at ``keys``.
    """
    text = table.as_string(value, *keys)
    if text is None or text.strip() in {"", "*"}:
        return None, ()
    try:
        return without_extras(text)
    except BadMarkerError as error:
        table.reject(f"{error}: {text}", *keys)
        return None, ()


def marker_cases(table: Table) -> tuple[tuple[str | None, str | None], ...]:
    """The cases of `split_extras` for the marker of a dependency; one that always holds for what cannot be read."""
    text = table.string("markers")
    if text is None or text.strip() in {"", "*"}:
        return ((None, None),)
    try:
        return split_extras(text)
    except BadMarkerError as error:
        table.reject(f"{error}: {text}", "markers")
        return ((None, None),)


def requirement_name(value: object) -> str | None:
    """The normalized name at the start of a requirement; ``None`` where there is none."""
    match = _NAME.match(value) if isinstance(value, str) else None
    return canonicalize_name(match["name"]) if match else None


def dependencies_of(text: str) -> list[LockedDependency]:
    """A requirement that a tool wrote (PEP 508) as dependencies: one for each extra that brings it.

    Raises `ValueError`, with a text for people.
    """
    requirement = _requirement_of(text)
    cases = split_extras(str(requirement.marker)) if requirement.marker else ((None, None),)
    extras = tuple(sorted({canonicalize_name(extra) for extra in requirement.extras}))
    return [
        LockedDependency(
            name=canonicalize_name(requirement.name),
            specifier=str(requirement.specifier),
            extras=extras,
            marker=marker,
            extra=extra,
        )
        for extra, marker in cases
    ]


def listed_dependencies(table: Table, key: str) -> Iterator[LockedDependency]:
    """The requirements (PEP 508) in an array as dependencies; what is none is rejected."""
    for index, text in table.strings(key):
        try:
            yield from dependencies_of(text)
        except ValueError as error:
            table.reject(f"{error}: {text}", key, index)


def _requirement_of(text: str) -> Requirement:
    if len(text) > MAX_REQUIREMENT_LENGTH:
        raise ValueError(f"a requirement of more than {MAX_REQUIREMENT_LENGTH} characters")
    try:
        return Requirement(text)
    except InvalidRequirement as error:
        raise ValueError(str(error).partition("\n")[0]) from error
    except RecursionError as error:
        raise ValueError("a marker that is nested too deeply") from error


def pinned_root(distribution: LockedDistribution, part: Part = CORE, *, extras: tuple[str, ...] = ()) -> Root:
    """A root for an entry of a lock at its version, with the marker of the entry."""
    specifier = f"=={distribution.version}" if distribution.version else ""
    listed = f"[{','.join(extras)}]" if extras else ""
    return Root(
        requirement=f"{distribution.name}{listed}{specifier}",
        name=distribution.name,
        specifier=specifier,
        extras=extras,
        marker=distribution.marker,
        location=distribution.location,
        group=part.group,
        kind=part.kind,
    )

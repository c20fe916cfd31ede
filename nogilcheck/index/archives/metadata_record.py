"""Core metadata as a record of the cache."""

from __future__ import annotations

import json

from nogilcheck.model.artifact import Dependency, Metadata, Missing, MissingKind, SourceEvidence

_RECORD_VERSION = 4
"""A record of another version counts as none, and what it was read from is read again."""


def encode_metadata(value: Metadata | Missing) -> bytes:
    """The record that the cache keeps: versioned JSON, equal bytes for equal values."""
    if isinstance(value, Missing):
        fields: list[object] = [value.kind, value.text]
    else:
        source = value.source and [value.source.compiles, value.source.signs]
        requires = [[need.name, need.specifier, need.extras, need.marker, need.url] for need in value.requires]
        fields = [requires, value.extras, value.requires_python, value.origin, value.problems, source]
        fields += [
            value.name,
            value.version,
            value.invalid,
            value.is_utf8,
            value.pythons,
            value.links,
            value.free_threading,
            value.notes,
        ]
    record = [_RECORD_VERSION, type(value).__name__, fields]
    return json.dumps(record, separators=(",", ":")).encode("ascii")


def decode_metadata(data: bytes) -> Metadata | Missing | None:
    """What `encode_metadata` wrote; ``None`` for anything else, and for records of another version."""
    try:
        match json.loads(data):
            case [int(version), "Metadata", [list(), *_] as fields] if version == _RECORD_VERSION:
                return _decode_fields(fields)
            case [int(version), "Missing", [str(kind), str(text)]] if version == _RECORD_VERSION:
                return Missing(kind=MissingKind(kind), text=text)
    except (ValueError, TypeError, RecursionError):
        pass
    return None


def _decode_fields(fields: list[object]) -> Metadata:
    requires, extras, requires_python, origin, problems, source, *identity, links, free_threading, notes = fields
    name, version, invalid, is_utf8, pythons = identity
    if not isinstance(requires, list) or not isinstance(links, list) or not isinstance(is_utf8, bool):
        raise TypeError("a list, or a boolean")
    return Metadata(
        requires=tuple(map(_decode_dependency, requires)),
        extras=_strings(extras),
        requires_python=_optional(requires_python),
        origin=_string(origin),
        problems=_strings(problems),
        source=None if source is None else _decode_source(source),
        name=_optional(name),
        version=_optional(version),
        invalid=_optional(invalid),
        is_utf8=is_utf8,
        pythons=_strings(pythons),
        links=tuple((label, url) for label, url in map(_strings, links)),
        free_threading=_strings(free_threading),
        notes=_strings(notes),
    )


def _decode_dependency(fields: object) -> Dependency:
    if not isinstance(fields, list):
        raise TypeError("dependency")
    name, specifier, extras, marker, url = fields
    return Dependency(
        name=_string(name),
        specifier=_string(specifier),
        extras=_strings(extras),
        marker=_optional(marker),
        url=_optional(url),
    )


def _decode_source(fields: object) -> SourceEvidence:
    match fields:
        case [bool() | None as compiles, signs]:
            return SourceEvidence(compiles=compiles, signs=_strings(signs))
    raise TypeError("source")


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("string")
    return value


def _optional(value: object) -> str | None:
    return None if value is None else _string(value)


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("strings")
    return tuple(map(_string, value))

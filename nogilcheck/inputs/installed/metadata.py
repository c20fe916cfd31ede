"""One installed distribution: what its ``*.dist-info`` or ``*.egg-info`` says.

See the specifications "Core metadata", "Recording installed projects" and "Recording the direct URL origin" (PEP 610).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.metadata import RawMetadata, parse_email
from packaging.utils import InvalidName, canonicalize_name

from nogilcheck.inputs.file_content.diagnostics import Diagnostics
from nogilcheck.inputs.locks.entries import MAX_VERSION_LENGTH, dependencies_of
from nogilcheck.inputs.locks.files import directory_files, public_reference, vcs_reference
from nogilcheck.inputs.text.json_lines import parse_json
from nogilcheck.inputs.text.pipes import read_up_to
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.filenames import parse_version
from nogilcheck.model.lock import LockedDependency, LockedDistribution, LockedSource
from nogilcheck.model.source import Location

MAX_METADATA_BYTES = 4 * 1024 * 1024
"""Bytes of one file that are read; the fields come before the description, which may be long."""

MAX_REQUIREMENTS = 5000
"""Requires-Dist lines of one distribution; the most seen is below 2,000."""

_VERSION = re.compile(rb"^version[ \t]*:", re.IGNORECASE | re.MULTILINE)
_FOLDED = re.compile(r"\r?\n[ \t]*")


def read_installed(place: Path, shown: str, diagnostics: Diagnostics) -> LockedDistribution:
    """What a metadata directory, or an old ``.egg-info`` file, says. Raises `UnreadableSourceError`."""
    if place.suffix == ".egg-link":
        raise UnreadableSourceError(
            "a legacy editable installation, whose metadata is elsewhere", hint="Install it again with pip."
        )
    name = "METADATA" if place.suffix == ".dist-info" else "PKG-INFO"
    file = place / name if place.is_dir() else place
    data = _read(file)
    fields = _fields(data)
    first = _VERSION.search(data)
    where = Location(
        path=str(Path(shown, name)) if file != place else shown,
        line=data.count(b"\n", 0, first.start()) + 1 if first else None,
    )
    return distribution_of(fields, _origin(place), where, diagnostics)


def distribution_of(
    fields: RawMetadata, origin: Mapping[str, Any], where: Location, diagnostics: Diagnostics
) -> LockedDistribution:
    """What core metadata and ``direct_url.json`` (PEP 610; empty without one) say. Raises `UnreadableSourceError`."""
    project, version = _identity(fields)
    kind, reference, directory = _source(origin)
    editable = directory is not None and directory.get("editable") is True
    return LockedDistribution(
        name=project,
        version=version,
        location=where,
        requires_python=_FOLDED.sub(" ", fields.get("requires_python") or "").strip() or None,
        files=directory_files(reference, version) if directory is not None and not editable else (),
        files_known=False,
        dependencies=tuple(dict.fromkeys(_dependencies(fields, where, diagnostics))),
        source=kind,
        reference=reference,
        own=editable,
    )


def _read(file: Path) -> bytes:
    try:
        return read_up_to(file, MAX_METADATA_BYTES)
    except OSError as error:
        raise UnreadableSourceError(f"its {file.name} cannot be read: {error.strerror or error}") from error


def _fields(data: bytes) -> RawMetadata:
    """The header fields, without the description after the first blank line."""
    ends = [end for end in (data.find(b"\n\n"), data.find(b"\r\n\r\n")) if end >= 0]
    try:
        fields, _ = parse_email(data[: min(ends) + 1] if ends else data)
    except (ValueError, RecursionError) as error:
        raise UnreadableSourceError("its metadata cannot be read") from error
    return fields


def _identity(fields: RawMetadata) -> tuple[str, str]:
    """The normalized name, and the version."""
    name, version = fields.get("name") or "", (fields.get("version") or "").strip()
    try:
        project = canonicalize_name(name.strip(), validate=True)
    except InvalidName as error:
        raise UnreadableSourceError("its metadata has no usable name") from error
    if not version or len(version) > MAX_VERSION_LENGTH or parse_version(version) is None:
        raise UnreadableSourceError(f"its metadata has no usable version: {version!r}")
    return project, version


def _dependencies(fields: RawMetadata, where: Location, diagnostics: Diagnostics) -> Iterator[LockedDependency]:
    for count, line in enumerate(fields.get("requires_dist") or ()):
        text = _FOLDED.sub(" ", line)
        if count >= MAX_REQUIREMENTS:
            diagnostics.reject(where, f"more than {MAX_REQUIREMENTS} Requires-Dist lines")
            return
        try:
            yield from dependencies_of(text)
        except ValueError as error:
            diagnostics.reject(where, f"{error}: Requires-Dist: {text}")


def _source(origin: Mapping[str, Any]) -> tuple[LockedSource, str, dict[str, Any] | None]:
    """Where it was installed from (PEP 610); an index where nothing tells.

    With it ``dir_info``, where that is a directory.
    """
    url = origin.get("url")
    if not isinstance(url, str):
        return LockedSource.INDEX, "", None
    shown = public_reference(url)
    vcs = origin.get("vcs_info")
    if isinstance(vcs, dict):
        return LockedSource.VCS, vcs_reference(str(vcs.get("vcs")), url, vcs.get("commit_id")), None
    local = url.lower().startswith("file:")
    directory = origin.get("dir_info")
    kind = LockedSource.PATH if local or "dir_info" in origin else LockedSource.URL
    return kind, shown, directory if isinstance(directory, dict) else None


def _origin(place: Path) -> dict[str, Any]:
    file = place / "direct_url.json"
    if not file.is_file():
        return {}
    try:
        value = parse_json(_read(file).decode("utf-8", "replace"))
    except UnreadableSourceError as error:
        raise UnreadableSourceError(f"its direct_url.json: {error.message}") from error
    return value if isinstance(value, dict) else {}

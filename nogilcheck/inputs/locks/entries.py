"""What lock files of several tools have in common: files, hashes, names, markers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidName, canonicalize_name

from nogilcheck.inputs.project_contents import ProjectCollector
from nogilcheck.inputs.specifiers.marker_extras import BadMarkerError, split_extras, without_extras
from nogilcheck.inputs.specifiers.requirement import MAX_REQUIREMENT_LENGTH
from nogilcheck.inputs.text.paths import public_url
from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.filenames import parse_filename, parse_version
from nogilcheck.model.lock import LockedDependency
from nogilcheck.model.source import Location

PYPI = "https://pypi.org/simple"
"""Where a distribution comes from when the lock does not say."""

MAX_VERSION_LENGTH = 256
"""Characters of a version."""

_HASH = re.compile(r"(?P<algorithm>md5|sha1|sha224|sha256|sha384|sha512):(?P<digest>[0-9A-Fa-f]{32,128})")
_NAME = re.compile(r"\s*(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
_BARE_SHA256 = re.compile(r"[0-9A-Fa-f]{64}")


def project_name(gathering: ProjectCollector, value: object, where: Location) -> str | None:
    """A name, normalized; ``None`` for what is none, which is rejected."""
    if not isinstance(value, str):
        gathering.reject(where, "an entry without a name")
        return None
    try:
        return canonicalize_name(value, validate=True)
    except InvalidName:
        gathering.reject(where, f"not the name of a project: {value!r}")
        return None


def locked_version(gathering: ProjectCollector, value: object, where: Location, name: str) -> str | None:
    """A version as written; ``None`` for what is none (PEP 440), which is rejected."""
    if not isinstance(value, str):
        gathering.reject(where, f"{name} has no version")
        return None
    if len(value) > MAX_VERSION_LENGTH or parse_version(value) is None:
        gathering.reject(where, f"{name} has no usable version: {value!r}")
        return None
    return value


def hashes_of(values: Iterable[object]) -> dict[str, str]:
    """Algorithm -> digest, of texts such as ``sha256:...``; others are no hashes."""
    found = (_HASH.fullmatch(value) for value in values if isinstance(value, str))
    return {match["algorithm"]: match["digest"].lower() for match in found if match}


def allowed_hashes(values: Iterable[object]) -> tuple[str, ...]:
    """``sha256:...`` and the like, of texts that are such or bare SHA-256 digests."""
    texts = [value for value in values if isinstance(value, str)]
    full = [f"sha256:{text}" if _BARE_SHA256.fullmatch(text) else text for text in texts]
    return tuple(dict.fromkeys(text.lower() for text in full if _HASH.fullmatch(text)))


def release_files(
    rows: Iterable[Mapping[str, Any]], name: str, *, index: str, version: str | None = None
) -> tuple[ReleaseFile, ...]:
    """Rows with ``file`` or ``url``, and ``hash``; files that no installer takes are left out.

    With ``version``, files of other versions are left out too.
    """
    wanted = parse_version(version) if version else None
    files: dict[str, ReleaseFile] = {}
    for row in rows:
        url = row.get("url")
        url = url if isinstance(url, str) else ""
        filename = row.get("file")
        filename = filename if isinstance(filename, str) else last_part(url)
        parsed = parse_filename(filename, name) if filename else None
        release = parsed and parse_version(parsed.version)
        if parsed is None or release is None or (wanted is not None and release != wanted):
            continue
        files[filename] = ReleaseFile(
            filename=filename,
            url=url,
            version=release,
            kind=parsed.kind,
            tags=parsed.tags,
            build=parsed.build,
            hashes=hashes_of([row.get("hash")]),
            index=index,
        )
    return tuple(files.values())


def last_part(url: str) -> str:
    """The name of the file that a URL leads to."""
    try:
        return unquote(urlsplit(url).path.rpartition("/")[2])
    except ValueError:
        return ""


def public_reference(text: str) -> str:
    """A URL or a path that can be shown: no credentials, nothing that cannot be encoded."""
    return public_url(text.encode("utf-8", "backslashreplace").decode())


def entry_marker(gathering: ProjectCollector, value: object, where: Location) -> tuple[str | None, tuple[str, ...]]:
    """The marker of an entry without extras of the project, and the extras that it names.

    What cannot be read is rejected, and the entry always holds.
    """
    text = gathering.string(value, where, "a marker")
    if text is None or text.strip() in {"", "*"}:
        return None, ()
    try:
        return without_extras(text)
    except BadMarkerError as error:
        gathering.reject(where, f"{error}: {text}")
        return None, ()


def any_of(*markers: str | None) -> str | None:
    """The marker that holds where one of them does; ``None`` is one that always does."""
    distinct = dict.fromkeys(markers)
    if None in distinct or not distinct:
        return None
    texts = [marker for marker in distinct if marker]
    return texts[0] if len(texts) == 1 else " or ".join(f"({text})" for text in texts)


def marker_cases(
    gathering: ProjectCollector, value: object, where: Location
) -> tuple[tuple[str | None, str | None], ...]:
    """The cases of `split_extras` for the marker of a dependency; one that always holds for what cannot be read."""
    text = gathering.string(value, where, "a marker")
    if text is None or text.strip() in {"", "*"}:
        return ((None, None),)
    try:
        return split_extras(text)
    except BadMarkerError as error:
        gathering.reject(where, f"{error}: {text}")
        return ((None, None),)


def requirement_of(text: str) -> Requirement:
    """A requirement that a tool wrote (PEP 508). Raises `ValueError`, with a text for people."""
    if len(text) > MAX_REQUIREMENT_LENGTH:
        raise ValueError(f"a requirement of more than {MAX_REQUIREMENT_LENGTH} characters")
    try:
        return Requirement(text)
    except InvalidRequirement as error:
        raise ValueError(str(error).partition("\n")[0]) from error
    except RecursionError as error:
        raise ValueError("a marker that is nested too deeply") from error


def requirement_name(value: object) -> str | None:
    """The normalized name at the start of a requirement; ``None`` where there is none."""
    found = _NAME.match(value) if isinstance(value, str) else None
    return canonicalize_name(found["name"]) if found else None


def dependencies_of(requirement: Requirement) -> list[LockedDependency]:
    """A requirement as dependencies: one for each extra that brings it. Raises `BadMarkerError`."""
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

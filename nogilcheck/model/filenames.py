"""File names of distributions: wheels (PEP 427) and sdists (PEP 625, and the looser ones that pip accepts)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from packaging.utils import canonicalize_name
from packaging.version import Version

SDIST_SUFFIXES = (
    ".tar.gz",
    ".zip",
    ".tar.bz2",
    ".tgz",
    ".tar.xz",
    ".tbz",
    ".txz",
    ".tlz",
    ".tar.lz",
    ".tar.lzma",
    ".tar",
)
"""What pip takes for a source archive, the usual ones first."""

WHEEL_SUFFIX = ".whl"

MAX_FILENAME = 512
"""Characters of a file name. File systems take 255 bytes, so that no installer can keep a file with a longer one."""

MAX_VERSION = 512
"""Characters of a version; real ones have less than 100. Longer numbers take time, or cannot be read (`int`)."""

MEMO_SIZE = 1 << 16
"""Distinct names and version texts remembered per process; numpy's 4,400 files have 140 versions."""

_MACOS_INSTALLER = "macosx10"
"""pip skips ``.zip`` archives named like this: binary installers of another age."""

_WHEEL_PARTS = 5
"""``name-version-python-abi-platform``; one more with a build tag."""

_BUILD_TAG = re.compile(r"[0-9].*", re.DOTALL)


class FileName(NamedTuple):
    """What a file name says."""

    kind: Literal["wheel", "sdist"]
    version: str
    """As written; `parse_version` reads it."""
    tags: str = ""
    build: str = ""


@lru_cache(maxsize=MEMO_SIZE)
def parse_version(text: str) -> Version | None:
    """The version (PEP 440), or ``None`` when the text is none, or longer than `MAX_VERSION`."""
    if len(text) > MAX_VERSION:
        return None
    try:
        return Version(text)
    except ValueError:
        return None


@lru_cache(maxsize=MEMO_SIZE)
def normalized(name: str) -> str:
    """The normalized name (PEP 503)."""
    return canonicalize_name(name)


def parse_filename(filename: str, project: str) -> FileName | None:
    """The parts of a file name, or ``None`` when pip would not install such a file for this project.

    ``project`` is normalized. Eggs, installers, files of other projects, versions outside PEP 440 and names beyond
    `MAX_FILENAME` give ``None``.
    """
    if len(filename) > MAX_FILENAME:
        return None
    if filename.endswith(WHEEL_SUFFIX):
        name = parse_wheel_name(filename)
        if name is None or normalized(filename.partition("-")[0]) != project:
            return None
    else:
        name = _sdist(filename, project)
    return None if name is None or parse_version(name.version) is None else name


def parse_wheel_name(filename: str) -> FileName | None:
    """The parts of the name of a wheel; ``None`` for any other file. `version_text` says whose it may be."""
    if not filename.endswith(WHEEL_SUFFIX):
        return None
    parts = filename[: -len(WHEEL_SUFFIX)].split("-")
    if len(parts) == _WHEEL_PARTS:
        return FileName("wheel", parts[1], f"{parts[2]}-{parts[3]}-{parts[4]}")
    if len(parts) == _WHEEL_PARTS + 1 and _BUILD_TAG.fullmatch(parts[2]):
        return FileName("wheel", parts[1], f"{parts[3]}-{parts[4]}-{parts[5]}", parts[2])
    return None


def version_text(filename: str, project: str) -> str | None:
    """The version as written, of a file that `parse_filename` takes; in a third of the time."""
    if not filename.endswith(WHEEL_SUFFIX):
        name = parse_filename(filename, project)
        return None if name is None else name.version
    if len(filename) > MAX_FILENAME:
        return None
    parts = filename.split("-")
    if len(parts) != _WHEEL_PARTS and not (len(parts) == _WHEEL_PARTS + 1 and _BUILD_TAG.fullmatch(parts[2])):
        return None
    version = parts[1]
    return version if normalized(parts[0]) == project and parse_version(version) is not None else None


def is_sdist(filename: str) -> bool:
    """Whether the suffix is one of a source archive."""
    return filename.endswith(SDIST_SUFFIXES)


def is_archive(filename: str) -> bool:
    """Whether the suffix is one of a wheel or of a source archive."""
    return filename.endswith((WHEEL_SUFFIX, *SDIST_SUFFIXES))


def _sdist(filename: str, project: str) -> FileName | None:
    suffix = next((suffix for suffix in SDIST_SUFFIXES if filename.endswith(suffix)), None)
    if suffix is None or (suffix == ".zip" and _MACOS_INSTALLER in filename):
        return None
    stem = filename[: -len(suffix)]
    # A dash may belong to the name or to the version: it separates them where the name fits.
    at = stem.find("-")
    while at >= 0:
        if normalized(stem[:at]) == project:
            return FileName("sdist", stem[at + 1 :])
        at = stem.find("-", at + 1)
    return None

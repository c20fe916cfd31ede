"""Files and releases that installers discard for their core metadata, as pip 26.3 does."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from packaging.version import Version

from nogilcheck.frozen import frozen
from nogilcheck.model.artifact import Metadata, Missing, ProjectPage, ReleaseFile
from nogilcheck.model.filenames import parse_version
from nogilcheck.model.urls import quotable


class DiscardedError(Exception):
    """A version that a resolution chose turned out to be none: the resolution starts anew without it."""


@frozen
class Flaw:
    """Why a wheel cannot be installed."""

    text: str
    """In a clause: ``its METADATA says that it is version 2.0``."""
    release: bool = False
    """The other files of the version are discarded with it."""
    stops: bool = False
    """pip does not go on to another version: it ends with an error."""


def flaw_of(file: ReleaseFile, project: str, metadata: Metadata | Missing) -> Flaw | None:
    """What discards a wheel of a project (normalized name); ``None``: it can be installed, or nobody knows.

    pip builds an sdist before it looks at the metadata, so the static ones of an sdist discard nothing.
    """
    if file.kind != "wheel" or isinstance(metadata, Missing):
        return None
    if not metadata.is_utf8:
        return Flaw(text="its METADATA is not UTF-8", release=True, stops=True)
    if metadata.name is not None and metadata.name != project:
        if not metadata.name:
            return Flaw(text="its METADATA has no name", release=True, stops=True)
        return Flaw(text=f"its METADATA says that it is {quotable(metadata.name)!r}")
    if metadata.version is not None and (version := parse_version(metadata.version)) != file.version:
        if version is None:
            text = f"its METADATA has no valid version: {quotable(metadata.version)!r}"
            return Flaw(text=text, release=True, stops=True)
        return Flaw(text=f"its METADATA says that it is version {version}")
    return None if metadata.invalid is None else Flaw(text=metadata.invalid, release=True)


def without_files(page: ProjectPage, version: Version, urls: Container[str]) -> ProjectPage:
    """The page without these files of a version."""
    left = tuple(file for file in page.files(version) if file.url not in urls)
    others = {each: files for each, files in page.files_by_version.items() if each != version}
    return replace(page, files_by_version=others | ({version: left} if left else {}))

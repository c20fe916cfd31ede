"""An sdist's dependencies and the evidence that it compiles, read from its stream; nothing is built or unpacked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from nogilcheck.index.archives.core_metadata import parse_metadata, read_fields
from nogilcheck.index.archives.sdist_archive import SdistContents, read_stream
from nogilcheck.index.archives.sdist_evidence import source_evidence
from nogilcheck.index.archives.sdist_requires import (
    read_project_table,
    read_pyproject,
    read_requires_txt,
    requires_nothing,
)
from nogilcheck.model.artifact import Metadata, Missing, MissingKind
from nogilcheck.model.urls import quotable

DYNAMIC = "its dependencies are dynamic and need a build"
"""The problem of an sdist that does not say statically what it requires."""

_STATIC_SINCE = Version("2.2")
_NEEDED = frozenset({"requires-dist", "requires-python"})


def read_sdist(stream: Callable[[], Iterator[bytes]], filename: str) -> Metadata | Missing:
    """Read what an sdist says of itself, by the first of these that says anything.

    1. PKG-INFO of metadata version 2.2 or later in which neither Requires-Dist nor Requires-Python is
       dynamic (PEP 643): origin ``sdist``.
    2. Setuptools' ``*.egg-info/requires.txt``, or that the complete archive holds an egg-info directory
       without one, which means no dependencies: origin ``requires.txt``.
    3. A static ``[project]`` table (PEP 621): origin ``pyproject``.
    4. The Requires-Dist entries of a PKG-INFO that does not promise them: setuptools and Poetry computed them
       when they made the sdist, as setuptools did for requires.txt: origin ``sdist``.
    5. No egg-info directory, no pyproject.toml, and a setup.py that has no place for dependencies, so none:
       origin ``sdist``.

    When none does, the answer still carries the evidence in ``source``; it has no ``requires``, its origin is
    ``sdist`` and `DYNAMIC` is among its ``problems``.

    :param stream: opens the content of the file; only as much is taken from it as the limits of
        `nogilcheck.index.archives.sdist_archive` allow.
    """
    contents = read_stream(stream, filename, SdistContents())
    if isinstance(contents, Missing):
        return contents
    files = contents.files
    if contents.complete and not files:
        text = f"{quotable(filename)} holds neither PKG-INFO nor setup.py nor pyproject.toml"
        return Missing(kind=MissingKind.BROKEN, text=text)
    pyproject = read_pyproject(files["pyproject.toml"]) if "pyproject.toml" in files else None
    info = contents.files.get("PKG-INFO")
    stated = parse_metadata(info, origin="sdist") if info is not None else Metadata(origin="sdist")
    metadata = _static_metadata(contents, pyproject, stated, filename)
    evidence = source_evidence(contents, pyproject)
    # Of the identity an sdist's build has the last word.
    return replace(
        metadata,
        source=evidence,
        name=None,
        version=None,
        invalid=None,
        is_utf8=True,
        pythons=stated.pythons,
        links=stated.links,
        free_threading=stated.free_threading,
    )


def _static_metadata(
    contents: SdistContents, pyproject: dict[str, Any] | None, stated: Metadata, filename: str
) -> Metadata:
    """``said`` is what its PKG-INFO says."""
    info = contents.files.get("PKG-INFO")
    if info is not None and _is_static(info):
        return stated
    egg_info = _egg_info(contents, info, filename)
    if egg_info is not None:
        requires = contents.files.get(f"{egg_info}/requires.txt")
        if not stated.requires_python and (inner := contents.files.get(f"{egg_info}/PKG-INFO")):
            stated = replace(parse_metadata(inner, origin="sdist"), problems=stated.problems)
        if requires is not None or (contents.complete and f"{egg_info}/SOURCES.txt" in contents.files):
            # Setuptools writes no requires.txt where there is nothing to require.
            return read_requires_txt(requires or b"", extras=stated.extras, requires_python=stated.requires_python)
    project = read_project_table(pyproject) if pyproject is not None else None
    if project is not None or stated.requires or (egg_info is None and _requires_nothing(contents)):
        return project or stated
    return replace(stated, problems=(DYNAMIC, *stated.problems))


def _requires_nothing(contents: SdistContents) -> bool:
    files = contents.files
    if not contents.complete or "pyproject.toml" in files:
        return False
    return requires_nothing(files.get("setup.py", b""), files.get("setup.cfg", b""))


def _is_static(info: bytes) -> bool:
    raw, _ = read_fields(info)
    try:
        version = Version(raw.get("metadata_version", "0"))
    except InvalidVersion:
        return False
    return version >= _STATIC_SINCE and _NEEDED.isdisjoint(name.strip().lower() for name in raw.get("dynamic", ()))


def _egg_info(contents: SdistContents, info: bytes | None, filename: str) -> PurePosixPath | None:
    """The project's own egg-info directory, the shallowest of its name: test data may hold others."""
    name = (read_fields(info)[0].get("name") if info is not None else None) or filename.rpartition("-")[0]
    directories = {PurePosixPath(path).parent for path in contents.files if ".egg-info/" in path}
    own_name = canonicalize_name(name.strip())
    own = (directory for directory in directories if canonicalize_name(directory.stem) == own_name)
    return min(own, key=lambda directory: (len(directory.parts), str(directory)), default=None)

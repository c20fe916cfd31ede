"""Whether a project directory compiles, as far as its files tell without a build."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from nogilcheck.index.archives.sdist_archive import MEMBERS_LIMIT, SdistContents
from nogilcheck.index.archives.sdist_evidence import source_evidence
from nogilcheck.index.archives.sdist_requires import read_pyproject
from nogilcheck.model.artifact import Metadata, Missing, MissingKind
from nogilcheck.model.urls import redact

_PASSED_OVER = frozenset({"__pycache__", "node_modules", "site-packages"})
"""Directories that are no part of a source tree; those that begin with a dot (``.git``, ``.venv``) are not either."""


def read_source_directory(directory: Path) -> Metadata | Missing:
    """The evidence alone, as for an sdist: what a directory requires is for its lock to say, and is left out."""
    contents = SdistContents()
    errors: list[OSError] = []
    for count, file in enumerate(_files(directory, errors.append)):
        if count >= MEMBERS_LIMIT:
            contents.complete = False
            break
        path = file.relative_to(directory).parts
        contents.note(path)
        try:
            if contents.wants(path, file.stat().st_size):
                contents.files["/".join(path)] = file.read_bytes()
        except OSError:
            contents.complete = False
    contents.complete &= not errors
    if contents.complete and not contents.files:
        text = f"{redact(str(directory))} holds neither setup.py nor pyproject.toml"
        return Missing(kind=MissingKind.BROKEN, text=text)
    pyproject = read_pyproject(contents.files["pyproject.toml"]) if "pyproject.toml" in contents.files else None
    return Metadata(origin="local", source=source_evidence(contents, pyproject))


def _files(directory: Path, failed: Callable[[OSError], None]) -> Iterator[Path]:
    """Regular files; links to directories are not followed, so that it ends."""
    for place, directories, names in os.walk(directory, onerror=failed):
        directories[:] = [name for name in directories if name not in _PASSED_OVER and not name.startswith(".")]
        for name in names:
            file = Path(place, name)
            if file.is_file():
                yield file

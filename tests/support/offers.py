"""Small offers of files, for tests of the decision."""

from __future__ import annotations

from packaging.version import Version

from nogilcheck.model.artifact import ProjectPage, ReleaseFile
from nogilcheck.model.graph import Node


def wheel(
    tags: str, version: str = "1.0", *, build: str = "", requires_python: str | None = None, yanked: bool = False
) -> ReleaseFile:
    """A wheel of the project ``pkg`` with these compressed tags."""
    middle = f"-{build}" if build else ""
    filename = f"pkg-{version}{middle}-{tags}.whl"
    return ReleaseFile(
        filename=filename,
        url=f"https://files.test/{filename}",
        version=Version(version),
        kind="wheel",
        tags=tags,
        build=build,
        requires_python=requires_python,
        yanked=yanked,
        hashes={},
    )


def sdist(version: str = "1.0", *, requires_python: str | None = None) -> ReleaseFile:
    """The sdist of the project ``pkg``."""
    filename = f"pkg-{version}.tar.gz"
    return ReleaseFile(
        filename=filename,
        url=f"https://files.test/{filename}",
        version=Version(version),
        kind="sdist",
        requires_python=requires_python,
        hashes={},
    )


def node(*files: ReleaseFile, version: str = "1.0") -> Node:
    """The project ``pkg`` chosen at a version."""
    return Node(name="pkg", version=Version(version), files=files)


def page(*files: ReleaseFile) -> ProjectPage:
    """The page of the project ``pkg``."""
    by_version: dict[Version, tuple[ReleaseFile, ...]] = {}
    for file in files:
        by_version[file.version] = (*by_version.get(file.version, ()), file)
    return ProjectPage(name="pkg", files_by_version=dict(by_version))

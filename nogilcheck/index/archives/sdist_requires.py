"""Dependencies of an sdist from what stands in it besides PKG-INFO: requires.txt and pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from itertools import islice
from typing import Any

from packaging.markers import InvalidMarker
from packaging.utils import InvalidName, canonicalize_name

from nogilcheck.index.archives.core_metadata import (
    EXTRAS_LIMIT,
    REQUIREMENTS_LIMIT,
    bounded_extras,
    normalized_extras,
    read_dependencies,
    summed_up,
    with_conditions,
)
from nogilcheck.model.artifact import Dependency, Metadata
from nogilcheck.model.urls import quotable

TOML_LIMIT = 1024 * 1024
"""Bytes of a pyproject.toml."""
DOTS_LIMIT = 1000
"""Dots in one line of it. `tomllib` takes time that grows with the square of the parts of a dotted key."""

_COMPUTED = re.compile(rb"install_requires|setup_requires|\*\*|\bexec\b|\bpbr\b")


def read_requires_txt(data: bytes, *, extras: tuple[str, ...], requires_python: str | None) -> Metadata:
    """Setuptools' ``requires.txt``: requirements, in sections for extras and markers.

    Sections are ``[extra]``, ``[:marker]`` and ``[extra:marker]``, as setuptools' egg_info command writes them.
    """
    problems: list[str] = []
    dependencies: list[Dependency] = []
    sections: dict[str, list[str]] = {"": []}
    lines = sections[""]
    for line in map(str.strip, data.decode("utf-8", "replace").splitlines()):
        if line.startswith("[") and line.endswith("]"):
            lines = sections.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            lines.append(line)
    named = list(extras)
    for section, requirements in islice(sections.items(), EXTRAS_LIMIT):
        extra, _, marker = (part.strip() for part in section.partition(":"))
        try:
            left = REQUIREMENTS_LIMIT - len(dependencies)
            dependencies += _under(
                requirements, problems, extra=extra, marker=marker, field="requires.txt line", most=left
            )
        except (InvalidMarker, InvalidName):
            problems.append(f"its requires.txt section {quotable(section)!r} cannot be read")
        else:
            named.append(extra)
    if len(sections) > EXTRAS_LIMIT:
        problems.append(f"its requires.txt has more than {EXTRAS_LIMIT:,} sections; the rest were not read")
    return Metadata(
        requires=tuple(dependencies),
        extras=normalized_extras(named),
        requires_python=requires_python,
        origin="requires.txt",
        problems=summed_up(problems),
    )


def read_pyproject(data: bytes) -> dict[str, Any] | None:
    """The tables of a pyproject.toml; ``None`` when it is not TOML, or more than is read of it."""
    if len(data) > TOML_LIMIT or any(line.count(b".") > DOTS_LIMIT for line in data.split(b"\n")):
        return None
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):  # not UTF-8, not TOML, nested too deep
        return None


def read_project_table(pyproject: Mapping[str, Any]) -> Metadata | None:
    """The ``[project]`` table (PEP 621); ``None`` when there is none, or its dependencies are dynamic.

    A field that is neither given nor dynamic is statically absent.
    """
    project = pyproject.get("project")
    if not isinstance(project, dict):
        return None
    dynamic = project.get("dynamic", [])
    fields = ("dependencies", "optional-dependencies", "requires-python")
    if not isinstance(dynamic, list) or any(field in dynamic for field in fields):
        return None
    dependencies, optional = project.get("dependencies", []), project.get("optional-dependencies", {})
    requires_python = project.get("requires-python")
    if not isinstance(dependencies, list) or not isinstance(optional, dict):
        return None
    problems: list[str] = []
    found = _under(dependencies, problems, field="dependency", most=REQUIREMENTS_LIMIT)
    for extra, requirements in islice(optional.items(), EXTRAS_LIMIT):
        try:
            left = REQUIREMENTS_LIMIT - len(found)
            found += _under(requirements, problems, extra=extra, field="dependency", most=left)
        except (InvalidName, TypeError):
            problems.append(f"its optional dependencies {quotable(extra)!r} cannot be read")
    return Metadata(
        requires=tuple(found),
        extras=bounded_extras(optional, problems),
        requires_python=requires_python if isinstance(requires_python, str) else None,
        origin="pyproject",
        problems=summed_up(problems),
    )


def requires_nothing(setup: bytes, settings: bytes) -> bool:
    """Whether setup.py and setup.cfg leave no place from which dependencies could come.

    For sdists that distutils made: they have no egg-info directory. The text names neither ``install_requires``
    nor a setup plugin, and calls ``setup`` with neither arguments nor code that come from elsewhere.
    """
    return b"setup(" in setup and not _COMPUTED.search(setup) and b"install_requires" not in settings


def _under(
    requirements: list[Any], problems: list[str], *, extra: str = "", marker: str = "", field: str, most: int
) -> list[Dependency]:
    """Requirements that hold for an extra, or where a marker holds; so many at most.

    :raises InvalidName, InvalidMarker: when the extra or the marker cannot be read.
    """
    conditions = [marker] if marker else []
    if extra:
        conditions.append(f'extra == "{canonicalize_name(extra, validate=True)}"')
    dependencies = read_dependencies(map(str, requirements), problems, field=field, most=most)
    return [with_conditions(one, *conditions) if conditions else one for one in dependencies]

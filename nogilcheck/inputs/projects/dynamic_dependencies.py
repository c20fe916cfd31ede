"""``dynamic`` dependencies (PEP 621): where a build backend takes them from files, they are read there.

Nothing is built. Known are setuptools' ``[tool.setuptools.dynamic]`` (its user guide, "Dynamic Metadata"), setup.cfg,
and the metadata hook ``requirements_txt`` of Hatch (the plugin hatch-requirements-txt).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nogilcheck.inputs.project_contents import CORE, Kind, NothingStatedError, ProjectCollector, value_at
from nogilcheck.inputs.projects.requirement_files import add_files
from nogilcheck.inputs.projects.setup_cfg import SETUP_PY_HINT, gather_setup_cfg
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import Location

_SETUPTOOLS = ("tool", "setuptools", "dynamic")
_HATCH = ("tool", "hatch", "metadata", "hooks", "requirements_txt")
_FIELDS: dict[str, Kind] = {"dependencies": "", "optional-dependencies": "extra"}


def add_dynamic(gathering: ProjectCollector, fields: Mapping[str, Location], data: Mapping[str, Any]) -> None:
    """The dependencies and extras that ``project.dynamic`` names; what only a build tells is said to be unknown."""
    asked = [field for field in _FIELDS if field in fields and not _from_files(gathering, field, data)]
    setup_cfg = _setup_cfg(gathering) if asked else None
    for field in asked:
        if setup_cfg is None or not gathering.take(setup_cfg, _FIELDS[field]):
            _unknown(gathering, field, fields[field])


def add_without_project(gathering: ProjectCollector) -> None:
    """The core and the extras of a pyproject.toml without ``[project]``: setuptools takes all from files of its own."""
    setup_cfg = _setup_cfg(gathering)
    if setup_cfg is not None:
        gathering.take_bounds(setup_cfg)
        gathering.take(setup_cfg, "extra")
        if gathering.take(setup_cfg, ""):
            return
    if gathering.beside.exists("setup.py"):
        where = Location(path=gathering.beside.shown("setup.py"))
        gathering.reject(where, "the dependencies are in setup.py, which is never run", SETUP_PY_HINT, needs_build=True)


def _unknown(gathering: ProjectCollector, field: str, where: Location) -> None:
    if field == "dependencies":
        gathering.reject(
            where,
            "the dependencies are dynamic: they cannot be known without a build, and nothing is built",
            "Check a lock of the project, or what `pip freeze` says in an environment with it.",
            needs_build=True,
        )
    else:
        gathering.note(where, "the optional dependencies are dynamic: its extras cannot be known without a build")


def _from_files(gathering: ProjectCollector, field: str, data: Mapping[str, Any]) -> bool:
    """Whether requirement files are named for the field; they are read."""
    setuptools = (*_SETUPTOOLS, field)
    hatch = (*_HATCH, "files" if field == "dependencies" else field)
    if (value := value_at(data, *setuptools)) is not None:
        what = ".".join(setuptools)
        if field == "dependencies":
            names = _directive(gathering, value, setuptools, what)
            add_files(gathering, names, CORE)
            return True
        for name, directive in gathering.table(value, gathering.where(*setuptools), what).items():
            part = gathering.part(name, "extra")
            add_files(gathering, _directive(gathering, directive, (*setuptools, name), f"{what}.{name}"), part)
        return True
    if (value := value_at(data, *hatch)) is not None:
        what = ".".join(hatch)
        if field == "dependencies":
            add_files(gathering, _names(gathering, value, hatch, what), CORE)
            return True
        for name, files in gathering.table(value, gathering.where(*hatch), what).items():
            part = gathering.part(name, "extra")
            add_files(gathering, _names(gathering, files, (*hatch, name), f"{what}.{name}"), part)
        return True
    return False


def _directive(
    gathering: ProjectCollector, value: object, keys: tuple[str, ...], what: str
) -> Iterator[tuple[str, Location]]:
    """The files of ``{ file = NAME }`` or ``{ file = [NAME, ...] }``."""
    table = gathering.table(value, gathering.where(*keys), what)
    if isinstance(value, dict) and "file" not in table:
        gathering.reject(gathering.where(*keys), f"{what} has to be {{ file = [...] }}")
    return _names(gathering, table.get("file"), (*keys, "file"), f"{what}.file")


def _names(
    gathering: ProjectCollector, value: object, keys: tuple[str, ...], what: str
) -> Iterator[tuple[str, Location]]:
    items = [value] if isinstance(value, str) else gathering.array(value, gathering.where(*keys), what)
    for index, item in enumerate(items):
        where = gathering.where(*keys, index)
        if (name := gathering.string(item, where, "the name of a file")) is not None:
            yield name, where


def _setup_cfg(gathering: ProjectCollector) -> ProjectCollector | None:
    """What the setup.cfg beside a pyproject.toml says; ``None`` when it says nothing of dependencies."""
    if not gathering.beside.exists("setup.cfg"):
        return None
    shown = gathering.beside.shown("setup.cfg")
    try:
        return gather_setup_cfg(gathering.beside.text("setup.cfg"), shown, gathering.beside)
    except NothingStatedError:
        return None
    except UnreadableSourceError as error:
        gathering.reject(Location(path=shown, line=error.line), error.message, error.hint)
        return None

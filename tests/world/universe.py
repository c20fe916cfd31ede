"""Small package worlds: projects, versions and files, read from TOML into frozen values.

The format is described in ``fixtures/universes/README.md``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from tests.world.scenario import Scenario, read_scenario
from tests.world.tables import Table, UniverseError

UNIVERSES = Path(__file__).parents[2] / "fixtures" / "universes"

DEFAULT_UPLOAD_TIME = "2026-01-01T00:00:00Z"
DEFAULT_METADATA_VERSION = "2.4"
DEFAULT_BACKEND = "setuptools.build_meta"

Language = Literal["c", "c++", "cython", "fortran", "rust"]
LANGUAGES: tuple[Language, ...] = ("c", "c++", "cython", "fortran", "rust")

_FILE_KEYS = ("requires", "extras", "requires-python", "requires-python-page", "yanked", "upload-time", "metadata",
              "metadata-only-differs", "fields")  # fmt: skip
"""Keys that a version gives to all of its files and a single file may override."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """The core metadata of one archive."""

    metadata_version: str = DEFAULT_METADATA_VERSION
    requires: tuple[str, ...] = ()
    """Requirements that belong to no extra."""
    optional: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Each extra with its requirements."""
    requires_python: str | None = None
    dynamic: tuple[str, ...] = ()
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Further fields; one that is named here replaces the one made from the universe."""

    @property
    def extras(self) -> tuple[str, ...]:
        """``Provides-Extra``."""
        return tuple(extra for extra, _ in self.optional)

    @property
    def requires_dist(self) -> tuple[str, ...]:
        """``Requires-Dist``: all requirements, those of extras with their condition."""
        return (*self.requires, *(_for_extra(line, extra) for extra, lines in self.optional for line in lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelContents:
    """What makes one wheel differ from another."""

    tags: str
    """``cp314-cp314t-manylinux_2_28_x86_64``, perhaps compressed."""
    build: str = ""
    members: tuple[str, ...] = ()
    """Names of further members."""
    modules: tuple[tuple[str, str], ...] = ()
    """Names of members that are extension modules, with what each says (`tests.support.modules.Says`); after a colon,
    bytes that it is longer for."""
    padding: int = 0
    """Bytes of incompressible ballast."""
    metadata_first: bool = False
    """``METADATA`` stands before everything else, out of reach of a short tail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SdistContents:
    """What makes one sdist differ from another."""

    native: tuple[Language, ...] = ()
    """Languages of which it holds a source file."""
    source: str = ""
    """The text of a source file in C."""
    backend: str = DEFAULT_BACKEND
    """``build-backend``; empty: there is no pyproject.toml."""
    project_table: bool = False
    """pyproject.toml states the dependencies, statically."""
    egg_info: bool = False
    """An ``.egg-info`` directory with ``requires.txt``."""
    pkg_info: bool = True
    """There is a ``PKG-INFO``."""
    setup_py: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One archive, and what an index says about it."""

    project: str
    """As written in the universe."""
    version: str
    filename: str
    contents: WheelContents | SdistContents
    core: Core
    served: Core
    """What the index serves as ``<file>.metadata``."""
    requires_python: str | None = None
    """On the page."""
    yanked: str | None = None
    """The reason, perhaps empty; ``None``: not yanked."""
    upload_time: str = DEFAULT_UPLOAD_TIME

    @property
    def is_wheel(self) -> bool:
        """Whether it is a wheel."""
        return isinstance(self.contents, WheelContents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One project and its files, in the order of the universe."""

    name: str
    """As written."""
    status: str = "active"
    """The project status marker (PEP 792)."""
    files: tuple[File, ...]

    @property
    def normalized(self) -> str:
        """PEP 503."""
        return canonicalize_name(self.name)

    @property
    def versions(self) -> tuple[str, ...]:
        """Every version with a file, in the order of the universe."""
        return tuple(dict.fromkeys(file.version for file in self.files))


@dataclass(frozen=True, slots=True, kw_only=True)
class Universe:
    """Everything that an index offers, and what a check of it must find."""

    name: str
    description: str = ""
    projects: tuple[Project, ...] = ()
    scenarios: tuple[Scenario, ...] = ()

    def __str__(self) -> str:
        return self.name

    @property
    def files(self) -> Iterator[File]:
        """Every file."""
        return (file for project in self.projects for file in project.files)

    def project(self, name: str) -> Project | None:
        """The project of this name, however it is spelled."""
        wanted = canonicalize_name(name)
        return next((project for project in self.projects if project.normalized == wanted), None)

    def file(self, filename: str) -> File:
        """The file of this name; raises `KeyError`."""
        for file in self.files:
            if file.filename == filename:
                return file
        raise KeyError(filename)

    def scenario(self, name: str) -> Scenario:
        """The scenario of this name; raises `KeyError`."""
        for scenario in self.scenarios:
            if scenario.name == name:
                return scenario
        raise KeyError(name)


@cache
def load(name: str) -> Universe:
    """The universe ``fixtures/universes/<name>.toml``; raises `UniverseError` for one that is not well formed."""
    return parse((UNIVERSES / f"{name}.toml").read_text(encoding="utf-8"), name=name)


def names() -> tuple[str, ...]:
    """The universes that are there, sorted."""
    return tuple(sorted(path.stem for path in UNIVERSES.glob("*.toml")))


def parse(text: str, *, name: str = "inline") -> Universe:
    """A universe from TOML text; raises `UniverseError` for anything that is not well formed."""
    try:
        root = Table(tomllib.loads(text), name)
    except tomllib.TOMLDecodeError as error:
        raise UniverseError(f"{name}: {error}") from error
    table = root.table("projects")
    universe = Universe(
        name=name,
        description=root.text("description"),
        projects=tuple(_project(key, table.table(key)) for key in table),
        scenarios=tuple(
            read_scenario(Table(item, f"{name}.scenario[{position}]"), name)
            for position, item in enumerate(root.array("scenario"))
        ),
    )
    root.finish()
    _check_scenarios(universe)
    return universe


def _project(name: str, table: Table) -> Project:
    status = table.text("status", "active")
    versions = [key for key in table if key != "status"]
    for version in versions:
        try:
            Version(version)
        except InvalidVersion as error:
            raise UniverseError(f"{table.where}: unknown key {version!r}: neither an option nor a version") from error
    files = tuple(file for version in versions for file in _release(name, version, table.table(version)))
    return Project(name=name, status=status, files=files)


def _release(name: str, version: str, table: Table) -> Iterator[File]:
    shared = {key: table.value(key) for key in _FILE_KEYS if key in table}
    contents = {"members": table.value("members", []), "modules": table.value("modules", {})}
    wheels = table.array("wheels", () if "sdist" in table else ["py3-none-any"])
    sdist = table.value("sdist", default=False)
    table.finish()
    for position, wheel in enumerate(wheels):
        own = {"tag": wheel} if isinstance(wheel, str) else wheel
        where = f"{table.where}.wheels[{position}]"
        if not isinstance(own, dict):
            raise UniverseError(f"{where}: expected a tag string or a table, not {wheel!r}")
        yield _file(name, version, Table({**contents, **shared, **own}, where), _wheel)
    if sdist is not False:
        own = {} if sdist is True else sdist
        where = f"{table.where}.sdist"
        if not isinstance(own, dict):
            raise UniverseError(f"{where}: expected true, false or a table, not {sdist!r}")
        yield _file(name, version, Table({**shared, **own}, where), _sdist)


_Reader = Callable[[str, str, Table], tuple[str, WheelContents | SdistContents]]


def _file(name: str, version: str, table: Table, reader: _Reader) -> File:
    default_filename, contents = reader(name, version, table)
    core = _core(table)
    if isinstance(contents, SdistContents) and table.flag("dynamic"):
        core = replace(core, dynamic=("Requires-Dist",))
    served = core
    if "metadata-only-differs" in table:
        served = replace(core, requires=_requirements(table, "metadata-only-differs"), optional=())
    file = File(
        project=name,
        version=version,
        filename=table.text("filename", default_filename),
        contents=contents,
        core=core,
        served=served,
        requires_python=_requires_python_on_page(table, core),
        yanked=_yanked(table),
        upload_time=table.text("upload-time", DEFAULT_UPLOAD_TIME),
    )
    table.finish()
    return file


def _wheel(name: str, version: str, table: Table) -> tuple[str, WheelContents]:
    build, tags = _split_tag(table)
    stem = f"{_escaped(name)}-{Version(version)}"
    filename = f"{stem}-{build}-{tags}.whl" if build else f"{stem}-{tags}.whl"
    try:
        parse_wheel_filename(filename)
    except (InvalidWheelFilename, InvalidVersion) as error:
        raise UniverseError(f"{table.where}: {error}") from error
    modules = table.table("modules")
    contents = WheelContents(
        tags=tags,
        build=build,
        members=table.texts("members"),
        modules=tuple((name, modules.text(name)) for name in modules),
        padding=table.number("padding"),
        metadata_first=table.flag("metadata-first"),
    )
    return filename, contents


def _split_tag(table: Table) -> tuple[str, str]:
    """The build tag, which begins with a digit as no Python tag does, and the rest."""
    build, dash, tags = table.text("tag").partition("-")
    return (build, tags) if dash and build[:1].isdigit() else ("", table.text("tag"))


def _sdist(name: str, version: str, table: Table) -> tuple[str, SdistContents]:
    backend = table.text("backend", DEFAULT_BACKEND)
    native = tuple(language for language in LANGUAGES if language in table.texts("native"))
    if unknown := set(table.texts("native")) - set(native):
        raise UniverseError(f"{table.where}.native: {unknown} not among {', '.join(LANGUAGES)}")
    contents = SdistContents(
        native=native,
        source=table.text("source", ""),
        backend=backend,
        project_table=table.flag("project-table"),
        egg_info=table.flag("egg-info"),
        pkg_info=table.flag("pkg-info", default=True),
        setup_py=table.flag("setup-py", default=backend in ("", DEFAULT_BACKEND)),
    )
    return f"{_escaped(name)}-{Version(version)}.tar.gz", contents


def _core(table: Table) -> Core:
    extras = table.table("extras")
    fields = table.table("fields")
    return Core(
        metadata_version=table.text("metadata", DEFAULT_METADATA_VERSION),
        requires=_requirements(table, "requires"),
        optional=tuple((extra, _requirements(extras, extra)) for extra in extras),
        requires_python=table.maybe_text("requires-python"),
        fields=tuple(
            (key, fields.texts(key) if isinstance(fields.value(key), list) else (fields.text(key),)) for key in fields
        ),
    )


def _requirements(table: Table, key: str) -> tuple[str, ...]:
    lines = table.texts(key)
    for line in lines:
        try:
            Requirement(line)
        except InvalidRequirement as error:
            raise UniverseError(f"{table.where}.{key}: {line!r}: {error}") from error
    return lines


def _for_extra(line: str, extra: str) -> str:
    head, semicolon, marker = line.partition(";")
    condition = f'extra == "{extra}"'
    return f"{head.rstrip()} ; ({marker.strip()}) and {condition}" if semicolon else f"{head} ; {condition}"


def _requires_python_on_page(table: Table, core: Core) -> str | None:
    value = table.value("requires-python-page", default=True)
    if isinstance(value, str):
        return value
    return core.requires_python if table.flag("requires-python-page", default=True) else None


def _yanked(table: Table) -> str | None:
    value = table.value("yanked", default=False)
    if isinstance(value, str):
        return value
    return "" if table.flag("yanked") else None


def _escaped(name: str) -> str:
    """The name as it stands in file names (binary distribution format specification)."""
    return canonicalize_name(name).replace("-", "_")


def _check_scenarios(universe: Universe) -> None:
    """An expectation about something that is not in the universe is a typing error."""
    for scenario in universe.scenarios:
        for where, name, version in scenario.mentioned:
            project = universe.project(name)
            if version is not None and (project is None or version not in project.versions):
                raise UniverseError(f"{universe.name}: {scenario.name}: {where}: there is no {name} {version}")

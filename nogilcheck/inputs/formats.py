"""The formats in which projects state their dependencies, and how a file name tells them apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import PurePath
from typing import Literal

from nogilcheck.errors import invalid_value
from nogilcheck.inputs.file_content.content import Content, Installer
from nogilcheck.inputs.foreign import foreign_name

REQUIREMENTS = "requirements"
"""The format of `pip install -r`; it is read by a reader of its own."""

StructuredReader = Callable[..., Content]
"""Takes the text, the path for people and the `Neighbours`; that of uv.lock also a member of the workspace."""


@dataclass(frozen=True, slots=True)
class InputFormat:
    """One format that is read as a whole."""

    name: str
    """For ``--input-format``, and for people."""
    patterns: tuple[str, ...]
    """Of file names in lower case, in the syntax of `fnmatch`."""
    reader_path: str
    """The module of the reader below `nogilcheck.inputs`, a colon, the function."""
    optional: bool = False
    """Many projects have such a file for other settings: it may state no dependencies."""
    found: Literal["first", "last", "never"] = "first"
    """Whether it is looked for in a directory: before requirements files, after them, or not at all."""
    installers: frozenset[Installer] = frozenset()
    """Of a lock: those who follow it, whose settings count. Of other files their content tells."""

    def reader(self) -> StructuredReader:
        """What reads it; imported now."""
        module, _, function = self.reader_path.partition(":")
        reader: StructuredReader = getattr(import_module(f"nogilcheck.inputs.{module}"), function)
        return reader

    def matches(self, path: str) -> bool:
        """Whether a file is called so."""
        name = PurePath(path).name.lower()
        return foreign_name(name) is None and any(fnmatchcase(name, pattern) for pattern in self.patterns)


_CONDA = ("environment*.yml", "environment*.yaml", "conda*.yml", "conda*.yaml")

FORMATS = (
    InputFormat(
        "pylock.toml",
        ("pylock.toml", "pylock.*.toml"),
        "locks.pylock:read_pylock",
        installers=frozenset({"pip", "uv pip"}),
    ),
    InputFormat("uv.lock", ("uv.lock", "*.py.lock"), "locks.uv:read_uv_lock", installers=frozenset({"uv"})),
    InputFormat("poetry.lock", ("poetry.lock",), "locks.poetry:read_poetry_lock", installers=frozenset({"Poetry"})),
    InputFormat("pdm.lock", ("pdm.lock", "pdm.*.lock"), "locks.pdm:read_pdm_lock", installers=frozenset({"PDM"})),
    InputFormat(
        "Pipfile.lock", ("pipfile.lock",), "locks.pipfile:read_pipfile_lock", installers=frozenset({"pip", "Pipenv"})
    ),
    InputFormat("pyproject.toml", ("pyproject.toml",), "projects.pyproject:read_pyproject", optional=True),
    InputFormat("setup.cfg", ("setup.cfg",), "projects.setup_cfg:read_setup_cfg", optional=True, found="last"),
    InputFormat("environment.yml", _CONDA, "projects.environment_yml:read_environment_yml", found="last"),
    InputFormat("script", ("*.py",), "projects.script:read_script", found="never"),
)
"""In the order in which a directory is searched: the first that is there is read. A new format is a row here."""

NAMES = (REQUIREMENTS, *(form.name for form in FORMATS))
"""What ``--input-format`` takes."""


def format_of(path: str) -> InputFormat | None:
    """The format that a file name stands for; ``None``: a requirements file, or nothing that is known."""
    return next((form for form in FORMATS if form.matches(path)), None)


def format_named(name: str) -> InputFormat | None:
    """The format of this name, in any case and with dashes for dots; ``None`` for requirements files.

    Raises `UsageError` for a name that stands for none.
    """
    wanted = _plain(name)
    if wanted in {REQUIREMENTS, "requirements-txt"}:
        return None
    for form in FORMATS:
        if wanted in {_plain(form.name), _plain(form.name.rpartition(".")[0])}:
            return form
    raise invalid_value(name, "--input-format", NAMES)


def _plain(name: str) -> str:
    return name.lower().replace(".", "-").replace("_", "-")

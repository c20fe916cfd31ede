"""The formats in which projects state their dependencies, and how a file name tells them apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import PurePath

from nogilcheck.errors import UsageError
from nogilcheck.inputs.contents.content import Content
from nogilcheck.inputs.text.neighbours import Neighbours

REQUIREMENTS = "requirements"
"""The format of `pip install -r`; it is read by a reader of its own."""

StructuredReader = Callable[[str, str, Neighbours], Content]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFormat:
    """One format that is read as a whole."""

    name: str
    """For ``--input-format``, and for people."""
    patterns: tuple[str, ...]
    """Of file names in lower case, in the syntax of `fnmatch`."""
    module: str
    function: str
    is_lock: bool = False
    """Its distributions are followed, not solved."""

    def reader(self) -> StructuredReader:
        """What reads it; imported now."""
        found: StructuredReader = getattr(import_module(f"nogilcheck.inputs.{self.module}"), self.function)
        return found

    def matches(self, path: str) -> bool:
        """Whether a file is called so."""
        return any(fnmatchcase(PurePath(path).name.lower(), pattern) for pattern in self.patterns)


FORMATS = (
    InputFormat(
        name="pylock.toml",
        patterns=("pylock.toml", "pylock.*.toml"),
        module="locks.pylock",
        function="read_pylock",
        is_lock=True,
    ),
    InputFormat(
        name="uv.lock", patterns=("uv.lock", "*.py.lock"), module="locks.uv", function="read_uv_lock", is_lock=True
    ),
    InputFormat(
        name="poetry.lock", patterns=("poetry.lock",), module="locks.poetry", function="read_poetry_lock", is_lock=True
    ),
    InputFormat(
        name="pdm.lock", patterns=("pdm.lock", "pdm.*.lock"), module="locks.pdm", function="read_pdm_lock", is_lock=True
    ),
    InputFormat(
        name="Pipfile.lock",
        patterns=("pipfile.lock",),
        module="locks.pipfile",
        function="read_pipfile_lock",
        is_lock=True,
    ),
    InputFormat(
        name="pyproject.toml", patterns=("pyproject.toml",), module="projects.pyproject", function="read_pyproject"
    ),
    InputFormat(name="setup.cfg", patterns=("setup.cfg",), module="projects.setup_cfg", function="read_setup_cfg"),
    InputFormat(
        name="environment.yml",
        patterns=("environment*.yml", "environment*.yaml", "conda*.yml", "conda*.yaml"),
        module="projects.environment_yml",
        function="read_environment_yml",
    ),
    InputFormat(name="script", patterns=("*.py",), module="projects.script", function="read_script"),
)
"""In the order in which a directory is searched; locks come first."""

NAMES = (REQUIREMENTS, *(one.name for one in FORMATS))
"""What ``--input-format`` takes."""


def format_of(path: str) -> InputFormat | None:
    """The format that a file name stands for; ``None``: a requirements file, or nothing that is known."""
    return next((one for one in FORMATS if one.matches(path)), None)


def format_named(name: str) -> InputFormat | None:
    """The format of this name, in any case and with dashes for dots; ``None`` for requirements files.

    Raises `UsageError` for a name that stands for none.
    """
    wanted = _plain(name)
    if wanted in {REQUIREMENTS, "requirements-txt"}:
        return None
    for one in FORMATS:
        if wanted in {_plain(one.name), _plain(one.name.rpartition(".")[0])}:
            return one
    hint = f"it is one of {', '.join(NAMES)}"
    raise UsageError(f"no input format is called {name!r}", hint=hint, setting="input-format")


def _plain(name: str) -> str:
    return name.lower().replace(".", "-").replace("_", "-")

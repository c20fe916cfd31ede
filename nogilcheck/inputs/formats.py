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
from nogilcheck.inputs.text.json_lines import parse_json, without_comments
from nogilcheck.inputs.text.sources import UnreadableSourceError, utf8_text

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
    keys: frozenset[str] = frozenset()
    """The top-level keys by which a JSON document of any name is known."""

    def reader(self) -> StructuredReader:
        """What reads it; imported now."""
        module, _, function = self.reader_path.partition(":")
        reader: StructuredReader = getattr(import_module(f"nogilcheck.inputs.{module}"), function)
        return reader

    def matches(self, path: str) -> bool:
        """Whether a file is called so."""
        name = PurePath(path).name.lower()
        return foreign_name(name) is None and any(fnmatchcase(name, pattern) for pattern in self.patterns)


_CONDA_LOCK = ("conda-lock*.yml", "*.conda-lock.yml", "conda-lock*.yaml")
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
    InputFormat(
        "pex.lock", ("pex.lock", "*.pex.lock"), "listings.pex:read_pex_lock", keys=frozenset({"locked_resolves"})
    ),
    InputFormat("pixi.lock", ("pixi.lock",), "locks.pixi:read_pixi_lock"),
    InputFormat("conda-lock.yml", _CONDA_LOCK, "locks.conda_lock:read_conda_lock"),
    InputFormat("pyproject.toml", ("pyproject.toml",), "projects.pyproject:read_pyproject", optional=True),
    InputFormat("pixi.toml", ("pixi.toml",), "projects.pixi:read_pixi_toml", optional=True),
    InputFormat("setup.cfg", ("setup.cfg",), "projects.setup_cfg:read_setup_cfg", optional=True, found="last"),
    InputFormat("environment.yml", _CONDA, "projects.environment_yml:read_environment_yml", found="last"),
    InputFormat(
        "pip-inspect.json",
        (),
        "listings.pip_reports:read_pip_inspect",
        found="never",
        keys=frozenset({"pip_version", "installed"}),
    ),
    InputFormat(
        "pip-report.json",
        (),
        "listings.pip_reports:read_pip_report",
        found="never",
        keys=frozenset({"pip_version", "install"}),
    ),
    InputFormat(
        "cyclonedx.json",
        ("bom.json", "*.cdx.json"),
        "listings.bills:read_cyclonedx",
        found="never",
        keys=frozenset({"bomFormat"}),
    ),
    InputFormat(
        "spdx.json", ("*.spdx.json",), "listings.bills:read_spdx", found="never", keys=frozenset({"spdxVersion"})
    ),
    InputFormat("script", ("*.py",), "projects.script:read_script", found="never"),
)
"""In the order in which a directory is searched: the first that is there is read. A new format is a row here."""

NAMES = (REQUIREMENTS, *(form.name for form in FORMATS))
"""What ``--input-format`` takes."""


def format_of(path: str) -> InputFormat | None:
    """The format that a file name stands for; ``None``: a requirements file, or nothing that is known."""
    return next((form for form in FORMATS if form.matches(path)), None)


def format_of_content(data: bytes) -> InputFormat | None:
    """The format of a JSON document, which may begin with comments as Pants writes them above a lock of Pex."""
    try:
        text = without_comments(utf8_text(data))
        document = parse_json(text) if text.lstrip().startswith("{") else None
    except UnreadableSourceError:
        return None
    if isinstance(document, dict) and isinstance(document.get("sbom"), dict):
        document = document["sbom"]
    keys = document.keys() if isinstance(document, dict) else set()
    return next((form for form in FORMATS if form.keys and form.keys <= keys), None)


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

"""uv's own configuration files, ``uv.toml``. See uv's concept page "Configuration files".

The nearest one from the working directory upwards goes before that of the user, and that before those of the system;
lists are joined. Beside a pyproject.toml it takes the place of what ``[tool.uv]`` says of indexes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from nogilcheck.inputs.file_content.document import Document, Table, open_toml
from nogilcheck.inputs.settings.configuration_files import xdg_home
from nogilcheck.inputs.settings.uv import TRUE, uv_settings
from nogilcheck.inputs.text.evidence import Evidence
from nogilcheck.inputs.text.neighbours import PROJECT_FILE, Neighbours
from nogilcheck.inputs.text.paths import kind_of
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import IndexSettings, Unread

NAME = "uv.toml"

SYSTEM_DIRECTORY = "/etc"
"""Where ``uv/uv.toml`` is for all users of a Unix system, after the directories of ``XDG_CONFIG_DIRS``."""


def read_uv_files(here: Neighbours) -> tuple[list[IndexSettings], list[Unread]]:
    """What the files say of indexes, the one that goes first first, and what of them makes no sense.

    ``here`` is the working directory. Every file that was looked for is witnessed.
    """
    layers: list[IndexSettings] = []
    unread: list[Unread] = []
    named = here.evidence.variable("UV_CONFIG_FILE")
    for path in [Path(named).absolute()] if named else _files(here):
        if not named and kind_of(str(path)) is None:
            here.evidence.file(str(path))
            continue
        settings, unusable = settings_of(here.within(str(path.parent)), path.name)
        layers.append(settings)
        unread += unusable
    return layers, unread


def project_settings(tool: Table) -> IndexSettings:
    """What uv obeys of indexes in a project: the ``uv.toml`` beside the file of ``[tool.uv]``, else the table."""
    neighbours = tool.document.neighbours
    if not neighbours.exists(NAME):
        return uv_settings(tool)
    settings, unread = settings_of(neighbours)
    tool.document.diagnostics.take(unread)
    return settings


def settings_of(neighbours: Neighbours, name: str = NAME) -> tuple[IndexSettings, tuple[Unread, ...]]:
    """What one file says of indexes, and what of it cannot be used; uv refuses to run with such a file."""
    try:
        document = open_toml(neighbours, name)
    except UnreadableSourceError as error:
        return IndexSettings(), (error.unread(neighbours.shown(name)),)
    return uv_settings(document.root), document.diagnostics.unread


def _files(here: Neighbours) -> Iterator[Path]:
    """Where uv looks when no file is named (``UV_CONFIG_FILE``)."""
    if (here.evidence.variable("UV_NO_CONFIG") or "").lower() in TRUE:
        return
    nearest = _nearest(here)
    if nearest is not None and nearest.name == NAME:
        yield nearest
    for directory in _directories(here.evidence):
        yield directory / "uv" / NAME


def _nearest(here: Neighbours) -> Path | None:
    """The file of the project: in the first directory that has one, or has a pyproject.toml with uv's table."""
    for directory in (Path(here.directory), *Path(here.directory).parents):
        path = directory / NAME
        if kind_of(str(path)) is not None:
            return path
        here.evidence.file(str(path))
        if _uv_table(here.within(str(directory))) is not None:
            return directory / PROJECT_FILE
    return None


def _uv_table(neighbours: Neighbours) -> Table | None:
    if not neighbours.exists(PROJECT_FILE):
        return None
    try:
        document = open_toml(neighbours, PROJECT_FILE)
    except UnreadableSourceError:  # whoever asked for it hears of it
        return None
    return document.root.table("tool", "uv") if document.root.at("tool", "uv") is not None else None


def working_project(here: Neighbours) -> Table | None:
    """``[tool.uv]`` that counts for ``uv pip`` in the working directory, unless a ``uv.toml`` is nearer."""
    variable = here.evidence.variable
    if variable("UV_CONFIG_FILE") or (variable("UV_NO_CONFIG") or "").lower() in TRUE:
        return None
    nearest = _nearest(here)
    return _uv_table(here.within(str(nearest.parent))) if nearest is not None and nearest.name == PROJECT_FILE else None


def settings_beside(
    neighbours: Neighbours, compare: Callable[[Table], None]
) -> tuple[IndexSettings, tuple[Unread, ...]]:
    """What ``[tool.uv]`` of the pyproject.toml beside a lock says, and what of it cannot be used.

    ``compare`` rejects what does not go with the lock.
    """
    tool = _uv_table(neighbours)
    if tool is None:  # variables may differ all the same
        tool = Document(neighbours.shown(PROJECT_FILE), neighbours).root
    settings = project_settings(tool)
    if not neighbours.exists(NAME):  # which would take the place of the table
        compare(tool)
    return settings, tuple(unread for unread in tool.document.diagnostics.unread if unread.setting != "choice")


def _directories(evidence: Evidence) -> Iterator[Path]:
    """That of the user, then those of the system."""
    if os.name == "nt":
        if roaming := evidence.variable("APPDATA"):
            yield Path(roaming)
        if (evidence.variable("UV_NO_SYSTEM_CONFIG") or "").lower() not in TRUE:
            yield Path(evidence.variable("PROGRAMDATA") or "C:\\ProgramData")
        return
    yield from xdg_home(evidence)
    if (evidence.variable("UV_NO_SYSTEM_CONFIG") or "").lower() in TRUE:
        return
    for directory in (evidence.variable("XDG_CONFIG_DIRS") or "").split(os.pathsep):
        if directory:
            yield Path(directory)
    yield Path(SYSTEM_DIRECTORY)

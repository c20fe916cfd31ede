"""TOML files of options that a tool keeps for a project, a user and a system (``poetry config``, ``pdm config``)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nogilcheck.frozen import frozen
from nogilcheck.inputs.file_content.document import open_toml
from nogilcheck.inputs.settings.catalogue import settings_of
from nogilcheck.inputs.settings.catalogue.records import Tool
from nogilcheck.inputs.settings.unfollowed import HINT, gap
from nogilcheck.inputs.text.evidence import Evidence
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import Location, Unread


@frozen
class ConfiguredOption:
    """The value of an option, and where it stands."""

    value: object
    where: Location


def configured_options(project: Neighbours, files: Iterable[Path], unread: list[Unread]) -> dict[str, ConfiguredOption]:
    """Dotted name -> option, of the first file that has it; ``unread`` takes the files that cannot be read."""
    options: dict[str, ConfiguredOption] = {}
    for path in files:
        directory = project.within(str(path.parent))
        if not directory.exists(path.name):
            continue
        try:
            document = open_toml(directory, path.name)
        except UnreadableSourceError as error:
            unread.append(error.unread(directory.shown(path.name)))
            continue
        for keys, value in _leaves(document.root.data, ()):
            options.setdefault(".".join(keys), ConfiguredOption(value=value, where=document.where(*keys)))
    return options


def unfollowed_options(
    options: Mapping[str, ConfiguredOption], tool: Tool, place: str, *, prefixes: tuple[str, ...]
) -> Iterator[Unread]:
    """A gap for each option that is not followed, and for each that is not known, except below ``prefixes``."""
    known = settings_of(tool, place)
    for name, option in options.items():
        setting = known.get(name)
        if setting is not None:
            if setting.is_gap(option.value):
                yield gap(setting, option.where)
        elif not name.startswith(prefixes):
            text = f"{name} is not a setting of {tool} that is known: it may change the choice"
            yield Unread(location=option.where, text=text, hint=HINT, setting="choice")


def user_directories(evidence: Evidence) -> Iterator[Path]:
    """Where the tools keep a user's configuration, as platformdirs has it."""
    if os.name == "nt":
        yield from (Path(place) for name in ("APPDATA", "LOCALAPPDATA") if (place := evidence.variable(name)))
        return
    if sys.platform != "darwin":
        yield from xdg_home(evidence)
    elif (home := evidence.home()) is not None:
        yield home / "Library" / "Application Support"


def xdg_home(evidence: Evidence) -> Iterator[Path]:
    """A user's configuration by the XDG base directory specification; nothing for a user without a home."""
    if configuration := evidence.variable("XDG_CONFIG_HOME"):
        yield Path(configuration)
    elif (home := evidence.home()) is not None:
        yield home / ".config"


def system_directories(evidence: Evidence) -> Iterator[Path]:
    """Where the tools keep the configuration of all users."""
    if os.name == "nt":
        yield Path(evidence.variable("PROGRAMDATA") or "C:\\ProgramData")
    elif sys.platform == "darwin":
        yield Path("/Library/Application Support")
    else:
        directories = evidence.variable("XDG_CONFIG_DIRS") or "/etc/xdg"
        yield from (Path(directory) for directory in directories.split(os.pathsep)[:1] if directory)


def _leaves(table: Mapping[str, object], keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    for key, value in table.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, (*keys, key))
        else:
            yield (*keys, key), value

"""Find and read the configuration file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nogilcheck.config.option_table import CONFIG_VARIABLE, NO_CONFIG_VARIABLE
from nogilcheck.config.trust import OWN_NAME, PROJECT_NAME, directories, is_foreign
from nogilcheck.errors import UsageError
from nogilcheck.inputs.text.pipes import read_up_to

if TYPE_CHECKING:
    from nogilcheck.inputs.text.toml_document import TomlDocument

Warn = Callable[[str], None]

MAX_CONFIG_BYTES = 8 * 1024 * 1024
"""Bytes of a configuration file."""

MAX_DOTS = 200
"""Dots in a line of a usual document. `tomllib` takes time that grows with the square of the parts of a key."""

_TABLE = ("tool", "nogilcheck")

_HINT = "correct it, or go without with --no-config"


class ConfigFile(NamedTuple):
    """A file with settings."""

    path: str
    """As the user would type it."""
    directory: str
    """Absolute."""
    text: str
    keys: tuple[str, ...]
    """The table that holds them: ``("tool", "nogilcheck")``, or ``()`` for the whole file."""
    table: Mapping[str, Any]
    ignored: str | None = None
    """Another file in the same directory with settings that are not used."""

    def place(self, *keys: str | int) -> str:
        """The place of a key of the table: ``pyproject.toml:12``."""
        line = self.line(*keys)
        return self.path if line is None else f"{self.path}:{line}"

    def line(self, *keys: str | int) -> int | None:
        """The line of a key of the table, 1-based."""
        return _document(self.text).line(*self.keys, *keys)


@lru_cache(maxsize=1)
def _document(text: str) -> TomlDocument:
    """The lines of a file that was parsed already."""
    from nogilcheck.inputs.text.toml_document import TomlDocument

    return TomlDocument(text, {})


def locate(
    flags: Mapping[str, object], environ: Mapping[str, str], here: Path, warn: Warn = lambda _: None
) -> ConfigFile | None:
    """The configuration file of a run: the one that ``--config`` or its variable names, else the nearest one.

    ``warn`` is told of settings that are not taken.

    Raises `UsageError` for one that is named and not there, or that cannot be read or parsed.
    """
    named, without = flags.get("config"), bool(flags.get("no_config"))
    if named and without:
        raise UsageError("--config and --no-config contradict each other", hint="leave one of them out")
    if not named and not without:
        named = environ.get(CONFIG_VARIABLE)
        if text := environ.get(NO_CONFIG_VARIABLE):
            from nogilcheck.config.variables import switch

            without = switch(NO_CONFIG_VARIABLE, text)
    if without:
        return None
    return read_config(str(named), here) if named else find_config(here, warn)


def working_directory() -> Path:
    """The current directory. Raises `UsageError` where it was removed."""
    try:
        return Path.cwd()
    except OSError:
        raise UsageError("the working directory is gone", hint="change to one that exists") from None


def find_config(here: Path, warn: Warn = lambda _: None) -> ConfigFile | None:
    """The settings of the nearest directory, from ``here`` upwards, that has any.

    ``nogilcheck.toml`` before ``[tool.nogilcheck]`` in ``pyproject.toml``; one without that table is passed over, as
    ruff and uv do. ``warn`` is told of the nearest settings that are not taken, since they are outside the repository
    or belong to another user. Raises `UsageError` for a file that cannot be read or parsed.
    """
    for directory, outside in directories(here):
        own = _text(directory / OWN_NAME, here)
        project = _text(directory / PROJECT_NAME, here)
        # Most projects have no such table: their file is not parsed. A key may be written otherwise; nobody does.
        if project is not None and "nogilcheck" not in project:
            project = None
        if own is None and project is None:
            continue
        path = directory / (PROJECT_NAME if own is None else OWN_NAME)
        if outside:
            if own is not None or "[tool.nogilcheck" in (project or ""):
                warn(_not_taken(path, here, "it is outside this repository"))
                return None
        elif is_foreign(path, here):
            warn(_not_taken(path, here, "it belongs to another user"))
        elif own is not None:
            config = _parsed(own, path, here, ())
            if config is not None and project is not None and "[tool.nogilcheck" in project:
                return config._replace(ignored=shown(directory / PROJECT_NAME, here))
            return config
        elif project is not None and (config := _parsed(project, path, here, _TABLE)) is not None:
            return config
    return None


def _not_taken(path: Path, here: Path, why: str) -> str:
    where = shown(path, here)
    return f"the settings in {where} are not used: {why} (--config {where} would use them)"


def read_config(path: str, here: Path) -> ConfigFile:
    """The file that ``--config`` names. Raises `UsageError` where there is none, or no settings in it."""
    full = here / path
    text = _text(full, here)
    if text is None:
        raise UsageError("no such configuration file", where=path, hint="name one that exists, or leave out --config")
    config = _parsed(text, full, here, _TABLE if full.name == PROJECT_NAME else ())
    if config is None:
        raise UsageError("no [tool.nogilcheck] table", where=path, hint="add it, or leave out --config")
    return config


def _text(path: Path, here: Path) -> str | None:
    """The text of a file; ``None`` where there is no such file."""
    try:
        data = read_up_to(path, MAX_CONFIG_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        why = f"it cannot be read: {error.strerror or error}"
        raise UsageError(why, where=shown(path, here), hint="go without with --no-config") from None
    if len(data) > MAX_CONFIG_BYTES:
        if path.name == PROJECT_NAME and b"nogilcheck" not in data:
            return None
        raise UsageError(f"more than {MAX_CONFIG_BYTES >> 20} MiB", where=shown(path, here), hint=_HINT)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        if b"nogilcheck" not in data and path.name == PROJECT_NAME:
            return None
        raise UsageError("not UTF-8, as TOML must be", where=shown(path, here), hint=_HINT) from None


def _parsed(text: str, path: Path, here: Path, keys: tuple[str, ...]) -> ConfigFile | None:
    """The file; ``None`` where it has no such table."""
    if "@" in text:
        from nogilcheck.model.credentials.logins import learn_logins

        learn_logins(text)
    where = shown(path, here)
    table: Any = _load(text, where, _HINT)
    for depth, key in enumerate(keys, 1):
        if key not in table:
            return None
        table = table[key]
        if not isinstance(table, dict):
            raise UsageError(f"{'.'.join(keys[:depth])} is not a table", where=where, hint=_HINT)
    return ConfigFile(path=where, directory=str(path.parent), text=text, keys=keys, table=table)


def _load(text: str, where: str, hint: str) -> dict[str, Any]:
    """The document. Raises `UsageError`, with the line, for text that is not valid TOML."""
    import tomllib  # which most runs do without

    if all(line.count(".") < MAX_DOTS for line in text.split("\n")):
        with suppress(ValueError, RecursionError):
            return tomllib.loads(text)
    from nogilcheck.inputs.text.sources import UnreadableSourceError
    from nogilcheck.inputs.text.toml_document import parse_toml

    try:
        return parse_toml(text).data
    except UnreadableSourceError as error:
        place = where if error.line is None else f"{where}:{error.line}"
        raise UsageError(str(error), where=place, hint=hint) from None


def shown(path: Path, here: Path) -> str:
    """A path as the user would type it from ``here``."""
    try:
        return os.path.relpath(path, here)
    except ValueError:  # another drive
        return str(path)

"""The table of a configuration file -> values of settings, or everything that is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

from nogilcheck.config.file import ConfigFile
from nogilcheck.config.table import BY_NAME, Kind, Setting
from nogilcheck.errors import UsageError

MAX_TOLD = 5
"""Problems of one file that are told."""

_PATH_SUFFIXES = (".txt", ".in", ".toml", ".lock", ".cfg", ".yml", ".yaml", ".json", ".py")
"""Of an input that is a file, whether it exists or not."""


class Problems:
    """Everything that is wrong with a file, told at once."""

    def __init__(self, file: ConfigFile) -> None:
        self._file = file
        self._found: list[tuple[str, str, str | None]] = []

    def add(self, message: str, *keys: str | int, hint: str | None = None) -> None:
        """Something is wrong with a part of the table."""
        self._found.append((self._file.place(*keys), message, hint))

    def check(self, name: str, text: str) -> None:
        """Something may be wrong with the text of a setting."""
        from nogilcheck.config.values import check_written

        try:
            check_written(name, text)
        except UsageError as error:
            self.add(error.message, name, hint=error.hint)

    def unknown(
        self,
        word: str,
        known: Mapping[str, object],
        *keys: str | int,
        what: str,
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        """A word is none of those that are known."""
        from nogilcheck.config.suggestions import suggestion

        hint = suggestion(word, known, aliases) or f"known: {', '.join(known)}"
        self.add(f"{what}: {word!r}", *keys, hint=hint)

    def raise_any(self) -> None:
        """Raise `UsageError` when something was wrong."""
        if not self._found:
            return
        (where, message, hint), *others = self._found
        told = [f"\n  {place}: {text}{f' ({more})' if more else ''}" for place, text, more in others[: MAX_TOLD - 1]]
        more = f"\n  and {len(others) - len(told)} more" if len(others) > len(told) else ""
        raise UsageError(message + "".join(told) + more, where=where, hint=hint)


def read_values(file: ConfigFile, here: Path) -> dict[str, object]:
    """Name of a setting -> its value, as the command line would have it. Raises `UsageError` with all that is wrong."""
    problems = Problems(file)
    found: dict[str, object] = {}
    for name, value in file.table.items():
        setting = BY_NAME.get(name)
        if setting is None or not setting.in_file:
            from nogilcheck.config.suggestions import ALIASES

            known = {name: one for name, one in BY_NAME.items() if one.in_file}
            problems.unknown(name, known, name, what="unknown setting", aliases=ALIASES)
            continue
        read = _value(setting, value, problems)
        if read is not None:
            found[name] = _from_here(setting, read, file.directory, here) if setting.is_path else read
    problems.raise_any()
    return found


def _value(setting: Setting, value: object, problems: Problems) -> object:
    """The value, when it is of the right type."""
    name, kind = setting.name, setting.kind
    if kind in _LISTS:
        items = [value] if isinstance(value, str) else value
        if isinstance(items, list):
            return list(_strings(name, items, problems, alone=isinstance(value, str)))
    elif name == "exclude-newer" and isinstance(value, date):
        return value.isoformat()
    elif _IS_RIGHT[kind](value):
        if setting.choices and value not in setting.choices:
            problems.unknown(str(value), dict.fromkeys(setting.choices), name, what=f"no value of {name}")
        if isinstance(value, str):
            problems.check(name, value)
        return value
    problems.add(f"{name}: expected {kind}, found {kind_of_value(value)}", name)
    return None


_LISTS = frozenset({Kind.NAMES, Kind.TEXTS})

_IS_RIGHT: Mapping[Kind, Callable[[object], bool]] = {
    Kind.TEXT: lambda value: isinstance(value, str) and bool(value.strip()),
    Kind.SWITCH: lambda value: isinstance(value, bool),
    Kind.NUMBER: lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
    Kind.SEVERITIES: lambda value: isinstance(value, dict),
    Kind.WAIVERS: lambda value: isinstance(value, list) and all(isinstance(item, dict) for item in value),
}


def _strings(name: str, items: list[Any], problems: Problems, *, alone: bool) -> Iterator[str]:
    for position, item in enumerate(items):
        if isinstance(item, str) and item.strip():
            yield item
        else:
            keys = (name,) if alone else (name, position)
            problems.add(f"{name}: expected a string that is not empty, found {kind_of_value(item)}", *keys)


def kind_of_value(value: object) -> str:
    """What a TOML value is, in words."""
    if isinstance(value, str) and not value.strip():
        return "an empty string"
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "true or false"),
        (str, "a string"),
        (int, "an integer"),
        (float, "a float"),
        (dict, "a table"),
        (list, "an array"),
        ((date, time), "a date or a time"),
    )
    return next((words for kind, words in kinds if isinstance(value, kind)), "something else")


def _from_here(setting: Setting, value: object, directory: str, here: Path) -> object:
    """Paths that are relative to the file, as one would type them in the working directory."""
    if str(here) == directory:
        return value
    if isinstance(value, list):
        return [_path(setting, one, directory, here) for one in value]
    return _path(setting, str(value), directory, here)


def _path(setting: Setting, value: str, directory: str, here: Path) -> str:
    if "://" in value or value.startswith("~") or value == "-" or (setting.name == "env" and value == "current"):
        return value
    full = Path(directory, value)
    if setting.name == "inputs" and not _is_path(value, full):
        return value
    try:
        return os.path.relpath(full, here)
    except ValueError:  # another drive
        return str(full)


def _is_path(value: str, full: Path) -> bool:
    """Whether an input is a file or a directory rather than a requirement."""
    if any(sign in value for sign in "@;<>=~!"):
        return False
    try:
        return os.sep in value or "/" in value or value.lower().endswith(_PATH_SUFFIXES) or full.exists()
    except (OSError, ValueError):
        return False

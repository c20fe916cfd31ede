"""The table of a configuration file -> values of options, or everything that is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

from nogilcheck.config.file import ConfigFile
from nogilcheck.config.option import Kind, Option
from nogilcheck.config.option_table import BY_NAME
from nogilcheck.config.values import check_text
from nogilcheck.errors import UsageError

MAX_TOLD = 5
"""Problems of one file that are shown."""

_PATH_SUFFIXES = (".txt", ".in", ".toml", ".lock", ".cfg", ".yml", ".yaml", ".json", ".py")
"""Suffixes of inputs that are files, whether they exist or not."""


class Problems:
    """The problems of a file, to be raised together."""

    def __init__(self, file: ConfigFile) -> None:
        self._file = file
        self._found: list[tuple[str, str, str | None]] = []

    def add(self, message: str, *keys: str | int, hint: str | None = None) -> None:
        """Add a problem with a key of the table."""
        self._found.append((self._file.place(*keys), message, hint))

    def check(self, option: Option, text: str) -> None:
        """Add a problem where the text of a setting makes no sense."""
        try:
            check_text(option, text)
        except UsageError as error:
            self.add(error.message, option.name, hint=error.hint)

    def unknown(
        self,
        word: str,
        known: Mapping[str, object],
        *keys: str | int,
        what: str,
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        """Add a problem with a word that is not known, and suggest the nearest one."""
        from nogilcheck.config.suggestions import suggestion

        hint = suggestion(word, known, aliases) or f"known: {', '.join(known)}"
        self.add(f"{what}: {word!r}", *keys, hint=hint)

    def raise_any(self) -> None:
        """Raise `UsageError` with the problems, where there are any."""
        if not self._found:
            return
        (where, message, hint), *others = self._found
        told = [f"\n  {place}: {text}{f' ({more})' if more else ''}" for place, text, more in others[: MAX_TOLD - 1]]
        more = f"\n  and {len(others) - len(told)} more" if len(others) > len(told) else ""
        raise UsageError(message + "".join(told) + more, where=where, hint=hint)


def read_values(file: ConfigFile, here: Path) -> dict[str, object]:
    """Name of an option -> its value, as the command line would have it. Raises `UsageError` with all that is wrong."""
    problems = Problems(file)
    values: dict[str, object] = {}
    for name, value in file.table.items():
        option = BY_NAME.get(name)
        if option is None or not option.in_file:
            from nogilcheck.config.suggestions import ALIASES

            known = {name: option for name, option in BY_NAME.items() if option.in_file}
            problems.unknown(name, known, name, what="unknown setting", aliases=ALIASES)
            continue
        read = _value(option, value, problems)
        if read is not None:
            values[name] = _from_here(option, read, file.directory, here) if option.is_path else read
    problems.raise_any()
    return values


def _value(option: Option, value: object, problems: Problems) -> object:
    """The value where its type is right; else ``None``, and a problem."""
    name = option.name
    if option.is_repeatable:
        items = [value] if isinstance(value, str) else value
        if isinstance(items, list):
            return list(_strings(name, items, problems, alone=isinstance(value, str)))
    elif option.kind == "time" and isinstance(value, date):
        return value.isoformat()
    elif _IS_RIGHT.get(option.kind, _is_text)(value):
        if isinstance(value, str):
            problems.check(option, value)
        return value
    problems.add(f"{name}: expected {option.toml_type}, found {kind_of_value(value)}", name)
    return None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


_IS_RIGHT: Mapping[Kind, Callable[[object], bool]] = {
    "switch": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
    "severities": lambda value: isinstance(value, dict),
    "waivers": lambda value: isinstance(value, list) and all(isinstance(item, dict) for item in value),
}


def _strings(name: str, items: list[Any], problems: Problems, *, alone: bool) -> Iterator[str]:
    for position, item in enumerate(items):
        if isinstance(item, str) and item.strip():
            yield item
        else:
            keys = (name,) if alone else (name, position)
            problems.add(f"{name}: expected a string that is not empty, found {kind_of_value(item)}", *keys)


def kind_of_value(value: object) -> str:
    """The type of a TOML value, in words."""
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


def _from_here(option: Option, value: object, directory: str, here: Path) -> object:
    """Paths relative to the file -> relative to the working directory."""
    if str(here) == directory:
        return value
    if isinstance(value, list):
        return [_path(option, item, directory, here) for item in value]
    return _path(option, str(value), directory, here)


def _path(option: Option, value: str, directory: str, here: Path) -> str:
    if "://" in value or value.startswith("~") or value == "-" or (option.kind == "environment" and value == "current"):
        return value
    full = Path(directory, value)
    if option.name == "inputs" and not _is_path(value, full):
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
        return os.sep in value or "/" in value or value.lower().endswith(_PATH_SUFFIXES) or os.path.exists(full)
    except (OSError, ValueError):
        return False

"""Defaults < file < environment < flags, each value with its origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nogilcheck.config.environment import misspelt, read_variables
from nogilcheck.config.file import ConfigFile
from nogilcheck.config.table import SETTINGS, WHAT_IS_CHECKED, Setting
from nogilcheck.errors import UsageError

DEFAULT, FILE, ENVIRONMENT, FLAG = "default", "file", "environment", "flag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """What holds for one setting, and who says so."""

    setting: Setting
    value: object
    origin: str
    """`DEFAULT`, `FILE`, `ENVIRONMENT` or `FLAG`."""
    where: str = ""
    """``NOGILCHECK_PYTHON`` or ``--python``; of a file see `Settled.where`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The settings of a run."""

    effective: tuple[Effective, ...]
    """One for each of `SETTINGS`, in their order."""
    flags: Mapping[str, object]
    """The parameters of the command line, completed from the environment and the file."""
    file: ConfigFile | None = None
    warnings: tuple[str, ...] = field(default=())

    def value(self, name: str) -> object:
        """The value of a setting."""
        return next(one.value for one in self.effective if one.setting.name == name)

    def where(self, one: Effective) -> str:
        """``pyproject.toml:12``, ``NOGILCHECK_PYTHON``, ``--python`` or ``default``."""
        if one.origin == FILE and self.file is not None:
            return self.file.place(one.setting.name)
        return one.where or one.origin

    def placed(self, error: UsageError) -> UsageError:
        """The error with the place of the setting that it is about, where no flag has it."""
        if error.where is None:
            for one in self.effective:
                if one.origin in {FILE, ENVIRONMENT} and _is_about(error.message, one):
                    return UsageError(error.message, hint=error.hint, where=self.where(one))
        return error


def settle(flags: Mapping[str, object], environ: Mapping[str, str], file: ConfigFile | None, here: Path) -> Settled:
    """The settings of a run from the working directory ``here``.

    ``flags`` are the parameters of the command line; what was not given is absent, ``None``, ``False`` or empty.
    ``file`` is what `nogilcheck.config.file.locate` found. Raises `UsageError` for a file or a variable that makes no
    sense.
    """
    given = {name: value for name, value in flags.items() if value is not None and value is not False and value != []}
    layers = (
        (FLAG, {one.name: given[one.key] for one in SETTINGS if one.key in given}),
        (ENVIRONMENT, read_variables(environ)),
        (FILE, _read(file, here)),
    )
    checked_by = FLAG if "requirement" in given else None
    for origin, values in layers:
        if checked_by is None and not WHAT_IS_CHECKED.isdisjoint(values):
            checked_by = origin
    effective = tuple(_effective(setting, layers, checked_by) for setting in SETTINGS)
    found = {one.setting.key: one.value for one in effective if one.origin in {ENVIRONMENT, FILE}}
    warnings = [*misspelt(environ)]
    if file is not None and file.ignored is not None:
        warnings.append(f"the settings in {file.ignored} are ignored: {file.path} is beside it")
    return Settled(effective=effective, flags={**flags, **found}, file=file, warnings=tuple(warnings))


def _read(file: ConfigFile | None, here: Path) -> dict[str, object]:
    if file is None:
        return {}
    from nogilcheck.config.reading import read_values

    return read_values(file, here)


def _effective(
    setting: Setting, layers: tuple[tuple[str, dict[str, object]], ...], checked_by: str | None
) -> Effective:
    for origin, values in layers:
        passed_over = setting.name in WHAT_IS_CHECKED and origin != checked_by
        if setting.name in values and not passed_over:
            where = {FLAG: setting.flag or "command line", ENVIRONMENT: setting.variable or ""}.get(origin, "")
            return Effective(setting=setting, value=values[setting.name], origin=origin, where=where)
    return Effective(setting=setting, value=setting.default, origin=DEFAULT)


def _is_about(message: str, one: Effective) -> bool:
    """Whether a message names the flag of a setting, or quotes a value of it."""
    if one.setting.flag and one.setting.flag in message.split():
        return True
    values = [value for value in (one.value if isinstance(one.value, list) else [one.value]) if isinstance(value, str)]
    texts = (part.strip() for value in values for part in value.split(","))
    return any(
        f"'{text}'" in message or (any(map(str.isdigit, text)) and text in message.split()) for text in texts if text
    )

"""The effective settings: defaults < file < environment < flags, each value with its origin."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nogilcheck.config.file import ConfigFile
from nogilcheck.config.option import Option
from nogilcheck.config.option_table import SETTINGS, WHAT_IS_CHECKED, was_given
from nogilcheck.config.variables import misspelt, read_variables
from nogilcheck.errors import UsageError
from nogilcheck.frozen import frozen

DEFAULT, FILE, ENVIRONMENT, FLAG = "default", "file", "environment", "flag"


@frozen
class EffectiveSetting:
    """The value of one setting, and where it comes from."""

    option: Option
    value: object
    origin: str
    """`DEFAULT`, `FILE`, `ENVIRONMENT` or `FLAG`."""

    @property
    def name(self) -> str:
        """Its key in the configuration file."""
        return self.option.name


@frozen
class EffectiveSettings:
    """The settings of a run."""

    settings: tuple[EffectiveSetting, ...]
    """One for each of `SETTINGS`, in their order."""
    flags: Mapping[str, object]
    """The parsed flags, by `Option.parameter`, completed from the environment and the file."""
    file: ConfigFile | None = None
    warnings: tuple[str, ...] = ()

    def value(self, name: str) -> object:
        """The effective value of a setting, of whichever source counts."""
        return next(setting.value for setting in self.settings if setting.name == name)

    def where(self, setting: EffectiveSetting) -> str:
        """``pyproject.toml:12``, ``NOGILCHECK_PYTHON``, ``--python`` or ``default``."""
        if setting.origin == FILE and self.file is not None:
            return self.file.place(setting.name)
        if setting.origin == FLAG:
            return setting.option.flag or "command line"
        return (setting.option.variable or "") if setting.origin == ENVIRONMENT else setting.origin

    def origins(self) -> dict[str, str]:
        """By name: the place in the file, or the variable, of each setting that is neither a flag nor a default."""
        return {one.name: self.where(one) for one in self.settings if one.origin in {FILE, ENVIRONMENT}}

    def with_place(self, error: UsageError) -> UsageError:
        """The error with the place of the setting at fault, where the file or a variable has set it."""
        for setting in self.settings:
            if setting.name == error.setting and setting.origin in {FILE, ENVIRONMENT} and error.where is None:
                return UsageError(error.message, hint=error.hint, where=self.where(setting))
        return error


def merge_layers(
    flags: Mapping[str, object], environ: Mapping[str, str], file: ConfigFile | None, here: Path
) -> EffectiveSettings:
    """The settings of a run from the working directory ``here``.

    ``flags`` are those of the command line, by `Option.parameter`; what was not given is absent, ``None``, ``False`` or
    empty. ``file`` is what `nogilcheck.config.file.locate` found. Raises `UsageError` for values of the wrong type in
    the file or a variable.
    """
    given = {name: value for name, value in flags.items() if was_given(value)}
    layers = (
        (FLAG, {option.name: given[option.parameter] for option in SETTINGS if option.parameter in given}),
        (ENVIRONMENT, read_variables(environ)),
        (FILE, _read(file, here)),
    )
    checked_by = FLAG if "requirement" in given else None
    for origin, values in layers:
        if checked_by is None and not WHAT_IS_CHECKED.isdisjoint(values):
            checked_by = origin
    settings = tuple(_effective(option, layers, checked_by) for option in SETTINGS)
    added = {setting.option.parameter: setting.value for setting in settings if setting.origin in {ENVIRONMENT, FILE}}
    warnings = [*misspelt(environ)]
    if file is not None and file.ignored is not None:
        warnings.append(f"the settings in {file.ignored} are ignored: {file.path} is beside it")
    return EffectiveSettings(settings=settings, flags={**flags, **added}, file=file, warnings=tuple(warnings))


def _read(file: ConfigFile | None, here: Path) -> dict[str, object]:
    if file is None:
        return {}
    from nogilcheck.config.file_values import read_values

    return read_values(file, here)


def _effective(
    option: Option, layers: tuple[tuple[str, dict[str, object]], ...], checked_by: str | None
) -> EffectiveSetting:
    for origin, values in layers:
        passed_over = option.name in WHAT_IS_CHECKED and origin != checked_by
        if option.name in values and not passed_over:
            return EffectiveSetting(option=option, value=values[option.name], origin=origin)
    return EffectiveSetting(option=option, value=option.unset, origin=DEFAULT)

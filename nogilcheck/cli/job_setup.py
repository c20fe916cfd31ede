"""What the commands that check something share: their settings, and how the job reaches the user."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nogilcheck.cli.errors import say, warn
from nogilcheck.config.file import locate, working_directory
from nogilcheck.config.option import PREFIX
from nogilcheck.config.option_table import OPTIONS
from nogilcheck.errors import UsageError

if TYPE_CHECKING:
    from nogilcheck.config.effective import EffectiveSettings
    from nogilcheck.jobs.check import RunIO


@contextmanager
def with_settings(flags: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], EffectiveSettings | None]]:
    """The flags, completed by variables and files, and the settings, where there are any beside the flags.

    A `UsageError` in the block is given the place of the setting at fault.
    """
    settings = _settings(flags)
    try:
        yield (_completed(settings) if settings else flags), settings
    except UsageError as error:
        raise (settings.with_place(error) if settings else error) from None


def _settings(flags: Mapping[str, Any]) -> EffectiveSettings | None:
    """The settings of the run; ``None`` where the flags say everything, and nothing about what counts."""
    here = working_directory()
    quiet = bool(flags.get("quiet"))
    file = locate(flags, os.environ, here, warn)
    has_policy = any(option.is_policy and option.parameter in flags for option in OPTIONS)
    if file is None and not has_policy and not any(name.startswith(PREFIX) for name in os.environ):
        return None
    from nogilcheck.config.effective import merge_layers

    settings = merge_layers(flags, os.environ, file, here)
    if file is not None and (not quiet or file.directory != str(here)):
        say(f"nogilcheck: settings from {file.path}")
    if not quiet:
        for warning in settings.warnings:
            warn(warning)
    return settings


def _completed(settings: EffectiveSettings) -> dict[str, Any]:
    """The flags with what variables and files say; a scan limit that stands there asks for no scan."""
    flags = dict(settings.flags)
    if not flags.get("scan") and any(s.name == "scan-limit" and s.origin != "flag" for s in settings.settings):
        flags.pop("scan_limit", None)
    return flags


@contextmanager
def run_io(*, quiet: bool) -> Iterator[RunIO]:
    """How a job reaches the user: warnings on standard error, and progress where that is a terminal."""
    from nogilcheck.jobs.check import RunIO

    if quiet:
        yield RunIO()
    elif not sys.stderr.isatty() or "CI" in os.environ:
        yield RunIO(warn=warn)
    else:
        from nogilcheck.cli.terminal.progress import showing_progress

        with showing_progress() as progress:
            yield RunIO(warn=warn, progress=progress)

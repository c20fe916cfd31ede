"""What ``nogilcheck check`` does with its parsed flags. It does not import typer, which a replay does without."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nogilcheck.cli.command_words import refuse_words
from nogilcheck.cli.errors import SAID, exiting_on_errors, say_nothing, warn
from nogilcheck.cli.job_setup import run_io, with_settings
from nogilcheck.cli.printed import Printed, Printing
from nogilcheck.cli.terminal.ctrl_c import ending_soon_after_ctrl_c
from nogilcheck.config.values import is_relative, options_of
from nogilcheck.store.location import locate

if TYPE_CHECKING:
    from nogilcheck.cli.outputs import Output
    from nogilcheck.cli.report_policy import ReportPolicy
    from nogilcheck.config.effective import EffectiveSettings
    from nogilcheck.model.report.report import Report


def run_check(given: Mapping[str, Any], *, named: bool = True, printing: Printing | None = None) -> int:
    """Check and write the report; the exit status. Errors end the process with one message and their status.

    ``given`` are the flags by `nogilcheck.config.option_table.Option.parameter`; what was not given is absent,
    ``None``, ``False`` or empty. ``named``: the command line names the command ``check``. ``printing``
    keeps what is printed.
    """
    said = len(SAID)
    with ending_soon_after_ctrl_c(), exiting_on_errors(), with_settings(given) as (flags, settings):
        if not named:
            refuse_words(given.get("inputs") or ())
        from nogilcheck.cli.outputs import plan, write
        from nogilcheck.report.formats import RENDERERS, TREE
        from nogilcheck.report.words import verdict

        quiet = flags.get("quiet", False)
        outputs = plan(
            [*(flags.get("output_format") or ()), *([TREE] if flags.get("tree") else [])], flags.get("output")
        )
        policy = _policy(settings, flags.get("write_baseline")) if settings else None
        options = options_of(flags)
        from nogilcheck.jobs.check import answer

        settled = len(SAID)
        with run_io(quiet=quiet) as io:
            report, solution, _ = answer(options, io)
        if settings is not None:
            report = replace(report, options={**report.options, "set_by": settings.origins()})
        if policy is not None:
            report = policy.apply(report, warn=say_nothing if quiet else warn)
        drawn = write(
            lambda name, look: RENDERERS[name](report, look),
            outputs,
            colour=flags.get("colour"),
            verbose=flags.get("verbose", False),
            confirm=None if quiet else verdict(report),
        )
        _tell_github(report, outputs, annotations=flags.get("annotations"))
        # What was said of this run alone, such as a cache that cannot be used, is not for the next one.
        alone = len(SAID) == settled and [output.path for output in outputs] == [None] and not flags.get("annotations")
        alone = alone and not options.refresh and not is_relative(flags.get("exclude_newer"))
        if printing and solution and alone and not (policy and policy.write_to):
            printed = Printed(report.exit_status, drawn[0], "".join(SAID[said:]), options.max_age, options.offline)
            location = None if options.no_cache else locate(options.cache_dir, os.environ)
            printing.keep(printed, solution, location and location.directory, _files(settings))
    return report.exit_status


def _files(settings: EffectiveSettings | None) -> Iterator[str]:
    """What was read beside the inputs: a file with settings that was named, a baseline."""
    if settings is not None and settings.file is not None:
        yield str(Path(settings.file.directory, Path(settings.file.path).name))
    if settings is not None and (baseline := settings.value("baseline")):
        yield str(Path(str(baseline)).absolute())


def _policy(settings: EffectiveSettings, write_to: str | None) -> ReportPolicy | None:
    """What the report goes through; ``None`` where no setting decides what counts."""
    if write_to is None and all(s.origin == "default" for s in settings.settings if s.option.is_policy):
        return None
    from nogilcheck.cli.report_policy import ReportPolicy

    return ReportPolicy.of(settings, write_to)


def _tell_github(report: Report, outputs: Sequence[Output], *, annotations: bool | None) -> None:
    """On GitHub Actions set outputs, and annotate unless it is not wanted; elsewhere annotate where it is."""
    if annotations or os.environ.get("GITHUB_ACTIONS") == "true":
        from nogilcheck.cli.github_actions import annotate, set_outputs

        if annotations is not False:
            annotate(report, outputs)
        set_outputs(report)

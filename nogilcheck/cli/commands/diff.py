"""``nogilcheck diff OLD.json NEW.json``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from nogilcheck.cli.errors import exiting_on_errors
from nogilcheck.cli.outputs import FILE_WIDTH, show
from nogilcheck.cli.saved_report import read_report
from nogilcheck.cli.typer_options import TextOrJson, with_options
from nogilcheck.errors import UsageError


@with_options()
def diff(
    old: Annotated[
        str, typer.Argument(metavar="OLD.json", help="The older report (--format json), or - for standard input.")
    ],
    new: Annotated[
        str,
        typer.Argument(
            metavar="NEW.json", help="The newer one. Directories of `nogilcheck survey` are compared likewise."
        ),
    ],
    output_format: TextOrJson = "terminal",
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List what changed its version and nothing else, and each gap, too.")
    ] = False,
    colour: bool | None = None,
) -> None:
    """Say what became ready between two reports, and what regressed.

    Exit status: 0 nothing regressed, 1 something blocks that did not, 2 a report cannot be read or they have no target
    in common, 3 nothing regressed as far as is known, but something could not be determined any more.
    """
    from nogilcheck.cli.terminal.features import terminal_width, wants_colour
    from nogilcheck.judge.compare import compare
    from nogilcheck.report.comparison import comparison_json, render_comparison

    with exiting_on_errors():
        if os.path.isdir(old) or os.path.isdir(new) or old.endswith(".jsonl"):
            raise typer.Exit(_surveys(old, new, output_format))
        if output_format not in {"terminal", "json"}:
            raise UsageError(f"{output_format!r} is not a format of a diff", hint="Formats: terminal, json.")
        comparison = compare(read_report(old), read_report(new))
        if not comparison.targets:
            raise UsageError("the reports have no target in common", hint="check the same --python and --platform")
        if output_format == "json":
            show(comparison_json(comparison), "json")
        else:
            on_terminal = sys.stdout.isatty()
            colour = wants_colour(on_terminal=on_terminal) if colour is None else colour
            width = terminal_width() if on_terminal else FILE_WIDTH
            sys.stdout.write(render_comparison(comparison, width=width, colour=colour, verbose=verbose))
    raise typer.Exit(comparison.exit_status)


def _surveys(old: str, new: str, output_format: str) -> int:
    """Show what changed between two surveys; the exit status. Raises `InputError`."""
    from nogilcheck.jobs.surveying.results import read_results
    from nogilcheck.judge.survey import answer, compare_surveys
    from nogilcheck.report.survey_changes import render_changes

    if output_format not in {"terminal", "json"}:
        raise UsageError(f"{output_format!r} is not a format of a diff", hint="Formats: terminal, json.")
    changes, status = compare_surveys(*(answer(read_results(Path(path))) for path in (old, new)))
    show(render_changes(changes, output_format=output_format), output_format)
    return status

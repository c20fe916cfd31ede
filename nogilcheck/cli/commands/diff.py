"""``nogilcheck diff OLD.json NEW.json``."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Annotated

import typer

from nogilcheck.cli.commands.report import read_report
from nogilcheck.cli.errors import ending_well
from nogilcheck.errors import UsageError

FILE_WIDTH = 120
"""Columns where there is no terminal."""


def diff(
    old: Annotated[
        str, typer.Argument(metavar="OLD.json", help="The older report (--format json), or - for standard input.")
    ],
    new: Annotated[str, typer.Argument(metavar="NEW.json", help="The newer one.")],
    output_format: Annotated[
        str, typer.Option("--format", metavar="NAME", help="terminal or json.", show_default=False)
    ] = "terminal",
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List what changed its version and nothing else, and each gap, too.")
    ] = False,
    colour: Annotated[
        bool | None, typer.Option("--color/--no-color", help="Colour; by default on a terminal only.")
    ] = None,
) -> None:
    """Say what became ready between two reports, and what regressed.

    Exit status: 0 nothing regressed, 1 something blocks that did not, 2 a report cannot be read or they have no target
    in common, 3 nothing regressed as far as is known, but something could not be determined any more.
    """
    from nogilcheck.judge.compare import compare
    from nogilcheck.report.comparison import comparison_json, render_comparison

    with ending_well():
        if output_format not in {"terminal", "json"}:
            raise UsageError(f"{output_format!r} is not a format of a diff", hint="Formats: terminal, json.")
        comparison = compare(read_report(old), read_report(new))
        if not comparison.targets:
            raise UsageError("the reports have no target in common", hint="check the same --python and --platform")
        if output_format == "json":
            sys.stdout.write(comparison_json(comparison))
        else:
            on_terminal = sys.stdout.isatty()
            if colour is None:
                colour = on_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
            width = shutil.get_terminal_size().columns if on_terminal else FILE_WIDTH
            sys.stdout.write(render_comparison(comparison, width=width, colour=colour, verbose=verbose))
    raise typer.Exit(comparison.exit_status)

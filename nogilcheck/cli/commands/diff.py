"""``nogilcheck diff OLD.json NEW.json``."""

from __future__ import annotations

import sys
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
    new: Annotated[str, typer.Argument(metavar="NEW.json", help="The newer one.")],
    output_format: TextOrJson = "terminal",
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Also list version-only changes and each unknown."),
    ] = False,
    colour: bool | None = None,
) -> None:
    """Say what became ready between two reports, and what regressed.

    Exit status: 0 nothing regressed, 1 something blocks that did not, 2 a report cannot be read or they have no target
    in common, 3 nothing regressed as far as is known, but something has become unknown.
    """
    from nogilcheck.cli.terminal.features import terminal_width, wants_colour
    from nogilcheck.judge.compare import compare
    from nogilcheck.report.comparison import comparison_json, render_comparison
    from nogilcheck.report.terminal.layout import encodable

    with exiting_on_errors():
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
            text = render_comparison(comparison, width=width, colour=colour, verbose=verbose)
            show(encodable(text, sys.stdout.encoding))
    raise typer.Exit(comparison.exit_status)

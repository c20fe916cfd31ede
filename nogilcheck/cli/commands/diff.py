"""``nogilcheck diff OLD.json NEW.json``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from nogilcheck.cli.errors import exiting_on_errors
from nogilcheck.cli.outputs import FILE_WIDTH, show
from nogilcheck.cli.saved_report import read_report
from nogilcheck.cli.typer_options import TextOrJson, check_text_or_json, with_options
from nogilcheck.errors import UsageError


@with_options()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD.json", help="The older JSON report, or - for standard input.")],
    new: Annotated[str, typer.Argument(metavar="NEW.json", help="The newer report, or -.")],
    output_format: TextOrJson = "terminal",
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose", "-v", help="List changes of version alone and every unknown too.", rich_help_panel="Output"
        ),
    ] = False,
    colour: bool | None = None,
) -> None:
    """Compare two reports: what became ready, and what regressed.

    Exit status: 0 nothing regressed, 1 there is a new blocker, 2 a report cannot be read or the two have no target in
    common, 3 nothing regressed as far as is known, but there is a new unknown.
    """
    from nogilcheck.cli.terminal.features import terminal_width, wants_colour
    from nogilcheck.judge.compare import compare
    from nogilcheck.report.comparison import comparison_json, render_comparison

    with exiting_on_errors():
        check_text_or_json(output_format)
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

"""``nogilcheck report``: a saved report in any other format."""

from __future__ import annotations

from typing import Annotated

import typer

from nogilcheck.cli.errors import exiting_on_errors
from nogilcheck.cli.outputs import plan, write
from nogilcheck.cli.typer_options import with_options
from nogilcheck.jobs.saved_report import read_report
from nogilcheck.report.formats import RENDERERS
from nogilcheck.report.words import verdict


@with_options()
def report(
    path: Annotated[
        str, typer.Argument(metavar="REPORT", help="A JSON report, or - for standard input.", show_default=False)
    ],
    output_format: list[str] | None = None,
    output: list[str] | None = None,
    verbose: bool = False,
    quiet: bool = False,
    colour: bool | None = None,
) -> None:
    """Show a saved report, or convert it to another format.

    Exit status: 0 whatever the report says, 2 if it cannot be read or written.
    """
    with exiting_on_errors():
        outputs = plan(output_format, output)
        content = read_report(path)
        write(
            lambda name, look: RENDERERS[name](content, look),
            outputs,
            colour=colour,
            verbose=verbose,
            confirm=None if quiet else verdict(content),
        )

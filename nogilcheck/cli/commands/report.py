"""``nogilcheck report``: a saved report in any other format."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from nogilcheck.cli.errors import exiting_on_errors
from nogilcheck.cli.outputs import plan, write
from nogilcheck.cli.typer_options import with_options
from nogilcheck.errors import InputError
from nogilcheck.model.report.report import Report
from nogilcheck.report.formats import RENDERERS

MAX_REPORT_BYTES = 256 * 2**20
"""A report of a thousand distributions on two dozen targets has a tenth of it."""

EPILOG = """Examples:

\b
  nogilcheck requirements.txt --format json -o report.json
  nogilcheck report report.json                               in the terminal
  nogilcheck report report.json -o report.sarif -o summary.md
  nogilcheck report - --format badge < report.json
"""
"""For the help of the command."""


@with_options()
def report(
    path: Annotated[
        str, typer.Argument(metavar="REPORT", help="A JSON report, or - for standard input.", show_default=False)
    ],
    output_format: list[str] | None = None,
    output: list[str] | None = None,
    verbose: bool = False,
    colour: bool | None = None,
) -> None:
    """Show a saved JSON report, or turn it into another format.

    Exit status: 0, whatever the report says; 2 where it cannot be read or written.
    """
    with exiting_on_errors():
        outputs = plan(output_format, output)
        content = read_report(path)
        write(lambda name, look: RENDERERS[name](content, look), outputs, colour=colour, verbose=verbose)


def read_report(path: str) -> Report:
    """The report in a file, or on standard input for ``-``. Raises `InputError`."""
    where = "standard input" if path == "-" else path
    try:
        if path == "-":
            content = sys.stdin.buffer.read(MAX_REPORT_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                content = file.read(MAX_REPORT_BYTES + 1)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        hint = "`nogilcheck --format json -o report.json` writes one."
        raise InputError(f"the report cannot be read: {said}", where=where, hint=hint) from None
    if len(content) > MAX_REPORT_BYTES:
        raise InputError(f"it is larger than {MAX_REPORT_BYTES // 2**20} MiB: no report is", where=where)
    try:
        return Report.from_json(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(
            "not a nogilcheck report: not UTF-8", where=where, hint="`nogilcheck --format json` writes a report."
        ) from None
    except InputError as error:
        raise InputError(error.message, where=where, hint=error.hint) from None

"""``nogilcheck diff OLD.json NEW.json``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nogilcheck.cli.errors import exiting_on_errors
from nogilcheck.cli.outputs import plan, write
from nogilcheck.cli.typer_options import format_option, with_options
from nogilcheck.errors import UsageError
from nogilcheck.jobs.saved_report import read_report

if TYPE_CHECKING:
    from nogilcheck.model.comparison import Comparison
    from nogilcheck.model.report.survey import SurveyChange
    from nogilcheck.report.formats import RenderOptions

FORMATS = ("terminal", "json", "html")


@with_options()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD.json", help="The older JSON report, or - for standard input.")],
    new: Annotated[
        str, typer.Argument(metavar="NEW.json", help="The newer report, or -; of surveys, their directories.")
    ],
    output_format: Annotated[list[str] | None, format_option(*FORMATS)] = None,
    output: list[str] | None = None,
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
    from nogilcheck.judge.compare import compare

    with exiting_on_errors():
        if os.path.isdir(old) or os.path.isdir(new) or old.endswith(".jsonl"):
            outputs = plan(output_format, output, known=FORMATS[:2])
            changes, status = _between_surveys(old, new)
            write(lambda name, _: _told(changes, name), outputs, colour=colour, verbose=verbose)
            raise typer.Exit(status)
        outputs = plan(output_format, output, known=FORMATS)
        comparison = compare(read_report(old), read_report(new))
        if not comparison.targets:
            raise UsageError("the reports have no target in common", hint="check the same --python and --platform")
        write(lambda name, look: _rendered(comparison, name, look), outputs, colour=colour, verbose=verbose)
    raise typer.Exit(comparison.exit_status)


def _rendered(comparison: Comparison, name: str, look: RenderOptions) -> str:
    from nogilcheck.report.comparison import comparison_json, render_comparison

    if name == "json":
        return comparison_json(comparison)
    if name == "html":
        from nogilcheck.report.pages.html import text_page

        text = render_comparison(comparison, width=text_page.WIDTH, colour=False, verbose=True)
        return text_page.render("nogilcheck diff", text)
    return render_comparison(comparison, width=look.width, colour=look.colour, verbose=look.verbose)


def _between_surveys(old: str, new: str) -> tuple[list[SurveyChange], int]:
    """What changed between two surveys, and the exit status. Raises `InputError`."""
    from nogilcheck.jobs.surveying.results import read_results
    from nogilcheck.judge.survey import answer, compare_surveys

    return compare_surveys(*(answer(read_results(Path(path))) for path in (old, new)))


def _told(changes: list[SurveyChange], name: str) -> str:
    from nogilcheck.report.documents.survey import render_changes

    return render_changes(changes, output_format=name)

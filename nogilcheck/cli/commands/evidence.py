"""``nogilcheck evidence check``: which facts of the ledger a newer release has overtaken."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from nogilcheck.cli import examples
from nogilcheck.cli.errors import exiting_on_errors
from nogilcheck.cli.grouped_command import GroupedCommand
from nogilcheck.cli.job_setup import run_io, with_settings
from nogilcheck.cli.typer_options import with_options
from nogilcheck.config.values import options_of
from nogilcheck.errors import ExitStatus

evidence_app = typer.Typer(help="Look after the evidence on projects.", rich_markup_mode=None)


@evidence_app.callback()
def _top() -> None:
    """Look after the evidence on projects."""


@evidence_app.command("check", cls=GroupedCommand, epilog=examples.EVIDENCE_CHECK)
@with_options(
    "index-url", "extra-index-url", "find-links", "no-index", "offline", "refresh", "max-age", "time-limit",
    "no-cache", "cache-dir", "quiet", "config", "no-config",
)  # fmt: skip
def check(
    file: Annotated[
        str | None,
        typer.Argument(metavar="[FILE]", help="A file with evidence. Default: nogilcheck's own.", show_default=False),
    ] = None,
    **shared: Any,
) -> None:
    """Ask the index whether newer releases have overtaken what the evidence says.

    Asks for each project with a stance or a known problem.

    Exit status: 0 nothing is overtaken; 1 something is; 2 the file or the command line is at fault; 3 the index did
    not answer for every project.
    """
    with exiting_on_errors(), with_settings(shared) as (flags, _):
        from nogilcheck.jobs.evidence_check import check_evidence

        with run_io(quiet=flags.get("quiet", False)) as io:
            found = check_evidence(file, options_of(flags), io)
    for line in (*found.overtaken, *found.unknown):
        typer.echo(line)
    asked = f"{found.asked} project{'' if found.asked == 1 else 's'} asked"
    typer.echo(f"{asked}: {len(found.overtaken)} overtaken, {len(found.unknown)} unknown")
    raise typer.Exit(
        ExitStatus.BLOCKED if found.overtaken else ExitStatus.UNDECIDED if found.unknown else ExitStatus.READY
    )

"""The commands."""

from __future__ import annotations

import typer

from nogilcheck.cli import examples
from nogilcheck.cli.commands.cache import cache_app
from nogilcheck.cli.commands.check import check
from nogilcheck.cli.commands.config import config_app
from nogilcheck.cli.commands.diff import diff
from nogilcheck.cli.commands.evidence import evidence_app
from nogilcheck.cli.commands.explain import explain
from nogilcheck.cli.commands.inspect import inspect
from nogilcheck.cli.commands.minimum import minimum
from nogilcheck.cli.commands.plan import plan
from nogilcheck.cli.commands.report import report
from nogilcheck.cli.commands.survey import survey
from nogilcheck.cli.commands.why import why
from nogilcheck.cli.grouped_command import WIDTH, GroupedCommand

app = typer.Typer(
    name="nogilcheck",
    help="What stops your project from moving to a free-threaded CPython?",
    epilog=examples.PROGRAM,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    # Plain help: importing rich would cost more than the rest of the start-up.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDTH},
)
app.command("check", cls=GroupedCommand, epilog=examples.CHECK)(check)
app.command("why", cls=GroupedCommand, epilog=examples.WHY)(why)
app.command("plan", cls=GroupedCommand, epilog=examples.PLAN)(plan)
app.command("minimum", cls=GroupedCommand, epilog=examples.MINIMUM)(minimum)
app.command("report", cls=GroupedCommand, epilog=examples.REPORT)(report)
app.command("explain", cls=GroupedCommand, epilog=examples.EXPLAIN)(explain)
app.command("diff", cls=GroupedCommand, epilog=examples.DIFF)(diff)
app.command("survey", cls=GroupedCommand, epilog=examples.SURVEY)(survey)
app.command("inspect", cls=GroupedCommand, epilog=examples.INSPECT)(inspect)
app.add_typer(cache_app, name="cache")
app.add_typer(config_app, name="config")
app.add_typer(evidence_app, name="evidence")


@app.callback(invoke_without_command=True)
def _top(version: bool = typer.Option(False, "--version", "-V", help="Show the version and exit.")) -> None:
    if version:
        from nogilcheck import __version__

        typer.echo(f"nogilcheck {__version__}")
        raise typer.Exit

"""The commands."""

from __future__ import annotations

import typer

from nogilcheck.cli.cache import cache_app
from nogilcheck.cli.check import check
from nogilcheck.cli.inspect import inspect
from nogilcheck.cli.plan import plan

_EPILOG = """`nogilcheck requirements.txt` is short for `nogilcheck check requirements.txt`. Examples:

\b
  nogilcheck requirements.txt
  nogilcheck numpy 'pandas>=2' --python 3.14t,3.15t
  nogilcheck requirements.txt --format json --output report.json
  nogilcheck check --help            every option of a check
"""

app = typer.Typer(
    name="nogilcheck",
    help="What stops your project from moving to a free-threaded CPython?",
    epilog=_EPILOG,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    # Plain help: importing rich would cost more than the rest of the start-up.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("check")(check)
app.command("plan")(plan)
app.command("inspect")(inspect)
app.add_typer(cache_app, name="cache")


@app.callback(invoke_without_command=True)
def _top(
    version: bool = typer.Option(False, "--version", "-V", help="Show the version and exit."),
) -> None:
    if version:
        from nogilcheck import __version__

        typer.echo(f"nogilcheck {__version__}")
        raise typer.Exit

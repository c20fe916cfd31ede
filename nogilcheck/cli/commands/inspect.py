"""``nogilcheck inspect``: what local wheels and installed environments declare, as a gate before publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from nogilcheck.cli.errors import exiting_on_errors
from nogilcheck.cli.terminal.ctrl_c import ending_soon_after_ctrl_c
from nogilcheck.cli.typer_options import format_option, with_options
from nogilcheck.config.values import environment_of
from nogilcheck.errors import UsageError

if TYPE_CHECKING:
    from nogilcheck.report.formats import RenderOptions

FORMATS = ("terminal", "json", "compact")


@with_options()
def inspect(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH...",
            help="Wheels, directories of wheels (dist/), virtual environments, or other files and directories.",
            show_default=False,
        ),
    ] = None,
    env: Annotated[
        list[str] | None,
        typer.Option(
            "--env",
            metavar="DIR",
            help="Inspect an installed environment; current is the active one.",
            rich_help_panel="Arguments",
        ),
    ] = None,
    output_format: Annotated[list[str] | None, format_option(*FORMATS)] = None,
    output: list[str] | None = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List every module and its evidence.", rich_help_panel="Output")
    ] = False,
    quiet: bool = False,
    colour: bool | None = None,
) -> None:
    """Inspect wheels and environments: what they declare about the GIL.

    Verifies every file of a wheel against its RECORD; imports and runs nothing. Reports a free-threaded wheel with
    a module that turns the GIL on, or with tags that its contents contradict, as a blocker.

    Exit status: 0 no blocker, 1 a blocker, 2 a path cannot be read, 3 something is unknown.
    """
    with ending_soon_after_ctrl_c(), exiting_on_errors():
        from nogilcheck.cli.outputs import plan, write

        outputs = plan(output_format, output, known=FORMATS)
        if not paths and not env:
            raise UsageError("there is nothing to inspect", hint="name wheels, dist/, or an environment: --env .venv")
        from nogilcheck.jobs.inspect import inspect as run
        from nogilcheck.report.ci import compact
        from nogilcheck.report.inspection import render_inspection, render_inspection_json, verdict

        inspection = run(paths or [], environments=[environment_of(given) for given in env or () if given])

        def draw(name: str, look: RenderOptions) -> str:
            if name == "json":
                return render_inspection_json(inspection)
            if name == "compact":
                return compact.render_inspection(inspection)
            return render_inspection(inspection, width=look.width, colour=look.colour, verbose=look.verbose)

        write(draw, outputs, colour=colour, verbose=verbose, confirm=None if quiet else verdict(inspection))
    raise typer.Exit(int(inspection.exit_status))

"""``nogilcheck inspect``: what local wheels and installed environments declare, as a gate before publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from nogilcheck.cli.check_job import Flags, environment_of
from nogilcheck.cli.errors import ending_well
from nogilcheck.cli.interrupts import ending_soon
from nogilcheck.cli.options import ColourOption, OutputOption
from nogilcheck.errors import UsageError

if TYPE_CHECKING:
    from nogilcheck.report.formats import RenderOptions

FORMATS = ("terminal", "json")


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
        typer.Option("--env", metavar="DIR", help="An installed environment; current: the one that is active."),
    ] = None,
    output_format: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="NAME", help="terminal or json. Default: as --output ends, or terminal."),
    ] = None,
    output: OutputOption = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every module and its evidence.")] = False,
    colour: ColourOption = None,
) -> None:
    """Say what the extension modules in local wheels declare about the GIL, and what does not fit together.

    Every file of a wheel is verified against its RECORD; nothing is imported or run. Where a free-threaded
    wheel holds a module that turns the GIL back on, or tags that its contents belie, that is an offence.

    Exit status: 0 nothing wrong, 1 an offence, 2 a path cannot be looked into, 3 something could not be
    determined.
    """
    raise typer.Exit(
        _run(paths or [], env or [], Flags(output_format=output_format, output=output, verbose=verbose, colour=colour))
    )


def _run(paths: list[str], environments: list[str], flags: Flags) -> int:
    with ending_soon(), ending_well():
        from nogilcheck.cli.outputs import plan, write

        outputs = plan(flags.get("output_format"), flags.get("output"), known=FORMATS)
        if not paths and not environments:
            raise UsageError("there is nothing to inspect", hint="name wheels, dist/, or an environment: --env .venv")
        from nogilcheck.jobs.inspect import inspect as run
        from nogilcheck.report.inspection import render_inspection, render_inspection_json

        found = run(paths, environments=[each for given in environments if (each := environment_of(given))])

        def draw(name: str, look: RenderOptions) -> str:
            if name == "json":
                return render_inspection_json(found)
            return render_inspection(found, width=look.width, colour=look.colour, verbose=look.verbose)

        write(draw, outputs, colour=flags.get("colour"), verbose=flags.get("verbose", False))
    return int(found.exit_status)

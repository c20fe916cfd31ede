"""``nogilcheck minimum``: the least versions of the user's requirements that fit, ready to paste."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nogilcheck.cli.errors import exiting_on_errors
from nogilcheck.cli.job_setup import run_io, with_settings
from nogilcheck.cli.terminal.ctrl_c import ending_soon_after_ctrl_c
from nogilcheck.cli.typer_options import SHARED, format_option, with_options
from nogilcheck.config.values import options_of

if TYPE_CHECKING:
    from nogilcheck.report.formats import RenderOptions

FORMATS = ("terminal", "json")


@with_options(*SHARED)
def minimum(output_format: Annotated[list[str] | None, format_option(*FORMATS)] = None, **shared: Any) -> None:
    """Print the least versions of your requirements that fit, ready to paste.

    For each requirement the first release from which on every one has a wheel for the targets. Looks at your own
    requirements alone and resolves nothing: `nogilcheck check` tells what they require.

    Exit status: 0 each has one, 1 one has none, 2 an input or the command line is at fault, 3 something is unknown.
    """
    given = {**shared, "output_format": output_format}
    with ending_soon_after_ctrl_c(), exiting_on_errors(), with_settings(given) as (flags, _):
        from nogilcheck.cli.outputs import plan, write

        outputs = plan(flags.get("output_format"), flags.get("output"), known=FORMATS)
        options = options_of(flags)
        from nogilcheck.jobs.minimum import minimum as run
        from nogilcheck.report.documents.minimum import render_json
        from nogilcheck.report.terminal.minimum import render

        with run_io(quiet=flags.get("quiet", False)) as io:
            found = run(options, io)

        def draw(name: str, _: RenderOptions) -> str:
            return render_json(found) if name == "json" else render(found)

        write(
            draw, outputs, colour=flags.get("colour"), verbose=False, confirm=None if flags.get("quiet") else "minimum"
        )
    raise typer.Exit(int(found.exit_status))

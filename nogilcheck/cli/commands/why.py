"""``nogilcheck why NAME``: the chains that lead to one project, and what would free it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from nogilcheck.cli.errors import exiting_on_errors
from nogilcheck.cli.job_setup import run_io, with_settings
from nogilcheck.cli.terminal.ctrl_c import ending_soon_after_ctrl_c
from nogilcheck.cli.typer_options import SHARED, format_option, with_options
from nogilcheck.config.values import options_of
from nogilcheck.report.formats import EXPLANATION_RENDERERS as RENDERERS


@with_options(*SHARED, "scan", "scan-limit")
def why(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="The name of the project.", show_default=False),
    ],
    output_format: Annotated[list[str] | None, format_option(*RENDERERS)] = None,
    **shared: Any,
) -> None:
    """Explain who requires a distribution, and what would free it.

    Shows every shortest chain from your requirements to it with the specifiers on the way, what each target gets,
    what else the index offers, and where its developers track the work.

    Exit status: 0 explained, ready or not; 2 nothing requires it, or an input or the command line is at fault.
    """
    given = {**shared, "output_format": output_format}
    with ending_soon_after_ctrl_c(), exiting_on_errors(), with_settings(given) as (flags, _):
        from nogilcheck.cli.outputs import plan, write

        outputs = plan(flags.get("output_format"), flags.get("output"), known=RENDERERS)
        options = options_of(flags)
        from nogilcheck.jobs.why import explain

        with run_io(quiet=flags.get("quiet", False)) as io:
            explanation = explain(name, options, io)
        write(
            lambda name, look: RENDERERS[name](explanation, look),
            outputs,
            colour=flags.get("colour"),
            verbose=flags.get("verbose", False),
            confirm=None if flags.get("quiet") else f"why {explanation.name}",
        )

"""``nogilcheck why NAME``: the chains that lead to one project, and what would free it."""

from __future__ import annotations

from typing import Annotated, cast

import typer

from nogilcheck.cli.check_job import Flags, options_of, surrounded, with_settings
from nogilcheck.cli.errors import ending_well
from nogilcheck.cli.interrupts import ending_soon
from nogilcheck.cli.shared import with_options_of_check


@with_options_of_check
def why(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="The project to be explained, however it is spelled.", show_default=False),
    ],
    output_format: Annotated[
        list[str] | None,
        typer.Option(
            "--format", metavar="NAME", help="terminal, json, mermaid or dot. Default: as --output ends, or terminal."
        ),
    ] = None,
    **shared: object,
) -> None:
    """Explain one distribution: who requires it, what it holds back, and what would free it.

    Shows every shortest chain from your requirements to it with the specifiers on the way, what each target gets of
    it, what the index offers instead, and where its developers are to be found.

    Exit status: 0 explained, whatever it gets; 2 nothing requires it, or the input or the command line is at fault.
    """
    flags = cast("Flags", {**shared, "output_format": output_format})
    with ending_soon(), ending_well(), with_settings(flags) as flags:
        from nogilcheck.cli.outputs import plan, write
        from nogilcheck.report.why_formats import RENDERERS

        outputs = plan(flags.get("output_format"), flags.get("output"), known=RENDERERS)
        options = options_of(flags)
        from nogilcheck.jobs.why import explain

        with surrounded(quiet=flags.get("quiet", False)) as around:
            explanation = explain(name, options, around)
        write(
            lambda name, look: RENDERERS[name](explanation, look),
            outputs,
            colour=flags.get("colour"),
            verbose=flags.get("verbose", False),
        )

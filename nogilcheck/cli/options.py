"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

from nogilcheck.report.formats import RENDERERS


def _formats(incomplete: str) -> list[str]:
    return [name for name in RENDERERS if name.startswith(incomplete)]


FormatOption = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar="NAME",
        help=f"{', '.join(RENDERERS)}; alone for standard output, or once for each --output. "
        "Default: as the file's name ends, or terminal.",
        autocompletion=_formats,
    ),
]

OutputOption = Annotated[
    list[str] | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write the report to a file, - for standard output; repeat it for more."
    ),
]

VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Show the ready distributions too.")]

ColourOption = Annotated[bool | None, typer.Option("--color/--no-color", help="Colour; by default on a terminal only.")]

"""``nogilcheck check``: the main job, as typer sees it. What it does is in `nogilcheck.cli.run_check`."""

from __future__ import annotations

from typing import Any

import typer

from nogilcheck.cli.run_check import run_check
from nogilcheck.cli.typer_options import ALL, with_options


@with_options(*ALL)
def check(context: typer.Context, **flags: Any) -> None:
    """Find what stops a project from moving to a free-threaded CPython.

    Resolves every dependency to the version that the regular build of each Python would install today, and
    reports what the free-threaded build gets of it.

    Exit status: 0 ready, 1 blocked, 2 an input or the command line is at fault, 3 something is unknown.
    """
    raise typer.Exit(run_check(flags, named=(context.obj or {}).get("named", True)))

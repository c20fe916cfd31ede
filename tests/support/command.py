"""Running the command line inside the test process."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from unittest import mock

import typer.main

from nogilcheck.cli.main import main

# The commands of many command lines are built once; others who ask for them, in contexts of their own, get their own.
_COMMANDS_ONCE = cache(typer.main.get_command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a command ended."""

    status: int
    stdout: str
    stderr: str


def run(*arguments: str) -> Outcome:
    """``nogilcheck ARGUMENTS``, without a terminal."""
    out, err = io.StringIO(), io.StringIO()
    status: object = 0
    once = mock.patch.object(typer.main, "get_command", _COMMANDS_ONCE)
    with redirect_stdout(out), redirect_stderr(err), once:
        try:
            main(arguments)
        except SystemExit as end:
            status = end.code
    assert isinstance(status, int), status
    return Outcome(status=status, stdout=out.getvalue(), stderr=err.getvalue())


def unmeasured() -> dict[str, str]:
    """The environment for a process whose own doings count: coverage, which would start in it, imports and writes."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}

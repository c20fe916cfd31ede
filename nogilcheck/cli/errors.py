"""How a command ends when something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from nogilcheck.errors import ExitStatus, NogilcheckError


def warn(text: str) -> None:
    """A warning on standard error."""
    typer.echo(f"nogilcheck: warning: {text}", err=True)


@contextmanager
def ending_well() -> Iterator[None]:
    """Turn errors made for people into one message and their exit status; Ctrl-C into 130."""
    try:
        yield
    except NogilcheckError as error:
        typer.echo(f"nogilcheck: error: {error}", err=True)
        if error.hint:
            typer.echo(f"  hint: {error.hint}", err=True)
        raise typer.Exit(error.exit_status) from None
    except KeyboardInterrupt:
        typer.echo("nogilcheck: interrupted", err=True)
        raise typer.Exit(ExitStatus.INTERRUPTED) from None

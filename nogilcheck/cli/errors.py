"""How a command ends when something is wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from nogilcheck.errors import ExitStatus, NogilcheckError

SAID: list[str] = []
"""What this process has written to standard error, as it was written."""


def say(text: str) -> None:
    """Print a message to standard error, without credentials and control characters.

    It may have several lines. A closed standard error is ignored.
    """
    from nogilcheck.model.urls import redact
    from nogilcheck.report.words import safe

    SAID.append("\n".join(map(safe, redact(text).split("\n"))) + "\n")
    with suppress(OSError):
        print(SAID[-1], end="", file=sys.stderr)


def warn(text: str) -> None:
    """Print a warning to standard error."""
    say(f"nogilcheck: warning: {text}")


def say_nothing(_: object) -> None:
    """Ignore a warning."""


def refuse(error: Any, arguments: Sequence[str]) -> int:
    """Say what typer refuses, in the style of every other error; the exit status."""
    from nogilcheck.config.suggestions import suggestion

    text = error.format_message().partition("(Possible options")[0].strip().rstrip(".")
    hint = None
    if type(error).__name__ == "NoSuchOption":
        text = f"no such option: {error.option_name}"
        hint = suggestion(error.option_name, [flag for option in error.ctx.command.params for flag in option.opts])
    say(f"nogilcheck: error: {text[:1].lower()}{text[1:]}")
    say(f"  hint: {hint or f'`nogilcheck {arguments[0]} --help` lists what there is'}")
    return ExitStatus.UNUSABLE


@contextmanager
def exiting_on_errors() -> Iterator[None]:
    """End the process on a `NogilcheckError` with its message and exit status, on Ctrl-C with 130."""
    try:
        yield
    except NogilcheckError as error:
        say(f"nogilcheck: error: {error}")
        if error.hint:
            say(f"  hint: {error.hint}")
        raise SystemExit(error.exit_status) from None
    except KeyboardInterrupt:
        say("nogilcheck: interrupted")
        raise SystemExit(ExitStatus.INTERRUPTED) from None

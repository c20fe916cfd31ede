"""The entry point: ``nogilcheck FILES`` is ``nogilcheck check FILES``."""

from __future__ import annotations

import atexit
import errno
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NoReturn, TextIO

from nogilcheck.cli.command_words import COMMANDS

_OWN_OPTIONS = ("--version", "-V", "--help", "-h", "--install-completion", "--show-completion")

_COMPLETING = "_NOGILCHECK_COMPLETE"
"""The variable by which a shell asks for completions."""

_UNUSABLE, _INTERRUPTED = 2, 130
"""As in `nogilcheck.errors.ExitStatus`, which is not imported before it is needed."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit. Raises `MemoryError` where memory or threads run out."""
    # The process is short and makes few cycles: collecting costs a fifth of its time and frees next to nothing.
    gc.disable()
    atexit.register(gc.freeze)  # nor does the interpreter collect once more before it ends
    _open_missing_streams()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if "GITHUB_ACTIONS" not in os.environ:
        sys.exit(_ended(given))
    from nogilcheck.cli.workflow_commands import without_foreign_commands

    with without_foreign_commands():
        sys.exit(_ended(given))


def _ended(given: list[str]) -> int:
    """Run the command line, however it ends; the exit status."""
    status = 0
    try:
        status = _status(given)
        sys.stdout.flush()
    except KeyboardInterrupt:
        _complain("interrupted")
        status = _INTERRUPTED
    except BrokenPipeError:  # the reader has closed the pipe; the status stands
        _give_up(sys.stdout)
    except OSError as error:
        if error.errno == errno.ENOMEM:
            raise MemoryError from error
        _complain(f"error: {error.strerror or error}")
        status = _UNUSABLE
        _give_up(sys.stdout)
    except Exception as error:  # a defect must not end with 1, which means "blocked"
        causes = list(_causes(error))
        if any(map(_is_exhaustion, causes)):
            raise MemoryError from error
        if any(isinstance(cause, KeyboardInterrupt) for cause in causes):  # e.g. in __set_name__, up to Python 3.11
            _complain("interrupted")
            return _INTERRUPTED
        import traceback

        _complain(f"this is a defect of nogilcheck, please report it\n{traceback.format_exc()}")
        status = _UNUSABLE
    return status


def _status(given: list[str]) -> int:
    """Run a command; its exit status."""
    if given in (["--version"], ["-V"]):  # the shortest way: nothing else is imported
        from nogilcheck import __version__

        print(f"nogilcheck {__version__}")
        return 0
    if any("@" in argument for argument in given):
        from nogilcheck.model.credentials.logins import learn_logins

        for argument in given:
            learn_logins(argument)
    typed = tuple(given)
    names_none = not given or (given[0] not in COMMANDS and given[0] not in _OWN_OPTIONS)
    if names_none:
        given.insert(0, "check")
    if "-vv" in given:
        from nogilcheck.cli.debug_log import start_debug_log

        start_debug_log()
    try:
        if given[0] == "check" and _COMPLETING not in os.environ:
            status = _checked_without_typer(typed, given[1:], named=not names_none)
            if status is not None:
                return status
        return _parsed_by_typer(given, named=not names_none)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else _UNUSABLE * (end.code is not None)


def _parsed_by_typer(given: list[str], *, named: bool) -> int:
    """Run a command; its exit status."""
    if _COMPLETING in os.environ:
        from nogilcheck.cli.completion import insert_check

        insert_check(os.environ, COMMANDS, _OWN_OPTIONS)
    from nogilcheck.cli.app import app
    from nogilcheck.cli.errors import exiting_on_errors

    try:
        with exiting_on_errors():
            status = app(given, prog_name="nogilcheck", obj={"named": named}, standalone_mode=False)
    except Exception as error:
        if not hasattr(error, "format_message"):  # what typer refuses has it
            raise
        from nogilcheck.cli.errors import refuse

        return refuse(error, given)
    return status or 0


def _checked_without_typer(typed: Sequence[str], arguments: Sequence[str], *, named: bool) -> int | None:
    """Print again what was printed, or check; the exit status. ``None``: an unusual command line."""
    printing = None
    if "-vv" not in arguments and "GITHUB_ACTIONS" not in os.environ:
        from nogilcheck.cli.printed import Printing

        printing = Printing(typed)
        if (status := printing.again()) is not None:
            return status
    from nogilcheck.cli.fast_parser import parse

    if (flags := parse(arguments)) is None:
        return None
    from nogilcheck.cli.run_check import run_check

    return run_check(flags, named=named, printing=printing)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came of."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_exhaustion(error: BaseException) -> bool:
    """Whether the limits of the process are at fault.

    CPython has only a text for a thread that cannot be started, a library that cannot be mapped is any `ImportError`
    of an extension module, and where memory runs out within an import it may lose the error (`SystemError`).
    """
    if isinstance(error, SystemError):
        return _has_memory_limit()
    if isinstance(error, ImportError):
        return (error.path or "").endswith((".so", ".pyd", ".dylib")) and _has_memory_limit()
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and "new thread" in str(error))


def _has_memory_limit() -> bool:
    with suppress(ImportError):  # Windows; or it cannot be mapped either
        import resource

        return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY
    return os.name != "nt"


def _open_missing_streams() -> None:
    """Open the streams that Python lacks where a descriptor was closed (``>&-``)."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115  open to the end


def _complain(text: str) -> None:
    from nogilcheck.cli.errors import say

    say(f"nogilcheck: {text}")


def _give_up(stream: TextIO) -> None:
    """Discard what is still buffered: the interpreter would fail to flush it at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())

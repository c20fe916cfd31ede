"""The entry points: how the process ends before a command can end in order, and where it no longer can.

Nothing but `nogilcheck.cli.main` is imported here, and that late: what is imported first, Ctrl-C would interrupt in the
middle of, with a traceback.
"""

import _signal  # type: ignore[import-not-found]  # what `signal` is made of, without enum
import os
import sys

_STDERR = 2
_UNUSABLE = 2
"""As in `nogilcheck.errors.ExitStatus`."""
_ENOMEM = 12
"""As `errno` has it, which is not imported yet where memory runs out."""
_RESERVE = 1 << 20
"""Bytes that are given back where memory runs out: not even a function can be called without any."""
_OUT_OF_MEMORY = b"""nogilcheck: error: out of memory or threads
  hint: raise the limits (ulimit -v, ulimit -u), or check fewer inputs at a time
"""


def main() -> None:
    """Run ``nogilcheck`` and exit."""
    _run("main")


def hook() -> None:
    """Run ``nogilcheck-hook`` and exit."""
    _run("hook")


def _run(module: str) -> None:
    """Run the ``main`` of a module beside this one.

    Ctrl-C ends the process by its signal, which shells report as 130, until a command takes it over
    (`nogilcheck.cli.terminal.ctrl_c`), and again after that.
    """
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    reserve: bytes | None = None
    try:
        reserve = bytes(_RESERVE)
        if module == "hook":
            from nogilcheck.cli.hook import main as run
        else:
            from nogilcheck.cli.main import main as run
        run()
    except (MemoryError, OSError, SystemError) as error:  # the last where memory runs out within an import
        reserve = None  # noqa: F841
        if isinstance(error, OSError) and error.errno != _ENOMEM:
            raise
        end_out_of_memory()


def end_out_of_memory() -> None:
    """Say so and end the process at once: to format a message, or to end threads in order, needs memory too."""
    try:
        os.write(_STDERR, _OUT_OF_MEMORY)
        sys.stdout.flush()
    finally:
        os._exit(_UNUSABLE)

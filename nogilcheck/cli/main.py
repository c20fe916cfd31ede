"""The entry point: ``nogilcheck FILES`` is ``nogilcheck check FILES``."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

COMMANDS = ("check", "cache")
_OWN_OPTIONS = ("--version", "--help", "-h", "--install-completion", "--show-completion")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    # The process is short and makes few cycles: collecting costs a fifth of its time and frees next to nothing.
    gc.disable()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given in (["--version"], ["-V"]):  # the shortest way: nothing else is imported
        from nogilcheck import __version__

        print(f"nogilcheck {__version__}")
        return
    if not given or (given[0] not in COMMANDS and given[0] not in _OWN_OPTIONS):
        given.insert(0, "check")
    from nogilcheck.cli.app import app

    app(given, prog_name="nogilcheck")

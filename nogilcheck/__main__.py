"""``python -m nogilcheck``."""

import os
import sys
from contextlib import suppress


def _leave_out_the_working_directory() -> None:
    """Python looks there first, and what is checked may have a file called httpx.py (as pip does)."""
    with suppress(OSError):  # the directory is gone
        if sys.path and not sys.flags.safe_path and sys.path[0] in ("", os.getcwd()):  # noqa: PTH109  no Path yet
            del sys.path[0]


if __name__ == "__main__":
    _leave_out_the_working_directory()

    from nogilcheck.cli.start import main

    main()

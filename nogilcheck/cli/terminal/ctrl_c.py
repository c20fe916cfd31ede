"""Ctrl-C ends the program within a second, whatever it is doing."""

from __future__ import annotations

import _thread
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from nogilcheck.errors import ExitStatus

PATIENCE = 0.5
"""Seconds that an orderly end may take."""

_STDERR = 2
_CLEAR_LINE_SHOW_CURSOR = b"\r\x1b[K\x1b[?25h"


@contextmanager
def ending_soon_after_ctrl_c() -> Iterator[None]:
    """SIGINT raises `KeyboardInterrupt`; where the block does not end within `PATIENCE`, the process does.

    The exception may be raised between acquiring a lock and the block that releases it, and clean-up code that needs
    the lock then waits forever. Ending the process is safe: the cache survives it.
    """
    left: list[bool] = []

    def end() -> None:
        time.sleep(PATIENCE)
        if left:
            return
        with suppress(OSError):
            if os.isatty(_STDERR):
                os.write(_STDERR, _CLEAR_LINE_SHOW_CURSOR)
            os.write(_STDERR, b"nogilcheck: interrupted\n")
        os._exit(ExitStatus.INTERRUPTED)

    def interrupted(number: int, frame: FrameType | None) -> None:
        _thread.start_new_thread(end, ())  # `threading` acquires locks, which the interrupted code may hold
        signal.default_int_handler(number, frame)

    before = signal.getsignal(signal.SIGINT)
    if before not in (signal.default_int_handler, signal.SIG_DFL):  # ignored, or somebody else's
        yield
        return
    try:
        signal.signal(signal.SIGINT, interrupted)
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    finally:
        left.append(True)
        signal.signal(signal.SIGINT, before)

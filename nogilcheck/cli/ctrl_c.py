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
"""Seconds for an orderly end."""

_STDERR = 2
_CLEAR_LINE_SHOW_CURSOR = b"\r\x1b[K\x1b[?25h"


@contextmanager
def ending_soon_after_ctrl_c() -> Iterator[None]:
    """SIGINT raises `KeyboardInterrupt`, as usual; when the block has not ended soon after, the process does.

    The exception may come between the taking of a lock and the block that would give it back. Who needs the lock to
    clean up then waits for ever. Nothing is lost: the cache bears a process that is killed.
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
        _thread.start_new_thread(end, ())  # `threading` would take locks, which the interrupted code may hold
        signal.default_int_handler(number, frame)

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:  # ignored, or somebody else's
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

"""Read files that may be named pipes, to which perhaps nobody writes."""

from __future__ import annotations

import os
import select
import stat
import time
from pathlib import Path

SECONDS = 3.0
"""For somebody to open the other end of a pipe. How long a writer takes is not limited (``<(pip-compile ...)``)."""

_PAUSE = 0.02
_CHUNK = 1024 * 1024


def read_up_to(path: str | Path, limit: int) -> bytes:
    """The first ``limit`` bytes of a file. Raises `OSError`, for a pipe without a writer too, and `ValueError`."""
    if not hasattr(os, "mkfifo") or not stat.S_ISFIFO(os.stat(path).st_mode):  # noqa: PTH116  a str as well
        with open(path, "rb") as file:  # noqa: PTH123
            # Not at once: room for all of the limit would be taken before the file is looked at.
            parts = iter(lambda: file.read(min(_CHUNK, limit - file.tell())), b"")
            return b"".join(parts)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return _from_pipe(descriptor, limit)
    finally:
        os.close(descriptor)


def _from_pipe(descriptor: int, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    until = time.monotonic() + SECONDS
    has_writer = False
    while size < limit:
        try:
            part = os.read(descriptor, min(_CHUNK, limit - size))
        except BlockingIOError:
            has_writer = True
            select.select([descriptor], [], [])
            continue
        if part:
            parts.append(part)
            size += len(part)
        elif parts or has_writer:
            break
        elif time.monotonic() > until:
            raise OSError(0, "nobody writes to this pipe")
        else:
            time.sleep(_PAUSE)
    return b"".join(parts)

"""Memory that is free goes back to the system."""

from __future__ import annotations

import sys
from contextlib import suppress

LARGE = 256 * 1024
"""Bytes of a block that is given back as soon as it is free."""

_M_MMAP_THRESHOLD = -3
"""``malloc.h`` of glibc."""


def return_large_blocks() -> None:
    """Have glibc give large blocks back; elsewhere nothing.

    Sixteen threads unpack pages, and by default the heap of each of them keeps as much as its largest page took: a
    third of the peak of a large stack (mallopt(3), "the dynamic mmap threshold").
    """
    if sys.platform == "linux":
        with suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE)

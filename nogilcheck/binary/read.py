"""Bytes -> images, whatever the container."""

from __future__ import annotations

from nogilcheck.binary import elf
from nogilcheck.binary.image import Image, UnsupportedError


class NeedsExtraError(Exception):
    """The container is read by a library that is not installed."""


def images(data: bytes) -> list[Image]:
    """The image of each architecture in the file. Raises `UnreadableError`, `UnsupportedError` and `NeedsExtraError`."""
    if data.startswith(elf.MAGIC):
        return [elf.read_elf(data)]
    raise UnsupportedError("neither ELF, PE nor Mach-O")

"""Read the images in a file of any container format: ELF directly, PE and Mach-O with LIEF (the extra ``scan``)."""

from __future__ import annotations

from typing import Final

from nogilcheck.binary import elf
from nogilcheck.binary.image import Image, UnsupportedError

PE_MAGIC: Final = b"MZ"
MACHO_MAGIC: Final = b"\xcf\xfa\xed\xfe"
"""``MH_MAGIC_64``, little-endian (mach-o/loader.h)."""
FAT_MAGICS: Final = (b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf")
"""``FAT_MAGIC`` and ``FAT_MAGIC_64`` (mach-o/fat.h)."""


class NeedsExtraError(Exception):
    """The container is read by a library that is not installed. Carries the container's name."""


def images(data: bytes, hooks: tuple[str, ...]) -> list[Image]:
    """The image of each architecture in the file, with the exports whose names begin like ``hooks``.

    Raises `UnreadableError`, `UnsupportedError` and `NeedsExtraError`.
    """
    if data.startswith(elf.MAGIC):
        return [elf.read_elf(data, hooks)]
    if data.startswith(PE_MAGIC):
        try:
            from nogilcheck.binary.pe import read_pe
        except ImportError as error:
            raise NeedsExtraError("PE") from error
        return [read_pe(data, hooks)]
    if data.startswith((MACHO_MAGIC, *FAT_MAGICS)):
        try:
            from nogilcheck.binary.macho import read_macho
        except ImportError as error:
            raise NeedsExtraError("Mach-O") from error
        return read_macho(data, hooks)
    raise UnsupportedError("neither ELF, PE nor Mach-O")

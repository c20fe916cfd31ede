"""The memory that slots are read from: the file as it is loaded, or the state that a hook has changed."""

from __future__ import annotations

from typing import Protocol

from nogilcheck.binary.image import Image


class Memory(Protocol):
    """Memory of which not everything is known."""

    def number(self, address: int, size: int) -> int | None:
        """The unsigned little-endian number there; ``None``: not known."""
        ...

    def text(self, address: int) -> str | None:
        """The C string there; ``None``: not known."""
        ...


class Loaded:
    """A file, relocated and before any of its code has run."""

    def __init__(self, image: Image) -> None:
        self._image = image

    def number(self, address: int, size: int) -> int | None:
        """As in `Memory`; what is imported is not known."""
        word = self._image.word(address & ~7)
        if word is None:
            return None
        shift = address & 7
        return word >> 8 * shift & (1 << 8 * size) - 1 if shift + size <= 8 else None

    def text(self, address: int) -> str | None:
        """As in `Memory`."""
        return self._image.text(address)

"""Follow the code of a hook, where data alone does not tell what it declares. Needs capstone (the extra ``scan``)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from nogilcheck.binary.ends import Trace
from nogilcheck.binary.hooks import Interpreter
from nogilcheck.binary.image import Image
from nogilcheck.binary.layouts import DefinitionLayout
from nogilcheck.binary.tracer.convention import convention
from nogilcheck.binary.tracer.decode import Decoder
from nogilcheck.binary.tracer.machine import Tracer
from nogilcheck.binary.tracer.naming import may_use, named


class Follower:
    """Follows functions of one image, run by run, and remembers what the runs saw."""

    def __init__(self, image: Image, interpreter: Interpreter, layout: DefinitionLayout) -> None:
        self._image = image
        self._interpreter = interpreter
        self._layout = layout
        self._decoder = Decoder(image)
        self.read: set[int] = set()
        """Addresses of words of the file that were read on some way, as they stand before any code runs."""
        self.changed: set[int] = set()
        """Addresses of words of the file that other code may have changed before: unknown on every way."""

    def follow(
        self,
        entry: int,
        depth: int,
        *,
        steps: int,
        returns_array: bool = False,
        answers: Mapping[str, int] = MappingProxyType({}),
    ) -> Trace:
        """Follow every way through the function at ``entry``, calls to ``depth``, in ``steps`` instructions at most.

        ``answers``: what functions of other libraries are taken to return.
        """
        tracer = Tracer(
            self._image,
            self._interpreter,
            self._layout,
            self._decoder,
            depth=depth,
            steps=steps,
            changed=self.changed,
            answers=answers,
        )
        trace = tracer.run(entry, returns_array=returns_array)
        self.read |= tracer.read
        return trace

    def followed(self) -> set[int]:
        """The addresses of all bytes of code that were followed so far, on any way."""
        return {
            address
            for instruction in self._decoder.followed()
            for address in range(instruction.address, instruction.next)
        }

    def named(self) -> set[int]:
        """The addresses that the instructions followed so far name."""
        return set(named(self._decoder.followed()))

    def may_use(self, place: int, start: int, end: int) -> bool:
        """Whether the instruction around a place of x86-64 code may use an address from ``start`` up to ``end``."""
        destroyed = convention(self._image.machine, self._image.format).destroyed
        return may_use(self._decoder, place, start, end, destroyed)

    def another(self) -> Follower:
        """A follower of the same image that has followed nothing yet."""
        return Follower(self._image, self._interpreter, self._layout)

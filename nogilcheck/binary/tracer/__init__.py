"""Following a hook's code, where data alone do not tell what it declares. Needs capstone (the extra ``scan``)."""

from __future__ import annotations

from nogilcheck.binary.ends import Trace
from nogilcheck.binary.hooks import Interpreter
from nogilcheck.binary.image import Image
from nogilcheck.binary.layouts import DefinitionLayout
from nogilcheck.binary.tracer.decode import Decoder
from nogilcheck.binary.tracer.machine import Tracer
from nogilcheck.binary.tracer.naming import named


class Follower:
    """Runs over the functions of one image."""

    def __init__(self, image: Image, interpreter: Interpreter, layout: DefinitionLayout) -> None:
        self._image = image
        self._interpreter = interpreter
        self._layout = layout
        self._decoder = Decoder(image)
        self.read: set[int] = set()
        """Words of the file that were looked at on some way, as they stand before any code runs."""
        self.changed: set[int] = set()
        """Words of the file that other code may have changed by then: not known on any way."""

    def follow(self, entry: int, depth: int, *, steps: int, returns_array: bool = False) -> Trace:
        """Every way through the function at ``entry``, calls followed to ``depth``, in so many steps at most."""
        tracer = Tracer(
            self._image,
            self._interpreter,
            self._layout,
            self._decoder,
            depth=depth,
            steps=steps,
            changed=self.changed,
        )
        found = tracer.run(entry, returns_array=returns_array)
        self.read |= tracer.read
        return found

    def followed(self) -> set[int]:
        """The addresses of all bytes of code that were followed so far, on any way."""
        return {place for each in self._decoder.followed() for place in range(each.address, each.next)}

    def named(self) -> set[int]:
        """The addresses that the instructions followed so far name."""
        return set(named(self._decoder.followed()))

    def another(self) -> Follower:
        """One of the same image that has followed nothing yet."""
        return Follower(self._image, self._interpreter, self._layout)

"""Decide whether code that was not followed may change what a declaration depends on; if so, it is unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from nogilcheck.binary import layouts
from nogilcheck.binary.entry import LONGEST, hook_length
from nogilcheck.binary.image import WORD, Image, Machine
from nogilcheck.binary.references import calls, references
from nogilcheck.binary.slots import Slots

if TYPE_CHECKING:
    from nogilcheck.binary.tracer import Follower

CONSTRUCTOR_STEPS: Final = 2_000
"""Instructions of one constructor that are followed."""
CONSTRUCTOR_DEPTH: Final = 2
"""How deep its calls are."""
CONSTRUCTOR_BYTES: Final = 128
"""Bytes from its beginning that are taken for a constructor where nothing can be followed."""
STUB_BYTES: Final = 8
"""Bytes of the longest stub before the instruction that names the place of an import."""
ARGUMENT_BYTES: Final = 24
"""Bytes of code before a call in which its second argument is looked for."""

_X86_SECOND = re.compile(rb"[\xbe\xba](.\0\0\0)|\x31[\xf6\xd2]", re.DOTALL)
"""``mov esi, n`` and ``xor esi, esi``; on Windows ``edx``."""
_ARM_SECOND = re.compile(rb"([\x01\x21]\0\x80[\x52\xd2])", re.DOTALL)
"""``mov w1, n`` and ``mov x1, n``, for 0 and 1."""
_ONE: Final = frozenset({b"\x01\0\0\0", b"\x21\0\x80\x52", b"\x21\0\x80\xd2"})
_FRAME_DUMMY = re.compile(rb"(?:\xf3\x0f\x1e\xfa)?(?:\x55\x48\x89\xe5\x5d)?\xe9", re.DOTALL)
"""``frame_dummy`` of crtstuff.c, in every file that gcc links: it does nothing but jump to ``register_tm_clones``."""


class Stability:
    """Checks what other code of an image may do to the data that the declaration of one hook depends on."""

    def __init__(self, image: Image, layout: layouts.DefinitionLayout, entry: int, follower: Follower | None) -> None:
        self._image = image
        self._layout = layout
        self._entry = entry
        self._follower = follower
        self.not_called: Sequence[int] = ()
        """Other hooks for the same name, which the interpreter does not call beside this one."""

    def may_change(self, slots: Slots, definition: int | None) -> bool:
        """Whether code that was not followed may change slots, or which slots a definition has."""
        watched = [(start, end) for start, end in slots.ranges if self._is_mutable(start)]
        whole = list(watched)
        if definition is not None and self._is_mutable(definition):
            field = definition + self._layout.slots
            watched.append((field, field + WORD))
            whole.append((definition, field + WORD))
        followed = self._followed()
        if any(place not in followed for start, end in watched for place in self._references(start, end)):
            return True
        return self._constructors_name(whole)

    def may_declare_otherwise(self) -> bool:
        """Whether code that was not followed may declare something else of a single-phase module."""
        followed = self._followed()
        for slot in [at for at, name in self._image.slots.items() if name.partition("@")[0] == layouts.SET_GIL]:
            for place in self._references(slot, slot + WORD):
                through_stub = list(self._certain(calls, place - STUB_BYTES, place + 1))
                for site in through_stub or [place]:
                    if site not in followed and not self._passes_not_used(site):
                        return True
        return False

    def _passes_not_used(self, site: int) -> bool:
        """Whether the code just before a call sets its second argument to ``Py_MOD_GIL_NOT_USED``, and nothing else."""
        before = self._image.read(site - ARGUMENT_BYTES, ARGUMENT_BYTES)
        arm = self._image.machine is Machine.ARM64
        numbers = (_ARM_SECOND if arm else _X86_SECOND).findall(before)
        return len(numbers) == 1 and numbers[0] in _ONE

    @cached_property
    def constructed(self) -> frozenset[int]:
        """Addresses of words of the file that constructors, which the loader runs before the hook, may change."""
        if self._follower is None or not self._image.constructors:
            return frozenset()
        other = self._follower.another()
        for constructor in self._image.constructors:
            other.follow(constructor, CONSTRUCTOR_DEPTH, steps=CONSTRUCTOR_STEPS)
        return frozenset(address & ~(WORD - 1) for address in other.named() if self._is_mutable(address))

    def _is_mutable(self, address: int) -> bool:
        """Whether code may write to an address; only the loader writes the places of imports."""
        if address & ~(WORD - 1) in self._image.slots:
            return False
        return self._image.segment(address) is not None and not self._image.is_constant(address)

    def _references(self, start: int, end: int) -> Iterator[int]:
        return self._certain(references, start, end)

    def _certain(self, search: Callable[[Image, int, int], Iterator[int]], start: int, end: int) -> Iterator[int]:
        """What a search finds, without the bytes that are part of other instructions where code can be decoded."""
        decoded = self._follower if self._image.machine is Machine.X86_64 else None
        for place in search(self._image, start, end):
            if decoded is None or decoded.may_use(place, start, end):
                yield place

    def _followed(self) -> set[int]:
        if self._follower is None:
            return set(self._hook())
        other = self._follower.another()
        for entry in self.not_called:
            other.follow(entry, 0, steps=CONSTRUCTOR_STEPS)
        return self._follower.followed() | other.followed()

    def _hook(self) -> range:
        """The code of the hook, of which all is known where nothing can be followed."""
        return range(self._entry, self._entry + hook_length(self._image, self._entry))

    def _constructors_name(self, ranges: Sequence[tuple[int, int]]) -> bool:
        """Whether constructors name an address in any of these ranges."""
        if self._follower is None:
            named = (place for start, end in ranges for place in self._references(start, end))
            return any(map(self._is_in_constructor, named))
        return any(start < word + WORD and word < end for start, end in ranges for word in self.constructed)

    def _is_in_constructor(self, place: int) -> bool:
        if place in self._hook():
            return False
        return any(
            each <= place < each + CONSTRUCTOR_BYTES
            for each in self._image.constructors
            if not _FRAME_DUMMY.match(self._image.read(each, LONGEST))
        )

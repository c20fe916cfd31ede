"""Whether code that a judgement has not followed may change what it rests on: never "not used" where it may."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from nogilcheck.binary import layouts
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
HOOK_BYTES: Final = 64
"""Likewise for the hook, of which all is known then (`nogilcheck.binary.entry.LONGEST`)."""
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
    """What else the code of one image does to the data behind the judgement on one hook."""

    def __init__(self, image: Image, layout: layouts.DefinitionLayout, entry: int, follower: Follower | None) -> None:
        self._image = image
        self._layout = layout
        self._entry = entry
        self._follower = follower
        self._constructed: frozenset[int] | None = None

    def may_change(self, slots: Slots, definition: int | None) -> bool:
        """Whether slots, or which slots a definition has, may be changed by code that was not followed."""
        watched = [each for each in slots.ranges if self._is_mutable(each[0])]
        whole = list(watched)
        if definition is not None and self._is_mutable(definition):
            field = definition + self._layout.slots
            watched.append((field, field + WORD))
            whole.append((definition, field + WORD))
        followed = self._followed()
        if any(place not in followed for start, end in watched for place in references(self._image, start, end)):
            return True
        return self._constructors_name(whole)

    def may_declare_otherwise(self) -> bool:
        """Whether code that was not followed calls what declares for a single-phase module, and not with the same."""
        followed = self._followed()
        for slot in [at for at, name in self._image.slots.items() if name.partition("@")[0] == layouts.SET_GIL]:
            for place in references(self._image, slot, slot + WORD):
                through_stub = list(calls(self._image, place - STUB_BYTES, place + 1))
                for site in through_stub or [place]:
                    if site not in followed and not self._passes_not_used(site):
                        return True
        return False

    def _passes_not_used(self, site: int) -> bool:
        """Whether the second argument of a call is set to it, and to nothing else, just before."""
        before = self._image.read(site - ARGUMENT_BYTES, ARGUMENT_BYTES)
        arm = self._image.machine is Machine.ARM64
        numbers = (_ARM_SECOND if arm else _X86_SECOND).findall(before)
        return len(numbers) == 1 and numbers[0] in _ONE

    def constructed(self) -> frozenset[int]:
        """Words of the file that what the loader runs before the hook names, and may change."""
        if self._constructed is None:
            self._constructed = frozenset(self._follow_constructors())
        return self._constructed

    def _follow_constructors(self) -> Iterator[int]:
        if self._follower is None or not self._image.constructors:
            return
        other = self._follower.another()
        for each in self._image.constructors:
            other.follow(each, CONSTRUCTOR_DEPTH, steps=CONSTRUCTOR_STEPS)
        yield from (address & ~(WORD - 1) for address in other.named() if self._is_mutable(address))

    def _is_mutable(self, address: int) -> bool:
        """Whether code may write there; the loader alone fills the places of imports."""
        image = self._image
        return (
            address & ~(WORD - 1) not in image.slots and bool(image.segment(address)) and not image.is_constant(address)
        )

    def _followed(self) -> set[int]:
        if self._follower is None:
            return set(range(self._entry, self._entry + HOOK_BYTES))
        return self._follower.followed()

    def _constructors_name(self, ranges: Sequence[tuple[int, int]]) -> bool:
        """Whether what the loader runs before the hook names any of these."""
        if self._follower is None:
            return any(map(self._is_in_constructor, self._named_at(ranges)))
        return any(start < word + WORD and word < end for start, end in ranges for word in self.constructed())

    def _named_at(self, ranges: Iterable[tuple[int, int]]) -> Iterable[int]:
        return (place for start, end in ranges for place in references(self._image, start, end))

    def _is_in_constructor(self, place: int) -> bool:
        if place in range(self._entry, self._entry + HOOK_BYTES):
            return False
        return any(
            each <= place < each + CONSTRUCTOR_BYTES
            for each in self._image.constructors
            if not _FRAME_DUMMY.match(self._image.read(each, HOOK_BYTES))
        )

"""Whether code that a judgement has not followed may change what it rests on: never "not used" where it may."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from nogilcheck.binary import layouts
from nogilcheck.binary.image import WORD, Image
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

_FRAME_DUMMY = re.compile(rb"(?:\xf3\x0f\x1e\xfa)?(?:\x55\x48\x89\xe5\x5d)?\xe9", re.DOTALL)
"""``frame_dummy`` of crtstuff.c, in every file that gcc links: it does nothing but jump to ``register_tm_clones``."""


class Stability:
    """What else the code of one image does to the data behind the judgement on one hook."""

    def __init__(self, image: Image, layout: layouts.DefinitionLayout, entry: int, follower: Follower | None) -> None:
        self._image = image
        self._layout = layout
        self._entry = entry
        self._follower = follower

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
        """Whether code that was not followed calls what declares for a single-phase module."""
        followed = self._followed()
        for slot in [at for at, name in self._image.slots.items() if name.partition("@")[0] == layouts.SET_GIL]:
            for place in references(self._image, slot, slot + WORD):
                stub = calls(self._image, place - STUB_BYTES, place + 1)
                if any(each not in followed for each in stub):
                    return True
                if place not in followed and not any(calls(self._image, place - STUB_BYTES, place + 1)):
                    return True
        return self._constructors_name([])

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

    def _constructors_name(self, ranges: Iterable[tuple[int, int]]) -> bool:
        """Whether what the loader runs before the hook names any of these, or what the hook has looked at."""
        if self._follower is None:
            return any(map(self._is_in_constructor, self._named_at(ranges)))
        if not self._image.constructors:
            return False
        other = self._follower.another()
        for each in self._image.constructors:
            other.follow(each, CONSTRUCTOR_DEPTH, steps=CONSTRUCTOR_STEPS)
        named = {address for address in other.named() if self._is_mutable(address)}
        if any(address & ~(WORD - 1) in self._follower.read for address in named):
            return True
        return any(start <= address < end for start, end in ranges for address in named)

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

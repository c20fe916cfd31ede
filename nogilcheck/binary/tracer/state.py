"""The state at one point of one way through the code: registers, memory, and the modules made so far."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from nogilcheck.binary.ends import Gil
from nogilcheck.binary.image import WORD, Image
from nogilcheck.binary.tracer.flags import Compared

STACK: Final = 7 << 60
"""Where the stack begins; it grows downwards. All made-up addresses are far from those of any file."""
STACK_SIZE: Final = 1 << 24
"""Bytes of the stack, below `STACK`."""
HEAP: Final = 5 << 60
"""Where objects and allocated memory begin."""
BLOCK: Final = 1 << 16
"""Bytes between two objects, and between two imports."""
IMPORTED: Final = 4 << 60
"""Where imported functions and data begin."""
RETURN: Final = 3 << 60
"""The return address of the hook itself."""

WORD_MASK: Final = (1 << 64) - 1
MAX_ACCESS: Final = 64
"""Bytes of the widest load or store (AVX-512)."""

LARGEST_RESULT: Final = 256
"""Bytes of the stack, from where an argument points to, that a skipped call may have filled."""

Vector = tuple[int | None, int | None, int | None, int | None]
"""The low 32 bytes of a vector register, in words of eight."""
UNKNOWN_VECTOR: Final[Vector] = (None, None, None, None)


class World:
    """What all states of one run share: the image, and the made-up addresses of imports and objects."""

    def __init__(self, image: Image, changed: Collection[int] = ()) -> None:
        self.image = image
        self._changed = changed
        """Addresses of words of the file that code may have changed before the hook is called."""
        self._addresses: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._blocks: dict[tuple[int, tuple[int, ...], int], int] = {}
        self.constants: dict[int, bytes] = {}
        """The known contents of made-up memory, by address."""
        self.read: set[int] = set()
        """Addresses of words of the file that were read."""

    def imported(self, name: str) -> int:
        """The made-up address of an imported function or object."""
        if name not in self._addresses:
            address = IMPORTED + len(self._addresses) * BLOCK
            self._addresses[name] = address
            self._names[address] = name
        return self._addresses[name]

    def name_at(self, address: int | None) -> str | None:
        """The name of the import at this address."""
        return None if address is None else self._names.get(address)

    def block(self, site: int, frames: tuple[int, ...], count: int) -> int:
        """The made-up address of what the call at ``site`` makes the ``count``-th time; the same on all ways."""
        key = (site, frames, count)
        return self._blocks.setdefault(key, HEAP + (len(self._blocks) + 1) * BLOCK)

    def is_image(self, address: int) -> bool:
        """Whether the address is in the file."""
        return self.image.segment(address) is not None

    def is_constant(self, address: int) -> bool:
        """Whether the address is in the file, in memory that code cannot write."""
        return self.is_image(address) and self.image.is_constant(address)

    def byte(self, address: int) -> int | None:
        """The byte at an address before any code runs; ``None``: not known."""
        if address >= IMPORTED:
            text = self.constants.get(address & ~(BLOCK - 1))
            offset = address & BLOCK - 1
            return text[offset] if text is not None and offset < len(text) else None
        start = address & ~7
        shift = 8 * (address - start)
        self.read.add(start)
        if start in self._changed:
            return None
        name = self.image.slots.get(start)
        if name is not None:
            return self.imported(name) >> shift & 0xFF
        target = self.image.pointers.get(start)
        if target is not None:
            return target >> shift & 0xFF
        data = self.image.read(address, 1)
        return data[0] if data else None


@dataclass(slots=True)
class TracerState:
    """The state of one way."""

    world: World
    pc: int
    site: int = 0
    """The address of the current instruction."""
    registers: dict[str, int | None] = field(default_factory=dict)
    vectors: dict[str, Vector] = field(default_factory=dict)
    memory: dict[int, int | None] = field(default_factory=dict)
    """Bytes that were written."""
    flags: Compared | None = None
    frames: tuple[int, ...] = ()
    """Return addresses of the calls that are being followed."""
    modules: dict[int, Gil] = field(default_factory=dict)
    """The modules made on this way, by address, with what was declared of each."""
    stray: tuple[int | None, ...] = ()
    """What was declared of unknown objects."""
    delegates: dict[int, str] = field(default_factory=dict)
    """Objects, by address, that are or were made by an imported module -> that module's name."""
    digest: int = 0
    """A digest of all memory that was written, except the stack."""
    fresh: set[int] = field(default_factory=set)
    """Addresses, except of the stack, that were written since the last skipped call."""
    handed_to: str | None = None
    """The function of another library that was called last, where its result is not known."""
    failed: bool = False
    """An exception is set: whatever is returned, the import fails."""
    skipped: int = 0
    """How many calls were skipped."""
    allocated: dict[int, int] = field(default_factory=dict)
    """How often each call has allocated something."""

    def copy(self) -> TracerState:
        """An independent state at the same point, for the other way of a fork."""
        return TracerState(
            self.world, self.pc, self.site, dict(self.registers), dict(self.vectors), dict(self.memory), self.flags,
            self.frames, dict(self.modules), self.stray, dict(self.delegates), self.digest, set(self.fresh),
            self.handed_to, self.failed, self.skipped,
            dict(self.allocated),
        )  # fmt: skip

    def allocate(self, zeros: int = 0) -> int:
        """The address of a new object, whose first ``zeros`` bytes are known to be zero."""
        count = self.allocated.get(self.site, 0)
        self.allocated[self.site] = count + 1
        address = self.world.block(self.site, self.frames, count)
        for offset in range(min(zeros, BLOCK)):
            self.put(address + offset, 0)
        return address

    def load(self, address: int | None, size: int) -> int | None:
        """The number of ``size`` bytes in memory; ``None``: not known."""
        if address is None or not 0 < size <= MAX_ACCESS:
            return None
        if size == WORD and self._is_untouched(address + WORD // 2):
            size = WORD // 2
        elif size == WORD // 2 and self._is_untouched(address):
            return 0
        value = 0
        for offset in range(size):
            byte = self._byte(address + offset & WORD_MASK)
            if byte is None:
                return None
            value |= byte << 8 * offset
        return value

    def _is_untouched(self, address: int) -> bool:
        """Whether these four bytes of the stack were never written.

        They are the padding after an ``int`` in a structure that is copied whole, and are taken for zeros.
        """
        if not STACK - STACK_SIZE <= address < STACK:
            return False
        return not any(address + offset in self.memory for offset in range(WORD // 2))

    def store(self, address: int | None, size: int, value: int | None) -> None:
        """Write a number. A store to an unknown address is ignored: compilers spill registers to known ones."""
        if address is None:
            return
        for offset in range(min(size, MAX_ACCESS)):
            self.put(address + offset & WORD_MASK, None if value is None else value >> 8 * offset & 0xFF)

    def put(self, address: int, byte: int | None) -> None:
        """Write one byte."""
        if not STACK - STACK_SIZE <= address <= STACK:
            if address in self.memory:
                self.digest ^= hash((address, self.memory[address]))
            self.digest ^= hash((address, byte))
            self.fresh.add(address)
        self.memory[address] = byte

    def number(self, address: int, size: int) -> int | None:
        """As in `nogilcheck.binary.slots.Memory`."""
        return self.load(address, size)

    def text(self, address: int | None, longest: int = 256) -> str | None:
        """As in `nogilcheck.binary.slots.Memory`."""
        if address is None:
            return None
        text = bytearray()
        for offset in range(longest):
            byte = self._byte(address + offset)
            if byte is None:
                return None
            if not byte:
                return text.decode("latin-1")
            text.append(byte)
        return None

    def forget(self, address: int | None, size: int = 16) -> None:
        """Make memory unknown that a skipped call may have written."""
        if address is None or self.world.is_constant(address):
            return
        if self.world.is_image(address) or address >= HEAP:
            for offset in range(size):
                self.put(address + offset, None)
        if STACK - STACK_SIZE <= address < STACK:
            for place in range(address + size, min(address + LARGEST_RESULT, STACK)):
                self.memory.setdefault(place, None)

    def is_written(self, address: int, size: int) -> bool:
        """Whether the code wrote a known byte into this range."""
        return any(self.memory.get(address + offset) is not None for offset in range(size))

    def is_fresh(self, address: int, size: int) -> bool:
        """Whether no skipped call can have written into this range after the code did."""
        return not self.skipped or all(address + offset in self.fresh for offset in range(size))

    def _byte(self, address: int) -> int | None:
        return self.memory[address] if address in self.memory else self.world.byte(address)


def state_digest(state: TracerState) -> int:
    """A digest of what may decide the end of a way: modules, memory except the stack, small numbers in registers."""
    registers = frozenset(item for item in state.registers.items() if item[1] is not None and item[1] < IMPORTED)
    return hash((frozenset(state.modules.items()), state.stray, state.digest, registers))

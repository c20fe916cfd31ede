"""Mach-O images, thin and fat, by LIEF: chained fixups and the older rebase and bind opcodes (mach-o/loader.h)."""

from __future__ import annotations

from typing import Final

import lief

from nogilcheck.binary.image import WORD, ContainerFormat, Image, Machine, Segment, UnreadableImageError
from nogilcheck.binary.macho_commands import check_load_commands

MAX_RELOCATIONS: Final = 4_000_000
"""Pointers in a file; the largest modules have some hundred thousand."""
_EXECUTE, _WRITE = 4, 2
"""``VM_PROT_EXECUTE``, ``VM_PROT_WRITE`` (mach/vm_prot.h)."""
_EXTERNAL: Final = 0x1
"""``N_EXT`` (mach-o/nlist.h)."""
_READ_ONLY_DATA: Final = 0x10
"""``SG_READ_ONLY``: made read-only once fixups are applied (``__DATA_CONST``)."""

lief.logging.disable()


def read_macho(data: bytes, hooks: tuple[str, ...]) -> list[Image]:
    """The image of each architecture that is known, with the exports whose names begin like ``hooks``.

    Raises `UnreadableImageError`.
    """
    count = check_load_commands(data)
    fat = lief.MachO.parse(data)
    if fat is None or fat.size != count:
        raise UnreadableImageError("Mach-O headers")
    types = lief.MachO.Header.CPU_TYPE
    machines = {types.X86_64: Machine.X86_64, types.ARM64: Machine.ARM64}
    slices = []
    for binary in fat:
        if len(binary.commands) != binary.header.nb_cmds:
            raise UnreadableImageError("Mach-O load commands")
        machine = machines.get(binary.header.cpu_type)
        if machine is not None:
            slices.append(_image(binary, machine, memoryview(data), hooks))
    return slices


def _image(binary: lief.MachO.Binary, machine: Machine, view: memoryview, hooks: tuple[str, ...]) -> Image:
    segments = [
        Segment(
            address=segment.virtual_address,
            size=segment.virtual_size,
            data=view[binary.fat_offset + segment.file_offset :][: min(segment.file_size, segment.virtual_size)],
            executable=bool(segment.init_protection & _EXECUTE),
            writable=bool(segment.init_protection & _WRITE) and not segment.flags & _READ_ONLY_DATA,
        )
        for segment in binary.segments
        if segment.virtual_size
    ]
    slots = {}
    for binding in binary.bindings:
        symbol = binding.symbol
        if symbol is not None:
            slots[binding.address] = _plain(symbol.name)
        if len(slots) > MAX_RELOCATIONS:
            raise UnreadableImageError("Mach-O bindings: too many")
    exports = _exports(binary)
    if any(
        each.raw_type & _EXTERNAL
        and each.value
        and _plain(each.name).startswith(hooks)
        and _plain(each.name) not in exports
        for each in binary.symbols
    ):
        raise UnreadableImageError("Mach-O exports: without a symbol that is external")
    image = Image(
        file_format=ContainerFormat.MACHO,
        machine=machine,
        segments=segments,
        pointers={},
        slots=slots,
        exports={name: address for name, address in exports.items() if name.startswith(hooks)},
        imports={_plain(each.name) for each in binary.imported_symbols},
    )
    image.pointers = _pointers(binary, image)
    return image


def _exports(binary: lief.MachO.Binary) -> dict[str, int]:
    """The address of each exported name: from the trie, where dyld looks it up, and from symbols that say so."""
    exports = {_plain(each.name): each.value for each in binary.exported_symbols}
    for trie in (binary.dyld_info, binary.dyld_exports_trie):
        for export in trie.exports if trie is not None else ():
            if export.symbol is not None:
                exports[_plain(export.symbol.name)] = export.address
    return exports


def _pointers(binary: lief.MachO.Binary, image: Image) -> dict[int, int]:
    """What rebased words point to. Of a chained fixup LIEF tells the target; else it stands in place."""
    pointers: dict[int, int] = {}
    for relocation in binary.relocations:
        address = relocation.address
        if address in image.slots:
            continue
        target = getattr(relocation, "target", None)
        if target is None:
            value = image.read(address, WORD)
            target = int.from_bytes(value, "little") if len(value) == WORD else None
        if target is not None:
            pointers[address] = target
        if len(pointers) > MAX_RELOCATIONS:
            raise UnreadableImageError("Mach-O rebases: too many")
    return pointers


def _plain(name: str | bytes) -> str:
    """The C name of a symbol: without its leading underscore."""
    text = name.decode("latin-1") if isinstance(name, bytes) else name
    return text.removeprefix("_")

"""PE images (``.pyd``), by LIEF. Addresses are those of the preferred image base (Microsoft, "PE Format")."""

from __future__ import annotations

from typing import Final

import lief

from nogilcheck.binary.image import (
    WORD,
    ContainerFormat,
    Image,
    Machine,
    Segment,
    UnreadableImageError,
    UnsupportedError,
)

MAX_IMPORTS: Final = 200_000
"""Imported names; a module has some hundred."""
MAX_RELOCATIONS: Final = 4_000_000
"""Pointers in a file; the largest modules have some hundred thousand."""

lief.logging.disable()


def read_pe(data: bytes, hooks: tuple[str, ...]) -> Image:
    """The image of a DLL, with the exports whose names begin like ``hooks``.

    Raises `UnreadableImageError` and `UnsupportedError`.
    """
    binary = lief.PE.parse(data)
    if binary is None:
        raise UnreadableImageError("PE headers")
    machines = {lief.PE.Header.MACHINE_TYPES.AMD64: Machine.X86_64, lief.PE.Header.MACHINE_TYPES.ARM64: Machine.ARM64}
    machine = machines.get(binary.header.machine)
    if machine is None:
        raise UnsupportedError(f"PE for machine {int(binary.header.machine.value)}")
    base = binary.imagebase
    slots, imports = _imports(binary, base)
    image = Image(
        file_format=ContainerFormat.PE,
        machine=machine,
        segments=_segments(binary, memoryview(data), base),
        pointers={},
        slots=slots,
        exports=_exports(binary, base, hooks),
        imports=imports,
    )
    image.pointers = _pointers(binary, image, base)
    return image


def _segments(binary: lief.PE.Binary, view: memoryview, base: int) -> list[Segment]:
    segments = []
    for section in binary.sections:
        if section.pointerto_raw_data + section.sizeof_raw_data > len(view):  # Windows does not load it either
            raise UnreadableImageError("PE sections: one ends after the file")
        raw = view[section.pointerto_raw_data : section.pointerto_raw_data + section.sizeof_raw_data]
        size = max(section.virtual_size, 1)
        flags = lief.PE.Section.CHARACTERISTICS
        segments.append(
            Segment(
                address=base + section.virtual_address,
                size=size,
                data=raw[:size],
                executable=section.has_characteristic(flags.MEM_EXECUTE),
                writable=section.has_characteristic(flags.MEM_WRITE),
            )
        )
    return segments


def _exports(binary: lief.PE.Binary, base: int, hooks: tuple[str, ...]) -> dict[str, int]:
    table = binary.get_export()
    entries = list(() if table is None else table.entries)
    directory = binary.data_directory(lief.PE.DataDirectory.TYPES.EXPORT_TABLE)
    if not entries and directory is not None and directory.rva:
        raise UnreadableImageError("PE exports")
    return {_text(each.name): base + each.address for each in entries if _text(each.name).startswith(hooks)}


def _imports(binary: lief.PE.Binary, base: int) -> tuple[dict[int, str], set[str]]:
    """The import address table, delay-loaded imports included: where it is filled, and all names."""
    slots: dict[int, str] = {}
    names: set[str] = set()
    libraries = [*binary.imports, *(binary.delay_imports if binary.has_delay_imports else ())]
    for library in libraries:
        for entry in library.entries:
            name = _text(entry.name) or f"{_text(library.name)}#{entry.data & 0xFFFF}"
            names.add(name)
            address = getattr(entry, "iat_address", 0)
            if address:
                slots[base + address] = name
            if len(names) > MAX_IMPORTS:
                raise UnreadableImageError("PE imports: too many")
    return slots, names


def _pointers(binary: lief.PE.Binary, image: Image, base: int) -> dict[int, int]:
    """What base relocations of eight bytes point to; their addends are the bytes in place."""
    pointers: dict[int, int] = {}
    wide = lief.PE.RelocationEntry.BASE_TYPES.DIR64
    for block in binary.relocations:
        for entry in block.entries:
            if entry.type != wide:
                continue
            address = base + entry.address
            value = image.read(address, WORD)
            if len(value) == WORD and address not in image.slots:
                pointers[address] = int.from_bytes(value, "little")
            if len(pointers) > MAX_RELOCATIONS:
                raise UnreadableImageError("PE relocations: too many")
    return pointers


def _text(name: str | bytes | None) -> str:
    return name.decode("latin-1") if isinstance(name, bytes) else name or ""

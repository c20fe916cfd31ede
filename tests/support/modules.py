"""Extension modules of a few hundred bytes: ELF files with an exported hook and what it would declare, and no code.

Built by hand, so that a module may have any name. Those that compilers have made are in ``fixtures/binaries``.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import shake_256
from typing import Literal

Says = Literal["not-used", "used", "nothing", "delegated", "no-hook", "damaged"]

_DYNAMIC, _SYMBOL, _PROGRAM, _RELA = (struct.Struct(form) for form in ("<qQ", "<IBBHQQ", "<IIQQQQQQ", "<QQq"))
_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_X86_64, _SHARED, _RELATIVE = 62, 3, 8
_GIL_SLOT, _EXEC_SLOT = 4, 2


def module(name: str, says: Says = "not-used", *, padding: int = 0) -> bytes:
    """The bytes of a module that is imported under this name (its last part), for free-threaded builds up to 3.14.

    ``padding``: bytes that hardly compress.
    """
    if says == "damaged":
        return module(name, padding=padding)[:200]
    exports = {} if says == "no-hook" else {f"PyInit_{name}": 0x10}
    if says == "nothing":
        return _elf(exports, imports=["PyModule_Create2"], definition=None, padding=padding)
    if says in {"delegated", "no-hook"}:
        texts = b"_cffi_backend\0_init_cffi_1_0_external_module\0" if says == "delegated" else b""
        return _elf(exports, imports=[], definition=None, padding=padding, texts=texts)
    definition = _Definition(name=name, gil=1 if says == "not-used" else 0)
    return _elf(exports, imports=["PyModuleDef_Init"], definition=definition, padding=padding)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Definition:
    name: str
    gil: int
    """The value of the slot."""


def _elf(
    exports: Mapping[str, int],
    *,
    imports: Iterable[str],
    definition: _Definition | None,
    padding: int,
    texts: bytes = b"",
) -> bytes:
    """One segment, at address 0, that holds everything."""
    strings = b"\0"
    symbols = [_SYMBOL.pack(0, 0, 0, 0, 0, 0)]
    for symbol, value in [*exports.items(), *((each, 0) for each in imports)]:
        symbols.append(_SYMBOL.pack(len(strings), 0x12, 0, 1 if symbol in exports else 0, value, 0))
        strings += symbol.encode() + b"\0"
    start = _HEADER.size + 2 * _PROGRAM.size
    body = bytearray()

    def put(data: bytes) -> int:
        body.extend(b"\0" * (-len(body) % 16))
        body.extend(data)
        return start + (len(body) - len(data))

    symbols_at, strings_at = put(b"".join(symbols)), put(strings)
    hash_at = put(struct.pack("<IIII", 1, len(symbols), 0, 0) + b"\0" * 4 * len(symbols))
    relocations: list[bytes] = []
    if definition is not None:
        name_at = put(definition.name.encode() + b"\0")
        slots_at = put(struct.pack("<QQQQQQ", _EXEC_SLOT, 0x10, _GIL_SLOT, definition.gil, 0, 0))
        # PyObject of a free-threaded build (ob_ref_local at 12), PyModuleDef_Base, m_name at 56, m_slots at 88.
        head = struct.pack("<QHHI40x", 0, 0, 0, 0xFFFFFFFF)
        at = put(head + struct.pack("<QQqQQQQQ", 0, 0, 0, 0, slots_at, 0, 0, 0))
        pairs = [(at + 56, name_at), (at + 88, slots_at)]
        relocations = [_RELA.pack(where, _RELATIVE, target) for where, target in pairs]
    put(texts)
    rela_at = put(b"".join(relocations))
    put(noise(padding))
    entries = [(5, strings_at), (6, symbols_at), (4, hash_at), (7, rela_at), (8, len(relocations) * _RELA.size), (0, 0)]
    dynamic = b"".join(_DYNAMIC.pack(*entry) for entry in entries)
    dynamic_at = put(dynamic)
    size = start + len(body)
    header = _HEADER.pack(
        b"\x7fELF\x02\x01\x01", _SHARED, _X86_64, 1, 0, _HEADER.size, 0, 0, _HEADER.size, _PROGRAM.size, 2, 0, 0, 0
    )
    load = _PROGRAM.pack(1, 6, 0, 0, 0, size, size, 4096)
    dynamic_header = _PROGRAM.pack(2, 6, dynamic_at, dynamic_at, dynamic_at, len(dynamic), len(dynamic), 8)
    return header + load + dynamic_header + bytes(body)


def noise(size: int) -> bytes:
    """Bytes that hardly compress, the same on every run."""
    return shake_256(b"padding").digest(size)

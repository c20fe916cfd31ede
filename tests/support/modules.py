"""Extension modules of a few hundred bytes: ELF files with an exported hook, what it declares, and hardly any code.

Built by hand, so that a module may have any name. Those that compilers have made are in ``fixtures/binaries``.
"""

from __future__ import annotations

import struct
from hashlib import shake_256
from typing import Literal

Says = Literal["not-used", "used", "nothing", "delegated", "no-hook", "damaged"]

_DYNAMIC, _SYMBOL, _PROGRAM, _RELA = (struct.Struct(form) for form in ("<qQ", "<IBBHQQ", "<IIQQQQQQ", "<QQq"))
_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_X86_64, _SHARED, _RELATIVE, _GLOB_DAT = 62, 3, 8, 6
_GIL_SLOT = 4


def module(name: str, says: Says = "not-used", *, padding: int = 0) -> bytes:
    """The bytes of a module that is imported under this name (its last part), for free-threaded builds up to 3.14.

    ``padding``: bytes that hardly compress.
    """
    match says:
        case "damaged":
            return module(name, padding=padding)[:200]
        case "no-hook":
            return _Elf(None, None).build(padding=padding)
        case "nothing":
            return _Elf(f"PyInit_{name}", "PyModule_Create2").build(padding=padding)
        case "delegated":
            texts = b"_cffi_backend\0_init_cffi_1_0_external_module\0"
            return _Elf(f"PyInit_{name}", None).build(texts=texts, padding=padding)
    return _Elf(f"PyInit_{name}", "PyModuleDef_Init").build(definition=(name, int(says == "not-used")), padding=padding)


class _Elf:
    """One segment, at address 0, that holds everything."""

    def __init__(self, exported: str | None, imported: str | None) -> None:
        self._exported = exported
        self._imported = imported
        self._start = _HEADER.size + 2 * _PROGRAM.size
        self._body = bytearray()
        self._relocations: list[bytes] = []

    def build(self, *, definition: tuple[str, int] | None = None, texts: bytes = b"", padding: int = 0) -> bytes:
        """The file. ``definition``: the name and the value of ``Py_mod_gil`` of the one that the hook returns."""
        code_at = self._put(b"\0" * 16)
        strings, symbols = b"\0", _SYMBOL.pack(0, 0, 0, 0, 0, 0)
        for symbol, section, value in ((self._exported, 1, code_at), (self._imported, 0, 0)):
            if symbol is not None:
                symbols += _SYMBOL.pack(len(strings), 0x12, 0, section, value, 0)
                strings += symbol.encode() + b"\0"
        symbols_at, strings_at = self._put(symbols), self._put(strings)
        count = len(symbols) // _SYMBOL.size
        hash_at = self._put(struct.pack("<IIII", 1, count, 0, 0) + b"\0" * 4 * count)
        if definition is not None:
            self._hook(code_at, self._definition(*definition), slot_of=count - 1)
        self._put(texts)
        relocations = b"".join(self._relocations)
        relocations_at = self._put(relocations)
        self._put(noise(padding))
        tags = [(5, strings_at), (6, symbols_at), (4, hash_at), (7, relocations_at), (8, len(relocations)), (0, 0)]
        dynamic = b"".join(_DYNAMIC.pack(*tag) for tag in tags)
        dynamic_at = self._put(dynamic)
        size = self._start + len(self._body)
        header = _HEADER.pack(
            b"\x7fELF\x02\x01\x01", _SHARED, _X86_64, 1, 0, _HEADER.size, 0, 0, _HEADER.size, _PROGRAM.size, 2, 0, 0, 0
        )
        load = _PROGRAM.pack(1, 7, 0, 0, 0, size, size, 4096)
        return header + load + _PROGRAM.pack(2, 6, *[dynamic_at] * 3, *[len(dynamic)] * 2, 8) + bytes(self._body)

    def _definition(self, name: str, gil: int) -> int:
        """A ``PyModuleDef`` of a free-threaded build: ob_ref_local at 12, m_name at 56, m_slots at 88."""
        name_at = self._put(name.encode() + b"\0")
        slots_at = self._put(struct.pack("<QQQQ", _GIL_SLOT, gil, 0, 0))
        head = struct.pack("<QHHI40x", 0, 0, 0, 0xFFFFFFFF)
        at = self._put(head + struct.pack("<QQqQQQQQ", 0, 0, 0, 0, slots_at, 0, 0, 0))
        self._relocations += [_RELA.pack(at + 56, _RELATIVE, name_at), _RELA.pack(at + 88, _RELATIVE, slots_at)]
        return at

    def _hook(self, code_at: int, definition_at: int, *, slot_of: int) -> None:
        """``lea rdi, definition; jmp [PyModuleDef_Init]``."""
        got_at = self._put(b"\0" * 8)
        self._relocations.append(_RELA.pack(got_at, slot_of << 32 | _GLOB_DAT, 0))
        code = b"\x48\x8d\x3d" + struct.pack("<i", definition_at - code_at - 7)
        code += b"\xff\x25" + struct.pack("<i", got_at - code_at - 13)
        self._body[code_at - self._start : code_at - self._start + len(code)] = code

    def _put(self, data: bytes) -> int:
        """The address of the data, which are aligned."""
        self._body.extend(b"\0" * (-(self._start + len(self._body)) % 16))
        self._body.extend(data)
        return self._start + len(self._body) - len(data)


def noise(size: int) -> bytes:
    """Bytes that hardly compress, the same on every run."""
    return shake_256(b"padding").digest(size)

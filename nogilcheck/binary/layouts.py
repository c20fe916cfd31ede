"""Layouts of CPython's structures in 64-bit builds, and the numbers of slots. Each with the header it comes from."""

from __future__ import annotations

import re
from typing import Final

from nogilcheck.frozen import frozen

END_SLOT: Final = 0
"""Ends an array of slots of either kind (Include/moduleobject.h; ``Py_slot_end``, Include/slots_generated.h)."""

CREATE_SLOTS: Final = frozenset({1, 84})
"""``Py_mod_create``: up to 3.14 and, still accepted, since (Include/moduleobject.h); since 3.15 (PEP 820)."""
GIL_SLOTS: Final = frozenset({4, 87})
"""``Py_mod_gil``, likewise."""
SUBSLOTS: Final = 92
"""``Py_slot_subslots``: more slots, a ``PySlot`` array (PEP 820)."""
MODULE_SLOTS: Final = 94
"""``Py_mod_slots``: more slots, a ``PyModuleDef_Slot`` array (PEP 820)."""
NAME_SLOT: Final = 100
"""``Py_mod_name`` (PEP 793)."""
ABI_SLOT: Final = 109
"""``Py_mod_abi``: a ``PyABIInfo`` (PEP 793)."""

LEGACY_SLOTS: Final = frozenset({1, 2, 3, 4, *range(84, 88), *range(92, 121)})
"""What a ``PyModuleDef_Slot`` can hold: 1 to 4, their new numbers, and what 3.15 knows besides (PEP 820), with room."""
SLOTS: Final = frozenset({1, 2, 3, 4, *range(84, 121)})
"""Likewise a ``PySlot`` of a module."""

SLOT_FLAGS: Final = 0x1F
"""All flags of a ``PySlot``: OPTIONAL 1, HAS_FALLBACK 2, STATIC 8, INTPTR 16 (Include/slots.h, 3.15)."""

NOT_USED: Final = 1
"""``Py_MOD_GIL_NOT_USED`` (Include/moduleobject.h); every other value means that the GIL is used."""
USED: Final = 0
"""``Py_MOD_GIL_USED``."""

SLOT_SIZE: Final = 16
"""``sizeof(PyModuleDef_Slot)`` = ``sizeof(PySlot)``."""
SLOT_VALUE: Final = 8
"""``offsetof`` the value, of either."""
SLOT_ID: Final = 4
"""Bytes of the number that ends an array."""

ABI_INFO_MAJOR: Final = 1
"""``PyABIInfo.abiinfo_major_version`` of every release so far. The struct is u8 major, u8 minor, u16 flags, u32 build
version, u32 ABI version (Include/modsupport.h)."""


@frozen
class DefinitionLayout:
    """``PyModuleDef`` of one kind of build.

    ``PyModuleDef_Base`` (head, m_init, m_index, m_copy), m_name, m_doc, m_size, m_methods, m_slots, ...
    (Include/moduleobject.h, the same from 3.5 to 3.15).
    """

    head: re.Pattern[bytes]
    """What stands before ``m_name`` in a definition that was never used."""
    name: int
    """``offsetof(PyModuleDef, m_name)``."""
    slots: int
    """``offsetof(PyModuleDef, m_slots)``."""


FREE_THREADED: Final = DefinitionLayout(
    head=re.compile(rb"\0{8}[\0-\xff]{2}\0\0\xff{4}\0{40}"),
    name=56,
    slots=88,
)
"""``PyObject`` of 32 bytes: ob_tid 0, u16 ob_flags, ob_mutex 0, ob_gc_bits 0, ob_ref_local ``UINT32_MAX`` (immortal),
ob_ref_shared 0, ob_type NULL; then m_init, m_index, m_copy 0 (Include/object.h, ``Py_GIL_DISABLED``, 3.13 to 3.15)."""

GIL: Final = DefinitionLayout(
    head=re.compile(rb"(?:\x01\0{7}|\xff{4}\0{4}|\xff{3}\x3f\0{4}|\0{3}[\x40\xc0][\0-\xff]{4})\0{32}"),
    name=40,
    slots=72,
)
"""``PyObject`` of 16 bytes: ob_refcnt 1, or the immortal one of 3.12 (``UINT32_MAX``), of 3.13, or of 3.14 (with flags
in the upper half); ob_type NULL; then likewise (Include/object.h, Include/refcount.h)."""

MAKERS: Final = frozenset({
    "PyModule_Create2", "PyModule_FromDefAndSpec2", "PyModule_FromSlotsAndSpec", "PyModule_New", "PyModule_NewObject",
})  # fmt: skip
"""Functions that return a new module object (Include/moduleobject.h, Include/modsupport.h)."""
SINGLE_PHASE: Final = "PyModule_Create2"
"""What ``PyModule_Create`` is a macro for (Include/modsupport.h)."""
MULTI_PHASE: Final = "PyModuleDef_Init"
"""What a hook returns of a definition with slots (PEP 489)."""
SET_GIL: Final = "PyUnstable_Module_SetGIL"
"""The declaration of a single-phase module (Include/moduleobject.h, 3.13)."""

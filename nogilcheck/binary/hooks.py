"""The functions that the interpreter calls to import a file, and the tags that tell which interpreter that is."""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import PurePosixPath
from typing import Final

from nogilcheck.frozen import frozen

EXPORT: Final = "PyModExport"
"""Tried first since 3.15 (PEP 793)."""
INIT: Final = "PyInit"
"""Of every Python 3 (PEP 489)."""
PREFIXES: Final = ("PyModExport_", "PyModExportU_", "PyInit_", "PyInitU_")
"""How the name of a hook begins; the U forms are of names outside ASCII."""

FIRST_WITH_EXPORT: Final = 15
"""The minor version whose interpreter tries ``PyModExport_`` (PEP 793)."""
NEWEST: Final = 15
"""The minor version of a tag that has none."""

_TAG = re.compile(r"(?:cp|py)?3?(?P<minor>\d+)?(?P<t>t)?")


@frozen
class Interpreter:
    """What an ABI tag says about the interpreter that would import a file."""

    minor: int
    free_threaded: bool
    stable: bool

    @classmethod
    def of(cls, tag: str) -> Interpreter:
        """``cp314t``, ``cp314``, ``abi3t``, ``abi3``, ``314t``. Anything else: the newest free-threaded."""
        if tag in {"abi3", "abi3t"}:
            return cls(minor=NEWEST, free_threaded=tag == "abi3t", stable=True)
        match = _TAG.fullmatch(tag)
        if match is None or match["minor"] is None:
            return cls(minor=NEWEST, free_threaded=True, stable=False)
        return cls(minor=min(int(match["minor"][:4]), 999), free_threaded=match["t"] is not None, stable=False)


def module_name(filename: str) -> str:
    """The name that the file is imported by: of ``a/b/_x.cpython-314t-x86_64-linux-gnu.so``, ``_x``.

    A package's own module is imported by the name of the package: of ``a/b/__init__.abi3t.so``, ``b``.
    """
    path = PurePosixPath(filename.replace("\\", "/"))
    name = path.name.partition(".")[0]
    return path.parent.name if name == "__init__" and path.parent.name else name


def hook_names(module: str) -> tuple[str, str]:
    """The two hooks of a module, in the order in which 3.15 tries them (PEP 489 and PEP 793 on names outside ASCII)."""
    if module.isascii():
        return f"{EXPORT}_{module}", f"{INIT}_{module}"
    encoded = module.encode("punycode", "replace").decode("ascii").replace("-", "_")
    return f"{EXPORT}U_{encoded}", f"{INIT}U_{encoded}"


def hooks_of(module: str, exports: Container[str], interpreter: Interpreter) -> tuple[str, ...]:
    """The hooks that are exported, the one that this interpreter calls first."""
    names = hook_names(module) if interpreter.minor >= FIRST_WITH_EXPORT else hook_names(module)[::-1]
    return tuple(name for name in names if name in exports)

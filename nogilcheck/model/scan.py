"""What was read of the extension modules of one wheel, for one interpreter."""

from __future__ import annotations

import json

from nogilcheck.frozen import frozen
from nogilcheck.model.artifact import Missing
from nogilcheck.model.declaration import Declaration, FactCode


@frozen
class ModuleScan:
    """One extension module."""

    path: str
    """The member of the wheel, or the file: foreign text, see to it before showing."""
    declaration: Declaration | None = None
    """``None``: it was not read."""

    @property
    def lasting(self) -> bool:
        """Whether the same bytes will get the same answer of the same program: not where the analysis was cut off."""
        return self.declaration is not None and all(
            fact.code is not FactCode.FAILED for fact in self.declaration.evidence
        )


@frozen
class WheelScan:
    """The extension modules of one wheel as one interpreter finds them."""

    modules: tuple[ModuleScan, ...] = ()
    """Those that it can load, sorted by path."""
    unloadable: tuple[str, ...] = ()
    """Members with a suffix of another interpreter (PEP 3149), which it never looks at; sorted."""
    missing: Missing | None = None
    """Why modules, or all of the wheel, were not read; ``None`` where they were, or where one that was read decides."""

    @property
    def read(self) -> int:
        """How many modules were read."""
        return sum(module.declaration is not None for module in self.modules)


def encode_scan(scan: WheelScan) -> bytes:
    """The record that the cache keeps; what may be answered otherwise next time is left out."""
    modules = [
        [module.path, module.declaration.as_json() if module.declaration and module.lasting else None]
        for module in scan.modules
    ]
    return json.dumps({"modules": modules, "unloadable": scan.unloadable}, separators=(",", ":")).encode("ascii")


def decode_scan(data: bytes) -> WheelScan | None:
    """What `encode_scan` wrote; ``None`` for anything else."""
    try:
        record = json.loads(data)
        modules = (
            ModuleScan(path=str(path), declaration=said and Declaration.from_json(said))
            for path, said in record["modules"]
        )
        return WheelScan(modules=tuple(modules), unloadable=tuple(map(str, record["unloadable"])))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None

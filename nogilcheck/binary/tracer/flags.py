"""Processor flags: kept as what set them, and asked when something depends on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Compared:
    """Flags of ``left - right``, or of a result alone when ``right`` is 0 and ``logical`` holds."""

    left: int | None
    right: int | None
    size: int
    logical: bool = False
    """Carry and overflow are clear (x86 ``test``, ``and``; arm64 ``tst``)."""
    zero_only: bool = False
    """Nothing but the zero flag is right."""
    register: str | None = None
    """The whole register that is compared with zero."""

    def zero(self, condition: str | None) -> tuple[str | None, bool]:
        """The register that a branch on ``condition`` shows to be zero, and whether it does when it is taken."""
        return (self.register if condition in {"eq", "ne"} else None), condition == "eq"


@dataclass(frozen=True, slots=True)
class _Bits:
    zero: bool
    sign: bool
    carry: bool
    """Borrow, as on x86; arm64 has it the other way round."""
    overflow: bool


_CONDITIONS: Final[dict[str, Callable[[_Bits], bool]]] = {
    "eq": lambda f: f.zero,
    "ne": lambda f: not f.zero,
    "lo": lambda f: f.carry,
    "hs": lambda f: not f.carry,
    "ls": lambda f: f.carry or f.zero,
    "hi": lambda f: not (f.carry or f.zero),
    "mi": lambda f: f.sign,
    "pl": lambda f: not f.sign,
    "vs": lambda f: f.overflow,
    "vc": lambda f: not f.overflow,
    "lt": lambda f: f.sign != f.overflow,
    "ge": lambda f: f.sign == f.overflow,
    "le": lambda f: f.zero or f.sign != f.overflow,
    "gt": lambda f: not f.zero and f.sign == f.overflow,
}
"""By the names of arm64 (Arm ARM, C1.2.4); x86-64 (Intel SDM volume 2, appendix B) has others for the same."""

X86_CONDITIONS: Final = {
    "e": "eq", "z": "eq", "ne": "ne", "nz": "ne", "b": "lo", "c": "lo", "nae": "lo", "ae": "hs", "nb": "hs",
    "nc": "hs", "be": "ls", "na": "ls", "a": "hi", "nbe": "hi", "s": "mi", "ns": "pl", "o": "vs", "no": "vc",
    "l": "lt", "nge": "lt", "ge": "ge", "nl": "ge", "le": "le", "ng": "le", "g": "gt", "nle": "gt",
}  # fmt: skip
"""The suffixes of ``jcc``, ``setcc`` and ``cmovcc``; parity is never known."""


def holds(condition: str | None, flags: Compared | None) -> bool | None:
    """Whether a condition holds; ``None``: not known."""
    test = _CONDITIONS.get(condition or "")
    if test is None or flags is None:
        return None
    if flags.zero_only and condition not in {"eq", "ne"}:
        return None
    if flags.left is None or flags.right is None:
        return None
    bits = 8 * flags.size
    left, right = (value & (1 << bits) - 1 for value in (flags.left, flags.right))
    result = (left - right) & (1 << bits) - 1
    signs = [bool(value >> (bits - 1)) for value in (left, right, result)]
    return test(
        _Bits(
            zero=not result,
            sign=signs[2],
            carry=left < right and not flags.logical,
            overflow=signs[0] != signs[1] and signs[0] != signs[2] and not flags.logical,
        )
    )

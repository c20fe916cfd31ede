"""Calling conventions: where arguments and results are, and what a call destroys."""

from __future__ import annotations

from typing import Final

from nogilcheck.binary.image import ContainerFormat, Machine
from nogilcheck.frozen import frozen


@frozen
class Convention:
    """One calling convention."""

    arguments: tuple[str, ...]
    result: str
    stack: str
    link: str | None
    """The register with the return address; ``None``: it is pushed."""
    destroyed: frozenset[str]
    scratch: frozenset[str]
    """What stubs between a call and its function may use."""


def _vectors(numbers: range) -> frozenset[str]:
    return frozenset(f"v{number}" for number in numbers)


SYSTEM_V: Final = Convention(
    arguments=("rdi", "rsi", "rdx", "rcx", "r8", "r9"),
    result="rax",
    stack="rsp",
    link=None,
    destroyed=frozenset({"rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11"}) | _vectors(range(32)),
    scratch=frozenset({"r10", "r11"}),
)
"""x86-64 psABI, 3.2.3; also macOS."""
WINDOWS_X64: Final = Convention(
    arguments=("rcx", "rdx", "r8", "r9"),
    result="rax",
    stack="rsp",
    link=None,
    destroyed=frozenset({"rax", "rcx", "rdx", "r8", "r9", "r10", "r11"}) | _vectors(range(6)),
    scratch=frozenset({"rax", "r10", "r11"}),
)
"""Microsoft, "x64 calling convention": xmm6 to xmm15 survive."""
AAPCS64: Final = Convention(
    arguments=tuple(f"x{number}" for number in range(8)),
    result="x0",
    stack="sp",
    link="x30",
    destroyed=frozenset(f"x{number}" for number in range(19)) | {"x30"} | _vectors(range(8)) | _vectors(range(16, 32)),
    scratch=frozenset({"x16", "x17"}),
)
"""Procedure Call Standard for the Arm 64-bit Architecture, 6.1; also macOS and Windows (x18 is not used there)."""


def convention(machine: Machine, file_format: ContainerFormat) -> Convention:
    """The convention of C functions in such a file."""
    if machine is Machine.ARM64:
        return AAPCS64
    return WINDOWS_X64 if file_format is ContainerFormat.PE else SYSTEM_V

"""The addresses that instructions name, whatever they do with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from nogilcheck.binary.tracer.instruction import Immediate, Indirect, Instruction, Register

NEAR: Final = 24
"""Instructions after ``adrp`` among which the rest of the address is looked for."""


def named(instructions: Iterable[Instruction]) -> Iterator[int]:
    """RIP-relative operands (x86-64), and pages with what is added to them soon after (arm64)."""
    known = {instruction.address: instruction for instruction in instructions}
    for instruction in known.values():
        for operand in instruction.operands:
            if isinstance(operand, Indirect) and operand.base == "rip":
                yield instruction.next + operand.displacement
        match instruction.name, instruction.operands:
            case "adr", (_, Immediate(value=value)):
                yield value
            case "adrp", (Register(name=register), Immediate(value=page)):
                for place in range(instruction.next, instruction.next + 4 * NEAR, 4):
                    if place not in known:
                        continue
                    yield from _on_page(known[place], register, page)
                    if register in known[place].written():
                        break


def _on_page(instruction: Instruction, register: str, page: int) -> Iterator[int]:
    match instruction.operands:
        case (_, Register(name=base), Immediate(value=offset)) if base == register and instruction.name == "add":
            yield page + offset
        case _:
            for operand in instruction.operands:
                if isinstance(operand, Indirect) and operand.base == register:
                    yield page + operand.displacement

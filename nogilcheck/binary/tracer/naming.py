"""The addresses that instructions name, whatever they do with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from nogilcheck.binary.image import Machine
from nogilcheck.binary.tracer.comparing import is_only_compared
from nogilcheck.binary.tracer.decode import LONGEST, Decoder
from nogilcheck.binary.tracer.instruction import Immediate, Indirect, Instruction, Register

NEAR: Final = 24
"""Instructions after ``adrp`` among which the rest of the address is looked for."""
LEAD: Final = 96
"""Bytes of x86-64 code before a place that are decoded to find the instruction around it."""


def may_use(decoder: Decoder, place: int, start: int, end: int, destroyed: Collection[str]) -> bool:
    """Whether the x86-64 instruction around ``place`` may use or call an address from ``start`` up to ``end``.

    To compare with it is no use. ``destroyed``: the registers that calls need not keep.

    Where instructions begin is not known, so the code is decoded from every byte of a stretch as long as the longest
    instruction: one of them begins one, and decoding that began elsewhere falls into step soon. The answer is no only
    where all of it says so.
    """
    first = place - LEAD
    around = {_around(decoder, place, at) for at in range(first, first + LONGEST[Machine.X86_64])} - {None}
    using = [each for each in around if each and any(start <= address < end for address in _leads_to(each))]
    return not around or not all(is_only_compared(decoder, each, destroyed) for each in using)


def _around(decoder: Decoder, place: int, at: int) -> Instruction | None:
    """The instruction around a place, decoding from another; ``None``: something there is no instruction."""
    instruction = decoder.at(at)
    while instruction is not None and instruction.next <= place:
        instruction = decoder.at(instruction.next)
    return instruction


def _leads_to(instruction: Instruction) -> Iterator[int]:
    yield from named([instruction])
    match instruction.name, instruction.operands:
        case "call" | "jmp", (Immediate(value=target),):
            yield target


def named(instructions: Iterable[Instruction]) -> Iterator[int]:
    """RIP-relative operands (x86-64), and pages with what is added to them soon after (arm64)."""
    known = {instruction.address: instruction for instruction in instructions}
    for instruction in known.values():
        for operand in instruction.operands:
            if isinstance(operand, Indirect) and operand.base == "rip":
                yield operand.displacement
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

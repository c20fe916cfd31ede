"""Answer what a file declares, for any bytes: ELF is read directly, PE and Mach-O with LIEF (the extra ``scan``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from nogilcheck.binary import elf
from nogilcheck.binary.declare import EXTRA, judge
from nogilcheck.binary.hooks import PREFIXES, Interpreter, module_name
from nogilcheck.binary.image import Image, UnreadableImageError, UnsupportedError
from nogilcheck.model.declaration import Declaration, Declared, Fact, FactCode

ENGINE: Final = 4
"""The version of all answers. Raise it with every change of an answer, so that cached ones are computed again."""

ATTEMPTS: Final = 2
"""How often a file is read whose analysis fails in a way that nobody has foreseen."""

MAX_SIZE: Final = 1 << 30
"""Bytes of the largest file that is analysed."""


def declaration_of(data: bytes, filename: str, python: str) -> Declaration:
    """What the file declares to the interpreter that ``python``, an ABI tag (``cp314t``, ``abi3t``), stands for.

    ``filename`` may have directories; up to the first dot of its last part it is the name of the module. Never raises
    for any bytes. Analysis takes time and memory that depend on bytes of strangers: `nogilcheck.binary.Isolated` bounds
    both.
    """
    interpreter = Interpreter.of(python)
    return _safely(
        lambda: _joined(data, PREFIXES, lambda image: judge(image, module_name(filename), interpreter, data))
    )


def continuations_of(data: bytes, python: str, functions: Mapping[str, str]) -> dict[str, Declaration]:
    """What the functions of a library declare to which the hooks of other files hand over, by those files' names.

    ``functions``: for each file name the function, as `Declaration.continues_at` told it; the library is read once for
    all of them. A function that it does not export is not a module. Never raises, likewise.
    """
    interpreter = Interpreter.of(python)
    wanted = tuple(functions.values())
    try:
        read = _images(data, wanted)
    except Exception:  # noqa: BLE001  told below, for each of them
        read = None

    def answer(filename: str, function: str) -> Declaration:
        module = module_name(filename)
        return _safely(
            lambda: _joined(data, wanted, lambda image: judge(image, module, interpreter, data, function), read)
        )

    return {filename: answer(filename, function) for filename, function in functions.items()}


def _safely(answer: Callable[[], Declaration]) -> Declaration:
    failed = ""
    # About one run of sixty over the corpus failed on one AArch64 module, another each time: why is not known.
    for _ in range(ATTEMPTS):
        try:
            return answer()
        except UnreadableImageError as error:
            return _unknown(FactCode.UNREADABLE, str(error))
        except UnsupportedError as error:
            return _unknown(FactCode.UNSUPPORTED, str(error))
        except NeedsExtraError as error:
            return replace(_unknown(FactCode.UNSUPPORTED, str(error)), missing_extra=EXTRA)
        except Exception as error:  # noqa: BLE001  bytes of strangers: whatever they break is not known
            failed = type(error).__name__
    return _unknown(FactCode.FAILED, failed)


def _images(data: bytes, hooks: tuple[str, ...]) -> list[Image]:
    if len(data) > MAX_SIZE:
        raise UnsupportedError(f"more than {MAX_SIZE >> 20} MiB")
    read = images(data, hooks)
    if not read:
        raise UnreadableImageError("no code of a known architecture")
    return read


def _joined(
    data: bytes, hooks: tuple[str, ...], judged: Callable[[Image], Declaration], read: list[Image] | None = None
) -> Declaration:
    """The answer of all architectures in a file; when they differ there is none."""
    answers_by_image = [(image, judged(image)) for image in read or _images(data, hooks)]
    first = answers_by_image[0][1]
    if len(answers_by_image) == 1:
        return first
    evidence: list[Fact] = []
    for image, answer in answers_by_image:
        evidence += [Fact(code=FactCode.SLICE, detail=(image.machine.value,)), *answer.evidence]
    answers = {answer.declared for _, answer in answers_by_image}
    if len(answers) > 1:
        fact = Fact(code=FactCode.DISAGREEMENT, detail=tuple(sorted(answer.value for answer in answers)))
        return Declaration(declared=Declared.UNKNOWN, evidence=(*evidence, fact), hooks=first.hooks)
    return replace(first, evidence=tuple(evidence), gil_layout=any(answer.gil_layout for _, answer in answers_by_image))


def _unknown(code: FactCode, detail: str) -> Declaration:
    return Declaration(declared=Declared.UNKNOWN, evidence=(Fact(code=code, detail=(detail,)),))


PE_MAGIC: Final = b"MZ"
MACHO_MAGIC: Final = b"\xcf\xfa\xed\xfe"
"""``MH_MAGIC_64``, little-endian (mach-o/loader.h)."""
FAT_MAGICS: Final = (b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf")
"""``FAT_MAGIC`` and ``FAT_MAGIC_64`` (mach-o/fat.h)."""


class NeedsExtraError(Exception):
    """The container is read by a library that is not installed. Carries the container's name."""


def images(data: bytes, hooks: tuple[str, ...]) -> list[Image]:
    """The image of each architecture in the file, with the exports whose names begin like ``hooks``.

    Raises `UnreadableError`, `UnsupportedError` and `NeedsExtraError`.
    """
    if data.startswith(elf.MAGIC):
        return [elf.read_elf(data, hooks)]
    if data.startswith(PE_MAGIC):
        try:
            from nogilcheck.binary.pe import read_pe
        except ImportError as error:
            raise NeedsExtraError("PE") from error
        return [read_pe(data, hooks)]
    if data.startswith((MACHO_MAGIC, *FAT_MAGICS)):
        try:
            from nogilcheck.binary.macho import read_macho
        except ImportError as error:
            raise NeedsExtraError("Mach-O") from error
        return read_macho(data, hooks)
    raise UnsupportedError("neither ELF, PE nor Mach-O")

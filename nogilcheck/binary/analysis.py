"""The one question to this room, answered for any bytes."""

from __future__ import annotations

from nogilcheck.binary.declare import EXTRA, judge
from nogilcheck.binary.hooks import PREFIXES, Interpreter, module_name
from nogilcheck.binary.image import UnreadableError, UnsupportedError
from nogilcheck.binary.read import NeedsExtraError, images
from nogilcheck.model.declaration import Declaration, Declared, Fact, FactCode

MAX_SIZE = 1 << 30
"""Bytes of the largest file that is analysed."""


def declaration_of(data: bytes, filename: str, python: str, *, function: str | None = None) -> Declaration:
    """What the file declares to the interpreter that ``python``, an ABI tag (``cp314t``, ``abi3t``), stands for.

    ``filename`` may have directories; up to the first dot of its last part it is the name of the module. ``function``
    is followed in place of the module's hook: what `Declaration.continues_at` names of another file. Never raises for
    any bytes. Analysis takes time and memory that depend on bytes of strangers: `nogilcheck.binary.Isolated` bounds
    both.
    """
    try:
        return _declaration_of(data, filename, python, function)
    except UnreadableError as error:
        return _unknown(FactCode.UNREADABLE, str(error))
    except UnsupportedError as error:
        return _unknown(FactCode.UNSUPPORTED, str(error))
    except NeedsExtraError as error:
        return Declaration(
            declared=Declared.UNKNOWN,
            evidence=(Fact(code=FactCode.UNSUPPORTED, detail=(str(error),)),),
            missing_extra=EXTRA,
        )
    except Exception as error:  # noqa: BLE001  bytes of strangers: whatever they break is not known
        return _unknown(FactCode.FAILED, type(error).__name__)


def _declaration_of(data: bytes, filename: str, python: str, function: str | None) -> Declaration:
    if len(data) > MAX_SIZE:
        return _unknown(FactCode.UNSUPPORTED, f"more than {MAX_SIZE >> 20} MiB")
    interpreter = Interpreter.of(python)
    module = module_name(filename)
    hooks = PREFIXES if function is None else (function,)
    found = [(image, judge(image, module, interpreter, data, function)) for image in images(data, hooks)]
    if not found:
        return _unknown(FactCode.UNREADABLE, "no code of a known architecture")
    if len(found) == 1:
        return found[0][1]
    evidence: list[Fact] = []
    for image, each in found:
        evidence += [Fact(code=FactCode.SLICE, detail=(image.machine,)), *each.evidence]
    answers = {each.declared for _, each in found}
    first = found[0][1]
    if len(answers) > 1:
        fact = Fact(code=FactCode.DISAGREEMENT, detail=tuple(sorted(answers)))
        return Declaration(declared=Declared.UNKNOWN, evidence=(*evidence, fact), hooks=first.hooks)
    return Declaration(
        declared=first.declared,
        evidence=tuple(evidence),
        delegate=first.delegate,
        continues_at=first.continues_at,
        missing_extra=first.missing_extra,
        hooks=first.hooks,
        abi_flags=first.abi_flags,
        gil_layout=any(each.gil_layout for _, each in found),
        symbols=first.symbols,
    )


def _unknown(code: FactCode, detail: str) -> Declaration:
    return Declaration(declared=Declared.UNKNOWN, evidence=(Fact(code=code, detail=(detail,)),))

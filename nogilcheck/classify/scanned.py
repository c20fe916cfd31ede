"""What a scan of its wheel makes of a verdict: nothing, a blocker, or a gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from nogilcheck.classify.extensions import is_for_tests, module_of
from nogilcheck.model.declaration import Declaration, Declared, FactCode
from nogilcheck.model.scan import ModuleScan, WheelScan
from nogilcheck.model.verdict import Cause, Reason, ReasonCode, Severity, Status, Verdict

BRINGS_BACK: Final = frozenset({Declared.USED, Declared.NONE})
"""What turns the GIL on at import (Python/import.c, ``_PyImport_CheckGILEnabled``)."""

MAX_NAMED: Final = 100
"""Modules that one reason names."""

_CODES: Final = {Declared.USED: ReasonCode.DECLARES_GIL, Declared.NONE: ReasonCode.DECLARES_NOTHING}


def condemns(module: ModuleScan) -> bool:
    """Whether this module alone decides: it brings the GIL back, and not only a test suite imports it."""
    return (
        module.declaration is not None and module.declaration.declared in BRINGS_BACK and not is_for_tests(module.path)
    )


def with_scan(verdict: Verdict, scan: WheelScan, delegates: Mapping[str, Declaration | None]) -> Verdict:
    """The verdict on a distribution of which the wheel was scanned.

    ``delegates``: what the modules that make other modules declare (``_cffi_backend``), as the same target gets them;
    ``None``, or no entry: unknown.
    """
    resolved = [(module, _resolved(module, delegates)) for module in scan.modules]
    reasons: list[Reason] = []
    condemning = [(m, d) for m, d in resolved if d in BRINGS_BACK and not is_for_tests(m.path)]
    for_tests = [m for m, d in resolved if d in BRINGS_BACK and is_for_tests(m.path)]
    if for_tests:
        reasons.append(Reason(code=ReasonCode.TEST_MODULES_GIL, detail=_names(for_tests)))
    if scan.unloadable:
        files = tuple(path.rpartition("/")[2] for path in scan.unloadable[:MAX_NAMED])
        reasons.append(Reason(code=ReasonCode.UNLOADABLE_MODULES, detail=files))
    if condemning:
        found = (*_why_gil(condemning), *_left(scan), *reasons)
        return replace(
            verdict,
            status=Status.GIL_ENABLED,
            severity=Severity.BLOCKER,
            cause=Cause.FREE_THREADING,
            reasons=(*verdict.reasons, *found),
            extensions=_names([module for module, _ in condemning]),
        )
    gaps = _gaps(verdict, scan, [m for m, d in resolved if d is Declared.UNKNOWN and not is_for_tests(m.path)])
    if gaps:
        return replace(
            verdict,
            status=Status.UNKNOWN,
            severity=Severity.GAP,
            reasons=(*verdict.reasons, *reasons, *gaps),
        )
    return replace(verdict, reasons=(*verdict.reasons, *reasons)) if reasons else verdict


def _resolved(module: ModuleScan, delegates: Mapping[str, Declaration | None]) -> Declared | None:
    """What the module comes to; ``None``: it was not read."""
    said = module.declaration
    if said is None:
        return None
    if said.delegate is None:
        return said.declared
    other = delegates.get(said.delegate)
    return Declared.UNKNOWN if other is None or other.declared is Declared.NOT_A_MODULE else other.declared


def _why_gil(condemning: Sequence[tuple[ModuleScan, Declared | None]]) -> list[Reason]:
    found: dict[tuple[ReasonCode, tuple[str, ...]], list[ModuleScan]] = {}
    for module, declared in condemning:
        assert module.declaration is not None
        assert declared is not None
        delegate = module.declaration.delegate
        key = (ReasonCode.DELEGATED_GIL, (delegate,)) if delegate else (_CODES[declared], ())
        found.setdefault(key, []).append(module)
    return [Reason(code=code, detail=(*head, *_names(modules))) for (code, head), modules in found.items()]


def _left(scan: WheelScan) -> list[Reason]:
    left = len(scan.modules) - scan.read
    return [Reason(code=ReasonCode.MODULES_NOT_READ, detail=(str(left),))] if left else []


def _gaps(verdict: Verdict, scan: WheelScan, unknown: Sequence[ModuleScan]) -> list[Reason]:
    gaps: list[Reason] = []
    if scan.missing is not None:
        gaps.append(Reason(code=ReasonCode.NOT_SCANNED, detail=(verdict.wheel or "", scan.missing.text)))
    if unknown:
        gaps.append(Reason(code=ReasonCode.SCAN_UNKNOWN, detail=(*_names(unknown), _why_unknown(unknown))))
    if scan.unloadable and not scan.modules and scan.missing is None:
        text = "every extension module in the wheel has a suffix that this Python does not look for"
        gaps.append(Reason(code=ReasonCode.SCAN_UNKNOWN, detail=(text,)))
    return gaps


def _why_unknown(unknown: Sequence[ModuleScan]) -> str:
    declarations = [module.declaration for module in unknown if module.declaration is not None]
    if extra := next((one.missing_extra for one in declarations if one.missing_extra), None):
        return f"what they declare takes more than is installed: pip install 'nogilcheck[{extra}]'"
    if delegate := next((one.delegate for one in declarations if one.delegate), None):
        return f"{delegate} makes them, and what it declares is not known"
    codes = {fact.code for one in declarations for fact in one.evidence}
    for code, text in _BECAUSE.items():
        if code in codes:
            return text
    return "their bytes do not tell what they declare"


_BECAUSE: Final = {
    FactCode.FAILED: "their analysis was cut off",
    FactCode.UNSUPPORTED: "they are of a kind that is not read",
    FactCode.UNREADABLE: "they are damaged",
    FactCode.OTHER_LAYOUT: "they are built for the GIL-enabled build, whatever their names say",
    FactCode.DISAGREEMENT: "different ways through them declare different things",
}


def _names(modules: Sequence[ModuleScan]) -> tuple[str, ...]:
    return tuple(module_of(module.path) for module in modules[:MAX_NAMED])

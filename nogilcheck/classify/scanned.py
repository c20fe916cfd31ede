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
    """Whether this module alone decides: it turns the GIL on, and not only a test suite imports it."""
    return (
        module.declaration is not None and module.declaration.declared in BRINGS_BACK and not is_for_tests(module.path)
    )


def with_scan(verdict: Verdict, scan: WheelScan, delegates: Mapping[str, Declaration | None]) -> Verdict:
    """The verdict on a distribution of which the wheel was scanned.

    ``delegates``: what the modules that make other modules declare (``_cffi_backend``), as the same target gets them;
    ``None``, or no entry: unknown.
    """
    read = [(module, module.declaration) for module in scan.modules if module.declaration is not None]
    resolved = [(module, one.delegate, settled(one, delegates).declared) for module, one in read]
    reasons: list[Reason] = []
    condemning = [one for one in resolved if one[2] in BRINGS_BACK and not is_for_tests(one[0].path)]
    for_tests = [module for module, _, declared in resolved if declared in BRINGS_BACK and is_for_tests(module.path)]
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
            extensions=_names([module for module, _, _ in condemning]),
        )
    unknown = [module for module, _, declared in resolved if declared is Declared.UNKNOWN]
    gaps = _gaps(verdict, scan, [module for module in unknown if not is_for_tests(module.path)])
    if gaps:
        return replace(
            verdict,
            status=Status.UNKNOWN,
            severity=Severity.GAP,
            reasons=(*verdict.reasons, *reasons, *gaps),
        )
    return replace(verdict, reasons=(*verdict.reasons, *reasons)) if reasons else verdict


def settled(declaration: Declaration, delegates: Mapping[str, Declaration | None]) -> Declaration:
    """A declaration with what the module declares that makes this one in its place, where that is known."""
    other = delegates.get(declaration.delegate) if declaration.delegate else None
    if other is None or other.declared is Declared.NOT_A_MODULE:
        return declaration
    return replace(declaration, declared=other.declared)


def _why_gil(condemning: Sequence[tuple[ModuleScan, str | None, Declared]]) -> list[Reason]:
    found: dict[tuple[ReasonCode, tuple[str, ...]], list[ModuleScan]] = {}
    for module, delegate, declared in condemning:
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
        return f"reading their declarations needs the extra `{extra}` of nogilcheck"
    if delegate := next((one.delegate for one in declarations if one.delegate), None):
        return f"{delegate} makes them, and what it declares is unknown"
    facts = {fact.code: fact.detail for one in declarations for fact in one.evidence}
    if decider := facts.get(FactCode.DECIDED_BY):
        return f"what they declare depends on what {decider[0]}, a function of another library, returns at import"
    return next((text for code, text in _BECAUSE.items() if code in facts), "their bytes do not tell what they declare")


_BECAUSE: Final = {
    FactCode.FAILED: "their analysis was cut off",
    FactCode.UNSUPPORTED: "they have an unsupported format",
    FactCode.UNREADABLE: "they are damaged",
    FactCode.OTHER_LAYOUT: "they are built for the regular build, whatever their names say",
    FactCode.DISAGREEMENT: "different code paths declare different things",
}


def _names(modules: Sequence[ModuleScan]) -> tuple[str, ...]:
    return tuple(module_of(module.path) for module in modules[:MAX_NAMED])

"""The sentences of a row: why it is there, and remarks on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from nogilcheck.model.report.finding import Advice, AdviceKind, Cap, Finding
from nogilcheck.report.context import ReportContext
from nogilcheck.report.reasons import Clause
from nogilcheck.report.rows import FindingRow, place
from nogilcheck.report.words import OWN_BOUNDS, listed

MAX_LINES: Final = 3
"""How many of the user's lines one step names."""

_TO_PROVE: Final = {AdviceKind.UPGRADE, AdviceKind.RELAX, AdviceKind.DOWNGRADE}
"""Other versions may ask for other things."""


def sentences(row: FindingRow, page: ReportContext) -> list[str]:
    """Why: what holds on some targets only, after their names, and then what holds on all of them."""
    return in_words({target.id: row.why(target.id) for target in page.targets if target.id in row.findings}, page)


def in_words(clauses: Mapping[str, Iterable[Clause]], page: ReportContext) -> list[str]:
    """The clauses of each target (by id), those that only some of them have apart from what they share."""
    on: dict[Clause, list[str]] = {}
    for target, own in clauses.items():
        for clause in own:
            on.setdefault(clause, []).append(target)
    together: dict[tuple[str, ...], list[str]] = {}
    for clause, ids in on.items():
        said = clause.said(python=page.scope.pythons_of(ids), platform=page.scope.places_of(ids))
        together.setdefault(tuple(ids), []).append(said)
    shared = together.pop(tuple(clauses), [])
    apart = [f"{page.scope.words(ids)}: {'; '.join(said)}" for ids, said in together.items()]
    return [*apart, "; ".join(shared)] if shared else apart


def remarks(row: FindingRow, page: ReportContext) -> list[str]:
    """Advice, and what keeps findings from counting; after the names of the targets where not on all."""
    on: dict[str, list[str]] = {}
    for target, finding in row.findings.items():
        for text in dict.fromkeys(_remarks(row.advice(target, verbose=page.verbose), finding)):
            on.setdefault(text, []).append(target)
    return [text if len(ids) == len(row.findings) else f"{page.scope.words(ids)}: {text}" for text, ids in on.items()]


def _remarks(steps: list[Advice], finding: Finding) -> list[str]:
    told = [advised(step) for step in steps]
    if finding.suppressed_by is not None:
        told.append(finding.suppressed_by)
    return told


def advised(step: Advice) -> str:
    """A step; what only a resolution could prove says so until one has."""
    return f"{step.text} (unverified)" if step.kind in _TO_PROVE and not step.verified else step.text


def what_to_do(finding: Finding) -> str:
    """The step that is up to the user, up to the name of the project that it frees; empty where there is none."""
    best = finding.advice[0] if finding.advice else None
    if best is None or finding.status == OWN_BOUNDS:
        return ""
    if best.kind == AdviceKind.SEARCH:
        return "Let `nogilcheck plan` look for a way around"
    if any(cap.location is None for cap in best.caps):
        return ""
    if best.kind == AdviceKind.RELAX and any(cap.project for cap in best.caps):
        if len(best.caps) > MAX_LINES:
            return f"Relax the {len(best.caps)} lines named above for"
        return f"Relax {listed([_line(cap, finding.distribution) for cap in best.caps])} for"
    if best.kind in {AdviceKind.UPGRADE, AdviceKind.DOWNGRADE} and best.project != finding.distribution:
        return f"Take {best.project} {best.version} for"
    if best.kind == AdviceKind.NEWER_FLOOR:
        return f"Check with `{best.held_back_by}` for"
    if best.kind == AdviceKind.ADMIT:
        return f"Let {best.held_back_by} admit files of"
    told = {
        AdviceKind.BUILD: "Build the sdist of",
        AdviceKind.UPGRADE: "Take newer releases of",
        AdviceKind.RELAX: "Take newer releases of",
        AdviceKind.DOWNGRADE: "Go back to older releases of",
    }
    return next((text for kind, text in told.items() if kind == best.kind), "")


def _line(cap: Cap, distribution: str) -> str:
    """```pydantic==2.10.6` (r.txt:1)``."""
    where = place(cap.location) if cap.location else ""
    return f"`{cap.project or distribution}{cap.specifier}`{f' ({where})' if where else ''}"

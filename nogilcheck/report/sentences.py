"""The sentences of a row: why it is there, and remarks on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from nogilcheck.model.report.finding import Advice, AdviceKind, Finding
from nogilcheck.model.report.report import Report
from nogilcheck.report.context import ReportContext
from nogilcheck.report.folding import and_names
from nogilcheck.report.reasons import Clause
from nogilcheck.report.rows import FindingRow, gap_rows, place

_TO_PROVE: Final = {AdviceKind.UPGRADE, AdviceKind.RELAX, AdviceKind.DOWNGRADE}
"""Other versions may ask for other things."""


def sentences(row: FindingRow, page: ReportContext) -> list[str]:
    """Why: what holds on some targets only, after their names, and then what holds on all of them."""
    return in_words({target.id: row.why(target.id) for target in page.targets if target.id in row.findings}, page)


def in_words(clauses: Mapping[str, Iterable[Clause]], page: ReportContext) -> list[str]:
    """The clauses of each target (by id), those that only some of them have apart from what they share."""
    tags: dict[Clause, dict[str, None]] = {}
    on: dict[Clause, list[str]] = {}
    for target, own in clauses.items():
        for clause in own:
            about = replace(clause, tags=())
            tags.setdefault(about, {}).update(dict.fromkeys(clause.tags))
            on.setdefault(about, []).append(target)
    together: dict[tuple[str, ...], list[str]] = {}
    for clause, ids in on.items():
        said = replace(clause, tags=tuple(tags[clause])).said(
            python=page.scope.pythons_of(ids), platform=page.scope.places_of(ids)
        )
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


def gap_sentences(
    report: Report, rows: Iterable[FindingRow], names: Mapping[str, Sequence[str]], page: ReportContext
) -> list[str]:
    """The gaps that no row tells of; ``names`` are of projects of which nothing is known for what a gap says."""
    told: list[str] = []
    for row in gap_rows(report, rows):
        gap = row.gap
        on = page.scope.words(row.targets) if row.targets else ""
        named = gap.distribution if gap.distribution and gap.distribution not in gap.text else ""
        head = "".join(f"{part}: " for part in (on, place(gap.location) if gap.location else "", named) if part)
        aside = f" [{gap.suppressed_by}]" if gap.suppressed_by else ""
        told.append(head + and_names(gap.text, names.get(gap.text, ())) + aside)
    return told


def advised(step: Advice) -> str:
    """A step; what only a resolution could prove says so until one has."""
    return f"{step.text} (unverified)" if step.kind in _TO_PROVE and not step.verified else step.text

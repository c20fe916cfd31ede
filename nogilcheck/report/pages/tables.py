"""A report as tables, in whatever markup: for people who read it in a browser."""

from __future__ import annotations

from dataclasses import replace

from nogilcheck.frozen import frozen
from nogilcheck.model.report.report import BLOCKED, READY, Report, TargetSummary
from nogilcheck.model.verdict import Severity
from nogilcheck.report.context import MAX_COLUMNS, ReportContext
from nogilcheck.report.entries import steps, target_name
from nogilcheck.report.next_steps import blockers_on
from nogilcheck.report.rows import (
    CONFLICTS,
    FindingRow,
    folded_by_index,
    is_remark,
    place,
    place_of_root,
    rows_of,
    split_conflicts,
)
from nogilcheck.report.sentences import gap_sentences, remarks, sentences
from nogilcheck.report.words import counted, listed

MAX_PLACES = 5
"""How many further requirement lines of a distribution are named."""

_TITLES = {Severity.BLOCKER: "Blockers", Severity.WARNING: "Warnings", Severity.GAP: "Unknown"}


@frozen
class TableRow:
    """One distribution."""

    title: str
    """``grpcio 1.85.1``."""
    cells: tuple[tuple[str, str], ...]
    """For each column a word and its severity."""
    why: tuple[str, ...]
    chains: tuple[tuple[str, str], ...]
    """The shortest on each target: where it begins (``r.txt:2``, may be empty), and the steps (may be empty, too)."""
    also: str
    """The other places that chains begin at; may be empty."""
    remarks: tuple[str, ...]
    ignored: bool
    """None of its findings counts."""
    finding: FindingRow
    """What it is made of."""


@frozen
class ReportTable:
    """One section of the report."""

    title: str
    severity: Severity
    columns: tuple[str, ...]
    """What stands above the cells: a target each, or one column for all of them."""
    rows: tuple[TableRow, ...]
    others: tuple[str, ...] = ()
    """Gaps that are about no row."""


@frozen
class TargetRow:
    """One target and what came of it."""

    name: str
    verdict: str
    allowed: bool
    blockers: int
    ignored: int
    """Blockers that do not count."""
    warnings: int
    gaps: int
    distributions: int


def tables(report: Report, page: ReportContext) -> list[ReportTable]:
    """The sections that have something to say: conflicting requirements, blockers, warnings, gaps."""
    conflicts, others = split_conflicts(report)
    shown = replace(others, findings=tuple(finding for finding in others.findings if not is_remark(finding)))
    sections = [
        (conflicts, Severity.GAP, CONFLICTS),
        *((shown, severity, title) for severity, title in _TITLES.items()),
    ]
    found = (_table(part, severity, title, page) for part, severity, title in sections)
    return [table for table in found if table.rows or table.others]


def _table(report: Report, severity: Severity, title: str, page: ReportContext) -> ReportTable:
    rows = rows_of(report, severity)
    others: tuple[str, ...] = ()
    if severity is Severity.GAP:
        left, names = folded_by_index(report, rows)
        others = tuple(gap_sentences(report, rows, names, page))
        rows = left
    return ReportTable(
        title=title,
        severity=severity,
        columns=_columns(report),
        rows=tuple(_row(row, page) for row in rows),
        others=others,
    )


def target_rows(report: Report) -> list[TargetRow]:
    """The targets in the report's order."""
    return [_target(report, target) for target in report.targets]


def headline(report: Report) -> str:
    """``3.14t is ready, 3.15t is blocked by 2``; for many targets, how many are."""
    targets = report.targets
    if not targets:
        return "nothing was checked"
    if len(targets) <= MAX_COLUMNS:
        return ", ".join(f"{target_name(target, targets)} {_came_out(report, target)}" for target in targets)
    verdicts = [target.verdict for target in targets]
    said = {BLOCKED: "blocked", READY: "ready"}
    numbers = {verdict: verdicts.count(verdict) for verdict in dict.fromkeys(verdicts)}
    return f"{counted(len(targets), 'target')}: " + ", ".join(
        f"{number} {said.get(verdict, 'unknown')}" for verdict, number in numbers.items()
    )


def _came_out(report: Report, target: TargetSummary) -> str:
    if target.verdict == BLOCKED:
        number = len({finding.distribution for finding in blockers_on(report, target)})
        return f"is blocked by {number}" if number else "has only blockers that are ignored"
    return "is ready" if target.verdict == READY else "is unknown"


def _target(report: Report, target: TargetSummary) -> TargetRow:
    here = [finding for finding in report.findings if finding.target == target.id]
    counting = blockers_on(report, target)
    blockers = [finding for finding in here if finding.severity is Severity.BLOCKER]
    return TargetRow(
        name=target_name(target, report.targets),
        verdict=target.verdict,
        allowed=target.allowed,
        blockers=len(counting),
        ignored=len(blockers) - len(counting),
        warnings=sum(finding.severity is Severity.WARNING for finding in here),
        gaps=sum(finding.severity is Severity.GAP for finding in here),
        distributions=sum(target.id in distribution.targets for distribution in report.distributions),
    )


def _columns(report: Report) -> tuple[str, ...]:
    if len(report.targets) > MAX_COLUMNS:
        return ("on",)
    return tuple(target_name(target, report.targets) for target in report.targets)


def _row(row: FindingRow, page: ReportContext) -> TableRow:
    many = len(page.targets) > MAX_COLUMNS
    first = next(iter(row.findings.values()))
    on = page.scope.words([target.id for target in page.targets if target.id in row.findings])
    return TableRow(
        title=row.title,
        cells=((on, first.severity),) if many else tuple(row.cell(target.id) for target in page.targets),
        why=tuple(sentences(row, page)),
        chains=tuple(_chains(row, page)),
        also=_also(row, page),
        remarks=tuple(remarks(row, page)),
        ignored=row.is_suppressed,
        finding=row,
    )


def _chains(row: FindingRow, page: ReportContext) -> list[tuple[str, str]]:
    """The shortest chain on each target, once where they are equal; where there is none, the place alone."""
    roots = page.report.roots
    shortest = (finding.paths[0] for finding in row.findings.values() if finding.paths)
    if found := dict.fromkeys((place_of_root(roots[path.root]), steps(path, roots)) for path in shortest):
        return list(found)
    places = dict.fromkeys(place(finding.location) for finding in row.findings.values() if finding.location)
    return [(where, "") for where in places if where]


def _also(row: FindingRow, page: ReportContext) -> str:
    shown = {path.root for finding in row.findings.values() for path in finding.paths[:1]}
    places = list(dict.fromkeys(filter(None, map(place_of_root, page.other_roots(row, shown)))))
    if len(places) > MAX_PLACES:
        places = [*places[: MAX_PLACES - 1], f"{len(places) - MAX_PLACES + 1} other lines"]
    return listed(places) if places else ""

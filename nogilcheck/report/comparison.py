"""What changed between two reports, for people and as JSON."""

from __future__ import annotations

import json
from typing import Final

from nogilcheck.model.comparison import Comparison, FindingState, ReportChange, ReportChangeKind, TargetComparison
from nogilcheck.model.json_format.records import to_json
from nogilcheck.model.report.report import TargetSummary
from nogilcheck.model.verdict import Severity
from nogilcheck.report.chains import ARROW, chain
from nogilcheck.report.folding import folded
from nogilcheck.report.rows import place
from nogilcheck.report.terminal.labels import FROM, NOTE, labelled
from nogilcheck.report.terminal.layout import cells, columns, pad, wrap
from nogilcheck.report.terminal.style import FAINT, NAME, PLAIN, TITLE, Line, lines_of, text_of
from nogilcheck.report.words import counted, safe, word_of

DIFF_VERSION = "1.0"

_HEADS: Final = {
    ReportChangeKind.REGRESSED: ("Blocks now", Severity.BLOCKER),
    ReportChangeKind.UNDETERMINED: ("Unknown now", Severity.GAP),
    ReportChangeKind.READY: ("Blocks no more", Severity.READY),
    ReportChangeKind.NEW: ("New", PLAIN),
    ReportChangeKind.GONE: ("Gone", PLAIN),
    ReportChangeKind.STATUS: ("Gets something else", PLAIN),
    ReportChangeKind.VERSION: ("Other versions", PLAIN),
}

MAX_TITLE: Final = 48
"""Columns for a name and its versions; a longer one pushes the rest of its line."""
_INDENT: Final = "    "


def render_comparison(comparison: Comparison, *, width: int, colour: bool, verbose: bool = False) -> str:
    """The changes as text that ends with a newline; no line is wider than it must be.

    ``verbose`` lists the distributions of which only the version changed, and every gap on its own.
    """
    blocks = [_target(one, comparison, width, verbose=verbose) for one in comparison.targets]
    for where, targets in (("the older", comparison.only_old), ("the newer", comparison.only_new)):
        if targets:
            names = ", ".join(map(_label, targets))
            blocks.append(lines_of(wrap(f"Only in {where} report, and not compared: {names}", width), FAINT))
    return text_of(blocks, colour=colour)


def _target(one: TargetComparison, comparison: Comparison, width: int, *, verbose: bool) -> list[Line]:
    allowed = " (allowed)" if one.target.allowed else ""
    if one.old_blockers == one.new_blockers:
        blockers = f"{counted(one.new_blockers, 'blocker')}, as before"
    else:
        blockers = f"{counted(one.old_blockers, 'blocker')} before, {one.new_blockers} now"
    lines: list[Line] = [[(_label(one.target) + allowed, TITLE), (f": {blockers}", PLAIN)]]
    for kind, (head, role) in _HEADS.items():
        changes = [change for change in one.changes if change.kind is kind]
        brief = kind is ReportChangeKind.VERSION and not verbose
        if changes:
            lines += [[], [(f"  {head} ({len(changes)}{'; -v lists them' if brief else ''})", role)]]
        lines += [] if brief else _changes(changes, comparison, width)
    if one.new_gaps:
        lines.append([])
        lines.append([(f"  New unknowns ({len(one.new_gaps)})", Severity.GAP)])
        gaps = one.new_gaps if verbose else folded(one.new_gaps)
        lines += lines_of(line for text in gaps for line in wrap(text, width, first=_INDENT, rest=_INDENT * 2))
    if len(lines) == 1:
        lines.append([("  nothing changed", PLAIN)])
    return lines


def _changes(changes: list[ReportChange], comparison: Comparison, width: int) -> list[Line]:
    titles = [" ".join(filter(None, (change.distribution, _versions(change)))) for change in changes]
    if all(change.kind in {ReportChangeKind.NEW, ReportChangeKind.GONE} for change in changes):
        told = (f"{title}  {_statuses(change)}" for change, title in zip(changes, titles, strict=True))
        return lines_of(columns(list(told), width, indent=_INDENT))
    column = min(max((cells(safe(title)) for title in titles), default=0), MAX_TITLE)
    lines: list[Line] = []
    for change, title in zip(changes, titles, strict=True):
        lines.append([(_INDENT + pad(title, column), NAME), ("  " + _statuses(change), PLAIN)])
        finding = change.finding
        if change.kind is ReportChangeKind.REGRESSED and finding is not None:
            units = chain(finding.paths[0], comparison.roots, arrow=ARROW) if finding.paths else []
            if not units and finding.location:
                units = [place(finding.location)]
            notes = [finding.suppressed_by] if finding.suppressed_by is not None else []
            for label, texts in ((FROM, [units] if units else []), (NOTE, notes)):
                lines += labelled(label, texts, width, margin=_INDENT * 2, deeper="  ")
    return lines


def _versions(change: ReportChange) -> str:
    old, new = (", ".join(state.versions) if state else "" for state in (change.old, change.new))
    return f"{old} -> {new}" if old and new and old != new else new or old


def _statuses(change: ReportChange) -> str:
    old, new = (_word(state) if state else "" for state in (change.old, change.new))
    return f"{old} -> {new}" if old and new and old != new else new or old


def _word(state: FindingState) -> str:
    return safe(word_of(state.status))


def _label(target: TargetSummary) -> str:
    return safe(f"{target.python_name} on {target.platform}")


def comparison_json(comparison: Comparison) -> str:
    """The changes as JSON, with a final newline; the same text for equal changes."""
    data = {
        "diff_version": DIFF_VERSION,
        "exit_status": comparison.exit_status,
        "targets": [
            {
                "id": one.target.id,
                "allowed": one.target.allowed,
                "blockers": {"old": one.old_blockers, "new": one.new_blockers},
                "changes": [_change(change) for change in one.changes],
                "new_gaps": list(one.new_gaps),
            }
            for one in comparison.targets
        ],
        "only_in_old": [target.id for target in comparison.only_old],
        "only_in_new": [target.id for target in comparison.only_new],
    }
    return json.dumps(data, indent=2) + "\n"


def _change(change: ReportChange) -> dict[str, object]:
    finding = change.finding
    location = finding.location if finding else None
    return {
        "kind": change.kind,
        "distribution": change.distribution,
        "old": change.old and to_json(change.old),
        "new": change.new and to_json(change.new),
        "rule": finding.rule if finding else None,
        "location": location and to_json(location),
        "suppressed_by": finding.suppressed_by if finding else None,
        "counts": change.counts,
    }

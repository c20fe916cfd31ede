"""Comma-separated values (RFC 4180, lines that end with a newline), for spreadsheets."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from nogilcheck.model.report.report import Report
from nogilcheck.model.verdict import Severity, Status
from nogilcheck.report.entries import entries
from nogilcheck.report.rows import place
from nogilcheck.report.words import safe

COLUMNS: Final = (
    "target", "distribution", "version", "status", "severity", "rule", "cause", "direct", "wheel", "why", "required_by",
    "location", "ignored",
)  # fmt: skip

_FORMULA: Final = "=+-@\N{MINUS SIGN}"
"""What a spreadsheet takes for the beginning of a formula, after blanks and in any width; a quote makes it text."""


def render(report: Report) -> str:
    """Every distribution on every target, those that are ready too; then findings without a status, and gaps."""
    return csv_text(COLUMNS, ([row.get(column, "") for column in COLUMNS] for row in _rows(report)))


def csv_text(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """The rows below the names of the columns; no cell is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(map(csv_cell, row) for row in rows)
    return out.getvalue()


def _rows(report: Report) -> Iterator[dict[str, str]]:
    found = [(e, target) for e in entries(report) for target in [t.id for t in e.targets] or [""]]
    told: dict[tuple[str, str | None, str], dict[str, str]] = {}
    others: list[dict[str, str]] = []
    statuses = {status.value for status in Status}
    for entry, target in found:
        why = entry.why or ("" if entry.word and entry.distribution else entry.headline)
        row = {
            "target": target,
            "distribution": entry.distribution,
            "version": entry.version or "",
            "status": entry.name,
            "severity": entry.severity.value,
            "rule": entry.rule,
            "why": "; ".join(filter(None, (why, *entry.remarks))),
            "required_by": entry.chain,
            "location": place(entry.location) if entry.location else "",
            "ignored": entry.suppressed_by or "",
        }
        if entry.name in statuses:
            told[entry.distribution, entry.version, target] = row
        else:
            others.append(row)
    for distribution in report.distributions:
        for summary in report.targets:
            if (assessment := distribution.targets.get(summary.id)) is not None:
                verdict = assessment.verdict
                yield {
                    "status": verdict.status.value,
                    "severity": Severity.READY.value,
                    **told.pop((distribution.name, distribution.version, summary.id), {}),
                    "target": summary.id,
                    "distribution": distribution.name,
                    "version": distribution.version or "",
                    "cause": verdict.cause.value if verdict.cause else "",
                    "direct": "yes" if assessment.direct else "no",
                    "wheel": verdict.wheel or "",
                }
    yield from (*told.values(), *others)


def csv_cell(value: str) -> str:
    """A text of others, which no spreadsheet takes for a formula."""
    shown = safe(value)
    first = unicodedata.normalize("NFKC", shown).lstrip()[:1]
    return f"'{shown}" if first and first in _FORMULA else shown

"""One HTML page that needs nothing else: no scripts, no fonts, no requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from nogilcheck.model.report.report import BLOCKED, READY, Distribution, Report
from nogilcheck.model.verdict import Severity
from nogilcheck.report.context import ReportContext
from nogilcheck.report.entries import target_name
from nogilcheck.report.next_steps import insights
from nogilcheck.report.pages.tables import ReportTable, TableRow, headline, tables, target_rows
from nogilcheck.report.rows import ABSENT, LEFT_OUT, told
from nogilcheck.report.words import caveat, counted, safe, word_of

_CLASSES: Final = {BLOCKED: Severity.BLOCKER, READY: Severity.READY}

_STYLE: Final = """\
:root{color-scheme:light dark;--line:#8884;--faint:#777}
body{font:15px/1.45 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid var(--line);padding:.3rem .6rem;text-align:left;vertical-align:top}
code{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
.blocker{color:#c22}.warning{color:#b60}.gap{color:#93c}.ready{color:#283}
.ignored{text-decoration:line-through}
small,.chain{color:var(--faint);display:block}
"""

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""Content Security Policy: even markup that slipped through could load and run nothing."""


def render(report: Report) -> str:
    """The verdicts, what stands in the way, and every distribution; ASCII, so that no encoding can be wrong."""
    page = ReportContext(report)
    title = f"nogilcheck: {headline(report)}"
    steps = " ".join(insights(report, page.scope, page.origins))
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{_text(title)}</title>",
        f"<style>\n{_STYLE}</style>",
        "</head>",
        "<body>",
        f"<h1>{_text(title)}</h1>",
        *_targets(report),
        *(line for table in tables(report, page) for line in _section(table)),
        *([f"<p><strong>Next:</strong> {_text(steps)}</p>"] if steps else []),
        *_list(LEFT_OUT, told(report)),
        *_list("Notes", report.notes),
        *_distributions(report),
        f"<p><small>{_text(caveat(report))} nogilcheck {_text(report.tool_version)}</small></p>",
        "</body>",
        "</html>",
    ]
    return ("\n".join(parts) + "\n").encode("ascii", "xmlcharrefreplace").decode("ascii")


def _targets(report: Report) -> Iterable[str]:
    yield "<table>"
    yield _head("target", "verdict", "blockers", "warnings", "unknown", "distributions")
    for row in target_rows(report):
        allowed = " (allowed)" if row.allowed else ""
        ignored = f" (and {row.ignored} ignored)" if row.ignored else ""
        cells = [_cell(row.name), _cell(row.verdict + allowed, _CLASSES.get(row.verdict, Severity.GAP))]
        cells += map(_cell, (f"{row.blockers}{ignored}", str(row.warnings), str(row.gaps), str(row.distributions)))
        yield _row(cells)
    yield "</table>"


def _section(table: ReportTable) -> Iterable[str]:
    yield f"<h2>{table.title}</h2>"
    if table.rows:
        yield "<table>"
        yield _head("distribution", *table.columns, "why")
        yield from map(_table_row, table.rows)
        yield "</table>"
    if table.others:
        yield "<ul>"
        yield from (f"<li>{_text(other)}</li>" for other in table.others)
        yield "</ul>"


def _table_row(row: TableRow) -> str:
    why = "<br>".join(map(_text, (*row.why, *row.remarks)))
    chains = "".join(
        f'<span class="chain">{_text(where)} <code>{_text(steps)}</code></span>' for where, steps in row.chains
    )
    chains += f'<span class="chain">also from {_text(row.also)}</span>' if row.also else ""
    title = f'<strong class="{"ignored" if row.ignored else "name"}">{_text(row.title)}</strong>'
    cells = [f"<td>{title}</td>", *(_cell(word, severity) for word, severity in row.cells), f"<td>{why}{chains}</td>"]
    return _row(cells)


def _list(title: str, texts: Sequence[str]) -> Iterable[str]:
    if texts:
        yield f"<h2>{title}</h2>"
        yield "<ul>"
        yield from (f"<li>{_text(text)}</li>" for text in texts)
        yield "</ul>"


def _distributions(report: Report) -> Iterable[str]:
    """Every one of them, folded away."""
    targets = report.targets
    if not report.distributions:
        return
    yield "<details>"
    yield f"<summary>{counted(len(report.distributions), 'distribution')}</summary>"
    yield "<table>"
    yield _head("distribution", *(target_name(target, targets) for target in targets))
    for distribution in report.distributions:
        title = f"{distribution.name} {distribution.version}" if distribution.version else distribution.name
        yield _row([_cell(title), *(_status(distribution, target.id) for target in targets)])
    yield "</table>"
    yield "</details>"


def _status(distribution: Distribution, target: str) -> str:
    assessment = distribution.targets.get(target)
    if assessment is None:
        return _cell(ABSENT)
    return _cell(word_of(assessment.verdict.status), assessment.verdict.severity)


def _head(*names: str) -> str:
    return f"<tr>{''.join(f'<th>{_text(name)}</th>' for name in names)}</tr>"


def _row(cells: Iterable[str]) -> str:
    return f"<tr>{''.join(cells)}</tr>"


def _cell(text: str, severity: str = "") -> str:
    return f'<td class="{severity}">{_text(text)}</td>' if severity else f"<td>{_text(text)}</td>"


def _text(text: str) -> str:
    return escape(safe(text))

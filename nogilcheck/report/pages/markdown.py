"""GitHub Flavored Markdown: a comment on a pull request, a job's summary."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import Final

from nogilcheck.model.report.report import BLOCKED, READY, Report
from nogilcheck.model.verdict import Severity
from nogilcheck.report.context import ReportContext
from nogilcheck.report.next_steps import insights
from nogilcheck.report.pages.tables import ReportTable, TableRow, headline, tables, target_rows
from nogilcheck.report.rows import CONFLICTS, LEFT_OUT, told
from nogilcheck.report.words import caveat, safe

MAX_LENGTH: Final = 60_000
"""Bytes (UTF-8). GitHub takes comments of 65,536 characters, and summaries of 1 MiB; the rest is for who wraps it."""
MAX_HEAD: Final = 8_000
"""Bytes for the targets, and as many for the notes."""

_SIGNS: Final = {BLOCKED: "❌", READY: "✅"}
_UNDECIDED_SIGN: Final = "❔"
_MARKUP: Final = re.compile(r"[\\`*_\[\]|~]|:(?=//)|(?<=www)\.|^[-+]")
_NUMBER: Final = re.compile(r"^(\d+)(?=[.)](\s|$))")
"""The head of an item of a list."""
_MENTION: Final = re.compile(r"@|(?<!&)#|[!$%](?=\d)|(?<=\bGH)-(?=\d)", re.IGNORECASE)
"""People, issues and pull requests: ``GH-1`` is one, too; on GitLab ``!1``, ``$1`` and ``%1``."""


def render(report: Report) -> str:
    """The verdict of each target, then blockers, gaps and warnings as tables; of at most `MAX_LENGTH` bytes."""
    page = ReportContext(report)
    head = [f"## nogilcheck: {_text(headline(report))}", "", *_within(_targets(report), MAX_HEAD, "more targets")]
    tail = [
        "",
        *_next(report, page),
        "",
        f"<sub>{_text(caveat(report))} {_text(f'nogilcheck {report.tool_version}')}</sub>",
    ]
    room = MAX_LENGTH - _size(head) - _size(tail)
    body: list[str] = []
    for table in sorted(tables(report, page), key=_rank):
        section = _within(_section(table), room - _size(body), f"more: {table.title.lower()}")
        body += section
    if texts := told(report):
        section = ["", f"### {LEFT_OUT}", "", *(f"- {_text(text)}" for text in texts)]
        body += _within(section, room - _size(body), "more requirements")
    return "\n".join([*head, *body, *tail]) + "\n"


def _rank(table: ReportTable) -> tuple[bool, int]:
    """Where a section is cut off, warnings are missed least."""
    order = (Severity.BLOCKER, Severity.GAP, Severity.WARNING)
    return table.title != CONFLICTS, order.index(table.severity)


def _targets(report: Report) -> Iterable[str]:
    yield "| target | verdict | blockers | warnings | unknown | distributions |"
    yield "|---|---|--:|--:|--:|--:|"
    for row in target_rows(report):
        allowed = " (allowed)" if row.allowed else ""
        ignored = f" (and {row.ignored} ignored)" if row.ignored else ""
        yield _line(
            _text(row.name), f"{_SIGNS.get(row.verdict, _UNDECIDED_SIGN)} {row.verdict}{allowed}",
            f"{row.blockers}{ignored}", str(row.warnings), str(row.gaps), str(row.distributions),
        )  # fmt: skip


def _section(table: ReportTable) -> Iterable[str]:
    """Its rows follow its head, so that a table that is cut off is one still."""
    yield ""
    yield f"### {table.title}"
    if table.rows:
        yield ""
        yield _line("distribution", *map(_text, table.columns), "why", "required by")
        yield _line(*["---"] * (len(table.columns) + 3))
        for row in table.rows:
            yield _row(row)
    if table.others:
        yield ""
        for other in table.others:
            yield f"- {_text(other)}"


def _row(row: TableRow) -> str:
    name, _, version = row.title.partition(" ")
    title = f"{_code(name)} {_text(version)}".strip()
    chains = [" ".join(filter(None, (_text(where), _code(steps)))) for where, steps in row.chains]
    chains += [f"also from {_text(row.also)}"] if row.also else []
    why = [_text(text) for text in (*row.why, *row.remarks)]
    return _line(
        f"~~{title}~~" if row.ignored else title,
        *(_text(word) for word, _ in row.cells),
        "<br>".join(why),
        "<br>".join(chains),
    )


def _next(report: Report, page: ReportContext) -> list[str]:
    steps = insights(report, page.scope, page.origins)
    if not steps:
        return []
    text = " ".join(steps)
    return [f"**Next:** {_text(text)}"]


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _within(lines: Iterable[str], room: int, more: str) -> list[str]:
    """As many lines as there is room for, with a word on the rest; whole lines, so that no markup is left open."""
    taken: list[str] = []
    given = list(lines)
    room -= len(more) + 20
    for number, line in enumerate(given):
        room -= _size([line])
        if room < 0:
            return [*taken, "", f"*… and {len(given) - number} {more}*"]
        taken.append(line)
    return taken


def _size(lines: Sequence[str]) -> int:
    return sum(len(line.encode("utf-8", "replace")) + 1 for line in lines)


def _text(text: str) -> str:
    """Text within a line in which nothing is markup, a link or a mention."""
    shown = html.escape(" ".join(safe(text).split()), quote=False)
    shown = _NUMBER.sub(r"\1\\", _MARKUP.sub(r"\\\g<0>", shown))
    return _MENTION.sub(r"\g<0>&#8203;", shown)  # a space without width: code hosts look for mentions in the result


def _code(text: str) -> str:
    """A code span within a table (GFM 4.10 and 6.3)."""
    shown = " ".join(safe(text).split()).replace("|", "\\|")
    if not shown:
        return ""
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"

"""GitHub Flavored Markdown: a comment on a pull request, a job's summary."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import Final

from nogilcheck.frozen import frozen
from nogilcheck.model.report.report import BLOCKED, READY, Report
from nogilcheck.model.verdict import Severity
from nogilcheck.report.context import ReportContext
from nogilcheck.report.next_steps import insights
from nogilcheck.report.pages.tables import ReportTable, TableRow, headline, tables, target_rows
from nogilcheck.report.rows import CONFLICTS, LEFT_OUT, told
from nogilcheck.report.words import caveat, counted, safe

MAX_LENGTH: Final = 60_000
"""Bytes (UTF-8). GitHub takes comments of 65,536 characters, and summaries of 1 MiB; the rest is for who wraps it."""
MAX_HEAD: Final = 8_000
"""Bytes for the targets, and as many for the notes."""

MAX_FRAME: Final = 250
"""Bytes for what frames a part, and says how much of it is left out, where there is no room for any of it."""

_SIGNS: Final = {BLOCKED: "❌", READY: "✅"}
_UNDECIDED_SIGN: Final = "❔"
_MARKUP: Final = re.compile(r"[\\`*_\[\]|~]|:(?=//)|(?<=www)\.|^[-+]")
_NUMBER: Final = re.compile(r"^(\d+)(?=[.)](\s|$))")
"""The head of an item of a list."""
_MENTION: Final = re.compile(r"@|(?<!&)#|[!$%](?=\d)|(?<=\bGH)-(?=\d)", re.IGNORECASE)
"""People, issues and pull requests: ``GH-1`` is one, too; on GitLab ``!1``, ``$1`` and ``%1``."""


@frozen
class _Part:
    """Lines that are cut off at their end where there is no room for all of them."""

    head: Sequence[str]
    lines: Sequence[str]
    more: str
    """What is left out, in the plural."""
    fold: str = ""
    """What a reader clicks on to see them; empty where they are seen at once."""
    rank: int
    """Parts of a lower one are given room first: they are missed most."""

    def within(self, room: int) -> list[str]:
        """As much as there is room for."""
        begin = [*self.head, *(["", f"<details><summary>{self.fold}</summary>", ""] if self.fold else [])]
        end = ["", "</details>"] if self.fold else []
        taken = _within(self.lines, room - _size([*begin, *end]), self.more)
        return [*begin, *taken, *end] if self.lines else []


def render(report: Report) -> str:
    """The verdict of each target, then what the terminal tells, in its order; of at most `MAX_LENGTH` bytes.

    What to do about each blocker is seen at once; why it blocks and where it comes from, and all warnings, on a click.
    """
    page = ReportContext(report)
    head = [f"## nogilcheck: {_text(headline(report))}", "", *_within(_targets(report), MAX_HEAD, "more targets")]
    foot = f"{caveat(report)} nogilcheck {report.tool_version}".lstrip()
    tail = ["", *_next(report, page), f"<sub>{_text(foot)}</sub>"]
    parts = [part for table in tables(report, page) for part in _parts(table)]
    if texts := told(report):
        fold = f"{LEFT_OUT}: {counted(len(texts), 'requirement')}"
        lines = [f"- {_text(text)}" for text in texts]
        parts.append(_Part(head=(), lines=lines, more="more requirements", fold=fold, rank=5))
    room = MAX_LENGTH - _size(head) - _size(tail) - MAX_FRAME * len(parts)
    drawn: dict[int, list[str]] = {}
    for number, part in sorted(enumerate(parts), key=lambda numbered: numbered[1].rank):
        drawn[number] = part.within(room)
        room -= _size(drawn[number])
    body = [line for number in range(len(parts)) for line in drawn[number]]
    return "\n".join([*head, *body, *tail]) + "\n"


def _parts(table: ReportTable) -> Iterable[_Part]:
    """A section: what is seen at once of it, and what on a click."""
    more = f"more: {table.title.lower()}"
    head = ("", f"### {table.title}", "")
    rows = table.rows
    others = [f"- {_text(other)}" for other in table.others]
    if table.severity is Severity.BLOCKER:
        yield _Part(
            head=head,
            lines=_table(
                ("distribution", *table.columns, "fix"), [(*_named(row), _lines(row.remarks)) for row in rows]
            ),
            more=more,
            rank=1,
        )
        cells = [(_title(row), _lines(row.why), _chains(row)) for row in rows]
        why = _table(("distribution", "why", "required by"), cells)
        yield _Part(head=(), lines=why, more=more, fold="Why they block, and where they come from", rank=3)
        return
    columns = ("distribution", *table.columns, "why", "required by")
    lines = _table(columns, [(*_named(row), _lines((*row.why, *row.remarks)), _chains(row)) for row in rows])
    if table.severity is Severity.WARNING:
        yield _Part(head=(), lines=lines, more=more, fold=counted(len(rows), "warning"), rank=4)
        return
    rank = 0 if table.title == CONFLICTS else 2
    lines += ["", *others] if lines and others else others
    yield _Part(head=head, lines=lines, more=more, rank=rank)


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


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Nothing without rows. A head of its own, so that a table that is cut off is one still."""
    lines = [_line(*cells) for cells in rows]
    return [_line(*map(_text, columns)), _line(*["---"] * len(columns)), *lines] if lines else []


def _title(row: TableRow) -> str:
    name, _, version = row.title.partition(" ")
    title = f"{_code(name)} {_text(version)}".strip()
    return f"~~{title}~~" if row.ignored else title


def _named(row: TableRow) -> tuple[str, ...]:
    """The distribution, and what each column says of it."""
    return _title(row), *(_text(word) for word, _ in row.cells)


def _lines(texts: Iterable[str]) -> str:
    return "<br>".join(map(_text, texts))


def _chains(row: TableRow) -> str:
    chains = [" ".join(filter(None, (_text(where), _code(steps)))) for where, steps in row.chains]
    return "<br>".join([*chains, *([f"also from {_text(row.also)}"] if row.also else [])])


def _next(report: Report, page: ReportContext) -> list[str]:
    steps = insights(report, page.scope, page.origins)
    return [f"**Next:** {_text(' '.join(steps))}", ""] if steps else []


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

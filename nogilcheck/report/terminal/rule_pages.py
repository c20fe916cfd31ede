"""The pages of rules in the terminal: ``nogilcheck explain``."""

from __future__ import annotations

from collections.abc import Sequence

from nogilcheck.model.rules.rule import Rule
from nogilcheck.report.rule_pages import counts_as
from nogilcheck.report.terminal.layout import MIN_WIDTH, cells, wrap
from nogilcheck.report.terminal.style import NAME, PLAIN, TITLE, Line, begun, lines_of, text_of


def render(page: Rule, *, width: int, colour: bool = False) -> str:
    """One page for a terminal of this width."""
    width = max(width, MIN_WIDTH)
    lines: list[Line] = [
        [(page.code, TITLE), (" ", PLAIN), (page.name, NAME)],
        *lines_of(wrap(counts_as(page), width, first="  "), page.severity),
    ]
    for title, text in (("", page.meaning), ("", page.detail), ("Example", page.example), ("Remedy", page.remedy)):
        lines += [[], *([[(title, TITLE)]] if title else []), *lines_of(wrap(text, width, first="  "))]
    return text_of([lines], colour=colour)


def render_list(pages: Sequence[Rule], *, width: int, colour: bool = False) -> str:
    """Every rule with its meaning."""
    width = max(width, MIN_WIDTH)
    column = max(cells(page.name) for page in pages) + 2
    lines: list[Line] = []
    for page in pages:
        head = f"{page.code}  {page.name.ljust(column)}"
        lines += begun(wrap(page.meaning, width, first=head), page.code, page.severity)
    return text_of([lines], colour=colour)

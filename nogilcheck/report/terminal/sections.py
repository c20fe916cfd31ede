"""The sections of the terminal report: one row for each distribution, one column for each target."""

from __future__ import annotations

from collections.abc import Sequence

from nogilcheck.model.report.report import Report
from nogilcheck.model.verdict import Severity
from nogilcheck.report.folding import and_names, folded
from nogilcheck.report.rows import FindingRow, folded_by_index, gap_rows, place, rows_of
from nogilcheck.report.sentences import remarks, sentences
from nogilcheck.report.terminal.chain_lines import paths
from nogilcheck.report.terminal.layout import cells, pad, wrap
from nogilcheck.report.terminal.page import DEEPER, INDENT, MARGIN, Page
from nogilcheck.report.terminal.style import FAINT, NAME, PLAIN, TITLE, Line, lines_of
from nogilcheck.report.words import safe


def draw_rows(title: str, rows: Sequence[FindingRow], page: Page) -> list[Line]:
    """A section; no lines when it has no rows."""
    if not rows:
        return []
    if page.grid:
        from nogilcheck.report.terminal.matrix import draw_matrix

        return [*draw_matrix(title, rows, page, page.grid), [], *(line for row in rows for line in _row(row, page))]
    heading: Line = [(title, TITLE)]
    if page.name:
        labels = "".join(pad(page.labels[target.id], page.column) for target in page.targets)
        heading += [(" " * (page.start - len(title)) + labels, FAINT)]
    return [heading, *(line for row in rows for line in _row(row, page))]


def draw_gaps(report: Report, page: Page, title: str = "Unknown") -> list[Line]:
    """The gaps of a report, or of a part of it: distributions first, then everything else that has a place.

    Verbose, what is said of many distributions is said of each.
    """
    rows = rows_of(report, Severity.GAP)
    others = gap_rows(report, rows)
    left, names = (rows, {}) if page.verbose else folded_by_index(report, rows)
    lines = draw_rows(title, left, page)
    if others and not lines:
        lines = [[(title, TITLE)]]
    told: list[str] = []
    for row in others:
        gap = row.gap
        on = page.scope.words(row.targets) if row.targets else ""
        named = gap.distribution if gap.distribution and gap.distribution not in gap.text else ""
        head = "".join(f"{part}: " for part in (on, place(gap.location) if gap.location else "", named) if part)
        aside = f" [{gap.suppressed_by}]" if gap.suppressed_by else ""
        told.append(head + and_names(gap.text, names.get(gap.text, ())) + aside)
    return lines + lines_of(
        line for text in (told if page.verbose else folded(told)) for line in _paragraph(text, page.width)
    )


def _paragraph(text: str, width: int) -> list[str]:
    """A text that may have lines of its own, such as the explanation of a conflict."""
    first, *others = text.split("\n")
    lines = wrap(first, width, first=MARGIN, rest=INDENT)
    for other in filter(str.strip, others):
        margin = INDENT + " " * min(len(other) - len(other.lstrip(" ")), len(DEEPER))
        lines += wrap(other, width, first=margin, rest=margin + MARGIN)
    return lines


def _row(row: FindingRow, page: Page) -> list[Line]:
    """The distribution, why it is there, the chains that lead to it; what is put aside is told in brief."""
    brief = row.is_suppressed and not page.verbose
    told = remarks(row, page) if brief else sentences(row, page)
    lines = _title(row, page)
    if page.beside:
        wrapped = [line for text in told for line in wrap(text, page.width - page.beside, rest="")]
        if wrapped:
            lines[-1].append((wrapped[0], PLAIN))
        lines += lines_of(" " * page.beside + text for text in wrapped[1:])
    else:
        lines += lines_of(line for text in told for line in wrap(text, page.width, first=INDENT))
    if brief:
        return lines
    lines += lines_of(paths(row, page), FAINT)
    return lines + lines_of(
        line for text in remarks(row, page) for line in wrap(text, page.width, first=INDENT, rest=DEEPER)
    )


def _title(row: FindingRow, page: Page) -> list[Line]:
    if page.grid:
        return _title_and_scope(row, page)
    return _title_in_columns(row, page) if page.name else _title_and_lines(row, page)


def _title_in_columns(row: FindingRow, page: Page) -> list[Line]:
    shown: Line = []
    for target in page.targets:
        word, role = row.cell(target.id)
        shown.append((pad(word, page.column), role))
    if cells(safe(row.title)) <= page.name:
        return [[(MARGIN + pad(row.title, page.name + len(MARGIN)), NAME), *shown]]
    titles = wrap(row.title, page.width, first=MARGIN, rest=INDENT)
    return [*lines_of(titles, NAME), [(" " * page.start, PLAIN), *shown]]


def _title_and_scope(row: FindingRow, page: Page) -> list[Line]:
    """Below a matrix the distribution again, and where it is what the section is about."""
    on = page.scope.words(row.findings)
    first, *others = wrap(f"{row.title}: {on}" if on else row.title, page.width, first=MARGIN, rest=INDENT)
    cut = len(MARGIN) + len(safe(row.title))
    return [[(first[:cut], NAME), (first[cut:], PLAIN)], *lines_of(others)]


def _title_and_lines(row: FindingRow, page: Page) -> list[Line]:
    groups: dict[tuple[str, str], list[str]] = {}
    for target in page.targets:
        groups.setdefault(row.cell(target.id, named=False), []).append(target.id)
    lines = lines_of(wrap(row.title, page.width, first=MARGIN, rest=INDENT), NAME)
    for (word, role), ids in groups.items():
        first, *others = wrap(f"{word}: {page.scope.words(ids)}", page.width, first=INDENT, rest=DEEPER)
        cut = len(INDENT) + len(safe(word))
        lines += [[(first[:cut], role), (first[cut:], PLAIN)], *lines_of(others)]
    return lines

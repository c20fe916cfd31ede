"""The sections of the terminal report: an entry for each distribution, or for several that are told alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from nogilcheck.model.report.report import Report
from nogilcheck.model.verdict import Severity
from nogilcheck.report.folding import MAX_ALIKE, folded
from nogilcheck.report.ledger import known, track
from nogilcheck.report.rows import LEFT_OUT, FindingRow, folded_by_index, rows_of, told
from nogilcheck.report.sentences import gap_sentences, remarks, sentences
from nogilcheck.report.terminal.chain_lines import chains
from nogilcheck.report.terminal.labels import FIX, FROM, KNOWN, NOTE, TRACK, WHY, labelled, paragraphs
from nogilcheck.report.terminal.layout import cells, pad, wrap
from nogilcheck.report.terminal.page import DEEPER, INDENT, MARGIN, Page
from nogilcheck.report.terminal.style import FAINT, NAME, PLAIN, TITLE, Line, begun, lines_of
from nogilcheck.report.words import safe

MAX_NAMES: Final = 8
"""Distributions that one entry names; all with ``-v``, which gives each its own."""

MAX_LEFT_OUT: Final = 5
"""Requirements that do not apply which are told where not all are asked for."""

_PATH_OF_URL: Final = re.compile(r"(https?://[^/\s)]+/)[^\s),;']+")

_Entry = tuple[FindingRow, ...]
"""Rows of which the same is told."""


def draw_rows(title: str, rows: Sequence[FindingRow], page: Page) -> list[Line]:
    """A section; no lines when it has no rows."""
    if not rows:
        return []
    entries = _entries(rows, page)
    lines = _heading(title, entries, page)
    after_a_line = False
    for entry in entries:
        drawn = _entry(entry, page)
        if not (after_a_line and len(drawn) == 1):
            lines.append([])
        lines += drawn
        after_a_line = len(drawn) == 1
    return lines


def _heading(title: str, entries: Sequence[_Entry], page: Page) -> list[Line]:
    if page.grid:
        listed = [row for entry in entries if len(entry) <= MAX_ALIKE for row in entry]
        if listed:
            from nogilcheck.report.terminal.matrix import draw_matrix

            return draw_matrix(title, listed, page, page.grid)
    if not page.name or page.grid:
        return [[(title, TITLE)]]
    labels = "".join(pad(page.labels[target.id], page.column) for target in page.targets)
    if cells(title) >= page.start:
        return [[(title, TITLE)], [(" " * page.start + labels, FAINT)]]
    return [[(title, TITLE), (" " * (page.start - cells(title)) + labels, FAINT)]]


def draw_gaps(report: Report, page: Page, title: str = "Unknown") -> list[Line]:
    """The gaps of a report, or of a part of it: distributions first, then everything else that has a place.

    Verbose, what is said of many distributions is said of each.
    """
    rows = rows_of(report, Severity.GAP)
    left, names = (rows, {}) if page.verbose else folded_by_index(report, rows)
    lines = draw_rows(title, left, page)
    others = draw_other_gaps(report, rows, names, page)
    head: list[Line] = [[]] if lines else [[(title, TITLE)], []]
    return [*lines, *head, *others] if others else lines


def draw_other_gaps(
    report: Report, rows: Sequence[FindingRow], names: Mapping[str, Sequence[str]], page: Page
) -> list[Line]:
    """The lines of `gap_sentences`."""
    told = gap_sentences(report, rows, names, page)
    texts = told if page.verbose else folded(told)
    return lines_of(line for text in texts for line in _paragraph(text, page.width))


def _paragraph(text: str, width: int) -> list[str]:
    """A text that may have lines of its own, such as the explanation of a conflict."""
    first, *others = text.split("\n")
    lines = wrap(first, width, first=MARGIN, rest=INDENT)
    for other in filter(str.strip, others):
        margin = INDENT + " " * min(len(other) - len(other.lstrip(" ")), len(DEEPER))
        lines += wrap(other, width, first=margin, rest=margin + MARGIN)
    return lines


def _entries(rows: Sequence[FindingRow], page: Page) -> list[_Entry]:
    """Warnings and unknowns of which nothing differs but the name are told together; verbose, each on its own."""
    found: dict[object, list[FindingRow]] = {}
    for row in rows:
        alone = page.verbose or row.is_suppressed or any(f.severity is Severity.BLOCKER for f in row.findings.values())
        key = (tuple(row.cell(target.id) for target in page.targets), *_told(row, page), bool(row.version))
        found.setdefault(id(row) if alone else key, []).append(row)
    return [tuple(entry) for entry in found.values()]


def _told(row: FindingRow, page: Page) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Why, and what to do, without the name."""
    return _nameless(sentences(row, page), row), _nameless(remarks(row, page), row)


def _nameless(texts: Iterable[str], row: FindingRow) -> tuple[str, ...]:
    """The texts with ``<name>`` and ``<version>`` in them, and of URLs the host alone."""
    name = re.compile(rf"(?<![\w.-]){r'[-_.]+'.join(map(re.escape, row.name.split('-')))}(?![^\W_])", re.IGNORECASE)
    version = re.compile(rf"(?<![\d.]){re.escape(row.version or '')}(?!\d|\.\d)") if row.version else None
    found = (name.sub("<name>", _PATH_OF_URL.sub(r"\1...", text)) for text in texts)
    return tuple(version.sub("<version>", text) if version else text for text in found)


def _entry(entry: _Entry, page: Page) -> list[Line]:
    """The distributions, why they are there, the chains that lead to one, what to do about it."""
    row = entry[0]
    if row.is_suppressed and not page.verbose:
        return _brief(row, page)
    lines = [line for each in entry[:MAX_ALIKE] for line in _title(each, page)]
    why, fix = sentences(row, page), remarks(row, page)
    if len(entry) > 1:
        why, fix = map(list, _told(row, page))
    if len(entry) > MAX_ALIKE:
        lines = _title(replace(row, name=f"{len(entry)} distributions", version=None), page)
        names = [f"{each.title}," for each in entry[: MAX_NAMES - 1]]
        names += [f"and {len(entry) - len(names)} more (-v lists them)"]
        lines += labelled("names", [names], page.width)
    lines += labelled(WHY, [text.removeprefix(f"{row.name}: ") for text in why], page.width)
    warns = all(finding.severity is Severity.WARNING and finding.paths for finding in row.findings.values())
    if page.verbose or (len(entry) == 1 and not warns):
        lines += labelled(FROM, chains(row, page), page.width, deeper="  ")
    aside = {f.suppressed_by for f in row.findings.values()}
    for label, texts in ((FIX, [t for t in fix if t not in aside]), (NOTE, [t for t in fix if t in aside])):
        lines += labelled(label, texts, page.width)
    return lines + (_evidence(row, page) if len(entry) == 1 else [])


def _evidence(row: FindingRow, page: Page) -> list[Line]:
    """What the ledger has on it: where to follow it, and what is known of this version."""
    told = (text for finding in row.findings.values() for text in finding.detail)
    lines = labelled(KNOWN, known(row.facts, row.version, told=told), page.width)
    # A URL is never broken: a terminal makes a link of it.
    return lines + [[(f"{INDENT}{TRACK}  ", FAINT), (url, PLAIN)] for url in track(row.facts)]


def _brief(row: FindingRow, page: Page) -> list[Line]:
    """What is put aside, and why, in a line where that fits."""
    *above, last = _title(row, page)
    begin = sum(cells(text) for text, _ in last)
    told = "; ".join(remarks(row, page))
    gap = "" if page.name and not page.grid else MARGIN
    if begin + len(gap) + cells(safe(told)) <= page.width:
        return [*above, [*last, (gap + safe(told), PLAIN)]]
    return [*above, last, *labelled(NOTE, [told], page.width)]


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
    told = wrap(f"{row.title}: {on}" if on else row.title, page.width, first=MARGIN, rest=INDENT)
    return begun(told, MARGIN + safe(row.title), NAME)


def _title_and_lines(row: FindingRow, page: Page) -> list[Line]:
    groups: dict[tuple[str, str], list[str]] = {}
    for target in page.targets:
        groups.setdefault(row.cell(target.id, named=False), []).append(target.id)
    lines = lines_of(wrap(row.title, page.width, first=MARGIN, rest=INDENT), NAME)
    for (word, role), ids in groups.items():
        told = wrap(f"{word}: {page.scope.words(ids)}", page.width, first=INDENT, rest=DEEPER)
        lines += begun(told, INDENT + safe(word), role)
    return lines


def draw_left_out(report: Report, width: int, *, verbose: bool) -> list[Line]:
    """The requirements that do not apply; of many a few where not ``verbose``."""
    texts = told(report, None if verbose else MAX_LEFT_OUT)
    return [[(LEFT_OUT, TITLE)], *paragraphs(texts, width)] if texts else []

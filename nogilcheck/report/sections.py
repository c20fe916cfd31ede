"""The sections of the terminal report: one row for each distribution, one column for each target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nogilcheck.model.finding import Finding
from nogilcheck.model.report import Report, TargetSummary
from nogilcheck.report.layout import cells, pad, wrap
from nogilcheck.report.origins import Origins
from nogilcheck.report.rows import Row, chain, gap_rows, labels_of, place, place_of_root
from nogilcheck.report.style import FAINT, NAME, PLAIN, TITLE, Line, lines_of
from nogilcheck.report.words import counted, listed, safe

MAX_COLUMNS = 4
"""Targets beyond which columns give way to lines."""
MIN_NAME, MAX_NAME = 21, 40
"""Columns for a name and its version; a longer one has a line of its own."""
MIN_SENTENCE = 44
"""Columns that a sentence needs to stand beside the targets rather than below them."""
MAX_PLACES = 3
"""How many further requirement lines a report that is not verbose names."""

_MARGIN: Final = "  "
_INDENT: Final = "    "
_DEEPER: Final = "      "


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A report on its way to the terminal: how it is drawn, and how wide everything is."""

    report: Report
    labels: Mapping[str, str]
    """Target id -> the name of its column."""
    origins: Mapping[str, Origins]
    """By target id."""
    width: int
    verbose: bool
    name: int
    """Columns for names; 0 when the targets have lines instead of columns."""
    column: int
    """Columns for each target."""

    @classmethod
    def fit(cls, report: Report, rows: Sequence[Row], *, width: int, verbose: bool) -> Page:
        """The page for these rows in a terminal of this width."""
        targets, labels = report.targets, labels_of(report.targets)
        shown = [row.cell(target.id)[0] for row in rows for target in targets]
        column = max((cells(safe(text)) for text in (*shown, *labels.values())), default=0) + 2
        longest = max((cells(safe(row.title)) for row in rows), default=0)
        wanted = max(MIN_NAME, min(longest, MAX_NAME))
        room = width - len(_INDENT) - column * len(targets)
        fits = bool(targets) and len(targets) <= MAX_COLUMNS and room >= wanted
        return cls(
            report=report,
            labels=labels,
            origins={target.id: Origins(report, target.id) for target in targets},
            width=width,
            verbose=verbose,
            name=wanted if fits else 0,
            column=column,
        )

    @property
    def targets(self) -> Sequence[TargetSummary]:
        """The report's targets, in its order."""
        return self.report.targets

    @property
    def start(self) -> int:
        """The column where the targets begin."""
        return len(_INDENT) + self.name

    @property
    def beside(self) -> int:
        """The column where sentences begin beside the targets; 0 when they stand below."""
        start = self.start + self.column * len(self.targets)
        return start if self.name and self.width - start >= MIN_SENTENCE else 0


def draw_rows(title: str, rows: Sequence[Row], page: Page) -> list[Line]:
    """A section; no lines when it has no rows."""
    if not rows:
        return []
    heading: Line = [(title, TITLE)]
    if page.name:
        labels = "".join(pad(page.labels[target.id], page.column) for target in page.targets)
        heading += [(" " * (page.start - len(title)) + labels, FAINT)]
    return [heading, *(line for row in rows for line in _row(row, page))]


def draw_gaps(rows: Sequence[Row], page: Page) -> list[Line]:
    """What could not be determined: distributions first, then everything else that has a place."""
    others = gap_rows(page.report, rows)
    title = "Could not be determined"
    lines = draw_rows(title, rows, page)
    if others and not lines:
        lines = [[(title, TITLE)]]
    for row in others:
        gap = row.gap
        on = ", ".join(page.labels.get(target, target) for target in sorted(row.targets))
        named = gap.distribution if gap.distribution and gap.distribution not in gap.text else ""
        head = "".join(f"{part}: " for part in (on, place(gap.location) if gap.location else "", named) if part)
        lines += lines_of(_paragraph(head + gap.text, page.width))
    return lines


def _paragraph(text: str, width: int) -> list[str]:
    """A text that may have lines of its own, such as the explanation of a conflict."""
    first, *others = text.split("\n")
    lines = wrap(first, width, first=_MARGIN, rest=_INDENT)
    for other in filter(str.strip, others):
        margin = _INDENT + " " * min(len(other) - len(other.lstrip(" ")), len(_DEEPER))
        lines += wrap(other, width, first=margin, rest=margin + _MARGIN)
    return lines


def _row(row: Row, page: Page) -> list[Line]:
    sentences = _sentences(row, page)
    lines = _title_in_columns(row, page) if page.name else _title_and_lines(row, page)
    if page.beside:
        told = [line for text in sentences for line in wrap(text, page.width - page.beside, rest="")]
        if told:
            lines[-1].append((told[0], PLAIN))
        lines += lines_of(" " * page.beside + text for text in told[1:])
    else:
        lines += lines_of(line for text in sentences for line in wrap(text, page.width, first=_INDENT))
    lines += lines_of(_paths(row, page), FAINT)
    remarks = dict.fromkeys(remark for finding in row.findings.values() for remark in _remarks(finding))
    return lines + lines_of(line for text in remarks for line in wrap(text, page.width, first=_INDENT, rest=_DEEPER))


def _title_in_columns(row: Row, page: Page) -> list[Line]:
    shown: Line = []
    for target in page.targets:
        word, role = row.cell(target.id)
        shown.append((pad(word, page.column), role))
    if cells(safe(row.title)) <= page.name:
        return [[(_MARGIN + pad(row.title, page.name + len(_MARGIN)), NAME), *shown]]
    titles = wrap(row.title, page.width, first=_MARGIN, rest=_INDENT)
    return [*lines_of(titles, NAME), [(" " * page.start, PLAIN), *shown]]


def _title_and_lines(row: Row, page: Page) -> list[Line]:
    groups: dict[tuple[str, str], list[str]] = {}
    for target in page.targets:
        groups.setdefault(row.cell(target.id), []).append(page.labels[target.id])
    lines = lines_of(wrap(row.title, page.width, first=_MARGIN, rest=_INDENT), NAME)
    for (word, role), labels in groups.items():
        names = [f"{label}," for label in labels[:-1]] + labels[-1:]
        first, *others = wrap(names, page.width, first=f"{_INDENT}{word}: ", rest=_DEEPER)
        cut = len(_INDENT) + len(word)
        lines += [[(first[:cut], role), (first[cut:], PLAIN)], *lines_of(others)]
    return lines


def _sentences(row: Row, page: Page) -> list[str]:
    """Why: what targets differ in, each after its name, and what is true of all of them."""
    clauses = {target.id: row.why(target) for target in page.targets if target.id in row.findings}
    if not clauses:
        return []
    first, *others = clauses.values()
    shared = [clause for clause in first if all(clause in other for other in others)]
    own: dict[str, list[str]] = {}
    for target, said in clauses.items():
        if text := "; ".join(clause for clause in said if clause not in shared):
            own.setdefault(text, []).append(page.labels[target])
    sentences = [f"{', '.join(labels)}: {text}" for text, labels in own.items()]
    return [*sentences, "; ".join(shared)] if shared else sentences


def _paths(row: Row, page: Page) -> list[str]:
    """The shortest chain from a line of the user's; where targets differ, one for each."""
    chains: dict[tuple[str, ...], list[str]] = {}
    for target in page.targets:
        finding = row.findings.get(target.id)
        for path in finding.paths[: None if page.verbose else 1] if finding else ():
            chains.setdefault(tuple(chain(path, page.report.roots)), []).append(page.labels[target.id])
    about_all = all(len(labels) == len(row.findings) for labels in chains.values())
    lines: list[str] = []
    for units, labels in chains.items():
        head = () if about_all else (f"{', '.join(labels)}:",)
        lines += wrap((*head, *units), page.width, first=_INDENT, rest=_DEEPER)
    if not chains:
        places = dict.fromkeys(place(finding.location) for finding in row.findings.values() if finding.location)
        return [line for text in places if text for line in wrap(text, page.width, first=_INDENT)]
    return lines + _other_places(row, page)


def _other_places(row: Row, page: Page) -> list[str]:
    """The lines of the user's from which another chain leads here."""
    shown = {path.root for f in row.findings.values() for path in f.paths[: None if page.verbose else 1]}
    leading_here = (page.origins[target].positions(row.name) for target in row.findings if target in page.origins)
    roots = {root for positions in leading_here for root in positions} - shown
    places = [text for text in dict.fromkeys(place_of_root(page.report.roots[root]) for root in sorted(roots)) if text]
    if not places:
        return []
    told = (
        listed(places)
        if page.verbose or len(places) <= MAX_PLACES
        else f"{counted(len(places), 'other line')} (-v lists them)"
    )
    return wrap(f"also from {told}", page.width, first=_INDENT, rest=_DEEPER)


def _remarks(finding: Finding) -> list[str]:
    remarks = [advice.text + ("" if advice.verified else " (unverified)") for advice in finding.advice if advice.text]
    if finding.suppressed_by is not None:
        remarks.append(f"ignored: {finding.suppressed_by}")
    return remarks

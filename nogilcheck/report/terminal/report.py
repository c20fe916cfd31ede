"""The report that people read in a terminal: plain text, and a little colour where it is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nogilcheck.model.evidence import EvidenceKind, affects
from nogilcheck.model.report.report import Distribution, Report
from nogilcheck.model.verdict import READY_STATUSES, Severity, Status
from nogilcheck.report.ledger import in_words, ready_with_evidence, track
from nogilcheck.report.next_steps import insights, next_commands
from nogilcheck.report.rows import CONFLICTS, is_remark, rows_of, split_conflicts
from nogilcheck.report.shared_state import shared_in_report
from nogilcheck.report.terminal.commands import draw_commands
from nogilcheck.report.terminal.labels import TRACK, paragraphs
from nogilcheck.report.terminal.layout import MIN_WIDTH, columns, wrap
from nogilcheck.report.terminal.page import Page
from nogilcheck.report.terminal.sections import draw_gaps, draw_left_out, draw_rows
from nogilcheck.report.terminal.style import FAINT, TITLE, Line, lines_of, text_of
from nogilcheck.report.terminal.summary import draw_header, draw_targets
from nogilcheck.report.words import caveat, word_of


def render(report: Report, *, width: int, colour: bool, verbose: bool, links: bool = False) -> str:
    """The whole report as text that ends with a newline.

    ``width`` is the terminal's, in columns; no line is longer, save for what cannot be broken.
    ``verbose`` adds the ready distributions and every path. ``links`` make names lead to the project's page, in
    terminals that know OSC 8.
    """
    width = max(width, MIN_WIDTH)
    shown = replace(report, findings=tuple(one for one in report.findings if verbose or not is_remark(one)))
    blockers, warnings, gaps = (rows_of(shown, s) for s in (Severity.BLOCKER, Severity.WARNING, Severity.GAP))
    page = Page(report, [*blockers, *warnings, *gaps], width=width, verbose=verbose)
    conflicts, others = split_conflicts(report)
    blocks = (
        draw_header(page),
        draw_targets(page),
        draw_gaps(conflicts, page, CONFLICTS),
        draw_rows("Blockers", blockers, page),
        draw_rows("Warnings", warnings, page),
        draw_gaps(others, page),
        *(_ready(page) if verbose else ()),
        draw_left_out(report, width, verbose=verbose),
        [[("Notes", TITLE)], *paragraphs(report.notes, width)] if report.notes else [],
        *_closing(page),
    )
    urls = _urls(report) if links else {}
    return text_of(blocks, colour=colour, links=urls)


def _urls(report: Report) -> Mapping[str, str]:
    from nogilcheck.report.project_pages import project_links

    return project_links(report)


def _ready(page: Page) -> list[list[Line]]:
    """The ready distributions by status, each once with the targets that get it so."""
    targets = [target.id for target in page.targets]
    found: dict[tuple[str, ...], dict[Status, list[str]]] = {tuple(targets): {}}
    for distribution in page.report.distributions:
        title = f"{distribution.name} {distribution.version}" if distribution.version else distribution.name
        for status, on in _ready_as(distribution, targets).items():
            found.setdefault(tuple(on), {}).setdefault(status, []).append(title)
    sections: list[list[Line]] = []
    for among, by_status in found.items():
        if by_status:
            heading = f"{'Also ready' if sections else 'Ready'} on {page.scope.words(among)}"
            sections.append([*lines_of(wrap(heading, page.width), TITLE), *_by_status(by_status, page.width)])
    return [*sections, *_evidence(page)]


def _evidence(page: Page) -> list[list[Line]]:
    """What the ledger has on what is ready."""
    lines: list[Line] = []
    for one in ready_with_evidence(page.report):
        facts = one.evidence or ()
        told = [in_words(fact) for fact in facts if fact.kind not in {EvidenceKind.KNOWN, EvidenceKind.TRACKING}]
        told += [in_words(fact) for fact in facts if affects(fact, one.version)]
        lines += paragraphs([": ".join(filter(None, (f"{one.name} {one.version}", "; ".join(told))))], page.width)
        lines += lines_of(f"    {TRACK}  {url}" for url in track(facts))
    return [[[("Evidence on what is ready", TITLE)], *lines]] if lines else []


def _ready_as(distribution: Distribution, targets: Sequence[str]) -> dict[Status, list[str]]:
    """Status -> the targets that are ready for the distribution in this way."""
    ready: dict[Status, list[str]] = {}
    for target in targets:
        assessment = distribution.targets.get(target)
        if assessment and assessment.verdict.severity is Severity.READY:
            ready.setdefault(assessment.verdict.status, []).append(target)
    return ready


def _by_status(titles: Mapping[Status, Sequence[str]], width: int) -> list[Line]:
    lines: list[Line] = []
    for status in sorted(titles, key=_rank):
        lines += lines_of([f"  {word_of(status)} ({len(titles[status])})"], Severity.READY)
        lines += lines_of(columns(titles[status], width, indent="    "))
    return lines


def _rank(status: Status) -> int:
    return READY_STATUSES.index(status) if status in READY_STATUSES else len(READY_STATUSES)


def _closing(page: Page) -> list[list[Line]]:
    """What it comes to, in a line or two; what that does not promise; what to run next."""
    told = insights(page.report, page.scope, page.origins)
    blocks = [lines_of(line for text in told for line in wrap(text, page.width))]
    said = filter(None, (shared_in_report(page.report), caveat(page.report)))
    blocks.append(lines_of((line for text in said for line in wrap(text, page.width)), FAINT))
    return [*blocks, draw_commands(next_commands(page.report, verbose=page.verbose), page.width)]

"""What is known of each distribution that is not ready: a line that opens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element

from nogilcheck.model.evidence import EvidenceFact
from nogilcheck.model.report.finding import Path, Step
from nogilcheck.model.verdict import Offered, ReleaseSpan, Severity
from nogilcheck.report.chains import only_an_extra
from nogilcheck.report.context import ReportContext
from nogilcheck.report.ledger import with_sources
from nogilcheck.report.pages.html.markup import Content, Key, element, listing, prose
from nogilcheck.report.pages.html.overview import bar, mark
from nogilcheck.report.pages.tables import ReportTable, TableRow
from nogilcheck.report.rows import FindingRow, place_of_root
from nogilcheck.report.words import counted

MAX_CHAINS: Final = 1
"""How many chains are shown before the others are folded."""


_OFFERED: Final = {
    Offered.MADE: (Severity.READY, "wheels for this target"),
    Offered.FITTING: (Severity.READY, "wheels that fit"),
    Offered.ELSEWHERE: (Severity.WARNING, "free-threaded wheels for other targets"),
    Offered.OTHERS: (Severity.BLOCKER, "wheels, none free-threaded or fitting"),
    Offered.SOURCE: ("source", "no wheels"),
}
"""What releases have -> what that looks like, and its words."""


def cards(
    table: ReportTable, page: ReportContext, ids: Mapping[Key, str], links: Mapping[str, str], made: dict[Key, str]
) -> Iterator[Element]:
    """The rows of one section. ``made``: which distributions have a card, and its id; those of this one are added."""
    for row in table.rows:
        key = (row.finding.name, row.finding.version)
        own = None if key in made else made.setdefault(key, ids[key])
        yield _card(row, page, own, links)


def _card(row: TableRow, page: ReportContext, own: str | None, links: Mapping[str, str]) -> Element:
    found = row.finding
    name = element("span", element("b", found.name), f" {found.version}" if found.version else "", class_="name")
    if row.ignored:
        name.set("class", "name ignored")
    pills = element("span", *_pills(found, page), class_="pills")
    gist = element("span", max(row.why, key=len, default=""), class_="gist")
    return element(
        "details",
        element("summary", name, pills, gist),
        element("dl", *_facts(row, page, links), class_="facts"),
        class_=f"entry {next(iter(found.findings.values())).severity}",
        id=own,
    )


def _pills(row: FindingRow, page: ReportContext) -> Iterator[Element]:
    """What the targets get, those that get the same together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for target in page.targets:
        word, severity = row.cell(target.id)
        if severity:
            groups.setdefault((word, severity), []).append(target.id)
    for (word, severity), ids in sorted(groups.items(), key=lambda group: group[0][1] == Severity.READY):
        yield element("span", mark(severity, word), " ", element("small", page.scope.words(ids)), class_="pill")


def _facts(row: TableRow, page: ReportContext, links: Mapping[str, str]) -> Iterator[Element]:
    if row.why:
        yield from fact("why", *_lines(row.why))
    if chains := _chains(row.finding, page):
        shown, folded = chains[:MAX_CHAINS], chains[MAX_CHAINS:]
        more = element("details", element("summary", f"{counted(len(folded), 'more chain')}"), *folded)
        yield from fact("from", *shown, more if folded else None)
    elif row.chains:
        yield from fact("from", *_lines(where for where, _ in row.chains))
    if row.remarks:
        yield from fact("fix", *_lines(row.remarks))
    yield from ledger_facts(row.finding.facts)
    if history := list(_history(row.finding, page)):
        yield from fact("releases", *history)
    if url := links.get(row.title):
        yield from fact("index", element("a", url, href=url, rel="noreferrer"))


def ledger_facts(facts: Iterable[EvidenceFact]) -> Iterator[Element]:
    """Every fact of the ledger with a link to its source."""
    told = [(text, element("a", day, href=url, rel="noreferrer")) for text, url, day in with_sources(facts)]
    if told:
        yield from fact("evidence", listing([element("span", text, " (", link, ")") for text, link in told]))


def _history(row: FindingRow, page: ReportContext) -> Iterator[Element]:
    """What the index offers over time, the oldest first; targets that get the same together."""
    on: dict[tuple[ReleaseSpan, ...], list[str]] = {}
    for target, verdict in row.verdicts.items():
        if target in row.findings and verdict.releases:
            on.setdefault(verdict.releases, []).append(target)
    for spans, targets in on.items():
        if len(on) > 1:
            yield element("small", page.scope.words(targets))
        if len(spans) > 1:
            yield bar((_OFFERED[span.offered][0], span.releases) for span in spans)
        yield listing((_span(span) for span in spans), class_="history")


def _span(span: ReleaseSpan) -> Element:
    severity, said = _OFFERED[span.offered]
    ends = [(span.first, span.first_day), (span.last, span.last_day)][: 1 + (span.releases > 1)]
    told = " to ".join(f"{version} ({day})" if day else version for version, day in ends)
    return element("span", mark(severity, said), f" {told}", f", {span.releases} releases" if span.releases > 1 else "")


def fact(name: str, *content: Content | None) -> Iterable[Element]:
    """One fact of a card, below its label."""
    return element("dt", name), element("dd", *content)


def _lines(texts: Iterable[str]) -> list[Content]:
    lines = list(map(prose, texts))
    return [lines[0]] if len(lines) == 1 else [listing(lines)]


def _chains(row: FindingRow, page: ReportContext) -> list[Element]:
    """Each chain once, the shortest first; targets mostly have the same."""
    paths = dict.fromkeys(path for finding in row.findings.values() for path in finding.paths)
    return [_chain(path, page) for path in sorted(paths, key=lambda path: len(path.steps))]


def _chain(path: Path, page: ReportContext) -> Element:
    """From the user's line downwards, a distribution to each line of the list."""
    root = page.report.roots[path.root]
    where = place_of_root(root)
    first = path.steps[0] if path.steps else None
    written = element("code", root.requirement) if first is None or root.requirement != first.name else None
    asked = (written, element("small", where) if where else None)
    start = element("li", element("span", _title(first)) if first else None, *asked)
    return element("ol", start, *(_step(step) for step in path.steps[1:]), class_="chain")


def _step(step: Step) -> Element:
    """A distribution, and with which words the one before it asks for it."""
    said = [element("code", step.specifier) if step.specifier else None]
    said += [element("small", f"extra {step.extra}") if step.extra else None]
    if step.marker and not only_an_extra(step.marker):
        said.append(element("small", f"if {step.marker}"))
    return element("li", element("span", _title(step)), *said)


def _title(step: Step) -> str:
    return f"{step.name} {step.version}" if step.version else step.name

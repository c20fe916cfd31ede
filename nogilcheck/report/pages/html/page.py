"""The page of a report."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from nogilcheck.model.report.report import Report
from nogilcheck.model.verdict import WORST_FIRST, Severity
from nogilcheck.report.context import ReportContext
from nogilcheck.report.ledger import ready_with_evidence
from nogilcheck.report.next_steps import insights, next_commands
from nogilcheck.report.pages.html.cards import cards, ledger_facts
from nogilcheck.report.pages.html.graph import graph
from nogilcheck.report.pages.html.markup import Content, Key, anchors, document, element, listing, prose
from nogilcheck.report.pages.html.matrix import matrix
from nogilcheck.report.pages.html.overview import head, legend
from nogilcheck.report.pages.html.text_page import preformatted
from nogilcheck.report.pages.tables import ReportTable, headline, tables
from nogilcheck.report.project_pages import project_links
from nogilcheck.report.rows import CONFLICTS, LEFT_OUT, told
from nogilcheck.report.shared_state import SHARED_STATE, shared_places, shared_state, unread_sources
from nogilcheck.report.words import caveat


def render(report: Report, *, day: str = "", plan: str = "") -> str:
    """The verdicts, a plan as a terminal shows it, what stands in the way, the graph, and every distribution."""
    sections = [section("plan", "Plan", [preformatted("Plan", plan)])] if plan else []
    sections += _sections(report)
    return framed(headline(report), head(report, day), sections, caveat(report))


def framed(title: str, header: Element, sections: Sequence[tuple[str, Element]], footer: str) -> str:
    """A page with a table of its sections, which are what `section` makes."""
    links = (element("a", name, href=f"#{made.get('id')}") for name, made in sections)
    return document(
        f"nogilcheck: {title}",
        element("a", "Skip to the findings", href="#_main", class_="skip"),
        header,
        element("nav", listing(links), aria_label="Sections"),
        element("main", *(made for _, made in sections), id="_main"),
        element("footer", element("p", footer)),
    )


def _sections(report: Report) -> Iterator[tuple[str, Element]]:
    """Each with its name in the table of contents."""
    page = ReportContext(report, verbose=True)
    ids, links = anchors(report), project_links(report)
    made: dict[Key, str] = {}
    found = sorted(
        tables(report, page), key=lambda table: (table.title != CONFLICTS, WORST_FIRST.index(table.severity))
    )
    named = {table.title: _table(table, page, ids, links, made) for table in found}
    warnings = [named.pop(table.title) for table in found if table.severity is Severity.WARNING]
    yield from named.values()
    steps = [prose(step) for step in insights(report, page.scope, page.origins)]
    steps += [
        element("span", element("code", shlex.join(step.words)), f" {step.about}")
        for step in next_commands(report, verbose=True)
    ]
    if steps:
        yield section("next", "Next", [listing(steps)])
    if drawn := list(graph(report, made)):
        yield section("graph", "Graph", drawn)
    yield from warnings
    if report.distributions:
        every = [matrix(page, ids, made), legend()]
        yield section("distributions", "All distributions", every, len(report.distributions))
    if ready := list(ready_with_evidence(report)):
        shown = [
            element(
                "details",
                element("summary", f"{one.name} {one.version}"),
                element("dl", *ledger_facts(one.evidence or ()), class_="facts"),
            )
            for one in ready
        ]
        yield section("evidence", "Evidence on what is ready", shown, len(ready))
    if shared := list(_shared_state(report)):
        yield section("shared_state", SHARED_STATE, shared, len(shared))
    for name, texts in ((LEFT_OUT, told(report)), ("Notes", report.notes)):
        if texts:
            yield section(_named(name), name, [listing(map(prose, texts))], len(texts))


def _shared_state(report: Report) -> Iterator[Element]:
    """For each distribution in which a scan found shared state, or of which it could not read all."""
    for one in report.distributions:
        reading = one.shared_state
        if reading and (reading.found or reading.unread):
            told = (element("span", element("code", place), f" {said}") for place, said in shared_places(reading))
            yield element(
                "details",
                element("summary", f"{one.name} {one.version}: {shared_state(reading)}"),
                listing([*told, *map(prose, unread_sources(reading))]),
            )


def _table(
    table: ReportTable, page: ReportContext, ids: Mapping[Key, str], links: Mapping[str, str], made: dict[Key, str]
) -> tuple[str, Element]:
    content: list[Content] = [*cards(table, page, ids, links, made)]
    content += [listing(map(prose, table.others), class_="others")] if table.others else []
    return section(_named(table.title), table.title, content, len(table.rows) + len(table.others))


def _named(title: str) -> str:
    return title.lower().replace(" ", "_")


def section(name: str, title: str, content: Iterable[Content], count: int | None = None) -> tuple[str, Element]:
    """A section with its name in the table of contents."""
    number = None if count is None else element("span", str(count), class_="count")
    heading = element("h2", title, " " if number is not None else None, number, id=f"_{name}_title")
    shown = title if count is None else f"{title} ({count})"
    return shown, element("section", heading, *content, id=f"_{name}", aria_labelledby=f"_{name}_title")

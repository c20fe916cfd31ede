"""The page of a survey."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from nogilcheck.model.report.survey import BlockerRank, SurveyAnswer, TargetAnswer
from nogilcheck.model.verdict import Severity
from nogilcheck.report import survey_sentences as say
from nogilcheck.report.pages.html.markup import Content, document, element, listing, table
from nogilcheck.report.pages.html.overview import mark
from nogilcheck.report.words import CAVEAT


def render_survey_page(answer: SurveyAnswer) -> str:
    """How many are ready, what holds them back, what frees them, and what could not be checked."""
    sections = [_section(target) for target in answer.targets.values()]
    if answer.failed:
        failed = (f"{project}: {reason}" for project, reason in answer.failed)
        sections.append(element("section", element("h2", "Not checked: unknown on every target"), listing(failed)))
    return document(
        f"nogilcheck: {say.headline(answer)}",
        element("header", element("p", "nogilcheck: survey", class_="kicker"), element("h1", say.headline(answer))),
        listing(map(_tile, answer.targets.values()), class_="tiles"),
        element("main", *sections, id="_main"),
        element("footer", element("p", CAVEAT)),
    )


def _tile(target: TargetAnswer) -> Element:
    role = Severity.BLOCKER if target.blocked else Severity.GAP if target.unknown else Severity.READY
    counts = element("span", say.counts(target), class_="counts")
    return element("div", element("span", target.label, class_="python"), mark(role), counts, class_=f"tile {role}")


def _section(target: TargetAnswer) -> Element:
    return element("section", element("h2", target.label), *_answers(target))


def _answers(target: TargetAnswer) -> Iterator[Element]:
    if target.ranks:
        head = ("Blocker", "Holds", "Ready with only this fixed", "Why", "Fix")
        made = table(f"Blockers on {target.label}", head, map(_row, target.by_hold))
        label = f"Blockers on {target.label}, scrollable"
        yield element("div", made, class_="scroll", role="region", aria_label=label, tabindex="0")
    if target.fix_sets:
        yield element("h3", say.fix_sets_head(target))
        yield listing(say.fix_set(one, target) for one in target.fix_sets)
    if target.distance:
        yield element("h3", "Blocked projects by distance")
        yield listing(say.distances(target))
    if target.unknown:
        yield element("h3", "Unknown")
        yield listing(sorted(target.unknown))
    if target.ready:
        yield element("h3", "Ready")
        yield listing(sorted(target.ready))


def _row(rank: BlockerRank) -> Element:
    name: Content = element("a", rank.name, href=rank.link, rel="noreferrer") if rank.link else rank.name
    cells = (str(rank.holds), str(rank.alone), say.why(rank), say.fix(rank))
    return element("tr", element("th", name, scope="row"), *(element("td", cell) for cell in cells))

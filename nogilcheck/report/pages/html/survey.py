"""The page of a survey."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from nogilcheck import __version__
from nogilcheck.model.report.report import BLOCKED, READY, UNDECIDED
from nogilcheck.model.report.survey import BlockerRank, SurveyAnswer, TargetAnswer
from nogilcheck.model.verdict import Severity
from nogilcheck.report import survey_sentences as say
from nogilcheck.report.pages.html.markup import Content, document, element, listing, prose
from nogilcheck.report.pages.html.overview import bar, mark
from nogilcheck.report.words import CAVEAT, counted

_LINKS = frozenset({"track", "page"})
_ROLES = {READY: Severity.READY, UNDECIDED: Severity.GAP, BLOCKED: Severity.BLOCKER}


def render_survey_page(answer: SurveyAnswer, *, day: str = "") -> str:
    """How many are ready, what holds them back, what frees them, and what could not be checked."""
    sections = [_target(number, target, answer) for number, target in enumerate(answer.targets.values())]
    sections += [
        _section(f"_{title.split()[0]}", title, [_listing(texts)]) for title, texts in say.about_all(answer) if texts
    ]
    links = (element("a", one[0].text, href=f"#{one.get('id')}") for one in sections)
    return document(
        f"nogilcheck: {say.headline(answer)}",
        element("a", "Skip to the findings", href="#_main", class_="skip"),
        element(
            "header",
            element("p", f"nogilcheck {__version__}: survey", class_="kicker"),
            element("h1", say.headline(answer)),
            element("dl", element("div", element("dt", "written"), element("dd", day)), class_="facts"),
            listing(map(_tile, answer.targets.values()), class_="tiles"),
        ),
        element("nav", listing(links), aria_label="Sections"),
        element("main", *sections, id="_main"),
        element("footer", element("p", CAVEAT)),
    )


def _tile(target: TargetAnswer) -> Element:
    numbers = {role: len(target.having(verdict)) for verdict, role in _ROLES.items()}
    role = next((one for one in (Severity.BLOCKER, Severity.GAP) if numbers[one]), Severity.READY)
    python, _, platform = target.label.partition(" on ")
    return element(
        "div",
        element("span", python, class_="python"),
        element("span", platform, class_="platform"),
        mark(role, f"{numbers[Severity.READY]} of {counted(sum(numbers.values()), 'project')} ready"),
        bar(numbers.items()),
        element("span", say.counts(target), class_="counts"),
        class_=f"tile {role}",
    )


def _target(number: int, target: TargetAnswer, answer: SurveyAnswer) -> Element:
    content: list[Content] = []
    if target.ranks:
        content.append(element("h3", "Blockers, those that hold the most projects first"))
        content += [_blocker(rank, target) for rank in target.ranks]
    for title, texts in say.lists(target, answer, None):
        if texts:
            content += [element("h3", title), _listing(texts)]
    return _section(f"_target{number}", target.label, content)


def _blocker(rank: BlockerRank, target: TargetAnswer) -> Element:
    """A line that opens, as on the page of a report."""
    held = say.held(rank)
    facts = {"holds": [held.removeprefix("holds ")], **dict(say.facts(rank, target))}
    return element(
        "details",
        element(
            "summary",
            element("span", element("b", rank.name), class_="name"),
            element("span", mark(Severity.BLOCKER, facts["why"][0]), class_="pills"),
            element("span", held, class_="gist"),
        ),
        element("dl", *_facts(facts), class_="facts"),
        class_="entry blocker",
    )


def _facts(facts: Mapping[str, Sequence[str]]) -> Iterator[Element]:
    for label, texts in facts.items():
        shown = [element("a", one, href=one, rel="noreferrer") if label in _LINKS else prose(one) for one in texts]
        if shown:
            yield element("dt", label)
            yield element("dd", *shown) if len(shown) == 1 else element("dd", listing(shown))


def _section(name: str, title: str, content: Iterable[Content]) -> Element:
    heading = element("h2", title, id=f"{name}_title")
    return element("section", heading, *content, id=name, aria_labelledby=f"{name}_title")


def _listing(texts: Sequence[str]) -> Element:
    return listing(map(prose, texts), class_="others")

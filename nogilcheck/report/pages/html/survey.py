"""The page of a survey."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from nogilcheck import __version__
from nogilcheck.model.report.report import BLOCKED, READY, UNDECIDED
from nogilcheck.model.report.survey import BlockerRank, SurveyAnswer, TargetAnswer
from nogilcheck.model.verdict import Severity
from nogilcheck.report import survey_sentences as say
from nogilcheck.report.pages.html.cards import fact
from nogilcheck.report.pages.html.markup import element, listing, prose
from nogilcheck.report.pages.html.overview import mark, tile
from nogilcheck.report.pages.html.page import framed, section
from nogilcheck.report.words import CAVEAT, counted

_LINKS = frozenset({"track", "page"})
_ROLES = {READY: Severity.READY, UNDECIDED: Severity.GAP, BLOCKED: Severity.BLOCKER}


def render_survey_page(answer: SurveyAnswer, *, day: str = "") -> str:
    """How many are ready, what holds them back, what frees them, and what could not be checked."""
    sections = [section(f"_{id_}", one.label, _about(one, answer)) for id_, one in answer.targets.items()]
    sections += [section(title.split()[0], title, [_listing(texts)]) for title, texts in say.about_all(answer) if texts]
    header = element(
        "header",
        element("p", f"nogilcheck {__version__}: survey", class_="kicker"),
        element("h1", say.headline(answer)),
        element("dl", element("div", element("dt", "written"), element("dd", day)), class_="facts"),
        listing(map(_tile, answer.targets.values()), class_="tiles"),
    )
    return framed(say.headline(answer), header, sections, CAVEAT)


def _tile(target: TargetAnswer) -> Element:
    parts = {role: len(target.having(verdict)) for verdict, role in _ROLES.items()}
    role = next((one for one in (Severity.BLOCKER, Severity.GAP) if parts[one]), Severity.READY)
    python, _, platform = target.label.partition(" on ")
    word = f"{parts[Severity.READY]} of {counted(len(target.projects), 'project')} ready"
    return tile((python, platform), role, word, parts.items(), say.counts(target))


def _about(target: TargetAnswer, answer: SurveyAnswer) -> Iterator[Element]:
    if target.ranks:
        yield element("h3", "Blockers, those that hold the most projects first")
        yield from (_blocker(rank, target) for rank in target.ranks)
    for title, texts in say.lists(target, answer, None):
        if texts:
            yield element("h3", title)
            yield _listing(texts)


def _blocker(rank: BlockerRank, target: TargetAnswer) -> Element:
    """A line that opens, as on the page of a report."""
    held = say.held(rank)
    facts = {"holds": [held.removeprefix("holds ")], **dict(say.facts(rank, target))}
    name = element("span", element("b", rank.name), class_="name")
    pills = element("span", mark(Severity.BLOCKER, facts["why"][0]), class_="pills")
    told = (one for label, texts in facts.items() if texts for one in fact(label, _texts(label, texts)))
    summary = element("summary", name, pills, element("span", held, class_="gist"))
    return element("details", summary, element("dl", *told, class_="facts"), class_="entry blocker")


def _texts(label: str, texts: Sequence[str]) -> Element:
    shown = [element("a", one, href=one, rel="noreferrer") if label in _LINKS else prose(one) for one in texts]
    return shown[0] if len(shown) == 1 else listing(shown)


def _listing(texts: Sequence[str]) -> Element:
    return listing(map(prose, texts), class_="others")

"""A survey for people in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from nogilcheck.model.report.survey import SurveyAnswer, TargetAnswer
from nogilcheck.model.verdict import Severity
from nogilcheck.report import survey_sentences as say
from nogilcheck.report.terminal.labels import paragraphs
from nogilcheck.report.terminal.layout import MIN_WIDTH, wrap
from nogilcheck.report.terminal.page import INDENT, MARGIN
from nogilcheck.report.terminal.style import FAINT, NAME, PLAIN, TITLE, Line, lines_of, text_of
from nogilcheck.report.words import CAVEAT, safe


def render_survey(answer: SurveyAnswer, *, width: int, colour: bool, verbose: bool) -> str:
    """The answers as text that ends with a newline; ``verbose`` names every blocker."""
    width = max(width, MIN_WIDTH)
    blocks = [lines_of(wrap(say.headline(answer), width), TITLE)]
    for target in answer.targets.values():
        blocks += _target(target, width, verbose=verbose)
    if answer.failed:
        texts = [f"{project}: {reason}" for project, reason in answer.failed]
        shown = texts if verbose else texts[: say.MAX_NAMED]
        more = [f"and {len(texts) - len(shown)} more; -v lists them"] if len(shown) < len(texts) else []
        blocks.append([[("Not checked (unknown on every target)", Severity.GAP)], *paragraphs((*shown, *more), width)])
    blocks.append(lines_of(wrap(CAVEAT, width), FAINT))
    return text_of(blocks, colour=colour)


def _target(target: TargetAnswer, width: int, *, verbose: bool) -> Iterator[list[Line]]:
    yield [[(safe(target.label), NAME), (f": {say.counts(target)}", PLAIN)]]
    ranks = target.by_hold
    shown = ranks if verbose else ranks[: say.MAX_NAMED]
    if ranks:
        lines: list[Line] = [[(f"{MARGIN}Blockers, those that hold the most projects first", Severity.BLOCKER)]]
        for rank in shown:
            lines += lines_of(wrap(f"{rank.name}: {say.held(rank)}", width, first=INDENT, rest=INDENT * 2), NAME)
            facts = [("why", say.why(rank)), ("fix", say.fix(rank)), ("page", rank.link or ""), ("in", rank.example)]
            for label, text in facts:
                if text:
                    lines += lines_of(wrap(text, width, first=f"{INDENT * 2}{label:<5}", rest=f"{INDENT * 2}     "))
        if len(shown) < len(ranks):
            lines += lines_of(wrap(f"and {len(ranks) - len(shown)} more; -v lists them", width, first=INDENT), FAINT)
        yield lines
    if target.fix_sets:
        sets = [line for one in target.fix_sets for line in wrap(say.fix_set(one, target), width, first=INDENT)]
        yield [*lines_of(wrap(say.fix_sets_head(target), width, first=MARGIN), TITLE), *lines_of(sets)]
    if target.distance:
        texts = [line for one in say.distances(target) for line in wrap(one, width, first=INDENT, rest=INDENT * 2)]
        yield [[(f"{MARGIN}Blocked projects by distance", TITLE)], *lines_of(texts)]
    if target.unknown:
        yield paragraphs([f"Unknown: {say.listed_some(sorted(target.unknown))}"], width, Severity.GAP)

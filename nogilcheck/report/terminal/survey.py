"""A survey for people in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nogilcheck.model.report.survey import BlockerRank, SurveyAnswer, TargetAnswer
from nogilcheck.model.verdict import Severity
from nogilcheck.report import survey_sentences as say
from nogilcheck.report.terminal.labels import labelled
from nogilcheck.report.terminal.layout import MIN_WIDTH, wrap
from nogilcheck.report.terminal.page import DEEPER, INDENT, MARGIN
from nogilcheck.report.terminal.style import FAINT, NAME, PLAIN, TITLE, Line, lines_of, text_of
from nogilcheck.report.words import CAVEAT, safe


def render_survey(answer: SurveyAnswer, *, width: int, colour: bool, verbose: bool) -> str:
    """The answers as text that ends with a newline; ``verbose`` leaves nothing out."""
    width, most = max(width, MIN_WIDTH), None if verbose else say.MAX_NAMED
    blocks = [lines_of(wrap(say.headline(answer), width), TITLE)]
    for target in answer.targets.values():
        blocks.append([[(safe(target.label), NAME), (f": {say.counts(target)}", PLAIN)]])
        if target.ranks:
            head: list[Line] = [[(f"{MARGIN}Blockers, those that hold the most projects first", Severity.BLOCKER)]]
            blockers = [line for rank in target.ranks[:most] for line in _blocker(rank, target, width, most)]
            blocks.append([*head, *blockers, *_more(target.ranks, most)])
        blocks += _listings(say.lists(target, answer, most), width, most)
    blocks += _listings(say.about_all(answer), width, most)
    blocks.append(lines_of(wrap(CAVEAT, width), FAINT))
    return text_of(blocks, colour=colour)


def _blocker(rank: BlockerRank, target: TargetAnswer, width: int, most: int | None) -> Iterator[Line]:
    yield from lines_of(wrap(f"{rank.name}: {say.held(rank)}", width, first=INDENT, rest=DEEPER), NAME)
    for label, texts in say.facts(rank, target):
        yield from labelled(label, [say.some(texts, most)] if label == "in" else texts, width, margin=DEEPER)


def _listings(lists: Iterable[tuple[str, Sequence[str]]], width: int, most: int | None) -> Iterator[list[Line]]:
    for title, texts in lists:
        lines = [line for text in texts[:most] for line in wrap(text, width, first=INDENT, rest=DEEPER)]
        if lines:
            yield [*lines_of(wrap(title, width, first=MARGIN), TITLE), *lines_of(lines), *_more(texts, most)]


def _more(shown: Sequence[object], most: int | None) -> list[Line]:
    more = 0 if most is None else len(shown) - most
    return lines_of([f"{INDENT}and {more} more; -v lists them"] if more > 0 else [], FAINT)

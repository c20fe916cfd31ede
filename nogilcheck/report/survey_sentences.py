"""What a survey says, in the words that every format uses."""

from __future__ import annotations

from collections.abc import Iterator

from nogilcheck.model.report.survey import BlockerRank, FixSet, SurveyAnswer, TargetAnswer
from nogilcheck.report.words import counted, word_of

MAX_NAMED = 10
"""Projects, blockers and fixes of which each is named."""


def headline(answer: SurveyAnswer) -> str:
    """``12 projects; ready: 5 for 3.14t on linux-x86_64``."""
    ready = ", ".join(f"{len(target.ready)} for {target.label}" for target in answer.targets.values())
    failed = f"; {len(answer.failed)} could not be checked" if answer.failed else ""
    return f"{counted(answer.projects, 'project')}; ready: {ready or 'none'}{failed}"


def counts(target: TargetAnswer) -> str:
    """``5 ready, 6 blocked, 1 unknown``."""
    allowed = " (allowed: does not fail the run)" if target.allowed else ""
    return f"{len(target.ready)} ready, {target.blocked} blocked, {len(target.unknown)} unknown{allowed}"


def held(rank: BlockerRank) -> str:
    """``holds 7 projects; 3 would be ready with only this fixed``."""
    alone = f"{rank.alone} would be ready with only this fixed" if rank.alone else "none is held by this alone"
    return f"holds {counted(rank.holds, 'project')}; {alone}"


def why(rank: BlockerRank) -> str:
    """What its targets get, the most frequent first."""
    words = [word_of(status) for status, _ in rank.statuses.most_common()]
    return ", ".join(dict.fromkeys(words))


def fix(rank: BlockerRank) -> str:
    """The advice that most projects have; empty where none has any."""
    if not rank.fixes:
        return ""
    text, number = rank.fixes.most_common(1)[0]
    return text if number == rank.holds else f"{text} ({number} of {rank.holds})"


def fix_set(found: FixSet, target: TargetAnswer) -> str:
    """``80 %: 4 fixes free 9 of 11: a, b, c, d``."""
    names = listed_some(found.names)
    whole = sum(target.sets.values())
    number = "1 fix" if len(found.names) == 1 else f"{len(found.names)} fixes"
    return f"{found.share} %: {number} for {found.freed} of {counted(whole, 'project')}: {names}"


def fix_sets_head(target: TargetAnswer) -> str:
    """What the sets rest on."""
    left = f"; {counted(target.unfreeable, 'project')} with unknowns left out" if target.unfreeable else ""
    return f"Fixes that free the most (upstream, or pins; chosen greedily, so fewer may do{left})"


def distances(target: TargetAnswer) -> Iterator[str]:
    """``1 blocker: 3 projects: a, b, c``, the nearest first."""
    for number, projects in sorted(target.distance.items()):
        names = listed_some(sorted(projects))
        yield f"{counted(number, 'blocker')}: {counted(len(projects), 'project')}: {names}"


def listed_some(names: tuple[str, ...] | list[str]) -> str:
    """The first of them, and how many more there are."""
    more = len(names) - MAX_NAMED
    return ", ".join([*names[:MAX_NAMED], *([f"and {more} more"] if more > 0 else [])])

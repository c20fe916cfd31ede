"""What a survey says, in the words that every format uses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from nogilcheck.model.report.report import BLOCKED, READY, UNDECIDED
from nogilcheck.model.report.survey import BlockerRank, SurveyAnswer, TargetAnswer
from nogilcheck.report.words import counted, word_of

MAX_NAMED = 10
"""Projects, blockers and fixes of which each is named."""


def headline(answer: SurveyAnswer) -> str:
    """``12 projects; ready: 5 for 3.14t on linux-x86_64``."""
    ready = ", ".join(f"{len(target.having(READY))} for {target.label}" for target in answer.targets.values())
    failed = f"; {len(answer.failed)} could not be checked" if answer.failed else ""
    return f"{counted(len(answer.projects), 'project')}; ready: {ready or 'none'}{failed}"


def counts(target: TargetAnswer) -> str:
    """``5 ready, 6 blocked, 1 unknown``."""
    allowed = " (allowed: does not fail the run)" if target.allowed else ""
    return ", ".join(f"{len(target.having(one))} {one}" for one in (READY, BLOCKED, UNDECIDED)) + allowed


def held(rank: BlockerRank) -> str:
    """``holds 7 projects; 3 would be ready with only this fixed``."""
    alone = f"{rank.alone} would be ready with only this fixed" if rank.alone else "none is held by this alone"
    return f"holds {counted(len(rank.holds), 'project')}; {alone}"


def facts(rank: BlockerRank, target: TargetAnswer) -> Iterator[tuple[str, Sequence[str]]]:
    """What is known of a blocker: labels and texts; ``track`` and ``page`` are URLs, ``in`` projects."""
    projects = sorted(rank.holds)
    on = [rank.holds[project] for project in projects]
    statuses = Counter(one.status for one in on).most_common()
    yield "why", [", ".join(word_of(status, target.label.split()[0]) for status, _ in statuses)]
    for text, number in Counter(one.fix for one in on if one.fix).most_common(1):
        yield "fix", [text if number == len(on) else f"in {number} of {len(on)} projects: {text}"]
    yield "known", on[0].known
    yield "track", on[0].track
    yield "page", [on[0].link] if on[0].link else []
    yield "in", projects


def lists(target: TargetAnswer, answer: SurveyAnswer, most: int | None) -> Iterator[tuple[str, Sequence[str]]]:
    """What else there is to say about a target: titles and texts, in which at most so many names are listed."""
    whole = counted(len(target.freeable), "project")
    left = len(target.blockers) - len(target.freeable)
    without = f"; {counted(left, 'project')} with unknowns left out" if left else ""
    yield (
        f"Fixes that free the most (upstream, or pins; chosen greedily, so fewer may do{without})",
        [
            f"{one.share} %: {len(one.names)} {'fix' if len(one.names) == 1 else 'fixes'} for {one.freed} of {whole}: "
            f"{some(one.names, most)}"
            for one in target.fix_sets
        ],
    )
    distances: defaultdict[int, list[str]] = defaultdict(list)
    for project, names in target.blockers.items():
        distances[len(names)].append(project)
    yield (
        "Blocked projects by distance",
        [
            f"{counted(number, 'blocker')}: {counted(len(projects), 'project')}: {some(sorted(projects), most)}"
            for number, projects in sorted(distances.items())
        ],
    )
    yield "Ready", target.having(READY)
    unknown: defaultdict[str, list[str]] = defaultdict(list)
    for project in target.having(UNDECIDED):
        if project not in answer.failed:
            unknown[target.unknowns.get(project, "unknown")].append(project)
    yield "Unknown", [f"{some(projects, most)}: {reason}" for reason, projects in unknown.items()]


def about_all(answer: SurveyAnswer) -> Iterator[tuple[str, Sequence[str]]]:
    """What there is to say about the projects themselves: titles and texts."""
    yield "Not checked (unknown on every target)", [f"{one}: {reason}" for one, reason in answer.failed.items()]
    yield "Chosen among several files", sorted(text for one in answer.projects.values() for text in one.choice)


def some(names: Sequence[str], most: int | None) -> str:
    """The first of them, and how many more there are."""
    more = 0 if most is None else len(names) - most
    return ", ".join([*names[:most], *([f"and {more} more"] if more > 0 else [])])

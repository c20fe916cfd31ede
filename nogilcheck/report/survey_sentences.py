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
    on = list(rank.holds.values())
    statuses = Counter(one.status for one in on).most_common()
    yield "why", [", ".join(word_of(status, target.label.split()[0]) for status, _ in statuses)]
    for text, number in Counter(one.fix for one in on if one.fix).most_common(1):
        yield "fix", [text if number == len(on) else f"in {number} of {len(on)} projects: {text}"]
    yield "known", on[0].known
    yield "track", on[0].track
    yield "page", [on[0].link] if on[0].link else []
    yield "in", list(rank.holds)


def lists(target: TargetAnswer, answer: SurveyAnswer, most: int | None) -> Iterator[tuple[str, Sequence[str]]]:
    """What else there is to say about a target: titles and texts, in which at most so many names are listed."""
    blocked = {name: one for name, one in target.projects.items() if one.blockers}
    left = sum(bool(one.unknowns) for one in blocked.values())
    whole = counted(len(blocked) - left, "project")
    without = f"; {counted(left, 'project')} with unknowns left out" if left else ""
    yield (
        f"Fixes that free the most (upstream, or pins; chosen greedily, so fewer may do{without})",
        [
            f"{share} %: {len(names)} fix{'es' * (len(names) > 1)} for {freed} of {whole}: {some(names, most)}"
            for share, names, freed in target.fix_sets
        ],
    )
    distances: defaultdict[int, list[str]] = defaultdict(list)
    for project, one in blocked.items():
        distances[len(one.blockers)].append(project)
    yield (
        "Blocked projects by distance",
        [
            f"{counted(number, 'blocker')}: {counted(len(projects), 'project')}: {some(projects, most)}"
            for number, projects in sorted(distances.items())
        ],
    )
    yield "Ready", [some(projects, most)] if (projects := target.having(READY)) else []
    unknown: defaultdict[str, list[str]] = defaultdict(list)
    for project in target.having(UNDECIDED):
        if project not in answer.failed:
            unknown[next(iter(target.projects[project].unknowns), "unknown")].append(project)
    yield "Unknown", [f"{some(projects, most)}: {reason}" for reason, projects in unknown.items()]


def about_all(answer: SurveyAnswer) -> Iterator[tuple[str, Sequence[str]]]:
    """What there is to say about the projects themselves: titles and texts."""
    yield "Not checked (unknown on every target)", [f"{one}: {reason}" for one, reason in answer.failed.items()]
    yield "Chosen among several files", sorted(text for one in answer.projects.values() for text in one.choice)


def some(names: Sequence[str], most: int | None) -> str:
    """The first of them, and how many more there are."""
    more = 0 if most is None else len(names) - most
    return ", ".join([*names[:most], *([f"and {more} more"] if more > 0 else [])])

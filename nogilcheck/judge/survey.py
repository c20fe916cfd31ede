"""The answers of a survey: who is ready, which blockers hold back the most, and which fixes free the most."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from nogilcheck.errors import ExitStatus
from nogilcheck.model.report.report import BLOCKED, UNDECIDED
from nogilcheck.model.report.survey import (
    BlockerRank,
    FixSet,
    SurveyAnswer,
    SurveyBlocker,
    SurveyChange,
    SurveyResult,
    SurveyTarget,
    TargetAnswer,
)

SHARES = (50, 80, 100)
"""Per cent of the projects that fixes can free."""


def answer(results: Iterable[SurveyResult]) -> SurveyAnswer:
    """The answers of all results, the first of each project. What a result does not say of a target is unknown."""
    projects: dict[str, SurveyResult] = {}
    on: defaultdict[str, dict[str, SurveyTarget]] = defaultdict(dict)
    for one in results:
        if one.project not in projects:
            projects[one.project] = replace(one, targets={})
            for id_, found in one.targets.items():
                on[id_][one.project] = found
    projects = dict(sorted(projects.items()))
    return SurveyAnswer(projects, {id_: _about(projects, found) for id_, found in sorted(on.items())})


def _about(projects: Mapping[str, SurveyResult], found: Mapping[str, SurveyTarget]) -> TargetAnswer:
    label, allowed = next(iter(found.values())).label, all(one.allowed for one in found.values())
    told = {
        name: found.get(name)
        or SurveyTarget(
            label=label, allowed=allowed, verdict=UNDECIDED, unknowns=(one.error or f"its report is not about {label}",)
        )
        for name, one in projects.items()
    }
    holds: defaultdict[str, dict[str, SurveyBlocker]] = defaultdict(dict)
    freeable: Counter[frozenset[str]] = Counter()
    for name, target in told.items():
        freeable[frozenset(one.name for one in target.blockers if not target.unknowns)] += 1
        for one in target.blockers:
            holds[one.name][name] = one
    del freeable[frozenset()]
    ranks = [BlockerRank(name, on, freeable[frozenset({name})]) for name, on in holds.items()]
    ranks.sort(key=lambda rank: (-len(rank.holds), -rank.alone, rank.name))
    return TargetAnswer(label, allowed, told, tuple(ranks), _fix_sets(freeable))


def _fix_sets(sets: Mapping[frozenset[str], int]) -> tuple[FixSet, ...]:
    """For each of `SHARES` the fixes that free it, in the order in which they were chosen."""
    whole = sum(sets.values())
    names, reached, made = list[str](), 0, list[FixSet]()
    for name, freed in greedy(sets):
        names.append(name)
        share = max((share for share in SHARES if freed * 100 >= share * whole), default=0)
        if share > reached:
            reached = share
            made.append(FixSet(share, tuple(names), freed))
    return tuple(made)


def greedy(sets: Mapping[frozenset[str], int]) -> Iterator[tuple[str, int]]:
    """Fixes one after another, and how many projects are free after each: when all that blocks them is fixed.

    ``sets`` are the blockers of projects, and how many projects have exactly those. The next fix is one of the set that
    needs the fewest for each project with exactly these blockers left, and of those the one in most projects' way.
    """
    left, freed = Counter(sets), 0
    while left:
        nearest = min(left, key=lambda missing: (len(missing) / left[missing], sorted(missing)))
        weights = {name: sum(left[other] for other in left if name in other) for name in nearest}
        name = min(nearest, key=lambda one: (-weights[one], one))
        rest: Counter[frozenset[str]] = Counter()
        for missing, projects in left.items():
            rest[missing - {name}] += projects
        freed += rest.pop(frozenset(), 0)
        left = rest
        yield name, freed


def compare_surveys(old: SurveyAnswer, new: SurveyAnswer) -> tuple[list[SurveyChange], int]:
    """What changed, and the exit status: 1 where a project is blocked that was not, else 3 for one now unknown."""
    changes = [
        SurveyChange(project, target, was, is_)
        for project in sorted({*old.projects, *new.projects})
        for target in sorted({*old.targets, *new.targets})
        if (was := _verdict(old, target, project)) != (is_ := _verdict(new, target, project))
    ]
    now = {change.new for change in changes if change.target in new.targets and not new.targets[change.target].allowed}
    status = ExitStatus.BLOCKED if BLOCKED in now else ExitStatus.UNDECIDED if UNDECIDED in now else ExitStatus.READY
    return changes, status


def _verdict(survey: SurveyAnswer, target: str, project: str) -> str:
    """Empty where the survey has no such project, or no such target."""
    if target in survey.targets and project in survey.projects:
        return survey.targets[target].projects[project].verdict
    return UNDECIDED if project in survey.failed else ""

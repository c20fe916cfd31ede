"""The answers of a survey: who is ready, which blockers hold back the most, and which fixes free the most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from nogilcheck.errors import ExitStatus
from nogilcheck.model.report.report import BLOCKED, READY, UNDECIDED
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
    made = SurveyAnswer()
    ranks: dict[str, dict[str, BlockerRank]] = {}
    shared: dict[SurveyBlocker, SurveyBlocker] = {}
    for one in results:
        if one.project not in made.projects:
            made.projects[one.project] = replace(one, targets={})
            for id_, found in one.targets.items():
                _add(made.targets.setdefault(id_, TargetAnswer(found.label)), one.project, found)
                for blocker in found.blockers:
                    rank = ranks.setdefault(id_, {}).setdefault(blocker.name, BlockerRank(blocker.name))
                    rank.holds[one.project] = shared.setdefault(blocker, blocker)
                    rank.alone += len(found.blockers) == 1 and not found.unknowns
    for id_, target in made.targets.items():
        for project in made.projects.keys() - target.verdicts.keys():
            target.verdicts[project] = UNDECIDED
            target.unknowns[project] = made.projects[project].error or f"its report is not about {target.label}"
        target.ranks = sorted(ranks.get(id_, {}).values(), key=lambda rank: (-len(rank.holds), -rank.alone, rank.name))
        target.fix_sets = _fix_sets(Counter(target.blockers[project] for project in target.freeable))
    made.targets = dict(sorted(made.targets.items()))
    return made


def _add(target: TargetAnswer, project: str, found: SurveyTarget) -> None:
    target.allowed &= found.allowed
    ready = found.verdict == READY and not found.unknowns
    target.verdicts[project] = BLOCKED if found.blockers else READY if ready else UNDECIDED
    if found.unknowns:
        target.unknowns[project] = found.unknowns[0]
    if found.blockers:
        target.blockers[project] = frozenset(one.name for one in found.blockers)


def _fix_sets(sets: Mapping[frozenset[str], int]) -> tuple[FixSet, ...]:
    """For each of `SHARES` the fixes that free it, in the order in which they were chosen."""
    whole = sum(sets.values())
    names, reached, made = list[str](), 0, list[FixSet]()
    for name, freed in greedy(sets):
        names.append(name)
        share = max((share for share in SHARES if freed * 100 >= share * whole), default=0)
        if share > reached:
            reached = share
            made.append(FixSet(share=share, names=tuple(names), freed=freed))
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
        SurveyChange(project=project, target=target, old=was, new=is_)
        for project in sorted({*old.projects, *new.projects})
        for target in sorted({*old.targets, *new.targets})
        if (was := _verdict(old, target, project)) != (is_ := _verdict(new, target, project))
    ]
    now = {change.new for change in changes if change.target in new.targets and not new.targets[change.target].allowed}
    status = ExitStatus.BLOCKED if BLOCKED in now else ExitStatus.UNDECIDED if UNDECIDED in now else ExitStatus.READY
    return changes, status


def _verdict(survey: SurveyAnswer, target: str, project: str) -> str:
    """Empty where the survey has no such project, or no such target."""
    if target in survey.targets:
        return survey.targets[target].verdicts.get(project, "")
    return UNDECIDED if project in survey.failed else ""

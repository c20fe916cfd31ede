"""The answers of a survey: who is ready, which blockers hold back the most, and which fixes free the most."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from nogilcheck.errors import ExitStatus
from nogilcheck.model.report.report import BLOCKED, READY, UNDECIDED, Report
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
from nogilcheck.model.rules.table import BY_NAME
from nogilcheck.model.verdict import Severity

_OWN_BOUNDS = BY_NAME["own-requires-python"].code
SHARES = (50, 80, 100)
"""Per cent of the projects that fixes can free."""


def targets_of(report: Report, project: str, links: Mapping[str, str]) -> dict[str, SurveyTarget]:
    """What a report says about each target; ``links`` are those of `project_links`."""
    return {
        target.id: SurveyTarget(
            label=f"{target.python_name} on {target.platform}",
            verdict=target.verdict,
            allowed=target.allowed,
            blockers=tuple(_blockers(report, project, target.id, links)),
            unknowns=target.verdict == UNDECIDED
            or any(one.target == target.id and one.severity is Severity.GAP for one in report.findings)
            or any(gap.target in {None, target.id} for gap in report.gaps),
        )
        for target in report.targets
    }


def _blockers(report: Report, project: str, target: str, links: Mapping[str, str]) -> Iterator[SurveyBlocker]:
    found: dict[str, SurveyBlocker] = {}
    for one in report.findings:
        if one.target == target and one.severity is Severity.BLOCKER:
            own = one.rule == _OWN_BOUNDS
            name = f"its own Requires-Python: {project}" if own else one.distribution
            title = " ".join(filter(None, (one.distribution, one.version)))
            advice = next((step.text for step in one.advice if step.text), "")
            found.setdefault(
                name,
                SurveyBlocker(name=name, version=one.version, status=one.status, link=links.get(title), fix=advice),
            )
    yield from (found[name] for name in sorted(found))


def _add(target: TargetAnswer, project: str, found: SurveyTarget | None) -> None:
    """Count one project; ``None``: its check failed."""
    target.allowed &= found is not None and found.allowed
    if found is None or (found.verdict != READY and not found.blockers):
        target.unknown.append(project)
    elif found.verdict == READY and not found.blockers:
        target.ready.append(project)
    else:
        _add_blocked(target, project, found)


def _add_blocked(target: TargetAnswer, project: str, found: SurveyTarget) -> None:
    target.blocked += 1
    target.unfreeable += found.unknowns
    names = frozenset(one.name for one in found.blockers)
    target.distance[len(names)].append(project)
    if not found.unknowns:
        target.sets[names] += 1
    for one in found.blockers:
        rank = target.ranks.setdefault(one.name, BlockerRank(one.name, link=one.link, example=project))
        rank.example = min(rank.example, project)
        rank.holds += 1
        rank.alone += len(names) == 1 and not found.unknowns
        rank.statuses[one.status] += 1
        if one.fix:
            rank.fixes[one.fix] += 1


def _fix_sets(sets: Mapping[frozenset[str], int]) -> tuple[FixSet, ...]:
    """For each of `SHARES` the fixes that free it, in the order in which they were chosen."""
    whole = sum(sets.values())
    wanted = [share for share in SHARES if whole]
    made: list[FixSet] = []
    names: list[str] = []
    for name, freed in greedy(sets):
        names.append(name)
        while wanted and freed * 100 >= wanted[0] * whole:
            made.append(FixSet(share=wanted.pop(0), names=tuple(names), freed=freed))
    return tuple(made)


def greedy(sets: Mapping[frozenset[str], int]) -> Iterator[tuple[str, int]]:
    """Fixes one after another, and how many projects are free after each.

    A project is free when all that blocks it is fixed. Next comes whatever has the fewest fixes still missing for each
    project with exactly these blockers. ``sets`` are the blockers of projects, and how many projects have exactly
    those.
    """
    left = {found: set(found) for found in sets}
    holding: dict[str, list[frozenset[str]]] = defaultdict(list)
    for found in sets:
        for name in found:
            holding[name].append(found)
    weights: Counter[str] = Counter()
    for found, count in sets.items():
        weights.update(dict.fromkeys(found, count))
    queue = [(_cost(len(missing), sets[found]), sorted(found)) for found, missing in left.items()]
    heapq.heapify(queue)
    freed = 0
    while queue:
        cost, key = heapq.heappop(queue)
        found = frozenset(key)
        missing = left.get(found)
        if not missing:
            continue
        if (now := _cost(len(missing), sets[found])) < cost:
            heapq.heappush(queue, (now, key))  # fewer are missing since
            continue
        for name in sorted(missing, key=lambda one: (-weights[one], one)):
            for other in holding[name]:
                left[other].discard(name)
                if not left[other]:
                    freed += sets[other]
                else:
                    heapq.heappush(queue, (_cost(len(left[other]), sets[other]), sorted(other)))
            yield name, freed


def _cost(missing: int, projects: int) -> float:
    return missing / projects


def answer(results: Iterable[SurveyResult]) -> SurveyAnswer:
    """The answers of all results; a project that failed is unknown on every target."""
    made = SurveyAnswer()
    failed: list[SurveyResult] = []
    for one in results:
        made.projects += 1
        if one.error is not None:
            made.failed.append((one.project, one.error))
            failed.append(one)
        for id_, found in one.targets.items():
            _add(made.targets.setdefault(id_, TargetAnswer(id_, found.label)), one.project, found)
        made.outcomes[one.project] = {id_: found.verdict for id_, found in one.targets.items()}
    for target in made.targets.values():
        allowed = target.allowed
        for one in failed:
            _add(target, one.project, None)
        target.allowed = allowed
        for projects in (target.ready, target.unknown, *target.distance.values()):
            projects.sort()  # they came as they were done
        target.fix_sets = _fix_sets(target.sets)
    return made


def compare_surveys(old: SurveyAnswer, new: SurveyAnswer) -> tuple[list[SurveyChange], int]:
    """What changed, and the exit status: 1 where a project is blocked that was not, else 3 for one now unknown."""
    changes: list[SurveyChange] = []
    for project in sorted({*old.outcomes, *new.outcomes}):
        before, after = old.outcomes.get(project, {}), new.outcomes.get(project, {})
        failing = UNDECIDED if project in new.outcomes else ""
        failed = UNDECIDED if project in old.outcomes else ""
        for target in sorted({*old.targets, *new.targets}):
            was, is_ = before.get(target, failed), after.get(target, failing)
            if was != is_:
                changes.append(SurveyChange(project=project, target=target, old=was, new=is_))
    counted = {target.id for target in new.targets.values() if not target.allowed}
    now = {change.new for change in changes if change.target in counted}
    status = ExitStatus.BLOCKED if BLOCKED in now else ExitStatus.UNDECIDED if UNDECIDED in now else ExitStatus.READY
    return changes, status

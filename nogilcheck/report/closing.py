"""What to do next, computed from the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nogilcheck.model.finding import Finding
from nogilcheck.model.report import BLOCKED, READY, Report, TargetSummary
from nogilcheck.model.verdict import Cause, Severity
from nogilcheck.report.origins import Chosen, Origins
from nogilcheck.report.rows import place, place_of_root
from nogilcheck.report.scope import Scope
from nogilcheck.report.words import OWN_BOUNDS, listed

MAX_NAMES = 5
"""How many distributions the closing line names; the report above holds them all."""

_WHEELS: Final = {Cause.FREE_THREADING: "free-threaded wheels", Cause.SOURCE: "wheels"}


def next_steps(report: Report, scope: Scope, origins: Mapping[str, Origins], *, verbose: bool) -> list[str]:
    """What to do next, and how to see more."""
    steps = insights(report, scope, origins)
    if report.distributions:
        ready_ones = "" if verbose else "`-v` lists what is ready; "
        steps.append(f"{ready_ones}`--format json` holds the whole graph.")
    return steps


def insights(report: Report, scope: Scope, origins: Mapping[str, Origins]) -> list[str]:
    """Sentences, the most useful first; targets that are merely allowed do not count unless all are."""
    targets = [target for target in report.targets if not target.allowed] or list(report.targets)
    ready = [target for target in targets if target.verdict == READY]
    steps: list[str] = []
    if ready:
        steps.append(_install(ready, scope, all_of_them=len(ready) == len(targets)))
    steps += _own_bounds(report, targets, scope, first=not steps)
    steps += _relock(report, targets, scope, first=not steps)
    steps += _waiting(report, [target for target in targets if target.verdict == BLOCKED], scope, origins)
    reasons = [gap.suppressed_by for gap in report.gaps]
    reasons += [finding.suppressed_by for finding in report.findings if finding.severity is Severity.GAP]
    if None in reasons:
        settle = "ettle what could not be determined, and run this again."
        steps.append(f"S{settle}" if steps else f"s{settle}")
    return steps


def blockers_on(report: Report, target: TargetSummary) -> list[Finding]:
    """The blockers on one target that no waiver keeps from counting."""
    return [
        finding
        for finding in report.findings
        if finding.target == target.id and finding.severity is Severity.BLOCKER and not finding.suppressed_by
    ]


def _install(ready: list[TargetSummary], scope: Scope, *, all_of_them: bool) -> str:
    pythons = dict.fromkeys(f"python{target.python_name}" for target in ready)
    install = f"install with {listed(pythons, last='or')} and run your tests there."
    if all_of_them:
        return install
    return f"{scope.words(t.id for t in ready)} {'is' if len(ready) == 1 else 'are'} ready: {install}"


def _own_bounds(report: Report, targets: list[TargetSummary], scope: Scope, *, first: bool) -> list[str]:
    """What has to say that it is for a target before anything else is of use there."""
    excluded: dict[tuple[str, str], list[str]] = {}
    for target in targets:
        for finding in blockers_on(report, target):
            if finding.status == OWN_BOUNDS:
                where = place(finding.location) if finding.location else ""
                excluded.setdefault((finding.distribution, where), []).append(target.id)
    let = "let" if first else "Let"
    return [
        f"{let if number == 0 else 'Let'} {project}{f' ({where})' if where else ''} admit {scope.words(ids)}."
        for number, ((project, where), ids) in enumerate(excluded.items())
    ]


def _relock(report: Report, targets: list[TargetSummary], scope: Scope, *, first: bool) -> list[str]:
    """What a new lock would bring: it fits, and the index has it."""
    names: dict[str, dict[str, None]] = {}
    for target in targets:
        for finding in filter(_is_relock, blockers_on(report, target)):
            names.setdefault(finding.distribution, {})[target.id] = None
    if not names:
        return []
    ids = dict.fromkeys(target for found in names.values() for target in found)
    lock = "lock" if first else "Lock"
    return [f"{lock} again for wheels of {_named(list(names))} that fit {scope.words(ids)}."]


def _is_relock(finding: Finding) -> bool:
    return any(advice.kind == "relock" for advice in finding.advice)


def _waiting(report: Report, targets: list[TargetSummary], scope: Scope, origins: Mapping[str, Origins]) -> list[str]:
    """What the nearest targets wait for, and what would spare them that."""
    blocked = {
        target.id: found
        for target in targets
        if (found := [one for one in blockers_on(report, target) if one.status != OWN_BOUNDS and not _is_relock(one)])
    }
    if not blocked:
        return []
    waits = {target.id: _wheels(target, blocked[target.id]) for target in targets if target.id in blocked}
    first = min(blocked, key=lambda target: len(blocked[target]))
    nearest = [target for target in blocked if waits[target] == waits[first]]
    alone, one = len(nearest) == len(blocked), len(nearest) == 1
    which = "" if alone else f", the nearest target{'' if one else 's'},"
    said = f"{scope.words(nearest)}{which} wait{'s' if one else ''} for {waits[first]}."
    relief = {tuple(_relief(report, origins[t], blocked[t], "it" if one else "them")) for t in nearest}
    return [said, *(relief.pop() if len(relief) == 1 else ())]


def _wheels(target: TargetSummary, blockers: list[Finding]) -> str:
    names = list(dict.fromkeys(finding.distribution for finding in blockers))
    causes = {finding.cause for finding in blockers}
    cause = causes.pop() if len(causes) == 1 else None
    wheels = f"{target.python} wheels" if cause is Cause.PYTHON else _WHEELS.get(cause, "wheels") if cause else "wheels"
    return f"{wheels} of {_named(names)}"


def _named(names: list[str]) -> str:
    if len(names) > MAX_NAMES:
        names = [*names[: MAX_NAMES - 1], f"{len(names) - MAX_NAMES + 1} more"]
    return listed(names)


def _relief(report: Report, origins: Origins, blockers: list[Finding], them: str) -> list[str]:
    """The one requirement of the user without which most blockers go, where there are others to keep."""
    blocked = {(finding.distribution, finding.version) for finding in blockers}
    freed: dict[Chosen, set[Chosen]] = {}
    for one in blocked:
        leading_here = origins.of(one)
        if len(leading_here) == 1:  # nothing else of the user's leads to it, so it goes
            freed.setdefault(leading_here.pop(), set()).add(one)
    if len(origins.roots) < 2:
        return []
    best = max(origins.roots, key=lambda one: len(freed.get(one, ())))
    gone = freed.get(best, set())
    if gone <= {best}:
        return []
    places = [place_of_root(report.roots[root]) for root in origins.roots[best]]
    where = f" ({', '.join(filter(None, places))})" if any(places) else ""
    if gone == blocked:
        return [f"Without {best[0]}{where}, nothing blocks {them}."]
    return [f"Without {best[0]}{where}, {len(gone)} of these {len(blocked)} {'goes' if len(gone) == 1 else 'go'}."]

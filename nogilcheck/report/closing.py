"""What to do next, computed from the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nogilcheck.model.finding import Finding
from nogilcheck.model.report import BLOCKED, READY, Report, TargetSummary
from nogilcheck.model.verdict import Cause, Severity
from nogilcheck.report.origins import Origins
from nogilcheck.report.rows import place_of_root
from nogilcheck.report.words import listed

MAX_NAMES = 5
"""How many distributions the closing line names; the report above holds them all."""

_WHEELS: Final = {Cause.FREE_THREADING: "free-threaded wheels", Cause.SOURCE: "wheels"}


def next_steps(
    report: Report, labels: Mapping[str, str], origins: Mapping[str, Origins], *, verbose: bool
) -> list[str]:
    """Sentences, the most useful first; targets that are merely allowed do not count unless all are."""
    targets = [target for target in report.targets if not target.allowed] or list(report.targets)
    ready = [target for target in targets if target.verdict == READY]
    blocked = {target.id: blockers_on(report, target) for target in targets if target.verdict == BLOCKED}
    steps: list[str] = []
    if ready:
        steps.append(_install(ready, labels, all_of_them=len(ready) == len(targets)))
    nearest = min((t for t in targets if blocked.get(t.id)), key=lambda t: len(blocked[t.id]), default=None)
    if nearest:
        steps.append(_wait(nearest, blocked[nearest.id], labels, alone=len(blocked) == 1))
        steps += _relief(report, origins[nearest.id], blocked[nearest.id])
    if report.gaps or any(finding.severity is Severity.GAP for finding in report.findings):
        settle = "ettle what could not be determined, and run this again."
        steps.append(f"S{settle}" if steps else f"s{settle}")
    if report.distributions:
        ready_ones = "" if verbose else "`-v` lists what is ready; "
        steps.append(f"{ready_ones}`--format json` holds the whole graph.")
    return steps


def blockers_on(report: Report, target: TargetSummary) -> list[Finding]:
    """The blockers on one target that no waiver keeps from counting."""
    return [
        finding
        for finding in report.findings
        if finding.target == target.id and finding.severity is Severity.BLOCKER and not finding.suppressed_by
    ]


def _install(ready: list[TargetSummary], labels: Mapping[str, str], *, all_of_them: bool) -> str:
    pythons = dict.fromkeys(f"python{target.python_name}" for target in ready)
    install = f"install with {listed(pythons, last='or')} and run your tests there."
    if all_of_them:
        return install
    names = [labels[target.id] for target in ready]
    return f"{listed(names)} {'is' if len(names) == 1 else 'are'} ready: {install}"


def _wait(target: TargetSummary, blockers: list[Finding], labels: Mapping[str, str], *, alone: bool) -> str:
    names = list(dict.fromkeys(finding.distribution for finding in blockers))
    if len(names) > MAX_NAMES:
        names = [*names[: MAX_NAMES - 1], f"{len(names) - MAX_NAMES + 1} more"]
    causes = {finding.cause for finding in blockers}
    cause = causes.pop() if len(causes) == 1 else None
    wheels = f"{target.python} wheels" if cause is Cause.PYTHON else _WHEELS.get(cause, "wheels") if cause else "wheels"
    nearest = "" if alone else ", the nearest target,"
    return f"{labels[target.id]}{nearest} waits for {wheels} of {listed(names)}."


def _relief(report: Report, origins: Origins, blockers: list[Finding]) -> list[str]:
    """The one requirement of the user without which most blockers go, where there are others to keep."""
    blocked = {finding.distribution for finding in blockers}
    freed: dict[str, set[str]] = {}
    for name in blocked:
        leading_here = origins.of(name)
        if len(leading_here) == 1:  # nothing else of the user's leads to it, so it goes
            freed.setdefault(leading_here.pop(), set()).add(name)
    best = max(origins.roots, key=lambda name: len(freed.get(name, ())), default="")
    gone = freed.get(best, set())
    if len(origins.roots) < 2 or gone <= {best}:
        return []
    places = [place_of_root(report.roots[root]) for root in origins.roots[best]]
    where = f" ({', '.join(filter(None, places))})" if any(places) else ""
    if gone == blocked:
        return [f"Without {best}{where}, nothing blocks it."]
    return [f"Without {best}{where}, {len(gone)} of these {len(blocked)} {'goes' if len(gone) == 1 else 'go'}."]

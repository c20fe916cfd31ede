"""What to do next, computed from the report."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Final

from nogilcheck.model.report.finding import Advice, AdviceKind, Finding
from nogilcheck.model.report.report import BLOCKED, READY, Report, TargetSummary
from nogilcheck.model.verdict import Cause, Severity, Status
from nogilcheck.report.origins import Chosen, Origins
from nogilcheck.report.rows import place, place_of_root
from nogilcheck.report.scope import Scope
from nogilcheck.report.sentences import what_to_do
from nogilcheck.report.words import OWN_BOUNDS, listed

MAX_NAMES = 5
"""How many distributions the closing line names; the report above holds them all."""

MAX_COMMAND = 40
"""Characters of what was checked that a command repeats; what is longer, the user knows how to find."""

_WHEELS: Final = {Cause.FREE_THREADING: "free-threaded wheels", Cause.SOURCE: "wheels"}


def next_steps(report: Report, scope: Scope, origins: Mapping[str, Origins], *, verbose: bool) -> list[str]:
    """What to do next, and how to see more."""
    steps = insights(report, scope, origins)
    steps += _commands(report)
    if report.distributions:
        ready_ones = "" if verbose else "`-v` lists what is ready; "
        steps.append(f"{ready_ones}`--format json` holds the whole graph.")
    return steps


def _commands(report: Report) -> list[str]:
    """What to run for more about the blockers, as far as these commands know of them: neither scans."""
    counting = [target for target in report.targets if not target.allowed] or list(report.targets)
    beyond = (OWN_BOUNDS, Status.GIL_ENABLED)
    found = [one for target in counting for one in blockers_on(report, target) if one.status not in beyond]
    if not found:
        return []
    nearest = min(counting, key=lambda target: len(blockers_on(report, target)) or len(found) + 1)
    name = next((one.distribution for one in found if one.target == nearest.id), found[0].distribution)
    inputs = inputs_given(report)
    why, plan = (" ".join(filter(None, words)) for words in (("why", name, inputs), ("plan", inputs)))
    return [f"`nogilcheck {why}` tells more of one blocker, `nogilcheck {plan}` what you can change."]


def inputs_given(report: Report) -> str:
    """What was checked, as a command repeats it."""
    given = report.options.get("inputs")
    inputs = shlex.join(map(str, given)) if isinstance(given, list | tuple) else ""
    return "..." if len(inputs) > MAX_COMMAND else inputs


def insights(report: Report, scope: Scope, origins: Mapping[str, Origins]) -> list[str]:
    """Sentences, the most useful first; targets that are merely allowed do not count unless all are."""
    targets = [target for target in report.targets if not target.allowed] or list(report.targets)
    ready = [target for target in targets if target.verdict == READY]
    steps: list[str] = []
    if ready:
        steps.append(_install(ready, scope, all_of_them=len(ready) == len(targets)))
    steps += _own_bounds(report, targets, scope, first=not steps)
    steps += _relock(report, targets, scope, first=not steps)
    steps += _releases(report, targets, scope, first=not steps)
    steps += _cooling(report, targets, scope)
    steps += _waiting(report, [target for target in targets if target.verdict == BLOCKED], scope, origins)
    reasons = [gap.suppressed_by for gap in report.gaps]
    reasons += [finding.suppressed_by for finding in report.findings if finding.severity is Severity.GAP]
    if None in reasons:
        settle = "esolve the unknowns above, then rerun."
        steps.append(f"R{settle}" if steps else f"r{settle}")
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
    from nogilcheck.model.lock import ANEW  # which imports more than a replay needs

    commands = dict.fromkeys(ANEW[file.kind] for file in report.inputs if file.kind in ANEW)
    how = f" ({'; '.join(f'`{command}`' for command in commands)})" if commands else ""
    return [f"{lock} again for wheels of {_named(list(names))} that fit {scope.words(ids)}{how}."]


def _releases(report: Report, targets: list[TargetSummary], scope: Scope, *, first: bool) -> list[str]:
    """Which other releases fit, with nothing but the user's own words in the way."""
    on: dict[tuple[str, str], dict[str, None]] = {}
    for target in targets:
        for finding in blockers_on(report, target):
            if what := what_to_do(finding):
                on.setdefault((what, finding.distribution), {})[target.id] = None
    together: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for (what, name), ids in on.items():
        together.setdefault(what, {}).setdefault(tuple(ids), []).append(name)
    said = [
        f"{what} {listed([f'{_named(names)} {_on(what)} {scope.words(ids)}' for ids, names in found.items()])}."
        for what, found in together.items()
    ]
    if len(said) > MAX_NAMES:
        said = [*said[:MAX_NAMES], f"The blockers above tell {len(said) - MAX_NAMES} more such steps."]
    return [one[0].lower() + one[1:] if first and not number else one for number, one in enumerate(said)]


def _on(what: str) -> str:
    return "on" if what.endswith((" for", " around")) else "for"


def _is_held(finding: Finding) -> bool:
    """Whether a newer release fits, and another distribution keeps it out."""
    best = finding.advice[0] if finding.advice else None
    return best is not None and best.kind == AdviceKind.RELAX and any(cap.location is None for cap in best.caps)


def _cooling(report: Report, targets: list[TargetSummary], scope: Scope) -> list[str]:
    """What cool-downs hold: it fits, and it exists."""
    held: dict[tuple[str, str | None], dict[str, dict[str, None]]] = {}
    for target in targets:
        for best in filter(None, map(_cool_down, blockers_on(report, target))):
            by = held.setdefault((best.held_back_by or "", best.until), {})
            by.setdefault(f"{best.project} {best.version}", {})[target.id] = None
    steps: list[str] = []
    for (origin, until), releases in held.items():
        ids = dict.fromkeys(target for found in releases.values() for target in found)
        fit = "fits" if len(releases) == 1 else "fit"
        end = f"until {until}" if until else "until you move it"
        steps.append(f"{origin} keeps out {_named(list(releases))}, which {fit} {scope.words(ids)}, {end}.")
    return steps


def _cool_down(finding: Finding) -> Advice | None:
    """The best advice, where it is about a release that a cool-down alone keeps out."""
    best = finding.advice[0] if finding.advice else None
    if best is None or best.kind != AdviceKind.WAIT or not best.held_back_by or best.caps:
        return None
    return best


def _is_relock(finding: Finding) -> bool:
    return any(advice.kind == "relock" for advice in finding.advice)


def _is_for_others(finding: Finding) -> bool:
    """Whether there is nothing that the user could do alone."""
    return finding.status != OWN_BOUNDS and not (_is_relock(finding) or what_to_do(finding) or _cool_down(finding))


def _waiting(report: Report, targets: list[TargetSummary], scope: Scope, origins: Mapping[str, Origins]) -> list[str]:
    """What the nearest targets wait for, and what would spare them that."""
    blocked = {
        target.id: found
        for target in targets
        if (found := [one for one in blockers_on(report, target) if _is_for_others(one)])
    }
    if not blocked:
        return []
    waits = {target.id: _wheels(target, blocked[target.id]) for target in targets if target.id in blocked}
    first = min(blocked, key=lambda target: len(blocked[target]))
    nearest = [target for target in blocked if waits[target] == waits[first]]
    alone, one = len(nearest) == len(blocked), len(nearest) == 1
    which = "" if alone else f", the nearest target{'' if one else 's'},"
    said = f"{scope.words(nearest)}{which} wait{'s' if one else ''} for {waits[first]}."
    relief = {tuple(_relief(report, origins[t], blocked[t])) for t in nearest}
    return [said, *(relief.pop() if len(relief) == 1 else ())]


def _wheels(target: TargetSummary, blockers: list[Finding]) -> str:
    """``free-threaded wheels of grpcio``, what turns the GIL on, and what newer releases are kept out by others."""
    held = list(dict.fromkeys(finding.distribution for finding in blockers if _is_held(finding)))
    left = [finding for finding in blockers if not _is_held(finding)]
    missing = [finding for finding in left if finding.status != Status.GIL_ENABLED]
    condemned = list(dict.fromkeys(finding.distribution for finding in left if finding.status == Status.GIL_ENABLED))
    parts: list[str] = []
    if missing:
        causes = {_cause(finding) for finding in missing}
        cause = causes.pop() if len(causes) == 1 else None
        noun = (
            f"{target.python} wheels" if cause is Cause.PYTHON else _WHEELS.get(cause, "wheels") if cause else "wheels"
        )
        parts.append(f"{noun} of {_named(list(dict.fromkeys(finding.distribution for finding in missing)))}")
    if condemned:
        parts.append(f"releases of {_named(condemned)} that keep the GIL off")
    if held:
        parts.append(f"newer releases of {_named(held)} to be admitted")
    return " and for ".join(parts)


def _cause(finding: Finding) -> Cause | None:
    """The cause of a blocker; ``None`` where the last release is another, of which it says nothing."""
    last = next((advice.version for advice in finding.advice if advice.kind == AdviceKind.WAIT), None)
    return finding.cause if last in {None, finding.version} else None


def _named(names: list[str]) -> str:
    if len(names) > MAX_NAMES:
        names = [*names[: MAX_NAMES - 1], f"{len(names) - MAX_NAMES + 1} more"]
    return listed(names)


def _relief(report: Report, origins: Origins, blockers: list[Finding]) -> list[str]:
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
    extra = extra_alone(best[0], [one for one in blockers if (one.distribution, one.version) in gone])
    what = f"the `{extra}` extra of {best[0]}" if extra else best[0]
    if gone == blocked:
        # The target may have other blockers, which are not waited for.
        return [f"Removing {what}{where} removes {'that blocker' if len(gone) == 1 else 'all of these blockers'}."]
    return [f"Removing {what}{where} removes {len(gone)} of these {len(blocked)} blockers."]


def extra_alone(project: str, blockers: list[Finding]) -> str | None:
    """The extra of a project that brings in all of these, and nothing else does."""
    found = {
        next((a.extra for a in one.advice if a.kind == AdviceKind.DROP and a.project == project), None)
        for one in blockers
    }
    return found.pop() if len(found) == 1 else None

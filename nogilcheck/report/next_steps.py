"""What to do next, computed from the report."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Final

from nogilcheck.frozen import frozen
from nogilcheck.model.report.finding import AdviceKind, Finding
from nogilcheck.model.report.report import BLOCKED, READY, Report, TargetSummary
from nogilcheck.model.verdict import Cause, Severity, Status
from nogilcheck.report.origins import Chosen, Origins
from nogilcheck.report.rows import place_of_root
from nogilcheck.report.scope import Scope
from nogilcheck.report.words import OWN_BOUNDS, listed

MAX_NAMES = 5
"""How many distributions the closing line names; the report above holds them all."""

MAX_COMMANDS = 3

_FLAGS: Final = {
    "environment": "--env",
    "input_format": "--input-format",
    "constraints": "--constraint",
    "extras": "--extra",
    "groups": "--group",
    "all_extras": "--all-extras",
    "all_groups": "--all-groups",
    "pythons": "--python",
    "platforms": "--platform",
    "allow_targets": "--allow-target",
    "exclude_newer": "--exclude-newer",
    "evidence": "--evidence",
}
"""Option of a check -> the flag that gives it, where it may not be what a file says."""
_JOINED: Final = frozenset({"pythons", "platforms"})
"""Options whose values one flag takes."""

_INDEX_FLAGS: Final = {
    "index_url": "--index-url",
    "extra_index_urls": "--extra-index-url",
    "strategy": "--index-strategy",
    "find_links": "--find-links",
    "no_index": "--no-index",
    "pre": "--pre",
    "only_binary": "--only-binary",
    "no_binary": "--no-binary",
}
"""The same for what says where distributions come from: without it, another index would be asked for these names."""

_WHEELS: Final = {Cause.FREE_THREADING: "free-threaded wheels", Cause.SOURCE: "wheels"}


@frozen
class NextCommand:
    """Something to run, which can be pasted into a shell as it stands."""

    words: tuple[str, ...]
    about: str
    """What it does, in a few words."""


def next_commands(report: Report, *, verbose: bool) -> list[NextCommand]:
    """What to run for more, at most `MAX_COMMANDS`: of blockers as far as these commands know of them (none scans)."""
    again = asked_again(report)
    found = _relocking(report)
    counting = _counting(report)
    beyond = (OWN_BOUNDS, Status.GIL_ENABLED)
    blockers = {t.id: [one for one in blockers_on(report, t) if one.status not in beyond] for t in counting}
    if any(blockers.values()):
        nearest = min((found for found in blockers.values() if found), key=len)
        name = nearest[0].distribution
        found.append(NextCommand(words=("nogilcheck", "why", name, *again), about=f"everything about {name}"))
        found.append(
            NextCommand(words=("nogilcheck", "plan", *again), about="the smallest change that helps, as a diff")
        )
    if report.distributions and not verbose:
        scan = ["--scan"] if report.options.get("scan") is True else []
        found.append(
            NextCommand(words=("nogilcheck", *again, *scan, "-v"), about="what is ready, too, and every chain")
        )
    return found[:MAX_COMMANDS]


def _counting(report: Report) -> list[TargetSummary]:
    """Targets that are merely allowed do not count unless all are."""
    return [target for target in report.targets if not target.allowed] or list(report.targets)


def _relocking(report: Report) -> list[NextCommand]:
    """How to lock again, where a new lock would bring wheels that fit."""
    if not any(_is_relock(one) for target in _counting(report) for one in blockers_on(report, target)):
        return []
    from nogilcheck.model.lock import ANEW  # which imports more than a replay needs

    commands = dict.fromkeys(ANEW[file.kind] for file in report.inputs if file.kind in ANEW)
    return [NextCommand(words=tuple(shlex.split(one)), about="locks again, for wheels that fit") for one in commands]


def asked_again(report: Report) -> list[str]:
    """The words that ask for the same once more: what was checked, and options that no file holds."""
    from nogilcheck.model.options import Options

    plain, given = Options(), report.options
    settings, inputs = given.get("settings"), given.get("inputs")
    named = list(map(str, inputs)) if isinstance(inputs, list | tuple) else []
    words = _flags(given, plain, _FLAGS)
    return [*named, *words, *(_flags(settings, plain.settings, _INDEX_FLAGS) if isinstance(settings, dict) else [])]


def _flags(given: Mapping[str, object], plain: object, flags: Mapping[str, str]) -> list[str]:
    """The flags of the options that are not as usual."""
    words: list[str] = []
    for name, flag in flags.items():
        value = given.get(name)
        if value is True:
            words.append(flag)
        elif isinstance(value, str):
            words += [flag, value]
        elif isinstance(value, list | tuple):
            several = tuple(dict.fromkeys(map(str, value)))
            if set(several) != set(getattr(plain, name)):
                joined = (flag, ",".join(several))
                words += joined if name in _JOINED else [word for one in several for word in (flag, one)]
    return words


def insights(report: Report, scope: Scope, origins: Mapping[str, Origins]) -> list[str]:
    """Sentences, the most useful first; targets that are merely allowed do not count unless all are."""
    targets = _counting(report)
    ready = [target for target in targets if target.verdict == READY]
    steps: list[str] = []
    if ready:
        steps.append(_install(ready, scope, all_of_them=len(ready) == len(targets)))
        if any(target.counts.status.get(Status.ABI3T) for target in ready):
            steps.append("Wheels for abi3t need pip 26.1 or uv 0.11.3, or newer.")
    steps += _waiting(report, [target for target in targets if target.verdict == BLOCKED], scope, origins)
    reasons = [gap.suppressed_by for gap in report.gaps]
    reasons += [finding.suppressed_by for finding in report.findings if finding.severity is Severity.GAP]
    if None in reasons:
        steps.append("Resolve the unknowns above, then rerun.")
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
    install = f"nstall with {listed(pythons, last='or')} and run your tests there."
    if all_of_them:
        return f"I{install}"
    return f"{scope.words(t.id for t in ready)} {'is' if len(ready) == 1 else 'are'} ready: i{install}"


def _is_held(finding: Finding) -> bool:
    """Whether a newer release fits, and another distribution keeps it out."""
    best = finding.advice[0] if finding.advice else None
    return best is not None and best.kind == AdviceKind.RELAX and any(cap.location is None for cap in best.caps)


def _is_relock(finding: Finding) -> bool:
    return any(advice.kind == "relock" for advice in finding.advice)


def _is_for_others(finding: Finding) -> bool:
    """Whether there is nothing that the user could do alone."""
    best = finding.advice[0] if finding.advice else None
    if finding.status == OWN_BOUNDS or _is_relock(finding):
        return False
    if best is None or best.kind == AdviceKind.SEARCH:
        return best is None
    if best.kind == AdviceKind.WAIT:  # a cool-down alone, which the user may move
        return not best.held_back_by or bool(best.caps)
    return best.kind not in _UP_TO_THE_USER or any(cap.location is None for cap in best.caps)


_UP_TO_THE_USER: Final = {
    AdviceKind.UPGRADE,
    AdviceKind.RELAX,
    AdviceKind.DOWNGRADE,
    AdviceKind.NEWER_FLOOR,
    AdviceKind.ADMIT,
    AdviceKind.BUILD,
}
"""Steps that need nobody else, unless what keeps a release out is another distribution."""


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

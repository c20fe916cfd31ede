"""The head of the terminal report: what was read, and how far each target is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nogilcheck.model.report.report import BLOCKED, READY, UNDECIDED, Report, TargetSummary
from nogilcheck.model.source import COMMAND_LINE, STDIN, InputFile
from nogilcheck.model.verdict import READY_STATUSES, Cause, ReasonCode, Severity, Verdict
from nogilcheck.report.scope import Scope
from nogilcheck.report.terminal.layout import cells, pad, wrap
from nogilcheck.report.terminal.page import DEEPER, INDENT, MARGIN, Page
from nogilcheck.report.terminal.style import FAINT, NAME, PLAIN, TITLE, Line, lines_of
from nogilcheck.report.words import counted, listed, safe, word_of

_ROLES: Final = {READY: Severity.READY, BLOCKED: Severity.BLOCKER, UNDECIDED: Severity.GAP}
_BLOCKERS: Final = "NGC0"
"""How the codes of blockers begin, whatever a policy makes of them."""
_REMARK_GAP: Final = "    "
_MIN_COUNTS: Final = 28
"""Columns that counts need to hang beside the verdict rather than below it."""


def draw_header(page: Page) -> list[Line]:
    """What was read, how many distributions, which targets."""
    report = page.report
    totals = [_total(report, target) for target in report.targets] or [0]
    low, high = min(totals), max(totals)
    distributions = counted(high, "distribution") if low == high else f"{low} to {high} distributions"
    scan = "wheels scanned" if report.scan == "run" else "wheels not scanned"
    parts = [*map(_input, report.inputs), distributions, *_target_names(page), scan]
    title = safe(f"nogilcheck {report.tool_version}")
    first, *others = wrap(_series(parts), page.width, first=f"{title}   ", rest=MARGIN)
    return [[(title, TITLE), (first[len(title) :], PLAIN)], *lines_of(others)]


def _series(parts: Sequence[str]) -> list[str]:
    """Parts with commas between them; a line breaks after one."""
    return [f"{part}," for part in parts[:-1]] + list(parts[-1:])


def _input(file: InputFile) -> str:
    name = {COMMAND_LINE: "command line", STDIN: "stdin"}.get(file.path, file.path)
    if file.kind == "constraints":
        return f"{name}: constraints"
    how = " as installed" if file.kind == "environment" else " as locked" if file.is_lock else ""
    return f"{name}{how}: {counted(file.requirements, 'requirement')}"


def _target_names(page: Page) -> list[str]:
    """``3.14t and 3.15t on linux-x86_64 (glibc 2.34)``, once for each platform; many are counted."""
    scope = page.scope
    if page.many and len(scope.platforms) > 1:
        if not scope.is_grid:
            return [f"{len(page.targets)} targets"]
        return [f"{listed(scope.pythons)} on {len(scope.platforms)} platforms"]
    on: dict[str, list[str]] = {}
    for target in page.targets:
        place = f"{target.platform} ({target.floor})" if target.floor else target.platform
        on.setdefault(place, []).append(target.python_name)
    return [f"{listed(pythons)} on {place}" for place, pythons in on.items()]


def _total(report: Report, target: TargetSummary) -> int:
    return sum(target.id in distribution.targets for distribution in report.distributions)


@dataclass(frozen=True, slots=True, kw_only=True)
class _TargetSummary:
    """What a line says of the targets that it is about."""

    verdict: str
    role: str
    counts: tuple[str, ...]
    blockers: int
    causes: tuple[Cause | None, ...]
    not_yet: int
    """Blockers whose releases so far have free-threaded wheels for older Pythons."""
    never: int
    """Blockers without a free-threaded wheel in any release."""
    parts: tuple[str, ...]


def draw_targets(page: Page) -> list[Line]:
    """For each target ``3.14t  blocked by 3    113 pure, 26 free-threaded``, and what qualifies it.

    The numbers add up to the target's distributions, save for that of the warnings. Of many targets, those of one
    Python that are alike share a line, and a key to the platforms follows.
    """
    lines = _lines_about(page)
    python_width = max((cells(safe(names[0])) for names, _, _ in lines if len(names) > 1), default=0)
    titles = [
        MARGIN.join([*(pad(text, python_width) for text in names[:-1]), safe(names[-1])]) for names, _, _ in lines
    ]
    name_width = max((cells(title) for title in titles if cells(title) <= page.width // 2), default=0)
    verdict_width = max((len(told.verdict) for _, told, _ in lines), default=0)
    drawn: list[Line] = []
    for title, (_, told, ids) in zip(titles, lines, strict=True):
        fits = cells(title) <= name_width
        if not fits:
            drawn += lines_of(wrap(title, page.width, first=MARGIN, rest=INDENT), NAME)
        name = pad(title if fits else "", name_width + len(MARGIN))
        verdict = pad(told.verdict, verdict_width + len(_REMARK_GAP))
        drawn += _line(page, told, [(MARGIN, PLAIN), (name, NAME), (verdict, told.role)], ids)
    return drawn + _key(page)


def _lines_about(page: Page) -> list[tuple[list[str], _TargetSummary, list[str]]]:
    """The names that a line begins with, what it says, and the targets that it is about."""
    told = {target.id: _told(page, target) for target in page.targets}
    if not page.many or len(page.scope.platforms) == 1:
        return [([page.labels[target.id]], told[target.id], [target.id]) for target in page.targets]
    alike: dict[tuple[str, _TargetSummary], list[TargetSummary]] = {}
    for python in page.scope.pythons:
        for target in page.targets:
            if target.python_name == python:
                alike.setdefault((python, told[target.id]), []).append(target)
    lines: list[tuple[list[str], _TargetSummary, list[str]]] = []
    for (python, about), targets in alike.items():
        everywhere = len(targets) == sum(target.python_name == python for target in page.targets)
        places = "everywhere" if everywhere else ", ".join(page.scope.places({t.platform for t in targets}))
        names = [python, places] if len(page.scope.pythons) > 1 else [places]
        lines.append((names, about, [target.id for target in targets]))
    return lines


def _told(page: Page, target: TargetSummary) -> _TargetSummary:
    report = page.report
    blockers = [f for f in report.findings if f.target == target.id and f.severity is Severity.BLOCKER]
    verdicts = {
        (d.name, d.version): d.targets[target.id].verdict for d in report.distributions if target.id in d.targets
    }
    found = [verdicts.get((f.distribution, f.version)) for f in blockers]
    # What the user's own options exclude, and a floor that is too low, say nothing about who gets a wheel.
    excluding = {ReasonCode.NOT_ADMITTED, ReasonCode.NEWER_FLOOR}
    causes = [f.cause for f, its in zip(blockers, found, strict=True) if excluding.isdisjoint(_codes(its))]
    codes = Counter(code for its in found for code in _codes(its))
    return _TargetSummary(
        verdict=_verdict(report, target),
        role=_ROLES.get(target.verdict, PLAIN),
        counts=tuple(_counts(page, target)),
        blockers=len(blockers),
        causes=tuple(sorted(filter(None, causes))) if target.free_threaded else (),
        not_yet=codes[ReasonCode.NOT_YET],
        never=codes[ReasonCode.NEVER_FREE_THREADED],
        parts=tuple(_parts(target)),
    )


def _codes(verdict: Verdict | None) -> set[ReasonCode]:
    return {reason.code for reason in verdict.reasons} if verdict else set()


def _line(page: Page, told: _TargetSummary, start: Line, ids: Sequence[str]) -> list[Line]:
    begin = sum(cells(text) for text, _ in start)
    hanging = " " * begin if page.width - begin >= _MIN_COUNTS else DEEPER
    counts = _series(told.counts)
    lines: list[Line] = []
    if any(begin + cells(safe(count)) > page.width for count in counts[:1]):
        lines, start, begin, hanging = [start], [(DEEPER, PLAIN)], len(DEEPER), DEEPER
    first, *others = wrap(counts, page.width, first=" " * begin, rest=hanging)
    remarks = [*_remarks(page.scope, told, ids), *told.parts]
    if remarks and not others and cells(first) + len(_REMARK_GAP) + cells(safe(remarks[0])) <= page.width:
        first += _REMARK_GAP + safe(remarks.pop(0))
    more = [line for remark in remarks for line in wrap(remark, page.width, first=hanging)]
    return [*lines, [*start, (first[begin:], PLAIN)], *lines_of([*others, *more])]


def _key(page: Page) -> list[Line]:
    """What the platforms are, which the header of many targets only counts, and how the matrices head them."""
    if not page.many or len(page.scope.platforms) == 1:
        return []
    from nogilcheck.report.terminal.grid import floors, keys

    known = keys(page.scope) if page.grid and page.rows else floors(page.scope)
    return [[], *lines_of(wrap(_series(known), page.width, first=f"{MARGIN}Platforms: ", rest=INDENT), FAINT)]


def _verdict(report: Report, target: TargetSummary) -> str:
    """What was found, and what the policy makes of it."""
    on_target = [finding for finding in report.findings if finding.target == target.id]
    made = [finding for finding in on_target if finding.rule.startswith(_BLOCKERS)]
    aside = sum(finding.suppressed_by is not None for finding in made if finding.severity is Severity.BLOCKER)
    lowered = sum(finding.severity is Severity.WARNING for finding in made)
    raised = sum(finding.severity is Severity.BLOCKER for finding in on_target if finding not in made)
    policy = [
        *([f"{aside} ignored"] if aside else []),
        *([f"{lowered} as {'a warning' if lowered == 1 else 'warnings'}"] if lowered else []),
        *([f"{counted(raised, 'warning')} as {'a blocker' if raised == 1 else 'blockers'}"] if raised else []),
    ]
    by = f" by {len(made)}" if target.verdict == BLOCKED and made else ""
    told = f" ({', '.join(policy)})" if policy else ""
    return f"{target.verdict}{by}{told}{' (allowed)' if target.allowed else ''}"


def _counts(page: Page, target: TargetSummary) -> list[str]:
    """What the distributions get, blockers left out: the verdict has counted them. Then how many warnings are listed.

    Whatever installs with a warning is counted by what it gets: it may have several, or be no distribution.
    """
    verdicts = [d.targets[target.id].verdict for d in page.report.distributions if target.id in d.targets]
    installs = Counter(v.status for v in verdicts if v.severity in {Severity.READY, Severity.WARNING})
    order = dict.fromkeys((*READY_STATUSES, *installs))
    parts = [f"{installs[status]} {word_of(status)}" for status in order if installs[status]]
    severities = Counter(verdict.severity for verdict in verdicts)
    if unknown := severities[Severity.GAP]:
        parts.append(f"{unknown} unknown")
    if not verdicts:
        parts = ["no distributions"]
    if warnings := sum(row.warns_on(target.id) for row in page.rows):
        said = counted(warnings, "warning")
        parts = [*parts[:-1], f"{parts[-1]}; {said}"] if parts else [said]
    return parts


def _remarks(scope: Scope, told: _TargetSummary, ids: Sequence[str]) -> list[str]:
    """Which of the blockers are not the free-threaded build's doing, and which only a matter of time."""
    remarks: list[str] = []
    if told.not_yet:
        names = scope.words(ids)
        remarks.append(f"{_share(told.not_yet, told.blockers)} not released for {names} yet")
        if told.never:
            remarks.append(f"{_share(told.never, told.blockers)} GIL-only in every release")
    if number := told.causes.count(Cause.PYTHON):
        remarks.append(f"{_share(number, told.blockers)} without a wheel for regular {scope.pythons_of(ids)} either")
    if number := told.causes.count(Cause.SOURCE):
        remarks.append(f"{_share(number, told.blockers)} without a wheel for any Python on {scope.places_of(ids)}")
    if number := told.causes.count(Cause.LOCK):
        remarks.append(
            f"{_share(number, told.blockers)} without a wheel for regular {scope.pythons_of(ids)} in the lock"
        )
    return remarks


def _share(number: int, total: int) -> str:
    if number == total:
        return "it is" if total == 1 else f"all {total} are"
    return f"{number} of the {total} {'is' if number == 1 else 'are'}"


def _parts(target: TargetSummary) -> list[str]:
    """The verdicts of the project's extras and groups, where it has any."""
    if target.core == READY and target.verdict != READY:
        return [f"the core is ready; {'; '.join(_beyond_the_core(target))}"]
    lines: list[str] = []
    for noun, verdicts in (("extras", target.extras), ("groups", target.groups)):
        by_verdict: dict[str, list[str]] = {}
        for name, verdict in sorted(verdicts.items()):
            by_verdict.setdefault(verdict, []).append(name)
        if by_verdict:
            told = "; ".join(f"{', '.join(names)} {verdict}" for verdict, names in by_verdict.items())
            lines.append(f"{noun}: {told}")
    return lines


def _beyond_the_core(target: TargetSummary) -> list[str]:
    """``extra `speed` is blocked``, ``extra `cli` and groups `dev` and `docs` are ready``; the worst first."""
    told: list[str] = []
    for verdict in (BLOCKED, UNDECIDED, READY):
        subjects: list[str] = []
        number = 0
        for noun, verdicts in (("extra", target.extras), ("group", target.groups)):
            names = sorted(f"`{name}`" for name, its in verdicts.items() if its == verdict)
            number += len(names)
            if names:
                subjects.append(f"{noun}{'' if len(names) == 1 else 's'} {listed(names)}")
        if subjects:
            told.append(f"{listed(subjects)} {'is' if number == 1 else 'are'} {verdict}")
    return told

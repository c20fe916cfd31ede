"""The head of the terminal report: what was read, and how far each target is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Final

from nogilcheck.frozen import frozen
from nogilcheck.model.report.finding import Finding
from nogilcheck.model.report.report import BLOCKED, READY, UNDECIDED, Report, TargetSummary
from nogilcheck.model.source import COMMAND_LINE, STDIN, InputFile
from nogilcheck.model.verdict import READY_STATUSES, Cause, ReasonCode, Severity, Verdict
from nogilcheck.report.terminal.layout import cells, pad, wrap
from nogilcheck.report.terminal.page import DEEPER, INDENT, MARGIN, Page
from nogilcheck.report.terminal.style import FAINT, NAME, PLAIN, TITLE, Line, begun, lines_of
from nogilcheck.report.words import counted, listed, safe, word_of

DOT: Final = "\u00b7"
"""Between the parts of the header."""
_VERDICTS: Final = {READY: "READY", BLOCKED: "BLOCKED", UNDECIDED: "UNKNOWN"}
_ROLES: Final = {READY: Severity.READY, BLOCKED: Severity.BLOCKER, UNDECIDED: Severity.GAP}
_BLOCKERS: Final = "NGC0"
"""How the codes of blockers begin, whatever a policy makes of them."""
_REMARK_GAP: Final = "    "
_MIN_COUNTS: Final = 44
"""Columns that counts need to hang beside the verdict rather than below it."""
_ALL: Final = {1: "it", 2: "both"}


def draw_header(page: Page) -> list[Line]:
    """What was read, how many distributions, which targets."""
    report = page.report
    totals = [sum(target.id in one.targets for one in report.distributions) for target in report.targets] or [0]
    low, high = min(totals), max(totals)
    distributions = counted(high, "distribution") if low == high else f"{low} to {high} distributions"
    scanned = ["wheels scanned"] if report.scan == "run" else []
    parts = [_series([*map(_input, report.inputs), distributions]), _series(_target_names(page)), scanned]
    title = safe(f"nogilcheck {report.tool_version}")
    units = [unit for part in parts if part for unit in (*part[:-1], f"{part[-1]} {DOT}")]
    units[-1] = units[-1].removesuffix(f" {DOT}")
    return begun(wrap(units, page.width, first=f"{title} {DOT} ", rest=MARGIN), title, TITLE)


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


@frozen
class _TargetSummary:
    """What a line says of a target, and what must be equal where several targets share it."""

    verdict: str
    role: str
    blockers: frozenset[tuple[str, str | None]]
    remarks: tuple[str, ...]
    """Which of the blockers are not the free-threaded build's doing, and what becomes of extras and groups."""
    kinds: Mapping[str, int] = field(compare=False)
    """What the distributions get that install: a word, and how many."""
    unknown: int = field(compare=False)
    warnings: int = field(compare=False)
    """That are listed: a distribution may have several, or be none that installs."""


def draw_targets(page: Page) -> list[Line]:
    """For each target ``3.14t  BLOCKED  3 blockers    139 ready (113 pure, 26 free-threaded)``, and what qualifies it.

    The numbers add up to the target's distributions, save for that of the warnings. Of many targets, those of one
    Python that have the same blockers share a line unless everything is told, and a key to the platforms follows.
    """
    lines = _lines_about(page)
    python_width = max((cells(safe(names[0])) for names, _ in lines if len(names) > 1), default=0)
    titles = [MARGIN.join([*(pad(text, python_width) for text in names[:-1]), safe(names[-1])]) for names, _ in lines]
    verdict_width = max((len(group[0].verdict) for _, group in lines), default=0)
    room = min(page.width // (3 if page.many else 2), page.width - len(INDENT) - verdict_width)
    name_width = max((cells(title) for title in titles if cells(title) <= room), default=0)
    drawn: list[Line] = []
    for title, (_, group) in zip(titles, lines, strict=True):
        fits = cells(title) <= name_width
        if not fits:
            drawn += lines_of(wrap(title, page.width, first=MARGIN, rest=INDENT), NAME)
        name = pad(title if fits else "", name_width + len(MARGIN))
        verdict = pad(group[0].verdict, verdict_width + len(_REMARK_GAP))
        drawn += _line(page, group, [(MARGIN, PLAIN), (name, NAME), (verdict, group[0].role)])
    return drawn + _key(page)


def _lines_about(page: Page) -> list[tuple[list[str], list[_TargetSummary]]]:
    """The names that a line begins with, and what it says of each of its targets."""
    told = {target.id: _told(page, target) for target in page.targets}
    if not page.many or len(page.scope.platforms) == 1:
        return [([page.labels[target.id]], [told[target.id]]) for target in page.targets]
    alike: dict[tuple[object, ...], list[TargetSummary]] = {}
    for python in page.scope.pythons:
        for target in page.targets:
            if target.python_name == python:
                key = (target.id,) if page.verbose else (python, told[target.id])
                alike.setdefault(key, []).append(target)
    lines: list[tuple[list[str], list[_TargetSummary]]] = []
    for targets in alike.values():
        python = targets[0].python_name
        places = page.scope.on_one_python(target.id for target in targets)
        names = [python, places] if len(page.scope.pythons) > 1 else [places]
        lines.append((names, [told[target.id] for target in targets]))
    return lines


def _told(page: Page, target: TargetSummary) -> _TargetSummary:
    report = page.report
    blockers = [f for f in report.findings if f.target == target.id and f.severity is Severity.BLOCKER]
    verdicts = {
        (d.name, d.version): d.targets[target.id].verdict for d in report.distributions if target.id in d.targets
    }
    installs = Counter(v.status for v in verdicts.values() if v.severity in {Severity.READY, Severity.WARNING})
    order = dict.fromkeys((*READY_STATUSES, *installs))
    found = [verdicts.get((f.distribution, f.version)) for f in blockers]
    remarks = _remarks(target, blockers, found)
    return _TargetSummary(
        verdict=_verdict(report, target),
        role=_ROLES.get(target.verdict, PLAIN),
        blockers=frozenset((f.distribution, f.version) for f in blockers),
        remarks=(*(["; ".join(remarks)] if remarks else []), *_parts(target)),
        kinds={word_of(status): installs[status] for status in order if installs[status]},
        unknown=sum(verdict.severity is Severity.GAP for verdict in verdicts.values()),
        warnings=sum(row.warns_on(target.id) for row in page.rows),
    )


def _remarks(target: TargetSummary, blockers: Sequence[Finding], found: Sequence[Verdict | None]) -> list[str]:
    """Which of the blockers are not the free-threaded build's doing, and which only a matter of time."""
    codes = Counter(code for its in found for code in _codes(its))
    # What the user's own options exclude, and a floor that is too low, say nothing about who gets a wheel.
    excluding = {ReasonCode.NOT_ADMITTED, ReasonCode.NEWER_FLOOR}
    causes = Counter(f.cause for f, its in zip(blockers, found, strict=True) if excluding.isdisjoint(_codes(its)))
    numbers = [(codes[ReasonCode.NOT_YET], "is", "are", f"not released for {target.python_name} yet")]
    if codes[ReasonCode.NOT_YET]:
        numbers.append((codes[ReasonCode.NEVER_FREE_THREADED], "is", "are", "GIL-only in every release"))
    if target.free_threaded:
        numbers.append((causes[Cause.PYTHON], "has", "have", f"no wheel for regular {target.python} either"))
        numbers.append((causes[Cause.SOURCE], "has", "have", f"no wheel for any Python on {target.platform}"))
        numbers.append((causes[Cause.LOCK], "has", "have", f"no wheel for regular {target.python} in the lock"))
    total = len(blockers)
    return [
        f"{_ALL.get(total, f'all {total}') if number == total else number} {one if number == 1 else several} {said}"
        for number, one, several, said in numbers
        if number
    ]


def _codes(verdict: Verdict | None) -> set[ReasonCode]:
    return {reason.code for reason in verdict.reasons} if verdict else set()


def _line(page: Page, group: Sequence[_TargetSummary], start: Line) -> list[Line]:
    begin = sum(cells(text) for text, _ in start)
    hanging = " " * begin if page.width - begin >= _MIN_COUNTS else DEEPER
    counts = _series(_counts(group, brief=page.many and not page.verbose))
    lines: list[Line] = []
    if any(begin + cells(safe(count)) > page.width for count in counts[:1]):
        lines, start, begin, hanging = [start], [(DEEPER, PLAIN)], len(DEEPER), DEEPER
    first, *others = wrap(counts, page.width, first=" " * begin, rest=hanging)
    remarks = list(group[0].remarks)
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
    number = counted(len(made), "blocker") if target.verdict == BLOCKED and made else ""
    parts = (number, f"({', '.join(policy)})" if policy else "", "(allowed)" if target.allowed else "")
    told = " ".join(filter(None, parts))
    return f"{_VERDICTS.get(target.verdict, target.verdict):7}  {told}".rstrip()


def _counts(group: Sequence[_TargetSummary], *, brief: bool) -> list[str]:
    """What the distributions get, blockers left out: the verdict has counted them. Then how many warnings are listed.

    Whatever installs with a warning is counted among what is ready. In ``brief`` only how many.
    """
    ready = _range(sum(told.kinds.values()) for told in group)
    kinds = [f"{number} {word}" for word, number in group[0].kinds.items()]
    if kinds and not brief:
        kinds = [f"{ready} ready ({kinds[0]}", *kinds[1:]]
        parts = [*kinds[:-1], f"{kinds[-1]})"]
    else:
        parts = [f"{ready} ready"] if ready else []
    if unknown := _range(told.unknown for told in group):
        parts.append(f"{unknown} unknown")
    if not parts and not any(told.blockers for told in group):
        parts = ["no distributions"]
    if warnings := _range(told.warnings for told in group):
        said = f"{warnings} warning{'' if warnings == '1' else 's'}"
        parts = [*parts[:-1], f"{parts[-1]}; {said}"] if parts else [said]
    return parts


def _range(numbers: Iterable[int]) -> str:
    """``3``, ``3 to 5``; nothing for none."""
    found = set(numbers)
    low, high = min(found), max(found)
    return "" if not high else str(high) if low == high else f"{low} to {high}"


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

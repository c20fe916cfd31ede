"""The head of the terminal report: what was read, and one line for each target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from nogilcheck.model.report import BLOCKED, READY, UNDECIDED, Report, TargetSummary
from nogilcheck.model.source import COMMAND_LINE, STDIN, InputFile
from nogilcheck.model.verdict import Cause, Severity, Status
from nogilcheck.report.layout import cells, pad, wrap
from nogilcheck.report.style import NAME, PLAIN, TITLE, Line, lines_of
from nogilcheck.report.words import STATUS_WORDS, counted, listed, safe

READY_ORDER: Final = (Status.PURE, Status.FREE_THREADED, Status.ABI3T, Status.COMPILED, Status.NO_ABI)
"""The ready statuses in the order in which people are told of them."""

_ROLES: Final = {READY: Severity.READY, BLOCKED: Severity.BLOCKER, UNDECIDED: Severity.GAP}
_MARGIN: Final = "  "
_DEEPER: Final = "      "
_REMARK_GAP: Final = "    "


def draw_header(report: Report, width: int) -> list[Line]:
    """What was read, how many distributions, which targets."""
    totals = [_total(report, target) for target in report.targets] or [0]
    low, high = min(totals), max(totals)
    distributions = counted(high, "distribution") if low == high else f"{low} to {high} distributions"
    scan = "wheels scanned" if report.scan == "run" else "wheels not scanned"
    parts = [*map(_input, report.inputs), distributions, *_target_names(report.targets), scan]
    title = safe(f"nogilcheck {report.tool_version}")
    first, *others = wrap(_series(parts), width, first=f"{title}   ", rest=_MARGIN)
    return [[(title, TITLE), (first[len(title) :], PLAIN)], *lines_of(others)]


def _series(parts: Sequence[str]) -> list[str]:
    """Parts with commas between them; a line breaks after one."""
    return [f"{part}," for part in parts[:-1]] + list(parts[-1:])


def _input(file: InputFile) -> str:
    name = {COMMAND_LINE: "command line", STDIN: "stdin"}.get(file.path, file.path)
    if file.kind == "constraints":
        return f"{name}: constraints"
    return f"{name}: {counted(file.requirements, 'requirement')}"


def _target_names(targets: Sequence[TargetSummary]) -> list[str]:
    """``3.14t and 3.15t on linux-x86_64 (glibc 2.34)``, once for each platform."""
    on: dict[str, list[str]] = {}
    for target in targets:
        place = f"{target.platform} ({target.floor})" if target.floor else target.platform
        on.setdefault(place, []).append(target.python_name)
    return [f"{listed(pythons)} on {place}" for place, pythons in on.items()]


def _total(report: Report, target: TargetSummary) -> int:
    return sum(target.id in distribution.targets for distribution in report.distributions)


def draw_targets(report: Report, labels: Mapping[str, str], width: int) -> list[Line]:
    """For each target ``3.14t  blocked by 3    113 pure, 26 free-threaded``, and what qualifies it.

    The numbers add up to the target's distributions.
    """
    verdicts = {target.id: _verdict(report, target) for target in report.targets}
    name_width = max((cells(safe(label)) for label in labels.values()), default=0)
    verdict_width = max(map(len, verdicts.values()), default=0)
    lines: list[Line] = []
    for target in report.targets:
        name = pad(labels[target.id], name_width + len(_MARGIN))
        verdict = pad(verdicts[target.id], verdict_width + len(_REMARK_GAP))
        start: Line = [(_MARGIN, PLAIN), (name, NAME), (verdict, _ROLES.get(target.verdict, PLAIN))]
        lines += _target(report, target, start, width)
    return lines


def _target(report: Report, target: TargetSummary, start: Line, width: int) -> list[Line]:
    begin = sum(cells(text) for text, _ in start)
    hanging = " " * begin if begin <= width // 2 else _DEEPER
    first, *others = wrap(_series(_counts(report, target)), width, first=" " * begin, rest=hanging)
    remarks = [*_remarks(report, target), *_parts(target)]
    if remarks and not others and cells(first) + len(_REMARK_GAP) + cells(safe(remarks[0])) <= width:
        first += _REMARK_GAP + safe(remarks.pop(0))
    told = [line for remark in remarks for line in wrap(remark, width, first=hanging)]
    return [[*start, (first[begin:], PLAIN)], *lines_of([*others, *told])]


def _verdict(report: Report, target: TargetSummary) -> str:
    blockers = [f for f in report.findings if f.target == target.id and f.severity is Severity.BLOCKER]
    ignored = sum(finding.suppressed_by is not None for finding in blockers)
    by = f" by {len(blockers)}" if target.verdict == BLOCKED and blockers else ""
    return f"{target.verdict}{by}{f' ({ignored} ignored)' if ignored else ''}{' (allowed)' if target.allowed else ''}"


def _counts(report: Report, target: TargetSummary) -> list[str]:
    """What the distributions get, blockers left out: the verdict has counted them.

    Whatever is held back installs all the same, and is counted by what it gets.
    """
    verdicts = [d.targets[target.id].verdict for d in report.distributions if target.id in d.targets]
    ready = Counter(verdict.status for verdict in verdicts if verdict.severity is Severity.READY)
    order = dict.fromkeys((*READY_ORDER, *ready))
    parts = [f"{ready[status]} {STATUS_WORDS[status]}" for status in order if ready[status]]
    severities = Counter(verdict.severity for verdict in verdicts)
    if warnings := severities[Severity.WARNING]:
        parts.append(counted(warnings, "warning"))
    if unknown := severities[Severity.GAP]:
        parts.append(f"{unknown} unknown")
    if not verdicts:
        return ["no distributions"]
    held_back = sum(f.target == target.id and f.status == "held-back" for f in report.findings)
    if held_back and parts:
        parts[-1] += f"; {held_back} held back"
    return parts


def _remarks(report: Report, target: TargetSummary) -> list[str]:
    """Which of the blockers are not the free-threaded build's doing."""
    causes = [f.cause for f in report.findings if f.target == target.id and f.severity is Severity.BLOCKER]
    remarks: list[str] = []
    if target.free_threaded and (number := causes.count(Cause.PYTHON)):
        remarks.append(f"{_share(number, len(causes))} missing on ordinary {target.python} too")
    if target.free_threaded and (number := causes.count(Cause.SOURCE)):
        remarks.append(f"{_share(number, len(causes))} without a wheel for any Python on {target.platform}")
    return remarks


def _share(number: int, total: int) -> str:
    if number == total:
        return "it is" if total == 1 else f"all {total} are"
    return f"{number} of the {total} {'is' if number == 1 else 'are'}"


def _parts(target: TargetSummary) -> list[str]:
    """The verdicts of the project's extras and groups, where it has any."""
    lines: list[str] = []
    for noun, verdicts in (("extras", target.extras), ("groups", target.groups)):
        by_verdict: dict[str, list[str]] = {}
        for name, verdict in sorted(verdicts.items()):
            by_verdict.setdefault(verdict, []).append(name)
        if by_verdict:
            told = "; ".join(f"{', '.join(names)} {verdict}" for verdict, names in by_verdict.items())
            lines.append(f"{noun}: {told}")
    return lines

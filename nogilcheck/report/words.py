"""Statuses and findings, as data, put into words for people.

Texts in a report come from strangers (indexes, wheels, requirements files), and sentences repeat them
as they are: whatever prints one passes it through `safe`, or escapes it for its own format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from nogilcheck.model.report.finding import Finding
from nogilcheck.model.report.report import BLOCKED, READY, UNDECIDED, Report, TargetSummary
from nogilcheck.model.verdict import READY_STATUSES, SCAN_GAPS, ReasonCode, Severity, Status, Verdict

if TYPE_CHECKING:
    from nogilcheck.model.report.report import Report
    from nogilcheck.model.rules.rule import Rule

CAVEAT: Final = (
    "Installable does not mean thread-safe: a wheel may still turn the GIL on (check with --scan) or have data races."
)
CAVEAT_DECLARED: Final = (
    "Declaring that it runs without the GIL does not make a module thread-safe: it is the author's word."
)


OWN_BOUNDS: Final = "own-requires-python"
"""The finding that a project leaves a target out by its own account: its subject is no distribution."""

PYTHON_CAP: Final = "python-cap"
"""The finding that a requirement is left out: what it asks for is not in the graph, and may be asked for twice."""

BASELINE_STALE: Final = "baseline-stale"
"""The finding that a blocker is gone: good news, told in a note of the report."""

_ARCHITECTURES: Final = {
    "manylinux": ("x86_64", "aarch64"),
    "musllinux": ("x86_64", "aarch64"),
    "macOS": ("arm64", "x86_64"),
    "Windows": ("amd64", "arm64"),
}
"""The architectures that stand for a family: those of the platforms that have names."""

_RUN_LENGTH = 3
"""From so many neighbours on, a list says ``a to b``."""


def safe(text: str) -> str:
    """The text with everything that does not print made visible as a Python escape.

    Control characters, terminal escapes, line ends, bidirectional overrides, zero-width characters
    and lone surrogates: all of them are unprintable to `str.isprintable`.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(ord(char)) for char in text)


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def listed(items: Iterable[str], *, last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *rest, final = items
    return f"{', '.join(rest)} {last} {final}" if rest else final


def sentence(text: str) -> str:
    """The text as a sentence of its own, with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


def counted(number: int, noun: str) -> str:
    """``1 warning``, ``2 warnings``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def runs(pythons: Iterable[str]) -> str:
    """Python versions, neighbouring minors of a kind drawn together: ``3.9 to 3.14, 3.13t and 3.14t``."""
    kinds: dict[str, list[str]] = {}
    for python in pythons:
        kinds.setdefault(python.lstrip("0123456789."), []).append(python)
    return listed(part for kind, members in kinds.items() for part in _runs_of(members, kind))


def families(places: Iterable[str]) -> list[str]:
    """Platforms, a family of which both usual architectures are there in one word: ``macOS`` and ``Windows x86``."""
    given = list(dict.fromkeys(places))
    whole = {
        family: {family, *(f"{family} {arch}" for arch in usual)}
        for family, usual in _ARCHITECTURES.items()
        if family in given or all(f"{family} {arch}" in given for arch in usual)
    }
    family_with = {name: family for family, names in whole.items() for name in names}
    return list(dict.fromkeys(family_with.get(name, name) for name in given))


def _runs_of(pythons: list[str], kind: str) -> list[str]:
    groups: list[list[str]] = []
    for python in pythons:
        minor = python.removesuffix(kind).removeprefix("3.")
        if groups and minor.isdecimal() and groups[-1][-1] == f"3.{int(minor) - 1}{kind}":
            groups[-1].append(python)
        else:
            groups.append([python])
    together = ([f"{group[0]} to {group[-1]}"] if len(group) >= _RUN_LENGTH else group for group in groups)
    return [part for parts in together for part in parts]


def held_back(finding: Finding) -> str:
    """Why the chosen version is not the newest: ``1.4.0 held back: 1.5.0 needs Python >=3.16``."""
    newer, by = (*finding.detail, "", "")[:2]
    head = f"{finding.version or finding.distribution} held back"
    if not newer:
        return head
    if by in {"", "no-file"}:
        return f"{head}: {newer} has no file for this Python"
    if by == "requires-python":
        return f"{head}: {newer} excludes this Python"
    return f"{head}: {newer} needs Python {by}"


def finding_text(finding: Finding) -> str:
    """What a finding without a status of its own says."""
    if finding.status in _TEXTS:
        return _TEXTS[finding.status](finding)
    rule = _rule(finding.status)
    if rule is None or not (rule.says and finding.detail):
        return ", ".join((word_of(finding.status), *finding.detail))
    detail = finding.detail
    return rule.says.format(*detail, all=", ".join(detail), listed=listed(detail))


def word_of(status: str, python: str = "") -> str:
    """A status, or a finding without one, in a few words; ``python``: the Python of the target that it is about."""
    if python and status == Status.OTHER_PYTHON:
        return f"no {python} wheel"
    if status in READY_STATUSES:
        return str(status)
    rule = _rule(status)
    return rule.short if rule else status.replace("-", " ")


def word_of_verdict(verdict: Verdict, python: str = "") -> str:
    """What a target gets, in a few words; what a lock alone leaves out is not what the release lacks."""
    released = verdict.details(ReasonCode.NOT_LOCKED)[:1]
    return "not locked" if released and released[0] in READY_STATUSES else word_of(verdict.status, python)


def caveat(report: Report) -> str:
    """What ready does not promise; empty where no target is free-threaded."""
    if not any(target.free_threaded for target in report.targets):
        return ""
    if report.scanned is None:
        return CAVEAT
    if not report.scanned.modules:
        return "No extension module was read."
    read = counted(report.scanned.modules, "extension module")
    return f"Read {read} of {counted(report.scanned.wheels, 'wheel')}. {CAVEAT_DECLARED}"


def is_of_rule(code: str, name: str) -> bool:
    """Whether a code is that of the rule of this name."""
    rule = _rule(name)
    return rule is not None and rule.code == code


def _rule(name: str) -> Rule | None:
    """The rule of this name, where it is known: a report of a later version may know more."""
    from nogilcheck.model.rules.table import BY_NAME  # most replayed reports are ready and need none

    return BY_NAME.get(name)


def _regressed(finding: Finding) -> str:
    version, *uploaded = finding.detail or ("an earlier release",)
    had = f"{version} ({uploaded[0]})" if uploaded else version
    return f"{had} had a free-threaded wheel that fits; {finding.version} does not"


def _own_bounds(detail: tuple[str, ...]) -> str:
    """A marker (PEP 508) quotes what it compares with, and a specifier (PEP 440) never quotes anything."""
    if any("'" in text or '"' in text for text in detail):
        return f"declares that it is only for environments with {listed(detail, last='or')}"
    return f"declares that it needs Python {', '.join(detail)}"


def _odd_tags(tags: Iterable[str]) -> str:
    """``wheels tagged cp315t-abi3t (win_amd64, win_arm64)``: what is odd is hardly ever the platform."""
    platforms: dict[str, list[str]] = {}
    for tag in tags:
        python, _, rest = tag.partition("-")
        abi, _, platform = rest.partition("-")
        platforms.setdefault(f"{python}-{abi}" if abi else tag, []).extend(filter(None, [platform]))
    if not platforms:
        return "the tags of some wheels"
    return "wheels tagged " + listed(f"{pair} ({', '.join(on)})" if on else pair for pair, on in platforms.items())


_TEXTS: Final[dict[str, Callable[[Finding], str]]] = {
    "held-back": held_back,
    "odd-tag": lambda finding: f"no interpreter accepts {_odd_tags(finding.detail)}",
    "regressed": _regressed,
    OWN_BOUNDS: lambda finding: _own_bounds(finding.detail),
    **dict.fromkeys(SCAN_GAPS, lambda finding: "; ".join(finding.detail) or word_of(finding.status)),
}
"""Findings whose sentence depends on what their detail is; what the others say stands in their rule."""


def verdict(report: Report) -> str:
    """``ready on 3.14t, 2 blockers on 3.15t``."""
    return safe(", ".join(f"{said} on {python}" for python, said in of_pythons(report))) or "nothing checked"


def of_pythons(report: Report) -> Iterator[tuple[str, str]]:
    """Each Python, with ``ready``, ``unknown``, or what blocks it on any platform."""
    pythons: dict[str, list[TargetSummary]] = {}
    for target in report.targets:
        pythons.setdefault(target.python_name, []).append(target)
    return ((python, _said(report, targets)) for python, targets in pythons.items())


def worst(targets: Sequence[TargetSummary]) -> str:
    """`BLOCKED`, `UNDECIDED`, or `READY` where all targets are."""
    verdicts = {target.verdict for target in targets}
    return BLOCKED if BLOCKED in verdicts else READY if verdicts == {READY} else UNDECIDED


def _said(report: Report, targets: Sequence[TargetSummary]) -> str:
    ids = {target.id for target in targets}
    blockers = [f for f in report.findings if f.target in ids and f.severity is Severity.BLOCKER]
    counting = {finding.distribution for finding in blockers if finding.suppressed_by is None}
    if counting:
        return counted(len(counting), "blocker")
    if blockers:
        return f"{len({finding.distribution for finding in blockers})} ignored"
    return {READY: "ready", BLOCKED: "blocked"}.get(worst(targets), "unknown")

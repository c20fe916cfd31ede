"""The first screen: the verdict, a tile for each target, and what was checked."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final
from xml.etree.ElementTree import Element

from nogilcheck.model.report.report import BLOCKED, READY, Report, TargetSummary
from nogilcheck.model.verdict import Severity
from nogilcheck.report.pages.html.markup import element, listing
from nogilcheck.report.pages.tables import TargetRow, headline, target_rows
from nogilcheck.report.rows import ABSENT
from nogilcheck.report.words import counted

ROLES: Final = {BLOCKED: Severity.BLOCKER, READY: Severity.READY}
"""Verdict of a target -> what it looks like; any other is unknown."""

WORDS: Final = {
    Severity.BLOCKER: "blocker",
    Severity.GAP: "unknown",
    Severity.WARNING: "warning",
    Severity.READY: "ready",
}

_MEANING: Final = {
    Severity.BLOCKER: "stops the install on this target",
    Severity.GAP: "could not be found out; it never counts as ready",
    Severity.WARNING: "installs, with something to know about it",
    Severity.READY: "installs at the version that you get today",
}

MAX_INPUTS: Final = 6
"""How many inputs are named."""

_OPTIONS: Final = {
    "extras": "--extra", "all_extras": "--all-extras", "groups": "--group", "all_groups": "--all-groups",
    "pythons": "--python", "platforms": "--platform", "allow_targets": "--allow-target", "environment": "--env",
    "input_format": "--input-format", "exclude_newer": "--exclude-newer", "scan": "--scan",
}  # fmt: skip
"""What the report says was asked -> the option that asks for it."""


def head(report: Report) -> Element:
    """The verdict in a sentence, and what it rests on."""
    return element(
        "header",
        element("p", f"nogilcheck {report.tool_version}: free-threading report", class_="kicker"),
        element("h1", headline(report)),
        element("dl", *_facts(report), class_="facts"),
    )


def tiles(report: Report) -> Element:
    """How each target came out."""
    rows = zip(report.targets, target_rows(report), strict=True)
    many = " many" if len(report.targets) > 6 else ""
    return listing((_tile(report, target, row) for target, row in rows), class_=f"tiles{many}")


def legend() -> Element:
    """What the marks mean."""
    items = [(mark(severity), meaning) for severity, meaning in _MEANING.items()]
    items.append((element("span", ABSENT), "not in the graph of this target"))
    rows = (element("div", element("dt", sign), element("dd", meaning)) for sign, meaning in items)
    return element("dl", *rows, class_="legend")


def mark(severity: str, word: str | None = None) -> Element:
    """A word with the mark and colour of its severity; the mark is drawn by the style sheet."""
    return element("span", WORDS[Severity(severity)] if word is None else word, class_=f"mark {severity}")


def command(report: Report) -> str:
    """What was asked, as a command line."""
    words = ["nogilcheck", *_values(report.options.get("inputs"))]
    for name, flag in _OPTIONS.items():
        asked = report.options.get(name)
        words += [flag] if asked is True else [part for value in _values(asked) for part in (flag, value)]
    return shlex.join(words)


def _values(asked: object) -> list[str]:
    if isinstance(asked, list | tuple):
        return [str(value) for value in asked]
    return [str(asked)] if asked else []


def _facts(report: Report) -> Iterator[Element]:
    inputs = [f"{one.path} ({counted(one.requirements, 'requirement')})" for one in report.inputs]
    if len(inputs) > MAX_INPUTS:
        inputs = [*inputs[: MAX_INPUTS - 1], f"and {len(inputs) - MAX_INPUTS + 1} more"]
    yield from _fact("inputs", ", ".join(inputs) or "the command line")
    yield from _fact("found", counted(len(report.distributions), "distribution"))
    platforms = dict.fromkeys(f"{one.platform} ({one.floor})" for one in report.targets)
    yield from _fact("on", ", ".join(platforms))
    yield from _fact("wheels scanned", "no" if report.scanned is None else counted(report.scanned.wheels, "wheel"))
    yield from _fact("command", element("code", command(report)))


def _fact(name: str, value: Element | str) -> Iterable[Element]:
    return [element("div", element("dt", name), element("dd", value))] if value != "" else []


def _tile(report: Report, target: TargetSummary, row: TargetRow) -> Element:
    role = ROLES.get(target.verdict, Severity.GAP)
    found = Counter(one.targets[target.id].verdict.severity for one in report.distributions if target.id in one.targets)
    ignored = f" ({row.ignored} ignored)" if row.ignored else ""
    counts = [
        counted(row.blockers, "blocker") + ignored if row.blockers or row.ignored else "",
        f"{row.gaps} unknown" if row.gaps else "",
        counted(row.warnings, "warning") if row.warnings else "",
        f"{found[Severity.READY]} of {row.distributions} ready",
    ]
    word = {Severity.GAP: "unknown"}.get(role, target.verdict) + (" (allowed)" if row.allowed else "")
    return element(
        "div",
        element("span", target.python_name, class_="python"),
        element("span", target.platform, class_="platform"),
        mark(role, word),
        _bar(found),
        element("span", " · ".join(filter(None, counts)), class_="counts"),
        class_=f"tile {role}",
    )


def _bar(found: Counter[Severity]) -> Element:
    """How the distributions divide, in proportion; the words beside it say the same."""
    whole = sum(found.values()) or 1
    bar = element("svg", class_="bar", viewBox="0 0 100 1", preserveAspectRatio="none", aria_hidden="true")
    at = 0.0
    for severity in WORDS:
        if share := max(found[severity] * 100 / whole, 1.0) if found[severity] else 0.0:
            bar.append(element("rect", class_=severity, x=f"{at:.2f}", width=f"{share:.2f}", height="1"))
            at += share
    return bar

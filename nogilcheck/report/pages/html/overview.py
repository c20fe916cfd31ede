"""The first screen: the verdict, a tile for each target, and what was checked."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from xml.etree.ElementTree import Element

from nogilcheck.model.report.report import BLOCKED, READY, Report, TargetSummary
from nogilcheck.model.verdict import Severity
from nogilcheck.report.next_steps import asked_again
from nogilcheck.report.pages.html.markup import element, listing
from nogilcheck.report.pages.tables import TargetRow, headline, target_rows
from nogilcheck.report.rows import ABSENT, GapRow, gap_rows, rows_of
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


def head(report: Report, day: str) -> Element:
    """The verdict in a sentence, what it rests on, and how each target came out."""
    return element(
        "header",
        element("p", f"nogilcheck {report.tool_version}: free-threading report", class_="kicker"),
        element("h1", headline(report)),
        element("dl", *_facts(report, day), class_="facts"),
        _tiles(report),
    )


def _tiles(report: Report) -> Element:
    rows = zip(report.targets, target_rows(report), strict=True)
    gaps = gap_rows(report, rows_of(report, Severity.GAP))
    many = " many" if len(report.targets) > 6 else ""
    return listing((_tile(report, target, row, gaps) for target, row in rows), class_=f"tiles{many}")


def legend() -> Element:
    """What the marks mean."""
    items = [(mark(severity), meaning) for severity, meaning in _MEANING.items()]
    items.append((element("span", ABSENT), "not in the graph of this target"))
    rows = (element("div", element("dt", sign), element("dd", meaning)) for sign, meaning in items)
    return element("dl", *rows, class_="legend")


def mark(severity: str, word: str | None = None) -> Element:
    """A word with the mark and colour of its severity; the mark is drawn by the style sheet."""
    return element("span", WORDS[Severity(severity)] if word is None else word, class_=f"mark {severity}")


def _facts(report: Report, day: str) -> Iterator[Element]:
    inputs = [f"{one.path} ({counted(one.requirements, 'requirement')})" for one in report.inputs]
    if len(inputs) > MAX_INPUTS:
        inputs = [*inputs[: MAX_INPUTS - 1], f"and {len(inputs) - MAX_INPUTS + 1} more"]
    yield from _fact("inputs", ", ".join(inputs) or "the command line")
    yield from _fact("found", counted(len(report.distributions), "distribution"))
    platforms = dict.fromkeys(f"{one.platform} ({one.floor})" for one in report.targets)
    yield from _fact("on", ", ".join(platforms))
    yield from _fact("wheels scanned", "no" if report.scanned is None else counted(report.scanned.wheels, "wheel"))
    yield from _fact("written", day)
    yield from _fact("command", element("code", shlex.join(("nogilcheck", *asked_again(report)))))


def _fact(name: str, value: Element | str) -> Iterable[Element]:
    return [element("div", element("dt", name), element("dd", value))] if value != "" else []


def _tile(report: Report, target: TargetSummary, row: TargetRow, gaps: Sequence[GapRow]) -> Element:
    role = ROLES.get(target.verdict, Severity.GAP)
    found = Counter(one.targets[target.id].verdict.severity for one in report.distributions if target.id in one.targets)
    unknown = row.gaps + sum(not gap.targets or target.id in gap.targets for gap in gaps)
    ignored = f" ({row.ignored} ignored)" if row.ignored else ""
    counts = [
        counted(row.blockers, "blocker") + ignored if row.blockers or row.ignored else "",
        f"{unknown} unknown" if unknown else "",
        counted(row.warnings, "warning") if row.warnings else "",
        f"{found[Severity.READY] + found[Severity.WARNING]}/{row.distributions} ready",
    ]
    word = {Severity.GAP: "unknown"}.get(role, target.verdict) + (" (allowed)" if row.allowed else "")
    parts = ((severity, found[severity]) for severity in WORDS)
    name = (target.python_name, target.platform)
    return tile(name, role, word, parts, " · ".join(filter(None, counts)))


def tile(name: tuple[str, str], role: str, word: str, parts: Iterable[tuple[str, float]], counts: str) -> Element:
    """How a target, its Python and its platform, came out."""
    return element(
        "div",
        element("span", name[0], class_="python"),
        element("span", name[1], class_="platform"),
        mark(role, word),
        bar(parts),
        element("span", counts, class_="counts"),
        class_=f"tile {role}",
    )


def bar(parts: Iterable[tuple[str, float]]) -> Element:
    """Parts of a whole, each with its severity and size, in proportion; words beside it say the same."""
    sized = [(severity, size) for severity, size in parts if size]
    whole = sum(size for _, size in sized)
    drawn = element("svg", class_="bar", viewBox="0 0 100 1", preserveAspectRatio="none", aria_hidden="true")
    at = 0.0
    for severity, size in sized:
        share = max(size * 100 / whole, 1.0)
        drawn.append(element("rect", class_=severity, x=f"{at:.2f}", width=f"{share:.2f}", height="1"))
        at += share
    return drawn

"""Every distribution on every target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import Element

from nogilcheck.model.report.finding import Finding
from nogilcheck.model.report.report import Distribution, Report
from nogilcheck.model.verdict import WORST_FIRST, Severity, Verdict
from nogilcheck.report.context import MAX_COLUMNS, ReportContext
from nogilcheck.report.pages.html.markup import Content, Key, element, table
from nogilcheck.report.rows import ABSENT
from nogilcheck.report.words import word_of, word_of_verdict

MAX_NAMED: Final = 3
"""How many requirers are named."""


_Cell = tuple[Severity, str]
"""What a target gets, in a word or two."""


def matrix(page: ReportContext, ids: Mapping[Key, str], cards: Mapping[Key, str]) -> Element:
    """The table, the worst rows first; a name leads to the card of the distribution where there is one."""
    report = page.report
    told, free = _told(report), dict(ids)
    pythons = {target.id: target.python_name for target in report.targets}
    rows = []
    for one in report.distributions:
        key = (one.name, one.version)
        cells = {
            at: _cell(found.verdict, told.get((*key, at)), pythons.get(at, "")) for at, found in one.targets.items()
        }
        worst = min((severity for severity, _ in cells.values()), key=WORST_FIRST.index, default=Severity.READY)
        shown = [cells.get(target.id) for target in page.targets]
        rows.append((worst, _row(one, shown, worst, free.pop(key, None), cards.get(key))))
    rows.sort(key=lambda row: WORST_FIRST.index(row[0]))
    made = table(
        "Distributions by targets",
        ("Distribution", *(page.labels[target.id] for target in report.targets), "Required by"),
        (row for _, row in rows),
        id="_table",
        class_="marks" if len(report.targets) > MAX_COLUMNS else None,
    )
    label = "Distributions by targets, scrollable"
    return element("div", made, class_="scroll", role="region", aria_label=label, tabindex="0")


def _told(report: Report) -> dict[tuple[str, str | None, str], Finding]:
    """The worst finding that counts about each distribution on each target."""
    told: dict[tuple[str, str | None, str], Finding] = {}
    for finding in sorted(report.findings, key=lambda finding: WORST_FIRST.index(finding.severity)):
        if finding.suppressed_by is None:
            told.setdefault((finding.distribution, finding.version, finding.target), finding)
    return told


def _cell(verdict: Verdict, finding: Finding | None, python: str) -> _Cell:
    """The verdict, or a finding that is worse: not every one has a verdict of its own."""
    if finding and WORST_FIRST.index(finding.severity) < WORST_FIRST.index(verdict.severity):
        return finding.severity, word_of(finding.status)
    ignored = " (ignored)" if finding is None and verdict.severity is not Severity.READY else ""
    return verdict.severity, word_of_verdict(verdict, python) + ignored


def _row(
    one: Distribution, cells: Sequence[_Cell | None], worst: Severity, own: str | None, card: str | None
) -> Element:
    name: Content = element("a", one.name, href=f"#{card}") if card else one.name
    return element(
        "tr",
        element("th", name, " ", element("small", one.version) if one.version else None, scope="row"),
        *(element("td", cell[1], class_=cell[0]) if cell else element("td", ABSENT) for cell in cells),
        element("td", _requirers(one), class_="by"),
        class_=worst,
        id=None if card else own,
    )


def _requirers(one: Distribution) -> str:
    """What asks for it on any target, each once."""
    names = list(dict.fromkeys(by.name for found in one.targets.values() for by in found.requested_by))
    more = [f"and {len(names) - MAX_NAMED} more"] if len(names) > MAX_NAMED else []
    return ", ".join([*names[:MAX_NAMED], *more])

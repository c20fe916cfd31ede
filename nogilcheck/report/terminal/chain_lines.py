"""The chains that lead to the distribution of a row, as lines of the terminal."""

from __future__ import annotations

from nogilcheck.report.rows import FindingRow, chain, place, place_of_root
from nogilcheck.report.terminal.layout import wrap
from nogilcheck.report.terminal.page import DEEPER, INDENT, Page
from nogilcheck.report.words import counted, listed

MAX_PLACES = 3
"""How many further requirement lines a report that is not verbose names."""


def paths(row: FindingRow, page: Page) -> list[str]:
    """The shortest chain from a line of the user's; where targets differ, one for each."""
    chains: dict[tuple[str, ...], list[str]] = {}
    for target in page.targets:
        finding = row.findings.get(target.id)
        for path in finding.paths[: None if page.verbose else 1] if finding else ():
            chains.setdefault(tuple(chain(path, page.report.roots)), []).append(target.id)
    about_all = all(len(ids) == len(row.findings) for ids in chains.values())
    lines: list[str] = []
    for units, ids in chains.items():
        head = () if about_all else (f"{page.scope.words(ids)}:",)
        lines += wrap((*head, *units), page.width, first=INDENT, rest=DEEPER)
    if not chains:
        places = dict.fromkeys(place(finding.location) for finding in row.findings.values() if finding.location)
        return [line for text in places if text for line in wrap(text, page.width, first=INDENT)]
    return lines + _other_places(row, page)


def _other_places(row: FindingRow, page: Page) -> list[str]:
    """The lines of the user's from which another chain leads here."""
    shown = {path.root for f in row.findings.values() for path in f.paths[: None if page.verbose else 1]}
    leading_here = (
        page.origins[target].positions((row.name, row.version)) for target in row.findings if target in page.origins
    )
    roots = {root for positions in leading_here for root in positions} - shown
    places = [text for text in dict.fromkeys(place_of_root(page.report.roots[root]) for root in sorted(roots)) if text]
    if not places:
        return []
    told = (
        listed(places)
        if page.verbose or len(places) <= MAX_PLACES
        else f"{counted(len(places), 'other line')} (-v lists them)"
    )
    return wrap(f"also from {told}", page.width, first=INDENT, rest=DEEPER)

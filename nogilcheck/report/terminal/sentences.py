"""What stands with a row: why it is there, the chains that lead to it, and remarks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from nogilcheck.model.report.finding import Advice, AdviceKind, Finding
from nogilcheck.report.reasons import Clause
from nogilcheck.report.rows import FindingRow, chain, place, place_of_root
from nogilcheck.report.terminal.layout import wrap
from nogilcheck.report.terminal.page import DEEPER, INDENT, Page
from nogilcheck.report.words import counted, listed

_TO_PROVE: Final = {AdviceKind.UPGRADE, AdviceKind.RELAX, AdviceKind.DOWNGRADE}
"""Other versions may ask for other things."""

MAX_PLACES = 3
"""How many further requirement lines a report that is not verbose names."""


def sentences(row: FindingRow, page: Page) -> list[str]:
    """Why: what holds on some targets only, after their names, and then what holds on all of them."""
    return in_words({target.id: row.why(target.id) for target in page.targets if target.id in row.findings}, page)


def in_words(clauses: Mapping[str, Iterable[Clause]], page: Page) -> list[str]:
    """The clauses of each target (by id), those that only some of them have apart from what they share."""
    on: dict[Clause, list[str]] = {}
    for target, own in clauses.items():
        for clause in own:
            on.setdefault(clause, []).append(target)
    together: dict[tuple[str, ...], list[str]] = {}
    for clause, ids in on.items():
        said = clause.said(python=page.scope.pythons_of(ids), platform=page.scope.places_of(ids))
        together.setdefault(tuple(ids), []).append(said)
    shared = together.pop(tuple(clauses), [])
    apart = [f"{page.scope.words(ids)}: {'; '.join(said)}" for ids, said in together.items()]
    return [*apart, "; ".join(shared)] if shared else apart


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


def remarks(row: FindingRow, page: Page) -> list[str]:
    """Advice, and what keeps findings from counting; after the names of the targets where not on all."""
    on: dict[str, list[str]] = {}
    for target, finding in row.findings.items():
        for text in dict.fromkeys(_remarks(row.advice(target, verbose=page.verbose), finding)):
            on.setdefault(text, []).append(target)
    return [text if len(ids) == len(row.findings) else f"{page.scope.words(ids)}: {text}" for text, ids in on.items()]


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


def _remarks(steps: list[Advice], finding: Finding) -> list[str]:
    told = [advised(step) for step in steps]
    if finding.suppressed_by is not None:
        told.append(finding.suppressed_by)
    return told


def advised(step: Advice) -> str:
    """A step; what only a resolution could prove says so until one has."""
    return f"{step.text} (unverified)" if step.kind in _TO_PROVE and not step.verified else step.text

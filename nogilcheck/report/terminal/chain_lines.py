"""The chains that lead to the distribution of a row, as texts of the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nogilcheck.model.report.finding import Path
from nogilcheck.report.chains import ARROW, chain
from nogilcheck.report.rows import FindingRow, place, place_of_root, places
from nogilcheck.report.terminal.page import Page
from nogilcheck.report.words import counted, listed

MAX_CHAINS = 2
"""Chains to one distribution that a report which is not verbose shows."""
MAX_PLACES = 3
"""Further requirement lines that it names."""


def chain_units(path: Path, page: Page, *, every_step: bool = False) -> list[str]:
    """A chain with its place set apart: ``r.txt:1``, ``app``, ``→ numpy >=2``."""
    units = chain(path, page.report.roots, arrow=ARROW, every_step=every_step, fold=not page.verbose)
    return [f"{units[0]} ", *units[1:]] if place_of_root(page.report.roots[path.root]) and units[1:] else units


def chains(row: FindingRow, page: Page) -> list[Sequence[str]]:
    """The shortest chains from the user's lines: a first one, and another that tells something new; all where verbose.

    Where targets differ, each names those that it is about. What is left out is counted.
    """
    on: dict[tuple[str, ...], list[str]] = {}
    shown: set[int] = set()
    for target, path in _worth_telling(row, page):
        on.setdefault(tuple(chain_units(path, page)), []).append(target)
        shown.add(path.root)
    if not on:
        found = (place(finding.location) for finding in row.findings.values() if finding.location)
        return [(text,) for text in dict.fromkeys(found) if text]
    everywhere = all(len(ids) == len(row.findings) for ids in on.values())
    told: list[Sequence[str]] = [
        units if everywhere else (f"{page.scope.words(ids)}:", *units) for units, ids in on.items()
    ]
    if len(told) > MAX_CHAINS and not page.verbose:
        left = len(told) - MAX_CHAINS
        told = [*told[:MAX_CHAINS], (f"and {counted(left, 'more chain')} (-v lists {'it' if left == 1 else 'them'})",)]
    return told + _other_places(row, page, shown)


def _worth_telling(row: FindingRow, page: Page) -> Iterator[tuple[str, Path]]:
    """With their targets; one chain adds nothing to another that ends in the same requirement."""
    for target in page.targets:
        finding = row.findings.get(target.id)
        paths = finding.paths if finding else ()
        seen: set[str | int] = set()
        for path in paths:
            by = path.steps[-2].name if len(path.steps) > 1 else path.root
            if page.verbose or not seen or (by not in seen and len(seen) < MAX_CHAINS):
                seen.add(by)
                yield target.id, path


def _other_places(row: FindingRow, page: Page, shown: Iterable[int]) -> list[Sequence[str]]:
    """The lines of the user's from which another chain leads here."""
    roots = page.other_roots(row, shown)
    number = len(dict.fromkeys(filter(None, map(place_of_root, roots))))
    if not number:
        return []
    few = page.verbose or number <= MAX_PLACES
    told = listed(places(roots)) if few else f"{counted(number, 'other line')} (-v lists them)"
    return [f"also from {told}".split()]

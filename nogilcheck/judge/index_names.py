"""Which index answered, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nogilcheck.model.report.report import Distribution

MAX_NAMED = 3
"""Projects of one index that are named; of more only the number is told."""


def which_index(distributions: Iterable[Distribution]) -> Iterator[str]:
    """A sentence, where the distributions come from several places; the report has the place of each."""
    projects: dict[str, dict[str, None]] = {}
    for distribution in distributions:
        if distribution.index is not None:
            projects.setdefault(distribution.index, {})[distribution.name] = None
    if len(projects) > 1:
        by_size = sorted(projects.items(), key=lambda found: (-len(found[1]), found[0]))
        told = "; ".join(f"{_told(list(names))} from {index}" for index, names in by_size)
        yield f"several indexes answered: {told}"


def _told(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= MAX_NAMED else f"{len(names)} projects"

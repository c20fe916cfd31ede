"""Notes of a report: which index answered, and whose classifiers do not list a target's Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nogilcheck.judge.findings import TargetResult
from nogilcheck.model.report.report import Distribution

MAX_PROJECTS = 3
"""Projects of one index that are named; of more only the number is told."""

MAX_DISTRIBUTIONS = 5
"""Distributions that the note on classifiers names."""


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
    return ", ".join(names) if len(names) <= MAX_PROJECTS else f"{len(names)} projects"


def undeclared_pythons(judged: Sequence[TargetResult]) -> Iterator[str]:
    """One note for each Python: classifiers that end below it claim nothing, so they are no finding of their own."""
    beyond: dict[str, dict[str, None]] = {}
    total: dict[str, dict[str, None]] = {}
    for one in judged:
        python = ".".join(map(str, one.target.python))
        nodes = [node for node in one.graph.nodes.values() if not node.local]
        total.setdefault(python, {}).update(dict.fromkeys(node.name for node in nodes))
        names = dict.fromkeys(node.name for node in nodes if one.target.is_beyond(node.pythons))
        beyond.setdefault(python, {}).update(names)
    for python, names in beyond.items():
        if names:
            named = ", ".join(sorted(names)[:MAX_DISTRIBUTIONS])
            more = f" and {len(names) - MAX_DISTRIBUTIONS} more" if len(names) > MAX_DISTRIBUTIONS else ""
            yield (
                f"{len(names)} of {len(total[python])} distributions have classifiers for older Pythons but not for "
                f"{python}: {named}{more}"
            )

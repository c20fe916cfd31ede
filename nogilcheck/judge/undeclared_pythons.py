"""A note on the distributions whose classifiers list Pythons, and none as new as a target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nogilcheck.judge.findings import TargetResult

MAX_NAMED = 5
"""Distributions that the note names."""


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
            named = ", ".join(sorted(names)[:MAX_NAMED])
            more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
            yield (
                f"{len(names)} of {len(total[python])} distributions have classifiers for older Pythons but not for "
                f"{python}: {named}{more}"
            )

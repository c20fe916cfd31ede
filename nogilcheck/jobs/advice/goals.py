"""What a plan looks for, from what a target gets today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nogilcheck.classify.decide import archives_needed
from nogilcheck.classify.wheels import fitting_wheels
from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.graph import Graph, versions_of
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Severity, Status, Verdict
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.plan.goal import Goal, Window
from nogilcheck.resolve.versions import merged


def goal_of(
    graph: Graph,
    verdicts: Mapping[str, Verdict],
    target: Target,
    inputs: Inputs,
    *,
    window: Window | None = None,
) -> Goal:
    """The goal of the search: wheels that fit the target, and as few changes as possible."""
    names = {key: graph.nodes[key].name for key in verdicts}
    markers = MarkerEvaluator(target.installer.environment)

    def fits(files: Sequence[ReleaseFile]) -> bool:
        return bool(fitting_wheels(files, target)) and not archives_needed(files, target).wheels

    own: dict[str, list[str]] = {}
    for root in (*inputs.roots, *inputs.constraints):
        if markers.holds(root.marker) is not False:
            own.setdefault(root.name or "", []).append(root.specifier)
    return Goal(
        target=target,
        fits=fits,
        today=versions_of(graph),
        sound=frozenset(names[key] for key, v in verdicts.items() if v.severity is not Severity.BLOCKER),
        sources=frozenset(names[key] for key, v in verdicts.items() if v.status is Status.SOURCE_PURE),
        own={name: str(merged(specifiers)) for name, specifiers in own.items()},
        window=window or Window(),
    )

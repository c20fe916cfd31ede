"""Whether a project, or a lock, is for a target at all, by its own account."""

from __future__ import annotations

from collections.abc import Iterable

from nogilcheck.model.graph import GraphGap
from nogilcheck.model.source import Bounds
from nogilcheck.model.target import Target
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.roots import unknown_marker


def weigh_bounds(bounds: Iterable[Bounds], target: Target) -> tuple[tuple[Bounds, ...], tuple[GraphGap, ...]]:
    """The bounds that leave the target out, and a gap for each of which that cannot be known.

    Only what excludes it is left in them: the Requires-Python, or else the environments of which none holds. What a
    lock repeats of its project is told once.
    """
    markers = MarkerEvaluator(target.environment)
    excluding: dict[tuple[object, ...], Bounds] = {}
    gaps: dict[GraphGap, None] = {}
    for one in bounds:
        if not target.admits_python(one.requires_python):
            found = Bounds(project=one.project, location=one.location, requires_python=one.requires_python)
        else:
            answers = {markers.holds(environment) for environment in one.environments}
            if None in answers and True not in answers:
                gaps[unknown_marker(" or ".join(one.environments), None, one.location)] = None
            if answers != {False}:
                continue
            found = Bounds(project=one.project, location=one.location, environments=one.environments)
        excluding.setdefault((found.project, found.requires_python, found.environments), found)
    return tuple(excluding.values()), tuple(gaps)

"""Decide whether a project or a lock declares that a target is out of its bounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from nogilcheck.model.graph import GraphGap
from nogilcheck.model.source import Bounds
from nogilcheck.model.target import Target
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.roots import unknown_marker


def weigh_bounds(bounds: Iterable[Bounds], target: Target) -> tuple[tuple[Bounds, ...], tuple[GraphGap, ...]]:
    """The bounds that exclude the target, and a gap for each that cannot be decided.

    Each keeps only what excludes the target: the Requires-Python, or else the environments, none of which holds.
    Bounds that a lock repeats from its project appear once.
    """
    markers = MarkerEvaluator(target.environment)
    excluding: dict[tuple[object, ...], Bounds] = {}
    gaps: dict[GraphGap, None] = {}
    for declared in bounds:
        if not target.admits_python(declared.requires_python):
            bound = replace(declared, environments=())
        else:
            environments = declared.environments_of(free_threaded=target.free_threaded)
            answers = {markers.holds(environment) for environment in environments}
            if None in answers and True not in answers:
                gaps[unknown_marker(" or ".join(environments), None, declared.location)] = None
            if not declared.environments or not answers <= {False}:
                continue
            bound = replace(declared, requires_python=None)
        excluding.setdefault((bound.project, bound.requires_python, bound.environments), bound)
    return tuple(excluding.values()), tuple(gaps)


def discouraging(bounds: Iterable[Bounds], target: Target) -> tuple[Bounds, ...]:
    """The bounds that admit a target by the letter, and do not mean to; each with what says so alone.

    That is a Requires-Python such as ``!=3.15``, or classifiers that list Pythons and none from this one on.
    """
    found: dict[Bounds, None] = {}
    for declared in bounds:
        if target.is_aimed_at(declared.requires_python):
            found[replace(declared, environments=(), pythons=())] = None
        elif target.admits_python(declared.requires_python) and target.is_beyond(declared.pythons):
            found[replace(declared, environments=(), requires_python=None)] = None
    return tuple(found)

"""Select the user's requirements that apply to a target; the gaps of those that cannot be decided or followed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from nogilcheck.model.artifact import Missing
from nogilcheck.model.graph import GapKind, GraphGap
from nogilcheck.model.source import Location, Root
from nogilcheck.model.target import Target
from nogilcheck.resolve.markers import MarkerEvaluator

_OLDEST, _AHEAD = 6, 4
"""The oldest minor of Python 3 for which a marker is tried, and how many from the target's on."""
_NOTHING = "there is nothing to judge"
NOTHING_APPLIES = f"no requirement applies: {_NOTHING}"
NOTHING_REQUIRED = f"no requirement was found: {_NOTHING}"


def applying_roots(
    roots: Sequence[Root], holds: Callable[[str | None], bool | None]
) -> tuple[list[tuple[int, Root]], list[GraphGap]]:
    """The roots whose marker holds, with their positions, and a gap for each marker that cannot be decided."""
    applying: list[tuple[int, Root]] = []
    gaps: list[GraphGap] = []
    for position, root in enumerate(roots):
        answer = holds(root.marker)
        if answer is False:
            continue
        if answer is None:
            gaps.append(unknown_marker(root.marker, root.name, root.location))
        applying.append((position, root))
    return applying, gaps


def nothing_applies(
    roots: Sequence[Root], applying: Collection[int], where: Location | None = None
) -> Iterator[GraphGap]:
    """The gaps of what has requirements none of which applies: everything, or the core with an extra or a group.

    The core is part of every extra and group. What has no requirements has nothing that could fail, and is no gap.
    ``applying`` are the positions of the roots that do; ``where`` is told of everything.
    """
    if roots and not applying:
        yield GraphGap(kind=GapKind.NOTHING_APPLIES, text=NOTHING_APPLIES, location=where)
        return
    parts: dict[tuple[str, str | None], list[int]] = {}
    for position, root in enumerate(roots):
        parts.setdefault((root.kind, root.group if root.kind else None), []).append(position)
    core = parts.get(("", None), [])
    for (kind, name), positions in parts.items():
        if not any(position in applying for position in (*core, *positions)):
            which = f"the {kind} {name}" if kind else "the project itself"
            text = f"no requirement of {which} applies: {_NOTHING}"
            yield GraphGap(kind=GapKind.NOTHING_APPLIES, text=text, location=roots[positions[0]].location)


def capped(roots: Mapping[int, Root], not_applicable: Collection[int], build: Target) -> frozenset[int]:
    """The positions of requirements that do not apply because their marker admits only Pythons older than the build's.

    Not where another requirement on the same project applies in its place.
    """
    if not not_applicable:
        return frozenset()
    present = {root.name for position, root in roots.items() if position not in not_applicable}
    pythons = {minor: MarkerEvaluator(_with_python(build, minor)) for minor in range(_OLDEST, build.python[1] + _AHEAD)}
    found = set()
    for position in not_applicable:
        root = roots[position]
        if root.name in present or root.marker is None or "python" not in root.marker:
            continue
        admitted = [minor for minor, markers in pythons.items() if markers.holds(root.marker) is not False]
        if admitted and max(admitted) < build.python[1]:
            found.add(position)
    return frozenset(found)


def _with_python(build: Target, minor: int) -> dict[str, str]:
    """The environment of the same build of another Python 3."""
    version = f"3.{minor}"
    full = dict.fromkeys(("python_full_version", "implementation_version"), f"{version}.0")
    return {**build.environment, "python_version": version, **full}


def unknown_marker(marker: str | None, distribution: str | None, location: Location | None = None) -> GraphGap:
    """The gap of a marker that depends on variables which the target does not know."""
    text = f"whether '{marker}' holds on the target cannot be known; it is taken to hold"
    return GraphGap(kind=GapKind.MARKER, text=text, distribution=distribution, location=location)


def missing_project(missing: Missing, distribution: str | None = None, location: Location | None = None) -> GraphGap:
    """The gap of a project whose files cannot be determined."""
    return GraphGap(
        kind=GapKind.PROJECT, text=missing.text, missing=missing, distribution=distribution, location=location
    )

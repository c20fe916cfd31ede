"""Select the user's requirements that apply to a target; the gaps of those that cannot be decided or followed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nogilcheck.model.artifact import Missing
from nogilcheck.model.graph import GapKind, GraphGap
from nogilcheck.model.source import Location, Root

NOTHING_APPLIES = "no requirement applies: there is nothing to judge"


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


def unknown_marker(marker: str | None, distribution: str | None, location: Location | None = None) -> GraphGap:
    """The gap of a marker that depends on variables which the target does not know."""
    text = f"whether '{marker}' holds on the target cannot be known; it is taken to hold"
    return GraphGap(kind=GapKind.MARKER, text=text, distribution=distribution, location=location)


def missing_project(missing: Missing, distribution: str | None = None, location: Location | None = None) -> GraphGap:
    """The gap of a project whose files cannot be determined."""
    return GraphGap(
        kind=GapKind.PROJECT, text=missing.text, missing=missing, distribution=distribution, location=location
    )

"""Select the user's requirements that apply to a target; the gaps of those that cannot be decided or followed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from nogilcheck.model.artifact import Missing
from nogilcheck.model.graph import GapKind, GraphGap
from nogilcheck.model.source import Location, Root

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


def unknown_marker(marker: str | None, distribution: str | None, location: Location | None = None) -> GraphGap:
    """The gap of a marker that depends on variables which the target does not know."""
    text = f"whether '{marker}' holds on the target cannot be known; it is taken to hold"
    return GraphGap(kind=GapKind.MARKER, text=text, distribution=distribution, location=location)


def missing_project(missing: Missing, distribution: str | None = None, location: Location | None = None) -> GraphGap:
    """The gap of a project whose files cannot be determined."""
    return GraphGap(
        kind=GapKind.PROJECT, text=missing.text, missing=missing, distribution=distribution, location=location
    )

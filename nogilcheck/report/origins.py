"""Which of the user's requirements lead to a distribution."""

from __future__ import annotations

from nogilcheck.model.report.report import Report
from nogilcheck.model.report.requirements import ReportEdge

Chosen = tuple[str, str | None]
"""A distribution: its name and version."""

_Place = tuple[int, Chosen]
"""A distribution in one of the projects of the run."""


class Origins:
    """The graphs of one target, read upwards."""

    def __init__(self) -> None:
        self.roots: dict[Chosen, dict[int, None]] = {}
        """A distribution that the user asks for -> the positions of the requirements that do."""
        self._of_root: dict[_Place, dict[int, None]] = {}
        self._parents: dict[_Place, set[_Place]] = {}
        self._places: dict[Chosen, set[_Place]] = {}

    def add(self, edge: ReportEdge) -> None:
        """Take in one requirement."""
        child = (edge.child.name, edge.child.version)
        place = (edge.project, child)
        self._places.setdefault(child, set()).add(place)
        if isinstance(edge.parent, int):
            self.roots.setdefault(child, {})[edge.parent] = None
            self._of_root.setdefault(place, {})[edge.parent] = None
        else:
            parent = (edge.project, (edge.parent.name, edge.parent.version))
            self._parents.setdefault(place, set()).add(parent)

    def of(self, chosen: Chosen) -> set[Chosen]:
        """The distributions asked for by the user from which a chain leads to this one."""
        return {found for _, found in self._asked_for(chosen)}

    def positions(self, chosen: Chosen) -> list[int]:
        """The positions, in `Report.roots`, of the requirements from which a chain leads to this one."""
        return sorted({root for place in self._asked_for(chosen) for root in self._of_root[place]})

    def _asked_for(self, chosen: Chosen) -> set[_Place]:
        seen = set(self._places.get(chosen, ()))
        waiting = list(seen)
        while waiting:
            news = self._parents.get(waiting.pop(), set()) - seen
            seen |= news
            waiting += news
        return seen & self._of_root.keys()


def origins_of(report: Report) -> dict[str, Origins]:
    """By target id, in one pass over the edges, of which a report with many targets has very many."""
    origins = {target.id: Origins() for target in report.targets}
    for edge in report.edges:
        if (here := origins.get(edge.target)) is not None:
            here.add(edge)
    return origins

"""Which of the user's requirements lead to a distribution."""

from __future__ import annotations

from nogilcheck.model.report import Report


class Origins:
    """The graph of one target, read upwards."""

    def __init__(self) -> None:
        self.roots: dict[str, dict[int, None]] = {}
        """A distribution that the user asks for -> the positions of the requirements that do."""
        self.parents: dict[str, set[str]] = {}
        """A distribution -> those that ask for it."""

    def of(self, name: str) -> set[str]:
        """The distributions asked for by the user from which a chain leads to this one."""
        seen, waiting = {name}, [name]
        while waiting:
            news = self.parents.get(waiting.pop(), set()) - seen
            seen |= news
            waiting += news
        return seen & self.roots.keys()

    def positions(self, name: str) -> list[int]:
        """The positions, in `Report.roots`, of the requirements from which a chain leads to this one."""
        return sorted({root for direct in self.of(name) for root in self.roots[direct]})


def origins_of(report: Report) -> dict[str, Origins]:
    """By target id, in one pass over the edges, of which a report with many targets has very many."""
    origins = {target.id: Origins() for target in report.targets}
    for edge in report.edges:
        here, child = origins.get(edge.target), edge.child.name
        if here is None or child is None:
            continue
        if edge.parent.root is not None:
            here.roots.setdefault(child, {})[edge.parent.root] = None
        elif edge.parent.name is not None:
            here.parents.setdefault(child, set()).add(edge.parent.name)
    return origins

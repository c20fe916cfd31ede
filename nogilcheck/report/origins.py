"""Which of the user's requirements lead to a distribution."""

from __future__ import annotations

from nogilcheck.model.report import Report


class Origins:
    """The graph of one target, read upwards."""

    def __init__(self, report: Report, target: str) -> None:
        self.roots: dict[str, dict[int, None]] = {}
        """A distribution that the user asks for -> the positions of the requirements that do."""
        self._parents: dict[str, set[str]] = {}
        for edge in report.edges:
            child = edge.child.name
            if edge.target != target or child is None:
                continue
            if edge.parent.root is not None:
                self.roots.setdefault(child, {})[edge.parent.root] = None
            elif edge.parent.name is not None:
                self._parents.setdefault(child, set()).add(edge.parent.name)

    def of(self, name: str) -> set[str]:
        """The distributions asked for by the user from which a chain leads to this one."""
        seen, waiting = {name}, [name]
        while waiting:
            news = self._parents.get(waiting.pop(), set()) - seen
            seen |= news
            waiting += news
        return seen & self.roots.keys()

    def positions(self, name: str) -> list[int]:
        """The positions, in `Report.roots`, of the requirements from which a chain leads to this one."""
        return sorted({root for direct in self.of(name) for root in self.roots[direct]})

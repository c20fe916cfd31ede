"""One tree from the user's requirements to everything that blocks or is unknown, merged over all targets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nogilcheck.model.report.report import READY, Report
from nogilcheck.model.verdict import Severity
from nogilcheck.report.origins import Chosen
from nogilcheck.report.rows import FindingRow, place, place_of_root, rows_of
from nogilcheck.report.terminal.layout import MIN_WIDTH, wrap
from nogilcheck.report.terminal.page import INDENT, Page
from nogilcheck.report.terminal.sections import draw_left_out, draw_other_gaps
from nogilcheck.report.terminal.style import FAINT, NAME, PLAIN, TITLE, Line, lines_of, text_of
from nogilcheck.report.terminal.summary import draw_header, draw_targets
from nogilcheck.report.words import counted, safe

_BRANCH: Final = "\u251c\u2500\u2500 "
_LAST: Final = "\u2514\u2500\u2500 "
_BAR: Final = "\u2502   "
_AGAIN: Final = "(*)"

_Node = Chosen | int
"""A distribution, or a requirement of the user's by its position."""


def render(report: Report, *, width: int, colour: bool, verbose: bool) -> str:
    """The tree as text that ends with a newline, in lines of at most ``width`` columns.

    What is ready, with everything below it, is counted where it stands; ``verbose`` draws it. A distribution that
    several require is drawn in full where it comes first, and marked ``(*)`` elsewhere.
    """
    rows = [row for severity in (Severity.BLOCKER, Severity.GAP) for row in rows_of(report, severity)]
    page = Page(report, rows_of(report, Severity.WARNING), width=max(width, MIN_WIDTH), verbose=verbose)
    tree = _Tree(page, rows)
    ready = report.verdict == READY and report.targets
    nothing = "Nothing to draw: everything that was required is ready." if ready else "No chain leads to a blocker."
    told = [] if tree.lines else [nothing]
    told += [f"{_AGAIN} what it requires is drawn above"] if tree.repeats else []
    notes = lines_of((line for text in told for line in wrap(text, page.width)), FAINT)
    gaps = draw_other_gaps(report, rows, {}, page)
    unknown: list[Line] = [[("Unknown", TITLE)], [], *gaps] if gaps else []
    left_out = draw_left_out(report, page.width, verbose=verbose)
    blocks = [draw_header(page), draw_targets(page), tree.lines, notes, unknown, left_out]
    return text_of(blocks, colour=colour)


class _Tree:
    """The lines of the tree."""

    def __init__(self, page: Page, rows: Iterable[FindingRow]) -> None:
        self.lines: list[Line] = []
        self.repeats = False
        self._page = page
        self._found: dict[Chosen, list[FindingRow]] = {}
        for row in rows:
            self._found.setdefault((row.name, row.version), []).append(row)
        self._children: dict[_Node, dict[Chosen, dict[str, None]]] = {}
        """By node and what it requires: the extras by which it does."""
        self._extras: dict[Chosen, dict[str, None]] = {}
        for edge in page.report.edges:
            parent = edge.parent if isinstance(edge.parent, int) else (edge.parent.name, edge.parent.version)
            child = (edge.child.name, edge.child.version)
            self._children.setdefault(parent, {}).setdefault(child, {})
            if edge.extra:
                self._children[parent][child][edge.extra] = None
        self._open = self._leading_there()
        self._draw()

    def _leading_there(self) -> set[_Node]:
        """Everything from which a blocker or something unknown can be reached."""
        parents: dict[_Node, set[_Node]] = {}
        for parent, children in self._children.items():
            for child in children:
                parents.setdefault(child, set()).add(parent)
        seen: set[_Node] = set(self._found)
        waiting = list(seen)
        while waiting:
            news = parents.get(waiting.pop(), set()) - seen
            seen |= news
            waiting += news
        return seen

    def _draw(self) -> None:
        """The requirements in their order, each with what it leads to; what nothing leads to comes first."""
        reached = {child for children in self._children.values() for child in children}
        for node, rows in self._found.items():
            if node not in reached:
                where = next((place(f.location) for row in rows for f in row.findings.values() if f.location), "")
                self._line("", "", node, head=where)
        drawn: set[_Node] = set()
        ready = 0
        for position, root in enumerate(self._page.report.roots):
            children = self._children.get(position, {})
            shown = [child for child in children if self._page.verbose or child in self._open]
            ready += bool(children) and not shown
            for child in shown:
                self._branch(child, drawn, head=place_of_root(root))
        if ready and self.lines:
            self.lines += lines_of([f"and {counted(ready, 'requirement')} of which everything is ready"], FAINT)

    def _branch(self, top: Chosen, drawn: set[_Node], *, head: str) -> None:
        """One distribution and all below it, depth first; without recursion, since chains may be of any length."""
        waiting: list[tuple[Chosen | str, str, str, str]] = [(top, "", "", head)]
        while waiting:
            node, first, rest, told = waiting.pop()
            if isinstance(node, str):
                self.lines.append([(f"{first}{node}", FAINT)])
                continue
            children = self._children.get(node, {})
            shown: list[Chosen | str] = [child for child in children if self._page.verbose or child in self._open]
            again = node in drawn and bool(shown)
            self._line(first, rest, node, told, again=again)
            self.repeats = self.repeats or again
            if again:
                continue
            drawn.add(node)
            if (left := len(children) - len(shown)) and (shown or node not in self._found):
                shown.append(f"{left} ready")
            rest = rest[-(self._page.width // 2) :]
            for number, child in enumerate(reversed(shown)):
                last = number == 0
                waiting.append((child, rest + (_LAST if last else _BRANCH), rest + (INDENT if last else _BAR), ""))

    def _line(self, first: str, rest: str, node: Chosen, head: str = "", *, again: bool = False) -> None:
        """``r.txt:2  uvicorn[standard] 0.30  GIL-only (*)``, what the distribution gets where it is not ready."""
        name, version = node
        extras = dict.fromkeys(extra for by in self._children.get(node, {}).values() for extra in by)
        title = f"{name}[{','.join(extras)}]" if extras and node in self._open else name
        title = safe(f"{title} {version}" if version else title)
        words = list(self._words(self._found.get(node, [])))
        units = [title, *(f" {text}" for text, _ in words), *([_AGAIN] if again else [])]
        lines = wrap([f"{head} ", *units] if head else units, self._page.width, first=first, rest=rest + INDENT)
        role = words[0][1] if words else PLAIN
        for line in lines:
            before, found, after = line.partition(title) if title else (line, "", "")
            named = (found, NAME if words else PLAIN)
            self.lines.append([(before, FAINT), named, (after, role)] if found else [(line, FAINT)])

    def _words(self, rows: Iterable[FindingRow]) -> Iterable[tuple[str, str]]:
        """What the targets get that are not ready, in a few words for each group of them."""
        for row in rows:
            groups: dict[tuple[str, str], list[str]] = {}
            for target, finding in row.findings.items():
                word, role = row.cell(target)
                aside = " [ignored]" if finding.suppressed_by is not None else ""
                groups.setdefault((word + aside, role), []).append(target)
            for (word, role), ids in groups.items():
                everywhere = len(ids) == len(self._page.targets)
                yield word if everywhere else f"{word} ({self._page.scope.words(ids)})", role

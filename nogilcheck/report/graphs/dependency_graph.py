"""From a report, or an explanation, to what is drawn of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from nogilcheck.model.explanation import ProjectExplanation
from nogilcheck.model.report.finding import Path
from nogilcheck.model.report.report import READY, Report
from nogilcheck.model.report.requirements import Endpoint, ReportEdge, ReportRoot
from nogilcheck.model.source import COMMAND_LINE, STDIN
from nogilcheck.model.verdict import Severity, Verdict
from nogilcheck.report.chains import only_an_extra
from nogilcheck.report.graphs.drawing import BOX_COLUMNS, ROLES, ROOT, Arrow, Box, Drawing, Strand, note, short, wrapped
from nogilcheck.report.rows import LEFT_OUT, place_of_root, told
from nogilcheck.report.scope import Scope
from nogilcheck.report.words import word_of, word_of_verdict

MAX_LEFT_OUT = 50
"""Requirements that do not apply of which each is told."""
MAX_GAPS = 5
"""Unknowns that are listed one by one."""

Key = tuple[str, str | None] | int
"""A distribution (name and version), or the position of a root."""

_Link = tuple[Key, Key, str]
"""From, to, and what stands at it."""


def draw(subject: Report | ProjectExplanation, *, everything: bool) -> Drawing:
    """The graph behind a report or an explanation; ``everything`` rather than what matters to the verdict."""
    if isinstance(subject, Report):
        return draw_report(subject, everything=everything)
    return draw_explanation(subject, everything=everything)


def draw_report(report: Report, *, everything: bool) -> Drawing:
    """The blockers, what may be one, and the chains that lead to them; or everything, these still first."""
    weaver = _Weaver(report)
    for severity in (Severity.BLOCKER, Severity.GAP):
        for finding in report.findings:
            if finding.severity is severity:
                if not finding.paths:
                    weaver.alone((finding.distribution, finding.version), word_of(finding.status), severity)
                weaver.follow(finding.paths)
    if everything:
        weaver.take(report.edges)
    targets = Scope(report.targets).words(target.id for target in report.targets)
    notes = [*_blocking(report, targets), *_gaps(report), *_left_out(report)]
    return Drawing(title=f"what blocks {targets}", strands=(*notes, *weaver.strands()))


def _blocking(report: Report, targets: str) -> Iterator[Strand]:
    """That there is nothing to draw, where there is nothing."""
    if not any(finding.severity is Severity.BLOCKER for finding in report.findings):
        known = ", as far as is known" if report.verdict != READY else ""
        yield Strand(boxes=(note(f"nothing blocks {targets}{known}", name="nothing"),), arrows=())


def _gaps(report: Report) -> Iterator[Strand]:
    """The unknowns: the chains that are drawn may not be all."""
    if report.gaps:
        told = [" ".join(gap.text.split()) for gap in report.gaps[:MAX_GAPS]]
        more = len(report.gaps) - len(told)
        lines = ("unknown", *told, *([f"and {more} more"] if more else []))
        yield Strand(boxes=(note(*lines, name="gaps"),), arrows=())


def _left_out(report: Report) -> Iterator[Strand]:
    """The requirements that do not apply, which lead nowhere."""
    if texts := told(report, MAX_LEFT_OUT):
        yield Strand(boxes=(note(LEFT_OUT.lower(), *texts, name="leftout"),), arrows=())


def draw_explanation(explanation: ProjectExplanation, *, everything: bool) -> Drawing:
    """The shortest chains to one project; or everything that leads to it."""
    weaver = _Weaver(explanation.report)
    for one in explanation.presences:
        weaver.follow(one.paths)
    if everything:
        chosen = {(explanation.name, one.version) for one in explanation.presences}
        weaver.take(_leading_to(chosen, explanation.report.edges))
    roots = tuple(explanation.report.roots[position] for position in explanation.left_out)
    others = _left_out(replace(explanation.report, roots=roots))
    strands = (*_gaps(explanation.report), *others, *weaver.strands())
    return Drawing(title=f"why {explanation.name}", strands=strands)


def _leading_to(chosen: set[tuple[str, str | None]], edges: Sequence[ReportEdge]) -> Iterator[ReportEdge]:
    """The edges from which one of these can be reached, the nearest first; no chain leads from project to project."""
    above: dict[tuple[str, int, Key], list[ReportEdge]] = {}
    for edge in edges:
        above.setdefault((edge.target, edge.project, _key(edge.child)), []).append(edge)
    waiting = [place for place in above if place[2] in chosen]
    seen = set(waiting)
    for place in waiting:  # which grows
        for edge in above[place]:
            yield edge
            parent = (edge.target, edge.project, _key(edge.parent))
            if parent in above and parent not in seen:
                seen.add(parent)
                waiting.append(parent)


class _Weaver:
    """Makes strands of chains and edges; what was there before is not there again."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._scope = Scope(report.targets)
        self._numbers = count()
        self._boxes: dict[Key, Box] = {}
        self._said: dict[tuple[Key, Key], dict[str, None]] = {}
        """What stands at each arrow, each text once."""
        self._strands: list[tuple[list[Box], list[tuple[Key, Key]]]] = []
        self._verdicts: dict[Key, dict[str, Verdict]] = {
            (one.name, one.version): {target: found.verdict for target, found in one.targets.items()}
            for one in report.distributions
        }

    def alone(self, key: Key, word: str, role: Severity) -> None:
        """Something that no chain leads to."""
        if key not in self._boxes:
            self._boxes[key] = Box(id=f"n{next(self._numbers)}", lines=(_title(key), word), role=role)
            self._strands.append(([self._boxes[key]], []))

    def follow(self, paths: Iterable[Path]) -> None:
        """Chains, each of which is a strand."""
        for path in paths:
            links: list[_Link] = []
            parent: Key = path.root
            for step in path.steps:
                child = (step.name, step.version)
                links.append((parent, child, _label(step.specifier, step.extra, step.marker)))
                parent = child
            self._add(links)

    def take(self, edges: Iterable[ReportEdge]) -> None:
        """Edges, each of which is a strand."""
        for edge in edges:
            self._add([(_key(edge.parent), _key(edge.child), _label(edge.specifier, edge.extra, edge.marker))])

    def strands(self) -> tuple[Strand, ...]:
        """All strands, with all that was said at each arrow."""
        return tuple(
            Strand(boxes=tuple(boxes), arrows=tuple(self._arrow(*ends) for ends in arrows))
            for boxes, arrows in self._strands
        )

    def _add(self, links: Iterable[_Link]) -> None:
        boxes: list[Box] = []
        arrows: list[tuple[Key, Key]] = []
        for parent, child, label in links:
            for key in (parent, child):
                if key not in self._boxes:
                    self._boxes[key] = self._box(key)
                    boxes.append(self._boxes[key])
            if (parent, child) not in self._said:
                self._said[parent, child] = {}
                arrows.append((parent, child))
            if label:
                self._said[parent, child][label] = None
        if boxes or arrows:
            self._strands.append((boxes, arrows))

    def _arrow(self, parent: Key, child: Key) -> Arrow:
        label = short(" or ".join(self._said[parent, child]))
        return Arrow(parent=self._boxes[parent].id, child=self._boxes[child].id, label=label)

    def _box(self, key: Key) -> Box:
        name = f"n{next(self._numbers)}"
        if isinstance(key, int):
            return Box(id=name, lines=_root_lines(self._report.roots[key]), role=ROOT)
        words = list(self._words(self._verdicts.get(key, {})))
        worst = min((role for _, role in words), key=ROLES.index, default=ROOT)  # what is on the disk is not judged
        lines = (line for text, _ in words for line in wrapped(text, BOX_COLUMNS))
        return Box(id=name, lines=(_title(key), *lines), role=worst)

    def _words(self, verdicts: dict[str, Verdict]) -> Iterator[tuple[str, Severity]]:
        """What the targets get, in a few words for each group of them."""
        groups: dict[tuple[str, Severity], list[str]] = {}
        for target, verdict in verdicts.items():
            groups.setdefault((word_of_verdict(verdict), verdict.severity), []).append(target)
        for (word, severity), ids in groups.items():
            said = f"ready ({word})" if severity is Severity.READY else word
            everywhere = len(ids) == len(self._report.targets)
            yield short(said if everywhere else f"{self._scope.words(ids)}: {said}"), severity


def _key(end: int | Endpoint) -> Key:
    return end if isinstance(end, int) else (end.name, end.version)


def _title(key: Key) -> str:
    if isinstance(key, int):
        return str(key)
    name, version = key
    return short(f"{name} {version}" if version else name)


def _root_lines(root: ReportRoot) -> tuple[str, ...]:
    place = place_of_root(root) or {COMMAND_LINE: "command line", STDIN: "stdin"}.get(root.path, root.path)
    return (short(place), short(root.requirement))


def _label(specifier: str, extra: str | None, marker: str | None) -> str:
    parts = [f"[{extra}]" if extra else "", specifier, f"; {marker}" if marker and not only_an_extra(marker) else ""]
    return " ".join(filter(None, parts))

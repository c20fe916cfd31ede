"""The chains from the user's requirements to what is not ready, drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import PurePath
from typing import Final
from xml.etree.ElementTree import Element

from nogilcheck.model.report.finding import Path
from nogilcheck.model.report.report import Report
from nogilcheck.model.report.requirements import ReportRoot
from nogilcheck.model.verdict import WORST_FIRST, Severity
from nogilcheck.report.chains import only_an_extra
from nogilcheck.report.pages.html.layering import Point, lay_out
from nogilcheck.report.pages.html.markup import Key, element
from nogilcheck.report.rows import place_of_root
from nogilcheck.report.words import counted, word_of

MAX_BOXES: Final = 150
"""More than this nobody can look at; what holds back most is drawn first."""

_CHARS: Final = (7.3, 6.7)
"""The width of a character in the first line, which is monospaced, and in the others, with some to spare."""
_LINE, _PADDING = 15.0, 12.0
_MAX_CHARS: Final = 24
_BETWEEN_LAYERS, _BETWEEN_BOXES, _MARGIN = 34.0, 14.0, 10.0


@dataclass(slots=True, kw_only=True)
class _Drawn:
    """What is drawn, each in the order in which it was met."""

    boxes: dict[Key, int] = field(default_factory=dict)
    roots: dict[Key, dict[int, None]] = field(default_factory=dict)
    """Boxes that the user asks for -> the positions of the requirements that do."""
    arrows: dict[tuple[int, int], dict[str, None]] = field(default_factory=dict)
    """From box to box: what is said at it."""
    left: set[Key] = field(default_factory=set)
    """Findings for which there was no room."""


def graph(report: Report, cards: Mapping[Key, str]) -> Iterator[Element]:
    """The picture and what is to be said of it; nothing where no chain leads to anything."""
    drawn = _gather(report)
    if not drawn.boxes:
        return
    worst = _worst(report)
    labels = [_label(key, report, worst, drawn) for key in drawn.boxes]
    sizes = [_size(label) for label in labels]
    placed = lay_out(sizes, list(drawn.arrows), between_layers=_BETWEEN_LAYERS, between_boxes=_BETWEEN_BOXES)
    width, height = (round(side + 2 * _MARGIN) for side in (placed.width, placed.height))
    picture = element(
        "svg", element("title", "Chains from your requirements to what is not ready"),
        id="_picture", role="img", viewBox=f"0 0 {width} {height}", width=str(width), height=str(height),
    )  # fmt: skip
    for ((tail, head), said), route in zip(drawn.arrows.items(), placed.routes, strict=True):
        picture.append(_arrow(tail, head, " or ".join(said), route))
    for (key, position), label, size, corner in zip(drawn.boxes.items(), labels, sizes, placed.corners, strict=True):
        role = worst[key][0] if key in worst else Severity.READY
        asked = "".join(f"; asked for: {_asked(report.roots[root])}" for root in drawn.roots.get(key, ()))
        told = f"{' '.join(filter(None, key))}{f', {worst[key][1]}' if key in worst else ''}{asked}"
        box = _box(label, size, corner, told)
        box.set("class", f"box {role}{' asked' if asked else ''}")
        box.set("data-box", str(position))
        if key in cards:
            box.set("data-card", cards[key])
        picture.append(box)
    yield element("div", picture, class_="scroll picture", role="region", aria_label="Graph, scrollable", tabindex="0")
    if drawn.left:
        number = counted(len(drawn.left), "more distribution")
        yield element("p", f"Not drawn, for want of room: {number}; each is listed above.")


def _gather(report: Report) -> _Drawn:
    drawn = _Drawn()
    for severity in (Severity.BLOCKER, Severity.GAP):
        for finding in report.findings:
            if finding.severity is severity:
                for path in finding.paths:
                    if not _take(path, drawn):
                        drawn.left.add((finding.distribution, finding.version))
    drawn.left -= drawn.boxes.keys()
    return drawn


def _take(path: Path, drawn: _Drawn) -> bool:
    """Draw a chain, unless there is no room for it."""
    keys: list[Key] = [(step.name, step.version) for step in path.steps]
    if len(drawn.boxes.keys() | set(keys)) > MAX_BOXES or not keys:
        return False
    drawn.roots.setdefault(keys[0], {})[path.root] = None
    numbers = [drawn.boxes.setdefault(key, len(drawn.boxes)) for key in keys]
    for ends, step in zip(pairwise(numbers), path.steps[1:], strict=True):
        if ends[0] != ends[1]:
            extra = f"[{step.extra}] " if step.extra else ""
            marker = f" ; {step.marker}" if step.marker and not only_an_extra(step.marker) else ""
            drawn.arrows.setdefault(ends, {})[f"{extra}{step.specifier}{marker}".strip() or "any version"] = None
    return True


def _worst(report: Report) -> dict[Key, tuple[Severity, str]]:
    """For each distribution that is not ready the severity and the word of its worst finding."""
    pythons = {target.id: target.python_name for target in report.targets}
    worst: dict[Key, tuple[Severity, str]] = {}
    for severity in WORST_FIRST:
        for finding in report.findings:
            if finding.severity is severity:
                word = word_of(finding.status, pythons.get(finding.target, ""))
                worst.setdefault((finding.distribution, finding.version), (severity, word))
    return worst


def _label(key: Key, report: Report, worst: Mapping[Key, tuple[Severity, str]], drawn: _Drawn) -> list[str]:
    """Lines: what it is, what becomes of it, and where the user asks for it."""
    name, version = key
    said = " · ".join(filter(None, (version, worst[key][1] if key in worst else "")))
    roots = (report.roots[root] for root in drawn.roots.get(key, ()))
    places = dict.fromkeys(place_of_root(replace(one, path=PurePath(one.path).name)) or "command line" for one in roots)
    return [_cut(name), *(_cut(line, 4) for line in (said, ", ".join(places)) if line)]


def _size(label: Sequence[str]) -> Point:
    width = max(len(line) * _CHARS[number > 0] for number, line in enumerate(label))
    return width + 2 * _PADDING, len(label) * _LINE + _PADDING


def _asked(root: ReportRoot) -> str:
    return " ".join(filter(None, (root.requirement, f"({place_of_root(root)})" if place_of_root(root) else "")))


def _cut(text: str, more: int = 0) -> str:
    """Names that are alike differ at their ends: what is too long loses its middle."""
    half = (_MAX_CHARS + more) // 2
    return text if len(text) <= 2 * half else f"{text[: half - 1]}…{text[-half:]}"


def _arrow(tail: int, head: int, said: str, route: tuple[Point, ...]) -> Element:
    """A curve that is level at every box and bend, with what it asks for as its tooltip and label."""
    points = [(x + _MARGIN, y + _MARGIN) for x, y in route]
    drawn = f"M{_at(points[0])}"
    for before, after in pairwise(points):
        middle = (before[0] + after[0]) / 2
        level = before[1] == after[1]
        drawn += f"H{after[0]:g}" if level else f"C{middle:g},{before[1]:g} {middle:g},{after[1]:g} {_at(after)}"
    return element("path", element("title", said), d=drawn, class_="arrow", data_ends=f"{tail} {head}")


def _box(label: Sequence[str], size: Point, corner: Point, told: str) -> Element:
    left, top = corner[0] + _MARGIN, corner[1] + _MARGIN
    lines = (
        element("text", line, x=f"{left + _PADDING:g}", y=f"{top + _PADDING / 2 + (number + 0.75) * _LINE:g}")
        for number, line in enumerate(label)
    )
    sides = {"width": f"{size[0]:g}", "height": f"{size[1]:g}"}
    return element("g", element("title", told), element("rect", x=f"{left:g}", y=f"{top:g}", rx="6", **sides), *lines)


def _at(point: Point) -> str:
    return f"{point[0]:g},{point[1]:g}"

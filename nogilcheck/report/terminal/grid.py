"""The columns of a matrix: one for each target, grouped by Python, the platforms of a family side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from nogilcheck.frozen import frozen
from nogilcheck.report.scope import Scope, family_of
from nogilcheck.report.terminal.layout import cells, pad

_HEADS: Final = {
    "linux-x86_64": ("lin", "x"),
    "linux-aarch64": ("lin", "a"),
    "musllinux-x86_64": ("mus", "x"),
    "musllinux-aarch64": ("mus", "a"),
    "macos-arm64": ("mac", "a"),
    "macos-x86_64": ("mac", "x"),
    "windows-amd64": ("win", "x"),
    "windows-arm64": ("win", "a"),
}
"""Platform -> the two lines of its head; any other is numbered."""

_BETWEEN: Final = "  "
"""Between the columns of two Pythons."""


@frozen
class Grid:
    """Where the sign of each target stands, and what stands above it."""

    heads: Sequence[str]
    """Lines above the signs."""
    lines: Sequence[Mapping[str, int]]
    """For each line of a row: target id -> column, from 0."""
    labels: Sequence[str]
    """What each of these lines begins with: nothing, or the Python that it is about."""
    width: int

    @property
    def label(self) -> int:
        """Columns for the labels."""
        return max(map(cells, self.labels))


def joined(scope: Scope) -> Grid:
    """All targets on one line."""
    blocks = [_Block(scope, python) for python in scope.pythons]
    heads = ["", "", ""]
    at: dict[str, int] = {}
    start = 0
    for block in blocks:
        name = block.python if len(blocks) > 1 else ""
        width = max(block.width, cells(name))
        for number, text in enumerate((name, block.families, block.architectures)):
            heads[number] += pad(text, width) + _BETWEEN
        at |= {target: start + column for target, column in block.at.items()}
        start += width + len(_BETWEEN)
    shown = tuple(head.rstrip() for head in heads if head.strip())
    return Grid(heads=shown, lines=(at,), labels=("",), width=max(0, start - len(_BETWEEN)))


def split(scope: Scope) -> Grid:
    """A line for each Python, where all of them side by side are too wide."""
    blocks = [_Block(scope, python, scope.platforms) for python in scope.pythons]
    first = blocks[0]
    return Grid(
        heads=(first.families, first.architectures),
        lines=tuple(block.at for block in blocks),
        labels=scope.pythons,
        width=first.width,
    )


def keys(scope: Scope) -> list[str]:
    """What the heads stand for, with what each platform is taken to be: ``lin = linux (glibc 2.34)``."""
    taken: dict[str, dict[str, dict[str, None]]] = {}
    for target in scope.targets:
        on = taken.setdefault(_head(target.platform, scope)[0], {})
        on.setdefault(target.floor, {})[target.platform] = None
    found: list[str] = []
    for head, by_floor in taken.items():
        alike = len(by_floor) == 1
        places = dict.fromkeys(
            _with_floor((family_of(platform) if alike and platform in _HEADS else None) or platform, floor)
            for floor, platforms in by_floor.items()
            for platform in platforms
        )
        found.append(f"{head} = {' or '.join(places)}")
    architectures: dict[str, dict[str, None]] = {}
    for platform in scope.platforms:
        if platform in _HEADS:
            architectures.setdefault(_HEADS[platform][1], {})[platform.partition("-")[2]] = None
    return found + [f"{sign} = {' or '.join(names)}" for sign, names in architectures.items()]


def floors(scope: Scope) -> list[str]:
    """The platforms, and what each is taken to be: ``linux (glibc 2.34)``."""
    on: dict[str, set[str]] = {}
    for target in scope.targets:
        on.setdefault(target.floor, set()).add(target.platform)
    return [_with_floor(place, floor) for floor, platforms in on.items() for place in scope.places(platforms)]


def _with_floor(place: str, floor: str) -> str:
    if floor.lower().startswith(place.lower()):
        return floor
    return f"{place} ({floor})" if floor else place


def _head(platform: str, scope: Scope) -> tuple[str, str]:
    return _HEADS.get(platform) or (f"#{scope.platforms.index(platform) + 1}", "")


class _Block:
    """The columns of one Python."""

    def __init__(self, scope: Scope, python: str, platforms: Iterable[str] = ()) -> None:
        """``platforms`` have columns even where this Python is not on them."""
        self.python = python
        ids = {target.platform: target.id for target in scope.targets if target.python_name == python}
        self.at: dict[str, int] = {}
        families: dict[str, list[str]] = {}
        for platform in platforms or ids:
            families.setdefault(_head(platform, scope)[0], []).append(platform)
        first, second = "", ""
        start = 0
        for name, members in families.items():
            signs = " ".join(_head(platform, scope)[1] for platform in members)
            width = max(len(name), 2 * len(members) - 1)
            for number, platform in enumerate(members):
                if platform in ids:
                    self.at[ids[platform]] = start + 2 * number
            first += pad(name, width) + " "
            second += pad(signs, width) + " "
            start += width + 1
        alone = len(scope.platforms) == 1
        self.families = "" if alone else first.rstrip()
        self.architectures = "" if alone else second.rstrip()
        self.width = 1 if alone else start - 1

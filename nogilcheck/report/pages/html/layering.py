"""Lay out a graph in layers from left to right.

Sugiyama's method: break circles, give each box a layer, order the boxes of each layer so that few arrows cross,
then place them near what they are joined to. The well-kept libraries for it are compiled, and the pure one
(grandalf) has had no release since January 2023.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nogilcheck.frozen import frozen

Point = tuple[float, float]

_SWEEPS = 12
"""Passes over all layers, to and fro; a dozen settles what a screen can show."""


@frozen
class GraphLayout:
    """Where everything goes, in the units of the sizes."""

    corners: tuple[Point, ...]
    """The upper left corner of each box."""
    routes: tuple[tuple[Point, ...], ...]
    """For each arrow the points that it passes, from the right side of one box to the left side of the other."""
    width: float
    height: float


class _Layering:
    """Boxes in layers, and the bends of arrows that pass through layers, which are boxes without a size."""

    def __init__(self, sizes: Sequence[Point], arrows: Sequence[tuple[int, int]]) -> None:
        self.sizes = [*sizes]
        ranks = _ranks(len(sizes), arrows)
        self.rank = [*ranks]
        self.chains: list[list[int]] = []
        """For each arrow the box where it begins, its bends, and the box where it ends."""
        for tail, head in arrows:
            step = 1 if ranks[head] > ranks[tail] else -1
            bends = list(range(ranks[tail] + step, ranks[head], step)) if ranks[head] != ranks[tail] else []
            first = len(self.sizes)
            self.sizes += [(0.0, 0.0)] * len(bends)
            self.rank += bends
            self.chains.append([tail, *range(first, first + len(bends)), head])
        self.joined: list[tuple[list[int], list[int]]] = [([], []) for _ in self.sizes]
        """For each box those beside it in the layer before, and in the layer after."""
        for chain in self.chains:
            for one, other in pairwise(chain):
                before, after = (one, other) if self.rank[one] < self.rank[other] else (other, one)
                if self.rank[before] < self.rank[after]:
                    self.joined[before][1].append(after)
                    self.joined[after][0].append(before)
        self.layers: list[list[int]] = [[] for _ in range(max(self.rank, default=-1) + 1)]
        for box in self._depth_first():
            self.layers[self.rank[box]].append(box)

    def _depth_first(self) -> list[int]:
        """All boxes, those that hang together close to one another."""
        seen: dict[int, None] = {}
        for start in sorted(range(len(self.sizes)), key=lambda box: self.rank[box]):
            waiting = [start]
            while waiting:
                box = waiting.pop()
                if box not in seen:
                    seen[box] = None
                    waiting += [after for after in reversed(self.joined[box][1]) if after not in seen]
        return list(seen)

    def order(self) -> None:
        """Sort each layer by the middle of what is beside it, to and fro; the order with the fewest crossings stays."""
        best, fewest = [[*layer] for layer in self.layers], self._crossings()
        for sweep in range(_SWEEPS):
            side = sweep % 2
            for layer in self.layers if side == 0 else reversed(self.layers):
                at = {box: position for row in self.layers for position, box in enumerate(row)}
                layer.sort(key=lambda box: (_mean([at[one] for one in self.joined[box][side]], at[box]), at[box]))
            crossings = self._crossings()
            if crossings < fewest:
                best, fewest = [[*layer] for layer in self.layers], crossings
        self.layers = best

    def _crossings(self) -> int:
        total = 0
        for layer, following in pairwise(self.layers):
            at = {box: position for position, box in enumerate(following)}
            ends: list[int] = []
            for box in layer:
                heads = sorted(at[one] for one in self.joined[box][1])
                total += sum(end > head for head in heads for end in ends)
                ends += heads
        return total

    def middles(self, gap: float) -> list[float]:
        """The height of the middle of each box: as near as there is room to the mean of those beside it."""
        middle = [0.0] * len(self.sizes)
        for layer in self.layers:
            self._place(layer, [0.0] * len(layer), middle, gap)
        for sweep in range(2 * _SWEEPS):
            side = sweep % 2
            for layer in self.layers if side == 0 else reversed(self.layers):
                wanted = [_mean([middle[one] for one in self.joined[box][side]], middle[box]) for box in layer]
                self._place(layer, wanted, middle, gap)
        return middle

    def _place(self, layer: Sequence[int], wanted: Sequence[float], middle: list[float], gap: float) -> None:
        """The places in this order that are least away from the wanted ones (pool adjacent violators)."""
        offset, before = 0.0, 0.0
        offsets: list[float] = []
        pools: list[tuple[float, int]] = []
        for box, want in zip(layer, wanted, strict=True):
            half = self.sizes[box][1] / 2
            offset += before + half + (gap if offsets else 0.0)
            before = half
            offsets.append(offset)
            value, count = want - offset, 1
            while pools and pools[-1][0] > value:
                other, others = pools.pop()
                value, count = (value * count + other * others) / (count + others), count + others
            pools.append((value, count))
        places = [value for value, count in pools for _ in range(count)]
        for box, place, own in zip(layer, places, offsets, strict=True):
            middle[box] = place + own


def lay_out(
    sizes: Sequence[Point], arrows: Sequence[tuple[int, int]], *, between_layers: float, between_boxes: float
) -> GraphLayout:
    """Places for boxes of these sizes (width and height), and routes for arrows between them, by their positions."""
    made = _Layering(sizes, arrows)
    made.order()
    middle = made.middles(between_boxes)
    widths = [max(made.sizes[box][0] for box in layer) for layer in made.layers]
    lefts = [sum(widths[:rank]) + rank * between_layers for rank in range(len(widths))]
    top = min((middle[box] - made.sizes[box][1] / 2 for box in range(len(made.sizes))), default=0.0)
    bottom = max((middle[box] + made.sizes[box][1] / 2 for box in range(len(made.sizes))), default=0.0)

    def passed(box: int, *, first: bool, last: bool) -> list[Point]:
        left, width, height = lefts[made.rank[box]], widths[made.rank[box]], round(middle[box] - top, 1)
        if first or last:
            return [(left + made.sizes[box][0] if first else left, height)]
        return [(left, height), (left + width, height)]

    routes = [
        tuple(
            point
            for number, box in enumerate(chain)
            for point in passed(box, first=number == 0, last=number == len(chain) - 1)
        )
        for chain in made.chains
    ]
    return GraphLayout(
        corners=tuple(
            (lefts[made.rank[box]], round(middle[box] - made.sizes[box][1] / 2 - top, 1)) for box in range(len(sizes))
        ),
        routes=tuple(routes),
        width=lefts[-1] + widths[-1] if lefts else 0.0,
        height=bottom - top,
    )


def _ranks(count: int, arrows: Sequence[tuple[int, int]]) -> list[int]:
    """The layer of each box: the length of the longest way to it, arrows that close a circle left out."""
    heads: list[list[int]] = [[] for _ in range(count)]
    for tail, head in arrows:
        heads[tail].append(head)
    state, finished = [0] * count, []
    for start in range(count):
        waiting = [(start, iter(heads[start]))] if state[start] == 0 else []
        state[start] = state[start] or 1
        while waiting:
            box, rest = waiting[-1]
            new = next((head for head in rest if state[head] == 0), None)
            if new is None:
                state[box] = 2
                finished.append(box)
                waiting.pop()
            else:
                state[new] = 1
                waiting.append((new, iter(heads[new])))
    position = {box: number for number, box in enumerate(reversed(finished))}
    ranks = [0] * count
    for box in reversed(finished):
        for head in heads[box]:
            if position[head] > position[box]:
                ranks[head] = max(ranks[head], ranks[box] + 1)
    return ranks


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise

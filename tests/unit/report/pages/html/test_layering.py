"""Layers from left to right, without boxes over one another."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.report.pages.html.layering import GraphLayout, lay_out

GRAPHS = st.integers(1, 12).flatmap(
    lambda count: st.tuples(
        st.lists(st.tuples(st.integers(20, 200), st.integers(10, 40)), min_size=count, max_size=count),
        st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=30, unique=True),
    )
)


def laid_out(sizes: list[tuple[int, int]], arrows: list[tuple[int, int]]) -> GraphLayout:
    return lay_out([(float(w), float(h)) for w, h in sizes], arrows, between_layers=30, between_boxes=10)


@given(GRAPHS)
def test_no_box_covers_another_and_all_are_inside(graph: tuple[list[tuple[int, int]], list[tuple[int, int]]]) -> None:
    sizes, arrows = graph
    placed = laid_out(sizes, arrows)
    boxes = [(x, y, x + w, y + h) for (x, y), (w, h) in zip(placed.corners, sizes, strict=True)]
    for a, b in combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] + 0.2 or b[3] <= a[1] + 0.2
    assert all(x >= 0 and y >= -0.1 for x, y, _, _ in boxes)
    assert max(box[2] for box in boxes) <= placed.width + 0.1
    assert max(box[3] for box in boxes) <= placed.height + 0.2
    assert len(placed.routes) == len(arrows)
    assert laid_out(sizes, arrows) == placed


def test_arrows_lead_to_the_right_whatever_circles_there_are() -> None:
    # A chain of three, a short cut, and the way back from its end to its beginning.
    placed = laid_out([(50, 20)] * 3, [(0, 1), (1, 2), (0, 2), (2, 0)])
    lefts = [x for x, _ in placed.corners]
    assert lefts == sorted(lefts)
    assert lefts[0] < lefts[1] < lefts[2]
    for route in placed.routes[:3]:
        assert [x for x, _ in route] == sorted(x for x, _ in route)
    assert placed.routes[0][0][0] == 50
    assert placed.routes[0][-1][0] == lefts[1]


def test_chains_that_need_not_cross_do_not() -> None:
    """Three chains side by side, whose boxes come in another order on each layer."""
    placed = laid_out([(50, 20)] * 9, [(0, 5), (1, 4), (2, 3), (5, 6), (4, 8), (3, 7)])
    heights = [y for _, y in placed.corners]
    for one, other in combinations([(0, 5, 6), (1, 4, 8), (2, 3, 7)], 2):
        assert len({heights[a] < heights[b] for a, b in zip(one, other, strict=True)}) == 1


def test_nothing_has_no_size() -> None:
    placed = laid_out([], [])
    assert (placed.width, placed.height) == (0, 0)

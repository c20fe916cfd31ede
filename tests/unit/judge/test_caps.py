"""Who limits the versions of a project."""

from __future__ import annotations

import pytest
from packaging.version import Version

from nogilcheck.judge.caps import caps_on, floor_of
from nogilcheck.model.graph import Edge, Graph, Node
from nogilcheck.model.source import Bounds, Location, Root

AT = [Location(path="r.txt", line=number) for number in range(1, 5)]


def _root(name: str, specifier: str, line: int) -> Root:
    return Root(requirement=f"{name}{specifier}", name=name, specifier=specifier, location=AT[line - 1])


ROOTS = [_root("a", ">=1", 1), _root("b", "", 2), _root("b", "==1", 3)]
GRAPH = Graph(
    nodes={name: Node(name=name, version=Version("1")) for name in "ab"},
    edges=(
        Edge(parent=0, child="a", specifier=">=1"),
        Edge(parent=1, child="b"),
        Edge(parent=2, child="b", specifier="==1"),
        Edge(parent="a", child="b", specifier="<2"),
        Edge(parent="a", child="b", specifier="<2", extra="x"),
        Edge(parent="b", child="b", specifier="==1", extra="all", child_extras=("x",)),
    ),
)


def _said(**more: object) -> list[tuple[str, str]]:
    return [(cap.by, cap.specifier) for cap in caps_on("b", GRAPH, ROOTS, **more)]  # type: ignore[arg-type]


def test_every_requirement_that_limits_counts_once() -> None:
    """What a project asks of itself does not."""
    assert _said() == [("r.txt:3", "==1"), ("a 1", "<2")]


def test_constraints_count_and_overrides_take_the_place_of_everything_else() -> None:
    limits = [_root("b", "<9", 4), _root("a", "<9", 4)]
    assert _said(constraints=limits) == [("r.txt:3", "==1"), ("a 1", "<2"), ("r.txt:4", "<9")]
    assert _said(overrides=limits) == [("r.txt:4", "<9")]


def test_the_entry_of_a_lock_is_no_cap() -> None:
    assert _said(pins={AT[2]}) == [("a 1", "<2")]


def test_the_user_may_change_what_the_user_wrote() -> None:
    own, other = caps_on("b", GRAPH, ROOTS)
    assert (own.location, other.location) == (AT[2], None)


@pytest.mark.parametrize(
    ("requires_python", "oldest"),
    [
        (">=3.9", "3.9"),
        (">=3.9.2,<4", "3.9.2"),
        ("~=3.11", "3.11"),
        ("==3.12.*", "3.12"),
        ("!=3.0.*,>=3.8", "3.8"),
        ("<3.14", "3.0"),
        (">3.10", "3.11"),
        ("", None),
        (None, None),
        ("rubbish", None),
        (">=99", "99"),
        (f">={'9' * 5000}", None),
    ],
)
def test_the_oldest_python_that_a_project_is_for(requires_python: str | None, oldest: str | None) -> None:
    found = floor_of(Bounds(project="x", location=AT[0], requires_python=requires_python))
    assert (found and str(found[1])) == oldest
    assert found is None or (found[0].floor and found[0].location == AT[0])

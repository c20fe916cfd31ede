"""Every shortest chain, ties included."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from nogilcheck.judge.chains import Chains
from nogilcheck.judge.shortest_chains import MAX_TIES, every_shortest
from nogilcheck.model.graph import Edge, Graph, Node
from nogilcheck.model.report.finding import Path, Step


def graph(*edges: Edge) -> Graph:
    names = dict.fromkeys(edge.child for edge in edges)
    return Graph(nodes={name: Node(name=name, version=Version("1.0")) for name in names}, edges=edges)


def graph_of(text: str) -> Graph:
    """``0>a a>b``: edges between roots (digits) and distributions."""
    pairs = [pair.split(">") for pair in text.split()]
    return graph(*(Edge(parent=int(p) if p.isdigit() else p, child=c) for p, c in pairs))


def names(paths: tuple[Path, ...]) -> list[str]:
    return [" ".join([str(path.root), *(step.name for step in path.steps)]) for path in paths]


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ("0>z", ["0 z"]),
        ("0>a 0>b a>z b>z", ["0 a z", "0 b z"]),
        ("0>a a>z a>b b>z", ["0 a z"]),  # a detour is none
        ("1>z 0>a 0>b a>z b>z", ["1 z", "0 a z", "0 b z"]),
        ("0>a a>b a>c b>z c>z z>a", ["0 a b z", "0 a c z"]),  # a ring
        ("0>x x>y 1>z", ["1 z"]),
    ],
)
def test_ties_of_each_root_line(edges: str, expected: list[str]) -> None:
    found = every_shortest([graph_of(edges)], "z")
    assert names(found.paths) == expected
    assert found.more == 0


def test_an_extra_leads_only_where_it_is_asked_for() -> None:
    with_extra = Edge(parent="a", child="z", extra="x", specifier=">=2", marker='extra == "x"')
    asked = Edge(parent=0, child="a", child_extras=("x",), specifier="<9")
    found = every_shortest([graph(asked, Edge(parent=1, child="a"), with_extra)], "z")
    (path,) = found.paths
    assert path.root == 0
    assert path.steps == (
        Step(name="a", version="1.0", specifier="<9"),
        Step(name="z", version="1.0", specifier=">=2", extra="x", marker='extra == "x"'),
    )


def test_several_requirements_of_one_distribution_on_another_are_one_step() -> None:
    found = every_shortest(
        [
            graph(
                Edge(parent=0, child="a"),
                Edge(parent="a", child="z", specifier=">=1", marker="os_name == 'posix'"),
                Edge(parent="a", child="z", specifier="<3", marker="python_version > '3'"),
                Edge(parent="a", child="z", specifier="<3", marker="os_name == 'posix'"),
            )
        ],
        "z",
    )
    (path,) = found.paths
    assert (path.steps[1].specifier, path.steps[1].marker) == (
        ">=1,<3",
        "os_name == 'posix' or python_version > '3'",
    )


def test_a_requirement_without_a_marker_holds_whatever_the_others_say() -> None:
    edges = (Edge(parent=0, child="z", specifier=">=1"), Edge(parent=0, child="z", marker="os_name == 'posix'"))
    (path,) = every_shortest([graph(*edges)], "z").paths
    assert path.steps == (Step(name="z", version="1.0", specifier=">=1"),)


LEVELS = 60


def test_chains_beyond_number_are_counted_and_not_made() -> None:
    """Two ways at every level: 2**60 chains."""
    levels = [f"{p}{n}>{c}{n + 1}" for n in range(LEVELS - 1) for p in "ab" for c in "ab"]
    ladder = graph_of(" ".join([f"0>a0 0>b0 a{LEVELS - 1}>z b{LEVELS - 1}>z", *levels]))
    found = every_shortest([ladder], "z")
    assert len(found.paths) == MAX_TIES == len(set(found.paths))
    assert len(found.paths) + found.more == 2**LEVELS


def test_another_root_line_comes_before_another_tie() -> None:
    many = " ".join(f"0>p{n} p{n}>z" for n in range(MAX_TIES + 5))
    found = every_shortest([graph_of(f"{many} 1>q q>r r>z")], "z")
    assert names(found.paths)[-1] == "1 q r z"
    assert (len(found.paths), found.more) == (MAX_TIES, 6)


def test_a_chain_of_any_length_is_followed() -> None:
    length = 5000
    long = graph_of(" ".join(["0>n0", *(f"n{n}>n{n + 1}" for n in range(length))]))
    (path,) = every_shortest([long], f"n{length}").paths
    assert len(path.steps) == length + 1


def test_no_chain_leads_from_one_project_to_another() -> None:
    found = every_shortest([graph_of("0>a a>z"), graph_of("1>b b>z"), graph_of("2>c")], "z")
    assert names(found.paths) == ["0 a z", "1 b z"]


NODES = "abcdz"
edges = st.lists(
    st.tuples(st.sampled_from([0, 1, *NODES]), st.sampled_from(NODES)).filter(lambda e: e[0] != e[1]),
    unique=True,
    max_size=14,
)


@given(edges)
def test_they_are_those_that_a_search_downwards_finds(pairs: list[tuple[int | str, str]]) -> None:
    found_graph = graph(*(Edge(parent=p, child=c) for p, c in pairs), Edge(parent=9, child="z"))
    expected: set[str] = set()
    for root in (0, 1, 9):
        chains: list[list[str]] = [[child] for parent, child in [*pairs, (9, "z")] if parent == root]
        for _ in NODES:
            if arrived := [chain for chain in chains if chain[-1] == "z"]:
                expected |= {" ".join([str(root), *chain]) for chain in arrived}
                break
            chains = [[*chain, child] for chain in chains for parent, child in pairs if parent == chain[-1]]
    found = every_shortest([found_graph], "z")
    assert set(names(found.paths)) == expected
    assert len(found.paths) == len(expected)
    assert [len(path.steps) for path in found.paths] == sorted(len(path.steps) for path in found.paths)
    assert set(Chains(found_graph).shortest("z")) <= set(found.paths)

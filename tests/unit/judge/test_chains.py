"""The chains that pull a distribution in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import Version

from nogilcheck.judge.chains import MAX_PATHS, Chains
from nogilcheck.model.graph import Edge, Graph, Node
from nogilcheck.model.report.finding import Path, Step
from nogilcheck.targets.builds import make_target
from tests.support.small_worlds import resolve

TWIN = make_target("3.14", "linux-x86_64")


def _graph(*edges: Edge) -> Graph:
    names = dict.fromkeys(edge.child for edge in edges)
    return Graph(nodes={name: Node(name=name, version=Version("1.0")) for name in names}, edges=edges)


def _graph_of(text: str) -> Graph:
    """``0>a a>b``: edges between roots (digits) and distributions."""
    pairs = [pair.split(">") for pair in text.split()]
    return _graph(*(Edge(parent=int(p) if p.isdigit() else p, child=c) for p, c in pairs))


def _names(paths: tuple[Path, ...]) -> list[str]:
    return [" ".join([str(path.root), *(step.name for step in path.steps)]) for path in paths]


@pytest.mark.parametrize(
    ("edges", "name", "paths", "held_back"),
    [
        ("0>a", "a", ["0 a"], 1),
        ("0>a a>b", "b", ["0 a b"], 2),
        # The shortest of each root line, the shortest first.
        ("0>a a>b b>c a>c", "c", ["0 a c"], 3),
        ("0>a 1>c a>b b>c", "c", ["1 c", "0 a b c"], 3),
        ("0>a 1>a a>b", "b", ["0 a b", "1 a b"], 2),
        ("1>a 0>b a>c b>c", "c", ["0 b c", "1 a c"], 3),
        # Who is asked for and asks for others itself.
        ("0>a a>b 1>b b>c", "c", ["1 b c", "0 a b c"], 3),
        # Rings.
        ("0>a a>b b>a", "a", ["0 a"], 2),
        ("0>a a>b b>a", "b", ["0 a b"], 2),
        ("0>a a>b b>c c>a c>d", "d", ["0 a b c d"], 4),
        ("0>a a>a a>b", "b", ["0 a b"], 2),
        # What does not lead there does not matter.
        ("0>a 1>x a>b x>y", "b", ["0 a b"], 2),
    ],
)
def test_one_shortest_chain_from_each_root(edges: str, name: str, paths: list[str], held_back: int) -> None:
    chains = Chains(_graph_of(edges))
    assert _names(chains.shortest(name)) == paths
    assert chains.held_back(name) == held_back


def test_a_step_carries_what_made_it() -> None:
    graph = _graph(
        Edge(parent=0, child="a", specifier=">=1", marker="os_name == 'posix'", child_extras=("x",)),
        Edge(parent="a", child="b", specifier="<2", extra="x", marker="extra == 'x'"),
    )
    unresolved = Graph(nodes={**graph.nodes, "b": Node(name="b", version=None)}, edges=graph.edges)
    (path,) = Chains(unresolved).shortest("b")
    assert path.steps == (
        Step(name="a", version="1.0", specifier=">=1", marker="os_name == 'posix'"),
        Step(name="b", version=None, specifier="<2", extra="x", marker="extra == 'x'"),
    )


def test_only_as_many_chains_as_people_read() -> None:
    roots = MAX_PATHS + 5
    graph = _graph_of(" ".join([f"{n}>p{n} p{n}>z" for n in range(roots)] + [f"{roots}>z"]))
    paths = Chains(graph).shortest("z")
    assert len(paths) == MAX_PATHS
    assert _names(paths)[0] == f"{roots} z"


WORLD = """
[projects.app]
"1.0" = { requires = ["core"], extras.fast = ["speedup"], extras.all = ["app[fast]"], extras.everything = ["app[all]"] }
[projects.core]
"1.0" = {}
[projects.speedup]
"1.0" = { requires = ["native"] }
[projects.native]
"1.0" = {}
[projects.plain]
"1.0" = { requires = ["app"] }
[projects.hungry]
"1.0" = { requires = ["app[fast]"] }
"""


@pytest.mark.parametrize(
    ("requirements", "name", "paths"),
    [
        # A line that does not ask for the extra does not pull in what it brings.
        (["app", "app[fast]"], "speedup", ["1 app speedup"]),
        (["app", "app[fast]"], "core", ["0 app core", "1 app core"]),
        (["plain", "hungry"], "native", ["1 hungry app speedup native"]),
        (["plain", "hungry"], "app", ["0 plain app", "1 hungry app"]),
        # An extra that asks for another of its own project is no step of its own.
        (["app[all]"], "speedup", ["0 app speedup"]),
        (["app", "app[everything]", "plain"], "native", ["1 app speedup native"]),
    ],
)
def test_a_chain_goes_through_the_extra_that_made_it(requirements: list[str], name: str, paths: list[str]) -> None:
    graph = resolve(WORLD, requirements, TWIN)[1]
    assert _names(Chains(graph).shortest(name)) == paths


def test_held_back_counts_those_that_ask_for_the_extra() -> None:
    graph = resolve(WORLD, ["plain", "hungry"], TWIN)[1]
    assert Chains(graph).held_back("speedup") == 3  # itself, app and hungry
    assert Chains(graph).held_back("core") == 4


_parents = st.one_of(st.integers(0, 2), st.sampled_from("abcde"))
_graphs = st.lists(st.builds(Edge, parent=_parents, child=st.sampled_from("abcde")), min_size=1, max_size=14)


def _every_chain(graph: Graph, name: str, seen: tuple[str, ...] = ()) -> Iterator[tuple[int, int]]:
    """Root and length of every chain that meets nobody twice."""
    for edge in graph.edges:
        if edge.child != name:
            continue
        if isinstance(edge.parent, int):
            yield edge.parent, len(seen) + 1
        elif edge.parent not in (*seen, name):
            yield from _every_chain(graph, edge.parent, (*seen, name))


@settings(deadline=None)
@given(_graphs, st.sampled_from("abcde"))
def test_no_chain_is_shorter(edges: list[Edge], name: str) -> None:
    nodes = {letter: Node(name=letter, version=Version("1.0")) for letter in "abcde"}
    graph = Graph(nodes=nodes, edges=tuple(edges))
    shortest: dict[int, int] = {}
    for root, length in _every_chain(graph, name):
        shortest[root] = min(length, shortest.get(root, length))
    paths = Chains(graph).shortest(name)
    assert {path.root: len(path.steps) for path in paths} == shortest
    assert [len(path.steps) for path in paths] == sorted(len(path.steps) for path in paths)
    links = {(edge.parent, edge.child) for edge in edges}
    for path in paths:
        names = [step.name for step in path.steps]
        assert names[-1] == name
        assert (path.root, names[0]) in links
        assert set(pairwise(names)) <= links

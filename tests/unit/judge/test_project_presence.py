"""Where a project stands in the graphs of a check."""

from __future__ import annotations

from packaging.version import Version

from nogilcheck.judge.findings import TargetResult
from nogilcheck.judge.project_presence import names, presences
from nogilcheck.model.explanation import Direct
from nogilcheck.model.graph import Edge, Graph, Node
from nogilcheck.model.report.finding import Finding
from nogilcheck.model.verdict import Severity
from nogilcheck.targets.builds import make_target
from tests.support.reports import ready

TARGET = make_target("3.14t", "linux-x86_64")


def judged(nodes: dict[str, Node], *edges: Edge, projects: tuple[Graph, ...] = ()) -> TargetResult:
    graph = Graph(nodes=nodes, edges=edges)
    verdicts = {key: ready() for key, node in nodes.items() if not node.local}
    return TargetResult(target=TARGET, graph=graph, verdicts=verdicts, projects=projects)


def node(name: str, version: str = "1.0", *, local: bool = False) -> Node:
    return Node(name=name, version=Version(version), local=local)


def test_what_depends_on_it_and_what_the_user_asks_for() -> None:
    nodes = {name: node(name) for name in ("app", "tool", "lib", "z", "other")}
    one = judged(
        nodes,
        Edge(parent=0, child="tool"),
        Edge(parent=1, child="app"),
        Edge(parent=2, child="tool"),
        Edge(parent=3, child="z"),
        Edge(parent=4, child="other"),
        Edge(parent="app", child="lib"),
        Edge(parent="lib", child="z"),
        Edge(parent="tool", child="z"),
    )
    (found,) = presences("z", [one], [])
    assert found.needed_by == 3
    assert found.direct == (
        Direct(name="tool", version="1.0", roots=(0, 2)),
        Direct(name="app", version="1.0", roots=(1,)),
        Direct(name="z", version="1.0", roots=(3,)),
    )


def test_an_extra_that_nobody_asks_for_brings_nothing() -> None:
    nodes = {name: node(name) for name in ("app", "z")}
    one = judged(
        nodes,
        Edge(parent=0, child="app"),
        Edge(parent=1, child="app", child_extras=("x",)),
        Edge(parent="app", child="z", extra="x"),
    )
    (found,) = presences("z", [one], [])
    assert [direct.roots for direct in found.direct] == [(1,)]


def test_two_versions_of_a_project_are_two_presences() -> None:
    nodes = {"z": node("z"), "z==2.0": node("z", "2.0")}
    first = Graph(nodes={"z": nodes["z"]}, edges=(Edge(parent=0, child="z"),))
    second = Graph(nodes={"z==2.0": nodes["z==2.0"]}, edges=(Edge(parent=1, child="z==2.0"),))
    one = judged(nodes, *first.edges, *second.edges, projects=(first, second))
    finding = Finding(
        rule="NGC103", status="held-back", severity=Severity.WARNING, target=TARGET.id, distribution="z", version="2.0"
    )
    stranger = Finding(
        rule="NGC103", status="held-back", severity=Severity.WARNING, target="another", distribution="z", version="1.0"
    )
    found = presences("z", [one], [finding, stranger])
    assert [(each.version, [path.root for path in each.paths], each.findings) for each in found] == [
        ("1.0", [0], ()),
        ("2.0", [1], (finding,)),
    ]
    assert names([one]) == ["z"]


def test_what_is_on_the_disk_is_there_and_not_judged() -> None:
    one = judged(
        {"me": node("me", local=True), "z": node("z")}, Edge(parent=0, child="me"), Edge(parent="me", child="z")
    )
    (found,) = presences("me", [one], [])
    assert found.verdict is None
    assert presences("absent", [one], []) == ()

"""Graphs and verdicts -> report."""

from __future__ import annotations

from collections import Counter

from packaging.version import Version

from nogilcheck.classify.decide import Archives, decide
from nogilcheck.errors import ExitStatus
from nogilcheck.judge.assemble import assemble
from nogilcheck.judge.findings import TargetResult
from nogilcheck.model.artifact import Missing, ProjectPage, SourceEvidence
from nogilcheck.model.graph import Edge, GapKind, Graph, GraphGap, Node
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.report.report import BLOCKED, READY, UNDECIDED, Report
from nogilcheck.model.report.requirements import Endpoint, RequestedBy
from nogilcheck.model.rules.table import BY_CODE
from nogilcheck.model.source import Location, Unread
from nogilcheck.model.target import Target
from nogilcheck.targets.builds import make_target
from tests.support.memory_fetcher import MemoryFetcher
from tests.support.small_worlds import inputs, resolve
from tests.world import load, names, parse
from tests.world.universe import Universe

T314, T315 = (make_target(python, "linux-x86_64") for python in ("3.14t", "3.15t"))

WORLD = """
[projects.app]
"1.0" = { requires = ["gil>=1", "pure", "late ; python_version >= '3.15'"], extras.x = ["gil<9"] }
[projects.gil]
"10.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
"9.0" = { wheels = ["cp315-cp315-manylinux_2_28_x86_64"], requires-python = ">=3.15" }
[projects.pure]
"1.0" = { requires = ["native"] }
[projects.native]
"1.0" = { wheels = ["cp314-cp314t-manylinux_2_28_x86_64", "cp314-cp314-manylinux_2_28_x86_64", "py3-none-any"] }
"2.0" = { wheels = ["cp314-cp314-win_amd64"] }
[projects.late]
"1.0" = { sdist = { native = ["c"] } }
"""


def _judge(universe: Universe, asked: Inputs, target: Target) -> TargetResult:
    graph = resolve(universe, asked, target.installer)[1]
    fetcher = MemoryFetcher(universe)
    source = SourceEvidence(compiles=True, signs=("C",))
    verdicts = {}
    for name, node in graph.nodes.items():
        page: ProjectPage | Missing = fetcher.page(name)
        offered = page if isinstance(page, ProjectPage) else None
        verdicts[name] = decide(node, target, page=offered, archives=Archives(source=source))
    return TargetResult(target=target, graph=graph, verdicts=verdicts)


def _report(
    *requirements: str, world: str = WORLD, targets: tuple[Target, ...] = (T314, T315), allowed: tuple[Target, ...] = ()
) -> Report:
    asked = inputs(requirements)
    judged = [_judge(parse(world), asked, target) for target in targets]
    return assemble(asked, judged, allowed={target.id for target in allowed}, options={}, tool_version="0")


def test_the_counts_of_every_target_add_up() -> None:
    for name in names():
        universe = load(name)
        for scenario in universe.scenarios:
            if any("@" in line or line.startswith(("-", ".")) for line in scenario.requirements):
                continue
            asked = inputs(scenario.requirements)
            judged = [_judge(universe, asked, target) for target in (T314, T315)]
            report = assemble(asked, judged, allowed=(), options={}, tool_version="0")
            for one, target in zip(judged, report.targets, strict=True):
                chosen = [d.targets[target.id].verdict for d in report.distributions if target.id in d.targets]
                assert len(chosen) == len(one.graph.nodes)
                assert target.counts.status == dict(Counter(verdict.status.value for verdict in chosen))
                assert target.counts.twin == dict(Counter(verdict.twin.value for verdict in chosen))
                assert target.counts.cause == dict(Counter(v.cause.value for v in chosen if v.cause))
                assert len([edge for edge in report.edges if edge.target == target.id]) == len(one.graph.edges)


def test_one_entry_for_each_version_with_the_targets_that_chose_it() -> None:
    report = _report("app")
    entries = {(d.name, d.version): sorted(d.targets) for d in report.distributions}
    assert entries == {
        ("app", "1.0"): [T314.id, T315.id],
        ("gil", "10.0"): [T314.id],
        ("gil", "9.0"): [T315.id],
        ("late", "1.0"): [T315.id],
        ("native", "1.0"): [T314.id, T315.id],
        ("pure", "1.0"): [T314.id, T315.id],
    }
    assert [(d.name, d.version) for d in report.distributions] == [
        ("app", "1.0"), ("gil", "9.0"), ("gil", "10.0"), ("late", "1.0"), ("native", "1.0"), ("pure", "1.0"),
    ]  # fmt: skip


def test_who_asks_for_a_distribution() -> None:
    report = _report("app[x]", "gil", targets=(T314,))
    found = {d.name: d.targets[T314.id] for d in report.distributions}
    assert (found["app"].direct, found["gil"].direct, found["pure"].direct) == (True, True, False)
    assert found["pure"].requested_by == (RequestedBy(name="app"),)
    assert {(asked.name, asked.specifier, asked.extra) for asked in found["gil"].requested_by} == {
        ("gil", "", None),
        ("app", ">=1", None),
        ("app", "<9", "x"),
    }


def test_edges_and_roots() -> None:
    report = _report("app", targets=(T314,))
    assert [(edge.parent, edge.child) for edge in report.edges] == [
        (0, Endpoint(name="app", version="1.0")),
        (Endpoint(name="app", version="1.0"), Endpoint(name="gil", version="10.0")),
        (Endpoint(name="app", version="1.0"), Endpoint(name="pure", version="1.0")),
        (Endpoint(name="pure", version="1.0"), Endpoint(name="native", version="1.0")),
    ]
    assert [(root.requirement, root.path, root.line) for root in report.roots] == [("app", "r.txt", 1)]


def test_findings_stand_in_the_order_of_their_weight() -> None:
    report = _report("app", "gil", "native")
    assert [(f.distribution, f.status, f.target) for f in report.findings] == [
        ("gil", "gil-only", T314.id),
        ("gil", "gil-only", T315.id),
        ("late", "source-only", T315.id),
        ("native", "held-back", T314.id),
        ("native", "held-back", T315.id),
        ("gil", "held-back", T315.id),
    ]
    first = report.findings[0]
    assert [(path.root, len(path.steps)) for path in first.paths] == [(1, 1), (0, 2)]
    assert first.location == Location(path="r.txt", line=2)
    assert first.fingerprint == f"blocker:{T314.id}:gil"
    held = report.findings[-2]
    assert (held.detail, held.cause, held.fingerprint) == (("2.0", ""), None, f"held-back:{T315.id}:native")


def test_the_verdicts_and_the_exit_status() -> None:
    report = _report("app")
    assert (report.verdict, report.exit_status) == (BLOCKED, ExitStatus.BLOCKED)
    assert [target.verdict for target in report.targets] == [BLOCKED, BLOCKED]
    allowed = _report("app", allowed=(T314, T315))
    assert (allowed.verdict, allowed.exit_status) == (BLOCKED, ExitStatus.READY)
    assert [target.allowed for target in allowed.targets] == [True, True]
    ready = _report("pure")
    assert (ready.verdict, ready.exit_status, ready.gaps) == (READY, ExitStatus.READY, ())


def test_a_gap_on_all_targets_is_told_once() -> None:
    report = _report("ghost", "phantom ; python_version >= '3.15'")
    told = [(BY_CODE[gap.rule].name, gap.distribution, gap.target) for gap in report.gaps]
    assert told == [("unknown-project", "ghost", None), ("unknown-project", "phantom", T315.id)]
    assert (report.verdict, report.exit_status) == (UNDECIDED, ExitStatus.UNDECIDED)


def test_targets_that_never_fail_the_run_do_not_by_a_shared_gap_either() -> None:
    assert _report("ghost", allowed=(T315,)).exit_status is ExitStatus.UNDECIDED
    assert _report("ghost", allowed=(T314, T315)).exit_status is ExitStatus.READY
    assert _report("phantom ; python_version >= '3.15'", "pure", allowed=(T315,)).exit_status is ExitStatus.READY
    assert _report("pure<1", allowed=(T314,)).exit_status is ExitStatus.UNUSABLE
    assert _report("pure<1", allowed=(T314, T315)).exit_status is ExitStatus.READY


def _graph_with(*gaps: GraphGap, node: Node | None = None) -> Graph:
    chosen = node or Node(name="a", version=Version("1.0"))
    return Graph(nodes={"a": chosen}, edges=(Edge(parent=0, child="a"),), gaps=gaps)


def _assembled(*graphs: Graph, asked: Inputs | None = None) -> Report:
    judged = [
        TargetResult(
            target=target,
            graph=graph,
            verdicts={name: decide(node, target, page=None, archives=Archives()) for name, node in graph.nodes.items()},
        )
        for target, graph in zip((T314, T315), graphs, strict=False)
    ]
    return assemble(asked or inputs(["a"]), judged, allowed=(), options={}, tool_version="0")


def test_a_gap_that_one_target_has_twice_is_not_on_all_targets() -> None:
    gap = GraphGap(kind=GapKind.MARKER, text="whether it holds", distribution="a")
    report = _assembled(_graph_with(gap, gap), _graph_with())
    assert [(g.target, g.text) for g in report.gaps] == [(T314.id, "whether it holds")]


def test_what_could_not_be_determined_is_told_where_nothing_else_tells_it() -> None:
    unresolved = Node(name="a", version=None)
    report = _assembled(_graph_with(node=unresolved))
    assert [gap.text for gap in report.gaps] == ["what the target gets for a is unknown: "]
    assert (report.verdict, report.exit_status) == (UNDECIDED, ExitStatus.UNDECIDED)


def test_lines_that_could_not_be_read_come_first_and_make_the_input_unusable() -> None:
    unread = Unread(location=Location(path="r.txt", line=7), text="no requirement", hint="write one")
    asked = inputs(["a"])
    report = _assembled(_graph_with(), asked=Inputs(roots=asked.roots, unread=(unread,)))
    assert [(gap.text, str(gap.location)) for gap in report.gaps] == [("no requirement (write one)", "r.txt:7")]
    assert report.exit_status is ExitStatus.UNUSABLE


def test_a_report_survives_json() -> None:
    report = _report("app[x]", "gil", "ghost", "native<9")
    assert Report.from_json(report.to_json()) == report

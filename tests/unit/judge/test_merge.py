"""Several projects on one target -> one graph."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

from nogilcheck.classify.decide import Archives, decide
from nogilcheck.errors import ExitStatus
from nogilcheck.judge.assemble import assemble
from nogilcheck.judge.findings import TargetResult
from nogilcheck.judge.merge import merge
from nogilcheck.model.graph import GapKind, GraphGap, Node
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.lock import Lock, LockedSource
from nogilcheck.model.report.report import BLOCKED, READY, UNDECIDED, Report
from nogilcheck.model.report.requirements import Endpoint
from nogilcheck.model.source import Bounds, Location
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Severity, Status
from nogilcheck.report.terminal.report import render
from nogilcheck.resolve.locked.follow import follow
from nogilcheck.targets.builds import make_target
from tests.support.invariants import check_report
from tests.support.locks import FREE_THREADED, GIL, PURE, entry, lock
from tests.support.small_worlds import inputs

T314 = make_target("3.14t", "linux-x86_64")
T315 = make_target("3.15t", "linux-x86_64")

LONG = Location(path="pyproject.toml", line=5)


def _judged(locked: Lock, first_root: int = 0, target: Target = T314) -> TargetResult:
    graph = follow(locked, target.installer, None, first_root=first_root)
    verdicts = {
        key: decide(node, target, page=None, archives=Archives()) for key, node in graph.nodes.items() if not node.local
    }
    return TargetResult(target=target, graph=graph, verdicts=verdicts)


def _merged(
    *locks: Lock, bounds: tuple[Bounds, ...] = (), gaps: tuple[GraphGap, ...] = ()
) -> tuple[Inputs, TargetResult]:
    asked = Inputs(locks=locks)
    judged = [_judged(one, first) for one, first in zip(locks, asked.first_roots, strict=True)]
    return asked, merge(judged, excluded_by=bounds, gaps=gaps)


def _report(*locks: Lock, bounds: tuple[Bounds, ...] = (), gaps: tuple[GraphGap, ...] = ()) -> Report:
    asked, merged = _merged(*locks, bounds=bounds, gaps=gaps)
    report = assemble(asked, [merged], allowed=(), options={}, tool_version="0")
    check_report(report.to_json())
    return report


def _paths(report: Report) -> dict[tuple[str, str | None], list[str]]:
    return {
        (finding.distribution, finding.version): [
            " ".join([report.roots[path.root].path, *(f"{step.name} {step.version}" for step in path.steps)])
            for path in finding.paths
        ]
        for finding in report.findings
    }


FIRST = lock(["a"], entry("a", "1.0", ["b"]), entry("b", "1.0", tags=[GIL]), path="one/uv.lock")
SECOND = lock(["c", "a"], entry("c"), entry("a", "1.0", ["b"]), entry("b", "2.0", tags=[GIL]), path="two/uv.lock")


def test_positions_of_roots() -> None:
    solved = replace(inputs(["x", "y"]), locks=(FIRST, SECOND, FIRST))
    assert solved.first_roots == (2, 3, 5)
    assert [root.name for root in solved.all_roots] == ["x", "y", "a", "c", "a", "a"]
    assert inputs(["x"]).first_roots == ()


def test_versions_stand_side_by_side_and_what_is_the_same_is_there_once() -> None:
    _, merged = _merged(FIRST, SECOND)
    assert [(key, str(node.version)) for key, node in merged.graph.nodes.items()] == [
        ("a", "1.0"),
        ("b", "1.0"),
        ("c", "1.0"),
        ("b==2.0", "2.0"),
    ]
    links = [(edge.parent, edge.child) for edge in merged.graph.edges]
    assert links == [(0, "a"), ("a", "b"), (1, "c"), (2, "a"), ("a", "b==2.0")]
    assert set(merged.verdicts) == set(merged.graph.nodes)


def test_no_chain_leads_from_one_project_into_another() -> None:
    """Both have the same ``a``, and each its own ``b``."""
    report = _report(FIRST, SECOND)
    assert _paths(report) == {
        ("b", "1.0"): ["one/uv.lock a 1.0 b 1.0"],
        ("b", "2.0"): ["two/uv.lock a 1.0 b 2.0"],
    }
    assert {(d.name, d.version) for d in report.distributions} == {
        ("a", "1.0"),
        ("b", "1.0"),
        ("b", "2.0"),
        ("c", "1.0"),
    }
    ends = {(edge.parent, edge.child) for edge in report.edges}
    assert (Endpoint(name="a", version="1.0"), Endpoint(name="b", version="2.0")) in ends
    assert [edge.project for edge in report.edges] == [0, 0, 1, 1, 1]
    assert "also from" not in render(report, width=100, colour=False, verbose=True)


def test_the_worst_verdict_counts_with_the_edges_of_both() -> None:
    good = lock(["b"], entry("b", "1.0", tags=[FREE_THREADED, GIL]), path="good.lock")
    missing = lock(["b"], entry("b", "1.0", tags=[FREE_THREADED], requires_python=">=3.9"), path="same.lock")
    for locks in [(good, FIRST, missing), (FIRST, missing, good)]:
        report = _report(*locks)
        (found,) = [d for d in report.distributions if d.name == "b"]
        assert found.targets[T314.id].verdict.status is Status.GIL_ONLY
        assert {request.name for request in found.targets[T314.id].requested_by} == {"a", "b"}
        assert len(report.findings[0].paths) == 3
        assert report.targets[0].counts.cause == {"free-threading": 1}


def test_the_order_of_severities() -> None:
    ready, blocked = (_judged(lock(["b"], entry("b", tags=tags))) for tags in ([PURE], [GIL]))
    warned = _judged(lock(["b"], entry("b", tags=[PURE, GIL])))
    unknown = replace(ready, verdicts={"b": replace(ready.verdicts["b"], status=Status.UNKNOWN, severity=Severity.GAP)})
    ranked = [ready, warned, unknown, blocked]
    assert [one.verdicts["b"].severity for one in ranked] == ["ready", "warning", "gap", "blocker"]
    for better, worse in pairwise(ranked):
        for pair in [(better, worse), (worse, better)]:
            assert merge(pair).verdicts == worse.verdicts


def test_warnings_of_either_stay() -> None:
    base = _judged(lock(["b"], entry("b", tags=[GIL])))
    other = _judged(lock(["b"], entry("b")))
    (node,) = other.graph.nodes.values()
    noted = replace(node, missing_extras=("x",), held_back_from=node.version, held_back_by=">3", assumed_from="git+x")
    noted = replace(noted, rivals=("x", "y"))
    other = replace(other, graph=replace(other.graph, nodes={"b": noted}))
    for pair in [(base, other), (other, base)]:
        found = merge(pair).graph.nodes["b"]
        assert (found.missing_extras, found.held_back_by, found.assumed_from) == (("x",), ">3", "git+x")
        assert found.rivals == ("x", "y")
        assert found.files == base.graph.nodes["b"].files


def test_the_same_version_twice_in_one_lock_is_one_distribution() -> None:
    report = _report(lock(["b"], entry("b", tags=[FREE_THREADED]), entry("b", tags=[GIL])))
    assert [(d.name, d.targets[T314.id].verdict.severity) for d in report.distributions] == [("b", "blocker")]


def test_a_local_project_is_shown_and_not_judged() -> None:
    demo = entry("demo", "0.1", ["a"], tags=(), source=LockedSource.PATH, reference=".", own=True)
    report = _report(lock(["demo"], demo, entry("a", tags=[GIL])))
    assert [d.name for d in report.distributions] == ["a"]
    assert _paths(report) == {("a", "1.0"): ["uv.lock demo 0.1 a 1.0"]}
    assert report.targets[0].counts.status == {"gil-only": 1}
    assert "demo → a" in render(report, width=100, colour=False, verbose=True)


def test_what_comes_from_version_control_is_a_warning_that_names_it() -> None:
    asked, merged = _merged(lock(["a"], entry("a")))
    (node,) = merged.graph.nodes.values()
    nodes: dict[str, Node] = {"a": replace(node, assumed_from="git+https://h.test/a@1")}
    merged = replace(merged, graph=replace(merged.graph, nodes=nodes))
    report = assemble(asked, [merged], allowed=(), options={}, tool_version="0")
    check_report(report.to_json())
    (finding,) = report.findings
    assert (finding.rule, finding.status, finding.severity) == ("NGC106", "assumed", Severity.WARNING)
    assert (finding.detail, report.exit_status) == (("git+https://h.test/a@1",), ExitStatus.READY)
    text = " ".join(render(report, width=100, colour=False, verbose=False).split())
    assert "taken from git+https://h.test/a@1; assumed to equal the release of this version on the index" in text


class TestOwnBounds:
    EXCLUDING = Bounds(project="demo", location=LONG, requires_python=">=3.9,<3.14")

    def test_a_blocker_at_its_line(self) -> None:
        report = _report(lock(["a"], entry("a")), bounds=(self.EXCLUDING,))
        (finding,) = report.findings
        assert (finding.rule, finding.status, finding.severity) == ("NGC007", "own-requires-python", Severity.BLOCKER)
        assert (finding.distribution, finding.version, finding.paths) == ("demo", None, ())
        assert (finding.location, finding.detail) == (LONG, (">=3.9,<3.14",))
        assert finding.fingerprint == "own-requires-python:cp314t-linux_x86_64:demo"
        assert (report.verdict, report.exit_status) == (BLOCKED, ExitStatus.BLOCKED)
        assert report.targets[0].verdict == BLOCKED

    def test_environments(self) -> None:
        markers = ("sys_platform == 'win32'", "sys_platform == 'darwin'")
        report = _report(
            lock(["a"], entry("a")), bounds=(replace(self.EXCLUDING, requires_python=None, environments=markers),)
        )
        assert report.findings[0].detail == markers

    def test_it_comes_before_everything_else(self) -> None:
        report = _report(FIRST, bounds=(self.EXCLUDING,))
        assert [finding.distribution for finding in report.findings] == ["demo", "b"]

    def test_it_counts_only_on_targets_that_count(self) -> None:
        locked = lock(["a"], entry("a"))
        judged = [merge([_judged(locked)]), merge([_judged(locked, target=T315)], excluded_by=[self.EXCLUDING])]
        asked = Inputs(locks=(locked,))
        report = assemble(asked, judged, allowed={T315.id}, options={}, tool_version="0")
        assert (report.exit_status, [target.verdict for target in report.targets]) == (0, [READY, BLOCKED])

    def test_what_else_there_is_to_say_of_the_target(self) -> None:
        gap = GraphGap(kind=GapKind.MARKER, text="whether it is one cannot be known", location=LONG)
        report = _report(lock(["a"], entry("a")), gaps=(gap,))
        assert [(one.text, one.location) for one in report.gaps] == [(gap.text, LONG)]
        assert report.verdict == UNDECIDED


def test_merging_is_deterministic() -> None:
    first, second = (json.loads(_report(FIRST, SECOND).to_json()) for _ in range(2))
    assert first == second

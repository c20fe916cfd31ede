"""The next steps for one finding."""

from __future__ import annotations

import pytest
from packaging.version import Version

from nogilcheck.judge.chains import Chains, ChainStart
from nogilcheck.judge.finding_advice import steps
from nogilcheck.model.graph import Edge, Graph, Node
from nogilcheck.model.report.finding import Advice, AdviceKind
from nogilcheck.model.rules.table import BY_NAME
from nogilcheck.model.source import Location, Root
from nogilcheck.model.verdict import ReasonCode, RegularBuildGets, Severity, Status, Verdict
from tests.support.advice import in_short
from tests.support.reports import reason

BLOCKED = Verdict(status=Status.GIL_ONLY, severity=Severity.BLOCKER, twin=RegularBuildGets.WHEEL)
READY = Verdict(status=Status.PURE, severity=Severity.READY, twin=RegularBuildGets.WHEEL)


def _root(name: str) -> Root:
    return Root(requirement=name, name=name, location=Location(path="r.txt", line=1))


def _entries(*edges: Edge) -> tuple[ChainStart, ...]:
    names = dict.fromkeys([*(edge.child for edge in edges), "x"])
    graph = Graph(nodes={name: Node(name=name, version=Version("1")) for name in names}, edges=edges)
    return Chains(graph).entries("x")


def _edge(text: str, *, extra: str | None = None, asks: tuple[str, ...] = ()) -> Edge:
    parent, child = text.split(">")
    return Edge(parent=int(parent) if parent.isdigit() else parent, child=child, extra=extra, child_extras=asks)


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ([_edge("0>x")], []),
        ([_edge("0>a"), _edge("a>x")], ["drop a"]),
        ([_edge("0>a"), _edge("a>x"), _edge("1>b"), _edge("b>x")], []),
        ([_edge("0>a"), _edge("1>a"), _edge("a>x")], ["drop a"]),
        ([_edge("0>a"), _edge("a>x"), _edge("1>x")], []),
        ([_edge("0>a", asks=("f",)), _edge("a>x", extra="f")], ["drop a[f]"]),
        # Without the extra, too; by two extras; by the extra of another; by one that stands for another.
        ([_edge("0>a", asks=("f",)), _edge("a>x", extra="f"), _edge("a>x")], ["drop a"]),
        ([_edge("0>a", asks=("f", "g")), _edge("a>x", extra="f"), _edge("a>x", extra="g")], ["drop a"]),
        ([_edge("0>a"), _edge("a>b", asks=("f",)), _edge("b>x", extra="f")], ["drop a"]),
        (
            [_edge("0>a", asks=("all",)), _edge("a>a", extra="all", asks=("f",)), _edge("a>x", extra="f")],
            ["drop a[all]"],
        ),
        ([_edge("0>a", asks=("f",)), _edge("1>b"), _edge("b>a", asks=("f",)), _edge("a>x", extra="f")], []),
        ([_edge("0>a", asks=("f",)), _edge("1>a"), _edge("a>x", extra="f")], ["drop a[f]"]),
    ],
)
def test_what_the_user_can_do_without(edges: list[Edge], expected: list[str]) -> None:
    found = steps(
        BY_NAME["gil-only"],
        Node(name="x", version=Version("1")),
        BLOCKED,
        (),
        roots=[_root("a"), _root("b")],
        entries=_entries(*edges),
    )
    assert [in_short(one) for one in found] == expected


def test_the_best_step_comes_first_and_doing_without_last() -> None:
    offered = [Advice(kind=kind, project="x") for kind in reversed(AdviceKind) if kind is not AdviceKind.DROP]
    verdict = Verdict(
        status=Status.GIL_ONLY,
        severity=Severity.BLOCKER,
        twin=RegularBuildGets.WHEEL,
        reasons=(reason(ReasonCode.LATER_UPLOAD, "x.whl"),),
    )
    found = steps(
        BY_NAME["gil-only"],
        Node(name="x", version=Version("1")),
        verdict,
        [*offered, Advice(kind="of-tomorrow", project="x")],
        roots=[_root("a"), _root("b")],
        entries=_entries(_edge("0>a"), _edge("a>x")),
    )
    kinds = [one.kind for one in found]
    assert kinds[:2] == ["upgrade", "relock"]
    assert kinds[-2:] == ["of-tomorrow", "drop"]


@pytest.mark.parametrize(
    ("rule", "node", "expected"),
    [
        ("odd-tag", Node(name="x", version=Version("1")), ["report 1"]),
        ("regressed", Node(name="x", version=Version("1")), ["report 1"]),
        ("missing-extra", Node(name="x", version=Version("1"), missing_extras=("f", "g")), ["drop x[f]", "drop x[g]"]),
        ("two-indexes", Node(name="x", version=Version("1")), ["pin-index 1"]),
        ("assumed", Node(name="x", version=Version("1")), ["build 1"]),
        ("held-back", Node(name="x", version=Version("1")), []),
    ],
)
def test_findings_without_a_status(rule: str, node: Node, expected: list[str]) -> None:
    """What the index offers belongs to the status."""
    found = steps(BY_NAME[rule], node, READY, [Advice(kind="wait", project="x")], roots=[_root("x")], entries=())
    assert [in_short(one) for one in found] == expected
    assert all(one.text for one in found)


def test_for_a_warning_nobody_does_without() -> None:
    found = steps(
        BY_NAME["pure-fallback"],
        Node(name="x", version=Version("1")),
        READY,
        (),
        roots=[_root("a"), _root("b")],
        entries=_entries(_edge("0>a"), _edge("a>x")),
    )
    assert found == ()

"""A plan as a list of requirements."""

from __future__ import annotations

from nogilcheck.model.plan import Move, PlanLine, TargetPlan
from nogilcheck.model.report.report import READY, Report
from nogilcheck.report.documents.plan import changed_list


def _plan(*, kind: str = "", lines: tuple[PlanLine, ...] = (), moves: tuple[Move, ...] = ()) -> TargetPlan:
    return TargetPlan(
        target="t", python="3.14t", platform="linux-x86_64", project="", kind=kind, blockers=("a",),
        lines=lines, moves=moves, after=Report(tool_version="0", verdict=READY, exit_status=0),
    )  # fmt: skip


def test_a_list_has_every_line() -> None:
    lines = (
        PlanLine(requirement="--pre"),
        PlanLine(requirement="a==2", hashes=("sha256:1",)),
        PlanLine(requirement="b"),
    )
    text = "# written by nogilcheck plan, for 3.14t\n--pre\na==2 \\\n    --hash=sha256:1\nb\n"
    assert changed_list(_plan(lines=lines)) == text


def test_of_a_lock_the_versions_that_move() -> None:
    moves = (Move(project="a", before="1", after="2"), Move(project="b", before="1", after=None))
    assert changed_list(_plan(kind="uv.lock", moves=moves)) == "# written by nogilcheck plan, for 3.14t\na==2\n"

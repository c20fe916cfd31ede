"""A requirements file with some lines changed."""

from __future__ import annotations

import pytest

from nogilcheck.model.plan import Move, PlanLine, RequirementChange, RequirementChangeKind, TargetPlan
from nogilcheck.model.report.report import READY, Report
from nogilcheck.model.source import Location
from nogilcheck.report.changed_requirements import changed_file, changed_list, changes_only

_FILE = "r.txt"


def _change(before: str | None, after: str, line: int | None = 1, *, hashes: tuple[str, ...] = ()) -> RequirementChange:
    location = Location(path=_FILE, line=line) if line else None
    return RequirementChange(
        kind=RequirementChangeKind.PIN, project="a", before=before, after=after, location=location, hashes=hashes
    )


def _plan(
    *changes: RequirementChange, kind: str = "", lines: tuple[PlanLine, ...] = (), moves: tuple[Move, ...] = ()
) -> TargetPlan:
    return TargetPlan(
        target="t", python="3.14t", platform="linux-x86_64", project="", kind=kind, blockers=("a",), changes=changes,
        lines=lines, moves=moves, after=Report(tool_version="0", verdict=READY, exit_status=0),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "change", "wanted"),
    [
        ("a==1\nb==1\n", _change("a==1", "a==2"), "a==2\nb==1\n"),
        ("  a==1   # a==1 is ours", _change("a==1", "a==2"), "  a==2   # a==1 is ours\n"),
        ("# a==1\r\n\r\na==1\r\n", _change("a==1", "a==2", 3), "# a==1\n\na==2\n"),
        ("a==1 --config-settings=x=y  # why", _change("a==1", "a==2"), "a==2 --config-settings=x=y  # why\n"),
        ("a \\\n ==1 \\\n --config-settings x=y", _change("a  ==1", "a  ==2"), "a ==2 \\\n --config-settings x=y\n"),
        ("a[x] (<2) ; os_name > '3'", _change("a[x] (<2) ; os_name > '3'", "a[x] (>=2) ; os_name > '3'"),
         "a[x] (>=2) ; os_name > '3'\n"),
        ("a==1 \\\n    --hash=sha256:1 \\\n    --hash sha256:2 --config-settings=x=y  # why\n    # via b\n",
         _change("a==1", "a==2", hashes=("sha256:3", "sha256:4")),
         "a==2 --config-settings=x=y \\\n    --hash=sha256:3 \\\n    --hash=sha256:4 # why\n    # via b\n"),
        ("${NAME}==1", _change("a==1", "a==2"), "a==2\n"),
        ("a==1", _change(None, "b<=2", None), "a==1\n# what others require, by nogilcheck plan\nb<=2\n"),
    ],
)  # fmt: skip
def test_a_line_is_changed_where_it_stands(text: str, change: RequirementChange, wanted: str) -> None:
    assert changed_file(text, _FILE, _plan(change)) == wanted


def test_changes_elsewhere_are_not_for_this_file() -> None:
    plan = _plan(_change("a==1", "a==2"), _change(None, "b<=2", None))
    assert changes_only(plan, _FILE)
    assert not changes_only(plan, "other.txt")
    assert changed_file("a==1\n", "other.txt", plan).startswith("a==1\n")


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

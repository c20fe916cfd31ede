"""The user's requirements, changed so that an installer comes to what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from packaging.version import Version

from nogilcheck.model.inputs import Inputs
from nogilcheck.model.plan import PlanLine, RequirementChangeKind
from nogilcheck.model.source import IndexSettings
from nogilcheck.resolve.plan.changes import Rewriter, changes, lines, without_constraints, without_extras
from nogilcheck.targets.builds import make_target
from tests.support.small_worlds import inputs, root

TWIN = make_target("3.14t", "linux-x86_64").installer


def _rewriter(today: Mapping[str, str] | None = None) -> Rewriter:
    return Rewriter(
        build=TWIN,
        today={name: Version(text) for name, text in (today or {}).items()},
        hashes_of=lambda name, version: (f"sha256:{name}-{version}",),
        smallest=False,
    )


def _versions(**found: str) -> dict[str, Version]:
    return {name: Version(text) for name, text in found.items()}


def _words(changed: Inputs) -> tuple[list[str], list[str]]:
    return [one.requirement for one in changed.roots], [one.requirement for one in changed.constraints]


def test_only_what_stands_in_the_way_is_restated() -> None:
    asked = inputs(["a==1", "b<2", "c", "d==1 ; sys_platform == 'win32'", "e @ https://h.test/e.whl"], ["b<3", "f<1"])
    found = _versions(a="2", b="2.5", c="9", d="2", e="2", f="2")
    assert _words(_rewriter().restated(asked, found)) == (
        ["a==2", "b>=2.5", "c", "d==1 ; sys_platform == 'win32'", "e @ https://h.test/e.whl"],
        ["b<3", "f>=2"],
    )


def test_what_stays_and_what_is_overridden_is_left_alone() -> None:
    asked = replace(inputs(["a<2", "b<2"]), overrides=(root("b>=2"),))
    assert _rewriter({"a": "2"}).restated(asked, _versions(a="2", b="3")) == asked


def test_hashes_go_with_their_version() -> None:
    asked = inputs(["a==1", "b>=1", "c"])
    roots = tuple(replace(one, hashes=("sha256:old",)) if one.name != "c" else one for one in asked.roots)
    changed = _rewriter().restated(replace(asked, roots=roots), _versions(a="2", b="2", c="2"))
    assert [one.hashes for one in changed.roots] == [("sha256:a-2",), ("sha256:b-2",), ()]


def test_bounds_go_into_the_first_line_that_applies() -> None:
    asked = inputs(["a ; sys_platform == 'win32'", "a>=1", "b==1"], ["c"])
    changed = _rewriter().tightened(
        asked, _versions(a="2", b="2", c="2", d="2", e="2"), "abcdef", _versions(a="3", b="3", c="1", d="3", e="2")
    )
    words = (["a ; sys_platform == 'win32'", "a<=2,>=1", "b==1", "d<=2"], ["c>=2"])
    assert _words(changed) == (_sorted(words[0], changed.roots), words[1])


def _sorted(wanted: Sequence[str], roots: Sequence[object]) -> list[str]:
    """The clauses of a set have an order of their own."""
    assert len(wanted) == len(roots)
    return ["a>=1,<=2" if "<=2,>=1" in one else one for one in wanted]


def test_pins_complete_a_pinned_file() -> None:
    asked = inputs(["a==1"])
    changed = _rewriter().completed(asked, _versions(a="1", b="2"), hashed=True)
    assert [(one.requirement, one.hashes) for one in changed.roots[1:]] == [("b==2", ("sha256:b-2",))]
    (added,) = changes(asked, changed)
    assert (added.kind, added.before, added.location) == (RequirementChangeKind.ADD, None, None)


def test_what_was_changed_is_told_by_kind() -> None:
    asked = inputs(["a==1", "b<2", "c>=1", "d[x,y]", "e"], ["f<2"])
    rewriter = _rewriter()
    found = _versions(a="2", b="2", f="2", c="3")
    changed = rewriter.restated(asked, found)
    changed = rewriter.tightened(changed, _versions(c="3", g="1"), "cg", _versions(c="4", g="2"))
    changed = without_extras(changed, {(3, "x")})
    assert [(one.kind.value, one.after, one.constraint) for one in changes(asked, changed)] == [
        ("pin", "a==2", False),
        ("relax", "b>=2", False),
        ("constrain", "c>=1,<=3", False),
        ("drop-extra", "d[y]", False),
        ("relax", "f>=2", True),
        ("constrain", "g<=1", False),
    ]


def test_the_last_extra_goes_with_its_brackets() -> None:
    changed = without_extras(inputs(["a [x]>=1 ; python_version > '3'"]), {(0, "x")})
    assert _words(changed)[0] == ["a>=1 ; python_version > '3'"]


def test_a_file_of_its_own_holds_constraints_options_and_hashes() -> None:
    asked = inputs(
        ["a==1", "a==1"], ["b<2", "unreached<1"],
        settings=IndexSettings(pre=True, only_binary=frozenset({"z", ":all:"})),
    )  # fmt: skip
    asked = replace(asked, roots=(replace(asked.roots[0], hashes=("sha256:1",)), asked.roots[1]))
    assert list(lines(without_constraints(asked, reached={"a", "b"}))) == [
        PlanLine(requirement="--pre"),
        PlanLine(requirement="--only-binary :all:,z"),
        PlanLine(requirement="a==1", hashes=("sha256:1",)),
        PlanLine(requirement="a==1"),
        PlanLine(requirement="b<2"),
    ]

"""Resolutions in small worlds: extras, constraints, contradictions, bounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from nogilcheck.model.artifact import Missing, MissingKind, ProjectPage
from nogilcheck.model.graph import GapKind, Graph
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.source import IndexSettings
from nogilcheck.resolve.walk import conflict_free, effort
from nogilcheck.resolve.walk import problem as problem_module
from nogilcheck.resolve.walk import walk as walk_module
from nogilcheck.resolve.walk.graph import GraphBuilder
from nogilcheck.resolve.walk.provider import Provider
from nogilcheck.resolve.walk.requirements import Identifier, Requirement, split_extras
from nogilcheck.resolve.walk.walk import walk
from nogilcheck.targets.builds import make_target
from tests.support.grown_worlds import tree
from tests.support.memory_fetcher import MemoryFetcher
from tests.support.small_worlds import inputs, resolve, root, versions
from tests.world import Universe, parse

TWIN = make_target("3.14", "linux-x86_64")

WORLD = """
[projects.app]
"1.0" = { extras.fast = ["lib"], extras.all = ["app[fast]", "other"] }
"2.0" = { requires = ["lib>=2"], extras.fast = ["lib<2"] }
[projects.lib]
"1.0" = {}
"2.0" = {}
[projects.other]
"1.0" = {}
[projects.old]
"1.0" = { requires = ["lib<2"] }
[projects.new]
"1.0" = { requires = ["lib>=2"] }
[projects.deep]
"1.0" = { requires = ["old", "new"] }
[projects.direct]
"1.0" = { requires = ["lib @ https://files.test/lib.whl", "other"] }
[projects.lost]
"1.0" = { requires = ["ghost>=1", "other"] }
[projects.spoilt]
"1.0" = { yanked = true }
"""


def _resolve(*requirements: str, constraints: tuple[str, ...] = ()) -> Graph:
    return resolve(WORLD, inputs(requirements, constraints), TWIN)[1]


def test_what_extras_ask_for() -> None:
    assert split_extras("foo", (), ">=1") == [Requirement("foo", (), ">=1")]
    assert split_extras("foo", ("a", "b"), "") == [Requirement("foo", ("a", "b"))]
    assert split_extras("foo", ("a",), ">=1", origin=3) == [
        Requirement("foo", (), ">=1", 3),
        Requirement("foo", ("a",), ">=1", 3),
    ]
    assert split_extras("foo", ("a",), "", url="https://me@x.test/foo.zip#egg=foo") == [
        Requirement("foo", (), "", None, "https://x.test/foo.zip"),
        Requirement("foo", ("a",), "", None, "https://x.test/foo.zip"),
    ]


def test_identifiers_read_as_pip_writes_them() -> None:
    assert [str(Identifier("foo", extras)) for extras in ((), ("a",), ("a", "b"))] == ["foo", "foo[a]", "foo[a,b]"]


def test_a_project_and_its_extras_have_one_version() -> None:
    """2.0 contradicts its own extra, so that the extra takes the whole project back."""
    graph = _resolve("app[fast]")
    assert versions(graph) == {"app": "1.0", "lib": "2.0"}
    assert not graph.gaps


def test_extras_that_refer_to_their_own_project() -> None:
    graph = _resolve("app[all]<2")
    assert versions(graph) == {"app": "1.0", "other": "1.0", "lib": "2.0"}
    assert [(e.parent, e.child, e.extra, e.child_extras) for e in graph.edges] == [
        (0, "app", None, ("all",)),
        ("app", "app", "all", ("fast",)),
        ("app", "other", "all", ()),
        ("app", "lib", "fast", ()),
    ]


def test_an_extra_that_is_not_provided_adds_nothing() -> None:
    """As pip: a marker on an extra that the metadata do not declare does not hold."""
    world = (
        '[projects.app]\n"1.0" = { fields.Requires-Dist = ["lib ; extra == \'hidden\'"] }\n[projects.lib]\n"1.0" = {}'
    )
    assert versions(resolve(world, ["app[hidden,nope]"], TWIN)[1]) == {"app": "1.0"}


def test_extras_follow_to_a_local_version_exactly() -> None:
    """``==1.0`` would admit 1.0+cpu as well, and the extra of one would come with the other."""
    world = """
    [projects.app]
    "1.0" = { requires = ["base-of-plain"], extras.x = ["lib==1.0"] }
    "1.0+cpu" = { requires = ["base-of-cpu"], extras.x = ["lib==2.0"] }
    [projects.lib]
    "1.0" = {}
    "2.0" = {}
    [projects.base-of-plain]
    "1.0" = {}
    [projects.base-of-cpu]
    "1.0" = {}
    """
    assert versions(resolve(world, ["lib==1.0", "app[x]"], TWIN)[1]) == {
        "lib": "1.0", "app": "1.0", "base-of-plain": "1.0",
    }  # fmt: skip


def test_constraints_bound_and_bring_nothing_in() -> None:
    graph = _resolve("app<2", constraints=("lib<2", "ghost<1", "other==9"))
    assert versions(graph) == {"app": "1.0"}
    assert versions(_resolve("app[fast]<2", constraints=("lib<2",))) == {"app": "1.0", "lib": "1.0"}
    assert not graph.gaps


def test_a_constraint_whose_marker_does_not_hold_bounds_nothing() -> None:
    assert versions(_resolve("lib", constraints=("lib<2 ; sys_platform == 'win32'",))) == {"lib": "2.0"}


def test_a_constraint_to_a_url_is_a_gap_where_the_project_is_asked_for() -> None:
    url = "lib @ https://files.test/lib.whl"
    assert not _resolve("other", constraints=(url,)).gaps
    graph = _resolve("new", constraints=(url,))
    assert versions(graph) == {"new": "1.0", "lib": None}
    (gap,) = graph.gaps
    assert (gap.kind, gap.distribution) == (GapKind.PROJECT, "lib")
    assert gap.missing is not None
    assert gap.missing.kind is MissingKind.DIRECT_URL
    assert "c.txt:1" in gap.text


class Hashed(MemoryFetcher):
    """The digest of every file is its version."""

    def page(self, name: str) -> ProjectPage | Missing:
        found = super().page(name)
        assert isinstance(found, ProjectPage)
        files = {
            version: tuple(replace(file, hashes={"sha256": str(version)}) for file in found.files(version))
            for version in found.versions
        }
        return replace(found, files_by_version=files)


@pytest.mark.parametrize(
    ("second", "admitted"),
    [("lib==1.0 ; python_version < '3.14'", True), ("lib<3", False), ("lib>1 ; platform_release > '5'", False)],
)
def test_hashes_of_a_line_that_does_not_apply_do_not_count(second: str, admitted: bool) -> None:
    lines = replace(root("lib==2.0"), hashes=("sha256:2.0",)), replace(root(second, 2), hashes=("sha256:1.0",))
    graph = GraphBuilder(walk(Inputs(roots=lines), TWIN, Hashed(parse(WORLD)), exclude_newer=None)).build()
    assert versions(graph) == {"lib": "2.0"}
    assert bool(graph.nodes["lib"].files) is admitted
    assert [one.said for one in graph.nodes["lib"].not_admitted] == ([] if admitted else ["--hash (r.txt:1)"])


def test_a_direct_reference_is_a_gap_and_the_walk_goes_on() -> None:
    graph = _resolve("direct", "lib<2")
    assert versions(graph) == {"direct": "1.0", "lib": None, "other": "1.0"}
    (gap,) = graph.gaps
    assert gap.missing is not None
    assert gap.missing.kind is MissingKind.DIRECT_URL
    assert "direct 1.0 asks for lib @ https://files.test/lib.whl" in gap.text


def test_a_root_that_is_a_direct_reference() -> None:
    graph = _resolve("lib[x] @ https://files.test/lib.whl", "other")
    assert versions(graph) == {"lib": None, "other": "1.0"}
    assert [(gap.distribution, str(gap.location)) for gap in graph.gaps] == [("lib", "r.txt:1")]


def test_a_root_without_a_name_is_a_gap_of_its_own() -> None:
    nameless = replace(root("other"), name=None, requirement="./local", url="./local")
    finished, graph = resolve(WORLD, Inputs(roots=(nameless, root("lib", 2))), TWIN)
    assert versions(graph) == {"lib": "2.0"}
    (gap,) = graph.gaps
    assert gap.text == "'./local' is a direct reference, which is not checked: it tells no name"
    assert [position for position, _ in finished.problem.applying] == [0, 1]


def test_a_project_that_nobody_knows_is_a_gap_and_the_walk_goes_on() -> None:
    graph = _resolve("lost", "ghost[x]<1")
    assert versions(graph) == {"lost": "1.0", "ghost": None, "other": "1.0"}
    (gap,) = graph.gaps
    assert gap.missing is not None
    assert (gap.missing.kind, gap.distribution) == (MissingKind.NOT_FOUND, "ghost")


def test_roots_that_do_not_apply() -> None:
    graph = _resolve("lib ; sys_platform == 'win32'", "other ; platform_release > '5'")
    assert versions(graph) == {"other": "1.0"}
    assert [gap.kind for gap in graph.gaps] == [GapKind.MARKER]
    nothing = _resolve("lib ; sys_platform == 'win32'")
    assert versions(nothing) == {}
    assert [gap.kind for gap in nothing.gaps] == [GapKind.NOTHING_APPLIES]


CONFLICTS = [
    (("lib<2", "lib>=2"), ["r.txt:1 asks for <2", "r.txt:2 asks for >=2", "no set of versions"], MissingKind.CONFLICT),
    (("lib==1.0", "new"), ["r.txt:1 asks for ==1.0", "new 1.0 requires >=2"], MissingKind.CONFLICT),
    (("deep",), ["old 1.0 requires <2", "new 1.0 requires >=2"], MissingKind.CONFLICT),
    (("lib>=9",), ["r.txt:1 asks for >=9", "no version matches >=9; the newest is 2.0"], MissingKind.NO_VERSION),
    (("spoilt",), ["r.txt:1 asks for any version", "every version that matches is yanked"], MissingKind.NO_VERSION),
]


@pytest.mark.parametrize(("requirements", "words", "kind"), CONFLICTS)
def test_a_contradiction_names_the_lines_and_the_distributions(
    requirements: tuple[str, ...], words: list[str], kind: MissingKind
) -> None:
    graph = _resolve(*requirements)
    gap = graph.gaps[0]
    assert gap.kind is GapKind.PROJECT
    assert gap.missing is not None
    assert gap.missing.kind is kind
    assert gap.text.startswith(f"{gap.distribution}: ")
    for word in words:
        assert word in gap.text
    assert len(graph.gaps) == len({gap.text for gap in graph.gaps}), "told twice"


def test_the_users_own_words_come_first_and_count_on() -> None:
    """After a contradiction the user's line decides, so that what lies behind it is still judged."""
    graph = _resolve("new", "lib<2")
    assert versions(graph) == {"new": "1.0", "lib": "1.0"}
    (gap,) = graph.gaps
    assert gap.text.index("r.txt:2") < gap.text.index("new 1.0")
    assert str(gap.location) == "r.txt:2"


def test_lines_that_contradict_one_another_give_the_project_up() -> None:
    graph = _resolve("lib<2", "lib>=2", "app<2")
    assert versions(graph) == {"lib": None, "app": "1.0"}
    missing = graph.nodes["lib"].missing
    assert missing is not None
    assert missing.kind is MissingKind.CONFLICT


def test_a_constraint_in_a_contradiction_is_named() -> None:
    graph = _resolve("new", constraints=("lib<2",))
    assert "c.txt:1 constrains it to <2" in graph.gaps[0].text
    assert str(graph.gaps[0].location) == "c.txt:1"


def test_a_contradiction_does_not_hide_another() -> None:
    graph = _resolve("old", "new", "lost>=2", "other>=9")
    assert {gap.distribution for gap in graph.gaps} == {"lib", "lost", "other"}
    assert set(versions(graph)) == {"old", "new", "lib", "lost", "other"}


def test_a_long_contradiction_is_cut() -> None:
    parents = "\n".join(f'[projects.p{n}]\n"1.0" = {{ requires = ["lib=={n}.5"] }}' for n in range(12))
    world = parse(f'{parents}\n[projects.lib]\n"1.0" = {{}}')
    graph = resolve(world, [f"p{n}" for n in range(12)], TWIN)[1]
    assert graph.gaps[0].text.count("requires") <= 5


def test_too_many_contradictions_are_given_up_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk_module, "MAX_RELAXED", 0)
    graph = _resolve("new", "lib<2", "other")
    assert versions(graph) == {"new": "1.0", "lib": None, "other": "1.0"}
    assert len(graph.gaps) == 1


@pytest.mark.parametrize(
    ("limit", "most", "told"),
    [(f"{effort.__name__}.MAX_STEPS", 500, "500 steps")],
)
class TestCutOff:
    """What was not resolved within its limits is judged at its newest permitted version; contradictions come first."""

    @pytest.fixture(autouse=True)
    def _limited(self, limit: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limit, most)
        # What comes after it has its own.
        monkeypatch.setattr(walk_module, "Effort", lambda _: Unlimited())

    def test_every_project_has_its_newest_version(self, told: str) -> None:
        graph = _resolve("other", "deep", "app<2")
        contradiction, cut_off = graph.gaps
        assert cut_off.kind is GapKind.CUT_OFF
        assert told in cut_off.text
        assert contradiction.missing is not None
        assert contradiction.missing.kind is MissingKind.UNRESOLVED
        assert "old 1.0 requires <2; new 1.0 requires >=2" in contradiction.text
        assert set(versions(graph)) == {"other", "deep", "app", "old", "new", "lib"}
        assert None not in versions(graph).values()

    def test_what_bounds_a_project_counts_wherever_it_is_met(self, told: str) -> None:
        graph = _resolve("lib", "other", "old", "app[fast]")
        assert versions(graph) == {"lib": "1.0", "other": "1.0", "old": "1.0", "app": "2.0"}
        (contradiction, cut_off) = graph.gaps
        assert "app 2.0 requires >=2" in contradiction.text
        assert told in cut_off.text

    def test_without_a_contradiction_it_says_so_alone(self, told: str) -> None:
        graph = _resolve("lib", "other", "old")
        assert versions(graph) == {"lib": "1.0", "other": "1.0", "old": "1.0"}
        (gap,) = graph.gaps
        assert (gap.kind, told in gap.text) == (GapKind.CUT_OFF, True)

    def test_what_cannot_be_had_stays_missing(self, told: str) -> None:
        graph = _resolve("lost", "new", "lib", "other")
        assert versions(graph) == {"lost": "1.0", "new": "1.0", "lib": "2.0", "other": "1.0", "ghost": None}
        assert {gap.distribution for gap in graph.gaps} == {None, "ghost"}
        assert any(told in gap.text for gap in graph.gaps)


DISCARDED = """
[projects.app]
"1.0" = { requires = ["bad"] }
"2.0" = { requires = ["bad", "odd"], fields.Version = "9" }
[projects.bad]
"1.0" = {}
"2.0" = { fields.Requires-Dist = ["???"] }
"3.0" = { fields.Requires-Dist = ["???"] }
[projects.odd]
"1.0" = { fields.Requires-Dist = ["???"] }
"""


@pytest.mark.parametrize(
    ("limit", "most"), [(f"{walk_module.__name__}.MAX_DISCARDS", 0), (f"{effort.__name__}.MAX_STEPS", 300)]
)
def test_what_is_judged_after_a_limit_is_nothing_that_installers_discard(
    limit: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limit, most)
    monkeypatch.setattr(walk_module, "Effort", lambda _: Unlimited())
    graph = resolve(DISCARDED, inputs(("app", "odd"), ()), TWIN)[1]
    assert versions(graph) == {"app": "1.0", "bad": "1.0", "odd": None}
    none, cut_off = graph.gaps
    assert none.distribution == "odd"
    assert "installers discard odd-1.0-py3-none-any.whl" in none.text
    assert cut_off.kind is GapKind.CUT_OFF


class Unlimited(effort.Effort):
    """Counts nothing."""

    def __init__(self) -> None:
        super().__init__(lambda: False)

    def spend(self, steps: int) -> None:
        pass


def _of(world: str, *requirements: str) -> Graph:
    return resolve(world, inputs(requirements), TWIN)[1]


def _steps(world: Universe | str, *requirements: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """What a resolution costs."""
    efforts: list[effort.Effort] = []

    class Seen(effort.Effort):
        def __init__(self, is_out_of_time: Callable[[], bool]) -> None:
            super().__init__(is_out_of_time)
            efforts.append(self)

    monkeypatch.setattr(problem_module, "Effort", Seen)
    graph = resolve(world, inputs(requirements), TWIN)[1]
    assert GapKind.CUT_OFF not in {gap.kind for gap in graph.gaps}
    return sum(one.steps for one in efforts)


def test_the_cost_of_a_tree_is_linear(monkeypatch: pytest.MonkeyPatch) -> None:
    costs = {}
    for depth in (3, 5):
        grown = tree(depth, 4)
        asked: list[str] = []
        monkeypatch.setattr(Provider, "preference", _counting(asked, Provider.preference))
        costs[depth] = _steps(grown.universe, grown.root, monkeypatch=monkeypatch) / len(grown.names)
        assert len(asked) == len(grown.names), "one preference for each requirement"
        monkeypatch.undo()
    assert costs[5] <= costs[3]


def _counting(asked: list[str], honest: Callable[..., Any]) -> Callable[..., Any]:
    def counted(self: Provider, identifier: Identifier, requirements: Sequence[Requirement]) -> Any:
        asked.append(identifier.name)
        return honest(self, identifier, requirements)

    return counted


def test_two_projects_that_change_each_other_in_turn_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """No requirement is without a candidate, and no version of one is left by the other's."""
    world = """
    [projects.a]
    "1.0" = { requires = ["b>=2"] }
    "2.0" = { requires = ["b<2"] }
    [projects.b]
    "1.0" = { requires = ["a<2"] }
    "2.0" = { requires = ["a>=2"] }
    """
    monkeypatch.setattr(conflict_free, "SPARE_ROUNDS", 10)
    monkeypatch.setattr(walk_module, "MAX_ROUNDS", 50)
    (gap,) = _of(world, "a", "b").gaps
    assert gap.missing is not None
    assert gap.missing.kind is MissingKind.CONFLICT


def test_projects_that_no_index_knows_cost_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def world(count: int) -> str:
        unknown = ", ".join(f'"nope{number}"' for number in range(count))
        return f'[projects.app]\n"1.0" = {{ requires = [{unknown}] }}'

    assert _steps(world(400), "app", monkeypatch=monkeypatch) == _steps(world(4), "app", monkeypatch=monkeypatch)
    assert len(resolve(parse(world(400)), inputs(["app"]), TWIN)[1].nodes) == 401


class Hiding(MemoryFetcher):
    """Has the archive, and no page that lists it."""

    def page(self, name: str) -> ProjectPage | Missing:
        return Missing(kind=MissingKind.NOT_FOUND, text="hidden") if name == "hidden" else super().page(name)


def test_an_unknown_project_that_a_distribution_names_an_archive_of_is_bounded_by_all() -> None:
    """What is left out because no index knows it must count once an archive of it is there."""
    world = """
    [projects.first]
    "1.0" = { requires = ["hidden>=2"] }
    [projects.second]
    "1.0" = { requires = ["hidden @ https://files.test/hidden-1.0-py3-none-any.whl"] }
    [projects.hidden]
    "1.0" = {}
    """
    for roots in (["first", "second"], ["second", "first"]):
        graph = GraphBuilder(walk(inputs(roots), TWIN, Hiding(parse(world)), exclude_newer=None)).build()
        assert [gap for gap in graph.gaps if gap.missing and gap.missing.kind is MissingKind.CONFLICT], graph.gaps


def test_two_long_lists_of_versions_that_contradict_each_other_cost_no_scan_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A pin is looked up, so that a pair of pins costs the same whatever else the project has."""

    def world(more: int) -> str:
        numbers = range(1, 21)
        a = "\n".join(f'"{n}.0" = {{ requires = ["c=={n}.0"] }}' for n in numbers)
        b = "\n".join(f'"{n}.0" = {{ requires = ["c=={n}.5"] }}' for n in numbers)
        c = "\n".join(f'"{n}.0" = {{}}\n"{n}.5" = {{}}' for n in range(1, 21 + more))
        return f"[projects.a]\n{a}\n[projects.b]\n{b}\n[projects.c]\n{c}"

    few, many = (_steps(world(more), "a", "b", monkeypatch=monkeypatch) for more in (0, 200))
    assert few == many


def test_a_ring_of_projects_ends() -> None:
    ring = "\n".join(f'[projects.p{n}]\n"1.0" = {{ requires = ["p{(n + 1) % 50}"] }}' for n in range(50))
    assert len(resolve(ring, ["p0"], TWIN)[1].nodes) == 50


def test_a_resolution_that_left_a_ring_behind_ends() -> None:
    """Projects of an abandoned version that require one another are nobody's; resolvelib's own tracing never ends."""
    world = """
    [projects.a]
    "2.0" = { requires = ["x", "a<2"] }
    "1.0" = {}
    [projects.x]
    "1.0" = { requires = ["y"] }
    [projects.y]
    "1.0" = { requires = ["x", "a"] }
    """
    assert versions(resolve(world, ["a"], TWIN)[1]) == {"a": "1.0"}


def test_pre_releases_and_options_reach_the_walk() -> None:
    world = '[projects.lib]\n"1.0" = {}\n"2.0rc1" = {}'
    assert versions(resolve(world, ["lib"], TWIN)[1]) == {"lib": "1.0"}
    asked = inputs(["lib"], settings=IndexSettings(pre=True))
    assert versions(resolve(world, asked, TWIN)[1]) == {"lib": "2.0rc1"}
    early = resolve(world, inputs(["lib"]), TWIN, exclude_newer="2025-01-01T00:00:00")[1]
    assert "uploaded before the date" in early.gaps[0].text

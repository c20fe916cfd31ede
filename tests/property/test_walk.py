"""What holds for every resolution, in whatever world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from resolvelib import BaseReporter, ResolutionImpossible

from nogilcheck.model.artifact import Missing
from nogilcheck.model.graph import Edge, GapKind, Graph
from nogilcheck.model.target import Target
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.walk.conflict_free import ConflictError, ConflictFreeWalk
from nogilcheck.resolve.walk.graph import GraphBuilder
from nogilcheck.resolve.walk.problem import Problem
from nogilcheck.resolve.walk.provider import Provider
from nogilcheck.resolve.walk.requirements import Candidate, Identifier, Requirement
from nogilcheck.resolve.walk.resolution import KeptResolution
from nogilcheck.resolve.walk.walk import BuildResolution, walk, walk_all
from nogilcheck.targets.builds import make_target
from tests.support.memory_fetcher import MemoryFetcher
from tests.support.small_worlds import (
    Habits,
    World,
    inputs,
    make_world,
    resolve,
    versions,
    without_free_threaded_wheels,
)
from tests.world import parse

TARGET = make_target("3.14t", "linux-x86_64")
TWIN = TARGET.installer


def worlds(habits: Habits) -> st.SearchStrategy[World]:
    # A seed does not shrink; drawing every choice would, and takes ten times as long.
    return st.builds(lambda seed: make_world(Random(seed), habits), st.integers(0, 2**32))


PEACEFUL = worlds(Habits(plain=0.7))
QUARRELSOME = st.one_of(worlds(Habits(plain=0.2, ghosts=True)), worlds(Habits(plain=0.6, ghosts=True, references=0.15)))


def _resolve(world: World, build: Target = TWIN) -> tuple[BuildResolution, Graph]:
    return resolve(parse(world.universe), inputs(world.requirements, world.constraints), build)


@settings(deadline=None)
@given(QUARRELSOME)
def test_every_walk_ends_with_all_that_was_asked_for(world: World) -> None:
    walk, graph = _resolve(world)
    for _, root in walk.problem.applying:
        assert root.name in graph.nodes
    for edge in graph.edges:
        assert edge.child in graph.nodes
        assert isinstance(edge.parent, int) or edge.parent in graph.nodes
    explained = {gap.distribution for gap in graph.gaps if gap.kind is GapKind.PROJECT}
    for name, node in graph.nodes.items():
        assert node.name == name
        assert (node.version is None) == (node.missing is not None)
        assert node.version is not None or name in explained


@settings(deadline=None)
@given(QUARRELSOME)
def test_the_same_question_has_the_same_answer(world: World) -> None:
    first, second = _resolve(world)[1], _resolve(world)[1]
    assert list(first.nodes) == list(second.nodes)
    assert first == second


@settings(deadline=None)
@given(st.one_of(PEACEFUL, QUARRELSOME))
def test_every_requirement_is_met_or_told(world: World) -> None:
    walk, graph = _resolve(world)
    told = {gap.distribution for gap in graph.gaps if gap.kind is GapKind.PROJECT}
    for edge in graph.edges:
        chosen = graph.nodes[edge.child].version
        if chosen is not None and edge.child not in told:
            assert SpecifierSet(edge.specifier).contains(chosen, prereleases=True), edge
    for name, specifier in walk.problem.constraints.items():
        node = graph.nodes.get(name)
        if node and node.version is not None and name not in told:
            assert SpecifierSet(specifier).contains(node.version, prereleases=True)


@settings(deadline=None)
@given(st.one_of(PEACEFUL, QUARRELSOME))
def test_the_edges_are_the_requirements_that_hold(world: World) -> None:
    """Read from the metadata once more, in the plainest way."""
    _, graph = _resolve(world)
    universe = parse(world.universe)
    fetcher, markers = MemoryFetcher(universe), MarkerEvaluator(TWIN.environment)
    asked_extras: dict[str, set[str]] = {}
    for edge in graph.edges:
        asked_extras.setdefault(edge.child, set()).update(edge.child_extras)
    expected: set[tuple[str, str, str]] = set()
    for name, node in graph.nodes.items():
        page = fetcher.page(name)
        if node.version is None or isinstance(page, Missing):
            continue
        metadata = fetcher.metadata(page.files(node.version)[0])
        assert not isinstance(metadata, Missing)
        provided = [extra for extra in sorted(asked_extras.get(name, ())) if extra in metadata.extras]
        expected |= {
            (name, dependency.name, dependency.specifier)
            for dependency in metadata.requires
            if any(markers.holds(dependency.marker, extra) for extra in ("", *provided))
        }
    found = {(edge.parent, edge.child, edge.specifier) for edge in graph.edges if isinstance(edge.parent, str)}
    assert found == expected


@settings(deadline=None)
@given(worlds(Habits(plain=1.0, yanked=0)))
def test_without_a_specifier_everything_is_at_its_newest(world: World) -> None:
    assume(not world.constraints)
    _, graph = _resolve(world)
    page = MemoryFetcher(parse(world.universe)).page
    for name, node in graph.nodes.items():
        assert node.version is not None or node.missing is not None
        offered = page(name)
        assert not isinstance(offered, Missing)
        fitting = [
            version
            for version in offered.versions
            for file in offered.files(version)
            if TWIN.best_tag(file.tags) and TWIN.admits_python(file.requires_python)
        ]
        if fitting:
            assert node.version == max([version for version in fitting if not version.is_prerelease] or fitting), name


@settings(deadline=None)
@given(st.one_of(PEACEFUL, QUARRELSOME))
def test_free_threaded_wheels_never_change_what_is_chosen(world: World) -> None:
    asked = inputs(world.requirements, world.constraints)
    universe = parse(world.universe)
    _, graph = resolve(universe, asked, TARGET.installer)
    _, poorer = resolve(without_free_threaded_wheels(universe), asked, TARGET.installer)
    assert versions(graph) == versions(poorer)
    assert graph.edges == poorer.edges
    assert graph.gaps == poorer.gaps


@settings(deadline=None)
@given(st.one_of(PEACEFUL, QUARRELSOME))
def test_a_project_that_nobody_asks_for_changes_nothing(world: World) -> None:
    bystander = '\n[projects.bystander]\n"1.0" = { requires = ["pa<1", "pb"] }\n'
    before = _resolve(world)[1]
    after = _resolve(replace(world, universe=world.universe + bystander))[1]
    assert before == after


@settings(deadline=None)
@given(PEACEFUL)
def test_only_what_is_asked_for_is_looked_up(world: World) -> None:
    fetcher = MemoryFetcher(parse(world.universe))
    finished = walk(inputs(world.requirements, ["bystander<1"]), TWIN, fetcher, exclude_newer=None)
    assert "bystander" not in fetcher.asked
    assert len(fetcher.asked) == len(set(fetcher.asked)), "a page was asked for twice"
    assert {key.name for key in finished.mapping} <= set(fetcher.asked)


@settings(deadline=None)
@given(PEACEFUL)
def test_a_pin_on_every_choice_gives_the_same_choice(world: World) -> None:
    """A resolution that is written down and read back is what it was."""
    graph = _resolve(world)[1]
    assume(not graph.gaps)
    chosen = {name: node.version for name, node in graph.nodes.items() if node.version is not None}
    pins = [f"{name}==={version}" for name, version in chosen.items()]
    again = resolve(parse(world.universe), inputs(world.requirements, [*world.constraints, *pins]), TWIN)[1]
    assert versions(again) == versions(graph)
    assert {_plain(edge) for edge in again.edges} == {_plain(edge) for edge in graph.edges}


def _plain(edge: Edge) -> tuple[str | int, str, str, str | None]:
    return (edge.parent, edge.child, edge.specifier, edge.extra)


@settings(deadline=None)
@given(st.one_of(PEACEFUL, QUARRELSOME))
def test_what_is_chosen_without_going_back_is_what_resolvelib_chooses(world: World) -> None:
    """In the same order; and where resolvelib goes back, the search is left to it."""
    rejected: list[object] = []
    conflicts: list[object] = []

    class Reporter(BaseReporter[Requirement, Candidate, Identifier]):
        def rejecting_candidate(self, criterion: object, candidate: object) -> None:
            rejected.append(candidate)

        def resolving_conflicts(self, causes: object) -> None:
            conflicts.append(causes)

    provider, requirements = _posed(world)
    try:
        theirs = list(KeptResolution(provider, Reporter()).resolve(requirements, 1000).mapping.items())
    except ResolutionImpossible as impossible:
        conflicts.append(impossible)
    provider, requirements = _posed(world)
    try:
        ours = list(ConflictFreeWalk(provider).resolve(requirements).items())
    except ConflictError:
        assert conflicts or rejected
    else:
        assert not conflicts
        assert ours == theirs


def _posed(world: World) -> tuple[Provider, Sequence[Requirement]]:
    fetcher = MemoryFetcher(parse(world.universe))
    problem = Problem.of(inputs(world.requirements, world.constraints), TWIN, fetcher, exclude_newer=None)
    effort = problem.effort()
    provider = problem.provider(unresolvable={}, relaxed=frozenset(), effort=effort, direct=problem.direct)
    return provider, provider.deciding(problem.requirements)


BUILDS = [
    make_target(python, platform)
    for python in ("3.14", "3.15", "3.13")
    for platform in ("linux-x86_64", "windows-amd64")
]


@settings(deadline=None)
@given(st.one_of(PEACEFUL, QUARRELSOME), st.permutations(BUILDS))
def test_a_resolution_is_shared_only_where_it_would_come_out_alike(world: World, builds: list[Target]) -> None:
    asked, fetcher = inputs(world.requirements, world.constraints), MemoryFetcher(parse(world.universe))
    together = [GraphBuilder(each).build() for each in walk_all(asked, builds[:3], fetcher, exclude_newer=None)]
    alone = [resolve(parse(world.universe), asked, build)[1] for build in builds[:3]]
    assert together == alone

"""The search that learns from conflicts, in random worlds: what it finds, and what it proves."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resolvelib import BaseReporter, ResolutionImpossible

from nogilcheck.resolve.versions import specifier_set
from nogilcheck.resolve.walk.learned_resolution import NotDecidedError, resolve_learning
from nogilcheck.resolve.walk.problem import Problem
from nogilcheck.resolve.walk.provider import Provider
from nogilcheck.resolve.walk.resolution import KeptResolution
from nogilcheck.targets.builds import make_target
from tests.support.memory_fetcher import MemoryFetcher
from tests.support.small_worlds import Habits, World, inputs, make_world
from tests.world import parse

TWIN = make_target("3.14", "linux-x86_64")
WORLDS = st.builds(
    lambda seed, plain: make_world(Random(seed), Habits(plain=plain, ghosts=True)),
    st.integers(0, 2**32),
    st.sampled_from([0.3, 0.6, 0.8]),
)


def _posed(world: World) -> tuple[Problem, Provider]:
    fetcher = MemoryFetcher(parse(world.universe))
    problem = Problem.of(inputs(world.requirements, world.constraints), TWIN, fetcher, exclude_newer=None)
    effort = problem.effort()
    return problem, problem.provider(unresolvable={}, relaxed=frozenset(), effort=effort, direct=problem.direct)


@settings(deadline=None)
@given(WORLDS)
def test_what_it_finds_satisfies_every_requirement(world: World) -> None:
    problem, provider = _posed(world)
    requirements = provider.deciding(problem.requirements)
    try:
        found = resolve_learning(provider, requirements)
    except (NotDecidedError, ResolutionImpossible):
        return
    asked = [*requirements, *(one for each in found.values() for one in provider.get_dependencies(each))]
    for requirement in asked:
        version = found[provider.identify(requirement)].version
        if version is not None:
            assert specifier_set(requirement.specifier).contains(version, prereleases=True)
            assert requirement.exact in (None, version)
            assert specifier_set(problem.constraints.get(requirement.name, "")).contains(version, prereleases=True)
    assert {provider.identify(requirement) for requirement in asked} == set(found)


@settings(deadline=None)
@given(WORLDS)
def test_what_it_proves_impossible_is_impossible_for_resolvelib(world: World) -> None:
    problem, provider = _posed(world)
    try:
        resolve_learning(provider, provider.deciding(problem.requirements))
    except NotDecidedError:
        return
    except ResolutionImpossible:
        problem, provider = _posed(world)
        with pytest.raises(ResolutionImpossible):
            KeptResolution(provider, BaseReporter()).resolve(provider.deciding(problem.requirements), 2000)

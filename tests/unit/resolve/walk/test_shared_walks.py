"""A resolution serves several builds, when every question that it asked has the same answer on each."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.resolve.walk.graph import GraphBuilder
from nogilcheck.resolve.walk.walk import BuildResolution, walk, walk_all
from nogilcheck.targets.builds import make_target
from tests.support.memory_fetcher import MemoryFetcher
from tests.support.small_worlds import Habits, inputs, make_world
from tests.world import parse

TORCH = """
[projects.app]
"1.0" = { requires = ["torch", "pure"] }
[projects.torch]
"1.0" = { sdist = true }
"2.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64", "cp315-cp315-manylinux_2_28_x86_64"], requires = ["pure"] }
[projects.pure]
"1.0" = {}
"2.0" = {}
"""
WINDOWS_ONLY = '[projects.app]\n"1.0" = { requires = ["gui; sys_platform == \'win32\'"] }\n[projects.gui]\n"1.0" = {}'
BUILDS = [
    make_target(python, platform)
    for platform in ("linux-x86_64", "musllinux-x86_64", "windows-amd64")
    for python in ("3.14", "3.15")
]


def walks(universe: str, *names: str) -> list[BuildResolution]:
    fetcher = MemoryFetcher(parse(universe))
    return list(walk_all(inputs(names, ()), BUILDS, fetcher, exclude_newer=None))


def test_equal_candidates_share() -> None:
    linux_314, linux_315, musl_314, musl_315, *_ = walks(TORCH, "app")
    assert linux_314.mapping is linux_315.mapping
    assert musl_314.mapping is musl_315.mapping
    assert linux_314.mapping is not musl_314.mapping, "torch has no musllinux wheel, though the markers agree"


def test_other_markers_do_not_share() -> None:
    linux, _, musl, _, windows, _ = walks(WINDOWS_ONLY, "app")
    assert linux.mapping is musl.mapping
    assert linux.mapping is not windows.mapping
    assert "gui" in GraphBuilder(windows).build().nodes


WHEELS_DISAGREE = """
[projects.flow]
"1.0" = { wheels = [
    { tag = "cp314-cp314-manylinux_2_28_x86_64", requires = ["h5<2"] },
    { tag = "cp315-cp315-manylinux_2_28_x86_64", requires = ["h5>=2"] },
] }
[projects.h5]
"1.0" = {}
"2.0" = {}
"""


def test_wheels_of_one_version_that_ask_for_different_things_do_not_share() -> None:
    versions = [GraphBuilder(found).build().nodes["h5"].version for found in walks(WHEELS_DISAGREE, "flow")[:2]]
    assert list(map(str, versions)) == ["1.0", "2.0"]


worlds = st.builds(lambda seed: make_world(Random(seed), Habits(ghosts=True)), st.integers(0, 2**32))


@given(worlds)
def test_sharing_changes_no_graph(world: object) -> None:
    from tests.support.small_worlds import World

    assert isinstance(world, World)
    asked, universe = inputs(world.requirements, world.constraints), parse(world.universe)
    together = walk_all(asked, BUILDS, MemoryFetcher(universe), exclude_newer=None)
    for build, shared in zip(BUILDS, together, strict=True):
        alone = walk(asked, build, MemoryFetcher(universe), exclude_newer=None)
        assert GraphBuilder(shared).build() == GraphBuilder(alone).build(), build.id

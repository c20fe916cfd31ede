"""Guesses about what the walk will ask next."""

from __future__ import annotations

from nogilcheck.model.artifact import Dependency, Metadata
from nogilcheck.model.inputs import Inputs
from nogilcheck.resolve.walk.prefetch_policy import Ahead
from nogilcheck.targets.builds import make_target
from tests.support.offers import page, wheel
from tests.support.small_worlds import inputs, resolve

G314, G315 = (make_target(python, "linux-x86_64") for python in ("3.14", "3.15"))
PURE = "py3-none-any"


def _ahead(asked: Inputs) -> Ahead:
    return Ahead(asked, (G314, G315), exclude_newer=None)


def _guessed(ahead: Ahead) -> list[str]:
    offered = page(wheel(PURE, "3.0", requires_python=">=3.15"), wheel(PURE, "2.0"), wheel(PURE, "1.0"))
    return [str(file.version) for file in ahead.files_to_prefetch(offered)]


def test_the_first_candidate_of_every_build() -> None:
    assert _guessed(_ahead(inputs(["other"]))) == ["2.0", "3.0"]


def test_roots_constraints_and_what_was_heard_bound_the_guess() -> None:
    assert _guessed(_ahead(inputs(["pkg<3"]))) == ["2.0"]
    assert _guessed(_ahead(inputs(["other"], ["pkg<2"]))) == ["1.0"]
    ahead = _ahead(inputs(["other"]))
    assert list(ahead.names_to_prefetch(Metadata(requires=(Dependency(name="pkg", specifier="<2"),)))) == ["pkg"]
    assert _guessed(ahead) == ["1.0"]


def test_a_root_that_may_not_apply_bounds_nothing() -> None:
    assert _guessed(_ahead(inputs(["pkg<2 ; sys_platform == 'win32'"]))) == ["2.0", "3.0"]


def test_only_what_some_build_needs_is_heard() -> None:
    ahead = _ahead(inputs(["other"]))
    metadata = Metadata(
        requires=(
            Dependency(name="always"),
            Dependency(name="on-3-15", marker="python_version >= '3.15'"),
            Dependency(name="on-windows", marker="sys_platform == 'win32'"),
            Dependency(name="perhaps", marker="platform_release > '5'"),
            Dependency(name="extra", marker="extra == 'x'"),
            Dependency(name="direct", url="https://files.test/direct.whl"),
            Dependency(name="always", specifier=">=1"),
        )
    )
    assert list(ahead.names_to_prefetch(metadata)) == ["always", "on-3-15", "perhaps"]


def test_a_good_guess_is_what_the_walk_then_reads() -> None:
    world = '[projects.pkg]\n"1.0" = {}\n"2.0" = {}\n"3.0rc1" = {}\n"4.0" = { yanked = true }'
    graph = resolve(world, ["pkg"], G314)[1]
    offered = page(*(wheel(PURE, v, yanked=v == "4.0") for v in ("1.0", "2.0", "3.0rc1", "4.0")))
    guesses = {file.version for file in _ahead(inputs(["pkg"])).files_to_prefetch(offered)}
    assert guesses == {graph.nodes["pkg"].version}


def test_extras_are_followed_whichever_comes_first() -> None:
    needy = Metadata(name="needy", requires=(Dependency(name="lib", extras=("speed",)),))
    lib = Metadata(
        name="lib",
        extras=("speed", "docs"),
        requires=(
            Dependency(name="core"),
            Dependency(name="fast", marker="extra == 'speed'", extras=("more",)),
            Dependency(name="sphinx", marker="extra == 'docs'"),
        ),
    )
    fast = Metadata(name="fast", requires=(Dependency(name="most", marker="extra == 'more'"),))
    ahead = _ahead(inputs(["other"]))
    assert [list(ahead.names_to_prefetch(metadata)) for metadata in (needy, lib, fast)] == [
        ["lib"],
        ["core", "fast"],
        ["most"],
    ]
    ahead = _ahead(inputs(["other"]))
    assert [list(ahead.names_to_prefetch(metadata)) for metadata in (fast, lib, needy)] == [
        [],
        ["core"],
        ["lib", "core", "fast", "most"],
    ]
    assert list(_ahead(inputs(["lib[docs]"])).names_to_prefetch(lib)) == ["core", "sphinx"]

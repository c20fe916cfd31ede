"""What a wheel's tags say, and which wheel a build prefers."""

from __future__ import annotations

from itertools import permutations

import pytest

from nogilcheck.classify.wheels import (
    fitting_wheels,
    is_compiled,
    is_free_threaded,
    is_odd,
    same_python,
    sdists,
    tag_kind,
    tag_kinds,
    wheel_kind,
)
from nogilcheck.model.target import MAX_TAGS, Target
from nogilcheck.model.verdict import WheelKind
from nogilcheck.targets.builds import parse_targets
from tests.support.offers import sdist, wheel

LINUX = "manylinux_2_28_x86_64"
T314, T315, G314 = parse_targets(["3.14t", "3.15t", "3.14"], ["linux-x86_64"])

KINDS = [
    ("py3-none-any", WheelKind.PURE),
    ("py2.py3-none-any", WheelKind.PURE),
    ("py38-none-any", WheelKind.PURE),
    ("cp314-none-any", WheelKind.PURE),
    (f"py3-none-{LINUX}", WheelKind.NO_ABI),
    ("cp313-none-win_amd64", WheelKind.NO_ABI),
    (f"cp314-cp314t-{LINUX}", WheelKind.FREE_THREADED),
    ("cp313-cp313t-macosx_11_0_arm64", WheelKind.FREE_THREADED),
    (f"cp314-cp314.cp314t-{LINUX}", WheelKind.FREE_THREADED),
    (f"cp315-abi3t-{LINUX}", WheelKind.ABI3T),
    (f"cp315-abi3.abi3t-{LINUX}", WheelKind.ABI3T),
    (f"cp314-cp314-{LINUX}", WheelKind.GIL),
    (f"cp37-cp37m-{LINUX}", WheelKind.GIL),
    (f"cp39-abi3-{LINUX}", WheelKind.ABI3),
    (f"cp39.cp310-abi3-{LINUX}", WheelKind.ABI3),
    # No interpreter accepts these.
    ("py2-none-any", WheelKind.FOREIGN),
    ("cp27-cp27mu-manylinux1_x86_64", WheelKind.FOREIGN),
    (f"pp311-pypy311_pp73-{LINUX}", WheelKind.FOREIGN),
    (f"py3-abi3-{LINUX}", WheelKind.FOREIGN),
    (f"py314-cp314t-{LINUX}", WheelKind.FOREIGN),
    (f"cp314t-cp314t-{LINUX}", WheelKind.FOREIGN),
    (f"cp315t-abi3t-{LINUX}", WheelKind.FOREIGN),
    (f"cp313-cp314t-{LINUX}", WheelKind.FOREIGN),
    ("cp38-abi3-any", WheelKind.FOREIGN),
    ("cp314-cp314t-any", WheelKind.FOREIGN),
    (f"graalpy311-graalpy240_311_native-{LINUX}", WheelKind.FOREIGN),
    ("nonsense", WheelKind.FOREIGN),
    ("", WheelKind.FOREIGN),
]


@pytest.mark.parametrize(("tags", "kind"), KINDS)
def test_the_kind_of_a_wheel(tags: str, kind: WheelKind) -> None:
    assert wheel_kind(tags) is kind


def test_the_strongest_claim_names_a_wheel_and_foreign_tags_beside_it_do_not() -> None:
    tags = f"cp313.cp314.pp311-cp314t.abi3.none-{LINUX}"
    assert tag_kinds(tags) == {WheelKind.FREE_THREADED, WheelKind.ABI3, WheelKind.NO_ABI}
    assert wheel_kind(tags) is WheelKind.FREE_THREADED


def test_tags_without_end_are_no_tags() -> None:
    many = ".".join(f"cp3{number}" for number in range(MAX_TAGS + 1))
    assert wheel_kind(f"{many}-none-any") is WheelKind.FOREIGN


@pytest.mark.parametrize(
    "target", parse_targets(["3.9", "3.13t", "3.14", "3.14t", "3.15t"], ["all"]), ids=lambda t: t.id
)
def test_every_tag_that_a_build_accepts_has_a_kind(target: Target) -> None:
    for tag in target.tags:
        kind = tag_kind(*tag.split("-"))
        assert kind is not WheelKind.FOREIGN, tag
        assert not (target.free_threaded and kind in {WheelKind.GIL, WheelKind.ABI3}), tag
        assert not (not target.free_threaded and kind in {WheelKind.FREE_THREADED, WheelKind.ABI3T}), tag


@pytest.mark.parametrize(
    ("tags", "compiled", "free_threaded"),
    [
        ("py3-none-any", False, False),
        ("cp314-none-any", False, False),
        (f"py3-none-{LINUX}", True, False),
        (f"cp314-cp314t-{LINUX}", True, True),
        (f"cp315-abi3.abi3t-{LINUX}", True, True),
        (f"cp39-abi3-{LINUX}", True, False),
        (f"cp315t-abi3t-{LINUX}", True, False),
        (f"pp311-pypy311_pp73-{LINUX}", True, False),
        ("cp314-cp314t-any", True, False),
    ],
)
def test_what_is_compiled_and_what_is_free_threaded(tags: str, compiled: bool, free_threaded: bool) -> None:
    assert is_compiled(tags) is compiled
    assert is_free_threaded(tags) is free_threaded


@pytest.mark.parametrize(
    ("tag", "odd"),
    [
        (f"cp315t-abi3t-{LINUX}", True),
        ("cp38-abi3-any", True),
        (f"py3-abi3-{LINUX}", True),
        (f"cp314-cp314t-{LINUX}", False),
        (f"pp311-pypy311_pp73-{LINUX}", False),
        ("py2-none-any", False),
        ("cp27-cp27mu-manylinux1_x86_64", False),
    ],
)
def test_odd_tags_are_meant_for_cpython_3_and_fit_nobody(tag: str, odd: bool) -> None:
    assert is_odd(*tag.split("-")) is odd


PREFERENCE = [
    wheel(f"cp315-cp315t-{LINUX}", build="2"),
    wheel(f"cp315-cp315t-{LINUX}", build="1"),
    wheel(f"cp315-cp315t-{LINUX}"),
    wheel("cp315-cp315t-manylinux2014_x86_64", build="9"),
    wheel(f"cp315-abi3.abi3t-{LINUX}"),
    wheel(f"cp315-none-{LINUX}"),
    wheel(f"cp314-abi3t-{LINUX}"),
    wheel(f"cp39-abi3t-{LINUX}"),
    wheel(f"py315-none-{LINUX}"),
    wheel(f"py3-none-{LINUX}"),
    wheel("cp315-none-any"),
    wheel("py3-none-any", build="10a"),
    wheel("py3-none-any", build="10"),
    wheel("py3-none-any", build="9"),
    wheel("py3-none-any"),
]
"""From the most preferred to the least, for 3.15t."""


@pytest.mark.parametrize("shift", range(0, len(PREFERENCE), 4))
def test_the_order_of_preference_whatever_the_order_of_the_page(shift: int) -> None:
    unfit = [wheel(f"cp315-cp315-{LINUX}"), wheel("cp315-cp315t-win_amd64"), wheel(f"cp315-abi3-{LINUX}")]
    shuffled = [*PREFERENCE[shift:][::-1], *unfit, *PREFERENCE[:shift]]
    assert fitting_wheels(shuffled, T315) == PREFERENCE


def test_of_equals_the_last_of_the_page_is_taken_as_in_pip() -> None:
    first, second = wheel("py3-none-any"), wheel("py2.py3-none-any")
    for order in permutations((first, second)):
        assert fitting_wheels(order, T314) == list(reversed(order))


def test_requires_python_excludes_a_wheel_and_an_sdist() -> None:
    files = (
        wheel(f"cp314-cp314t-{LINUX}", requires_python=">=3.15"),
        wheel("py3-none-any", requires_python=">=3.9"),
        sdist(requires_python="<3.14"),
    )
    assert fitting_wheels(files, T314) == [files[1]]
    assert sdists(files, T314) == []
    assert sdists(files, parse_targets(["3.13t"], ["linux-x86_64"])[0]) == [files[2]]


def test_a_yanked_wheel_gives_way_to_one_that_is_not() -> None:
    files = (wheel(f"cp314-cp314t-{LINUX}", yanked=True), wheel("py3-none-any"))
    assert fitting_wheels(files, T314) == [files[1]]


def test_a_yanked_wheel_gives_way_to_an_sdist_as_well() -> None:
    assert fitting_wheels((wheel("py3-none-any", yanked=True), sdist()), T314) == []
    excluded = (wheel("py3-none-any", yanked=True), sdist(requires_python="<3"))
    assert fitting_wheels(excluded, T314) == [excluded[0]]


def test_where_everything_is_yanked_it_was_pinned_and_is_used() -> None:
    files = (wheel("py3-none-any", yanked=True), wheel(f"cp314-cp314t-{LINUX}", yanked=True))
    assert fitting_wheels(files, T314) == [files[1], files[0]]


@pytest.mark.parametrize(
    ("tag", "t314", "t315", "g314"),
    [
        ("cp314-cp314t-win_amd64", True, False, False),
        ("cp315-cp315t-win_amd64", False, True, False),
        ("cp314-abi3t-win_amd64", True, True, False),
        ("cp315-abi3t-win_amd64", False, True, False),
        ("cp39-abi3-win_amd64", False, False, True),
        ("cp314-cp314-win_amd64", False, False, True),
        ("py3-none-win_amd64", True, True, True),
        ("py313-none-win_amd64", True, True, True),
        ("cp314-none-win_amd64", True, False, True),
        ("cp313-cp313t-win_amd64", False, False, False),
        ("cp315t-abi3t-win_amd64", False, False, False),
    ],
)
def test_same_python_whatever_the_platform(tag: str, t314: bool, t315: bool, g314: bool) -> None:
    parts = tuple(tag.split("-"))
    assert (same_python(parts, T314), same_python(parts, T315), same_python(parts, G314)) == (t314, t315, g314)

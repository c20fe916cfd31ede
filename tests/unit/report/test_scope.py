from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.model.report.report import TargetSummary
from nogilcheck.report.scope import Scope
from tests.support.reports import FLOORS, everywhere, target
from tests.support.scope_reader import targets_meant

ALL = everywhere("3.13t", "3.14t", "3.15t")


def some(*wanted: str) -> list[str]:
    """Target ids whose Python and platform, ``3.13t musllinux-x86_64``, begin or end so."""
    named = {each.id: f"{each.python_name} {each.platform}" for each in ALL}
    return [id_ for id_, name in named.items() if any(name.startswith(w) or name.endswith(w) for w in wanted)]


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        (some("3.13t", "3.14t", "3.15t"), "all targets"),
        (some("3.13t"), "3.13t everywhere"),
        (some("3.13t", "3.15t"), "3.13t and 3.15t everywhere"),
        (some("musllinux-x86_64", "musllinux-aarch64"), "musllinux"),
        (some("windows-arm64"), "windows-arm64"),
        (some("3.13t musl", "3.14t musl"), "musllinux (3.13t, 3.14t)"),
        (some("3.14t windows-arm64"), "3.14t on windows-arm64"),
        (some("3.13t musl", "3.14t musl", "3.15t"), "3.13t and 3.14t on musllinux; 3.15t everywhere"),
        (some("3.13t linux", "3.13t m", "3.13t windows-amd64"), "3.13t everywhere but windows-arm64"),
        (
            [each.id for each in ALL if each.id not in some("3.14t windows-arm64")],
            "all targets but 3.14t on windows-arm64",
        ),
        (some("3.13t linux", "3.14t linux", "3.13t windows", "3.14t windows"), "3.13t and 3.14t on linux and windows"),
        ([*some("3.13t"), "cp399t-elsewhere"], "3.13t everywhere; cp399t-elsewhere"),
        ([], ""),
    ],
)
def test_sets_have_short_names(ids: list[str], words: str) -> None:
    assert Scope(ALL).words(ids) == words


def test_a_single_platform_or_python_goes_without_saying() -> None:
    here = (target("3.13t"), target("3.14t"), target("3.15t"))
    assert Scope(here).words(each.id for each in here) == "3.13t, 3.14t and 3.15t"
    assert Scope(here[:1]).words([here[0].id]) == "3.13t"
    one = everywhere("3.14t")
    assert Scope(one).words(each.id for each in one) == "every platform"
    assert Scope(one).words(each.id for each in one[:3]) == "linux and musllinux-x86_64"
    assert Scope(one).words(each.id for each in one[1:]) == "every platform but linux-x86_64"


def test_a_family_of_which_the_report_has_one_platform_is_not_named_for_it() -> None:
    pair = tuple(target(python, p) for python in ("3.13t", "3.14t") for p in ("linux-x86_64", "macos-arm64"))
    assert Scope(pair).words([pair[0].id]) == "3.13t on linux-x86_64"


def test_platforms_by_their_tags_belong_to_no_family() -> None:
    tags = ("manylinux_2_28_x86_64", "linux-x86_64", "linux-aarch64")
    assert Scope([target("3.14t", tag) for tag in tags]).places(set(tags)) == ["manylinux_2_28_x86_64", "linux"]


PLATFORMS = st.lists(st.sampled_from([*FLOORS, "manylinux_2_28_x86_64", "win32"]), min_size=1, max_size=10, unique=True)
PYTHONS = st.lists(st.sampled_from(["3.12", "3.13t", "3.14", "3.14t", "3.14.2t"]), min_size=1, max_size=4, unique=True)


@st.composite
def targets_and_some_of_them(draw: st.DrawFn) -> tuple[tuple[TargetSummary, ...], list[TargetSummary]]:
    """Mostly a grid, as the command line makes it; a saved report may have any set."""
    grid = [target(python, platform) for python in draw(PYTHONS) for platform in draw(PLATFORMS)]
    unique = list({each.id: each for each in grid}.values())
    whole = draw(st.booleans())
    targets = unique if whole else draw(st.lists(st.sampled_from(unique), min_size=1, unique_by=lambda each: each.id))
    chosen = [each for each in targets if draw(st.booleans())]
    return tuple(targets), chosen or [targets[0]]


def ids(targets: Iterable[TargetSummary]) -> set[str]:
    return {each.id for each in targets}


@given(targets_and_some_of_them())
def test_the_words_mean_exactly_the_set(drawn: tuple[tuple[TargetSummary, ...], list[TargetSummary]]) -> None:
    targets, chosen = drawn
    words = Scope(targets).words(ids(chosen))
    assert targets_meant(words, targets) == ids(chosen), words


@given(targets_and_some_of_them())
def test_the_words_are_never_longer_than_the_list(
    drawn: tuple[tuple[TargetSummary, ...], list[TargetSummary]],
) -> None:
    targets, chosen = drawn
    listed = "; ".join(f"{each.python_name} on {each.platform}" for each in chosen)
    assert len(Scope(targets).words(ids(chosen))) <= max(len(listed), len("every platform"))

"""Markers against a target that does not know every variable."""

from __future__ import annotations

from contextlib import suppress
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.markers import Marker, UndefinedComparison

from nogilcheck.resolve.markers import VARIABLES, MarkerEvaluator, extras_that_bring
from nogilcheck.targets.builds import make_target

LINUX = MarkerEvaluator(make_target("3.14t", "linux-x86_64").environment)
MACOS = MarkerEvaluator(make_target("3.14t", "macos-arm64").environment)

UNKNOWN = "platform_release >= '5.0'"


@pytest.mark.parametrize(
    ("marker", "linux", "macos"),
    [
        (None, True, True),
        ("python_version < '3.15'", True, True),
        ("python_version == '3.14' and python_full_version >= '3.14.0'", True, True),
        ("sys_platform == 'darwin'", False, True),
        ("platform_machine == 'arm64' or os_name == 'nt'", False, True),
        ("python_version in '3.13 3.14'", True, True),
        ("extra == 'x'", False, False),
        (UNKNOWN, None, True),
        ("platform_release >= '24.0'", None, False),
        ("platform.version == 'x'", None, None),
        ("platform_version == 'x'", None, None),
        ("'Darwin' in platform_version", None, None),
        (f"{UNKNOWN} or python_version > '3'", True, True),
        (f"{UNKNOWN} and python_version > '3'", None, True),
        (f"{UNKNOWN} and python_version < '3'", False, False),
        (f"({UNKNOWN} or os_name == 'nt') and sys_platform == 'linux'", None, False),
        (f"{UNKNOWN} and extra == 'x'", False, False),
        # No single value tells: 5.5 lies between, and both may stand in one text.
        ("platform_release > '5.0' and platform_release < '6.0'", None, False),
        ("'5' in platform_version and '6' in platform_version", None, None),
        ("platform_version == 'os_name == \"nt\" or 1'", None, None),
        # Variables of lock files, comparisons without a meaning and what is no marker at all.
        ("'x' in extras", None, None),
        ("'x' in dependency_groups or os_name == 'posix'", True, True),
        ("python_version ~= 'x'", None, None),
        # Never for pip, always for uv.
        ("python_version >= '3.14t'", None, None),
        ("'3.14t' != python_full_version", None, None),
        ("python_version < '3.14t' and os_name == 'nt'", False, False),
        ("python_version in '3.14t'", True, True),
        ("python_version", None, None),
        ("???", None, None),
    ],
)
def test_a_marker_holds_does_not_hold_or_cannot_be_known(
    marker: str | None, linux: bool | None, macos: bool | None
) -> None:
    assert (LINUX.holds(marker), MACOS.holds(marker)) == (linux, macos)
    assert (LINUX.holds(marker), MACOS.holds(marker)) == (linux, macos), "the second answer"


@pytest.mark.parametrize(
    ("marker", "extra", "holds"),
    [
        ("extra == 'fast'", "fast", True),
        ("extra == 'Fast_Mode'", "fast-mode", True),
        ("extra == 'fast'", "slow", False),
        ("extra == 'fast' and sys_platform == 'win32'", "fast", False),
        (f"extra == 'fast' and {UNKNOWN}", "fast", None),
        (f"extra == 'fast' or {UNKNOWN}", "fast", True),
        (f"extra == 'fast' or {UNKNOWN}", "slow", None),
    ],
)
def test_an_extra_is_asked_for(marker: str, extra: str, holds: bool | None) -> None:
    assert LINUX.holds(marker, extra) is holds


_comparisons = st.one_of(
    st.builds(
        "{} {} '{}'".format,
        st.sampled_from(VARIABLES),
        st.sampled_from(("==", "!=", "<", ">=", "~=", "in", "not in")),
        st.sampled_from(("3.14", "linux", "5.0", "6", "x", "")),
    ),
    st.builds(
        "'{}' {} {}".format,
        st.sampled_from(("3", "a b", "5")),
        st.sampled_from(("in", "==")),
        st.sampled_from(VARIABLES),
    ),
    st.sampled_from(("extra == 'x'", "'x' in extras")),
)
_markers = st.recursive(
    _comparisons,
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(("and", "or")), inner),
    max_leaves=6,
)


@settings(deadline=None)
@given(_markers, st.sampled_from(("", "x")))
def test_what_is_known_is_so_for_every_value_of_what_is_not(marker: str, extra: str) -> None:
    target = make_target("3.14t", "linux-x86_64")
    holds = LINUX.holds(marker, extra)
    if holds is None:
        return
    for release, version in product(("", "5.0", "5.5", "6", "a b 5 3", "x"), repeat=2):
        values: dict[str, str | frozenset[str]] = {
            **target.environment, "platform_release": release, "platform_version": version, "extra": extra,
            "extras": frozenset({release}), "dependency_groups": frozenset(),
        }  # fmt: skip
        with suppress(UndefinedComparison):  # packaging evaluates also what makes no difference
            assert Marker(marker).evaluate(values) is holds


@settings(deadline=None)
@given(_markers)
def test_every_marker_on_known_values_only_is_decided_as_packaging_does(marker: str) -> None:
    if any(name in marker for name in ("platform_release", "platform_version", "extras", "~=")):
        return
    environment = dict.fromkeys(VARIABLES, "") | dict(make_target("3.14t", "linux-x86_64").environment)
    holds = LINUX.holds(marker)
    if holds is not None:
        assert holds == Marker(marker).evaluate(environment | {"extra": ""})


@pytest.mark.parametrize(
    "marker",
    [
        f"python_version > '{'9' * 5000}'",
        f"python_full_version == '1.{'9' * 5000}' and os_name == 'posix'",
        f"{UNKNOWN} and python_version < '{'9' * 5000}'",
        f"{'(' * 5000}os_name == 'posix'{')' * 5000}",
    ],
)
def test_a_monstrous_marker_cannot_be_known(marker: str) -> None:
    """Numbers that Python refuses to convert, and parentheses deeper than the stack."""
    assert LINUX.holds(marker) is None
    assert extras_that_bring(f"extra == 'x' and {marker}") == (() if "(" in marker else ("x",))

"""Specifier sets loosened and put again."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from nogilcheck.resolve.plan.loosened_problem import bounded, loosened_specifier, permits, restated, rewritten
from nogilcheck.resolve.versions import is_pinned

RELEASES = st.lists(st.integers(0, 30), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
SUFFIXES = st.sampled_from(["", "", "", "rc1", "a2", ".post1", ".dev3", "rc1.dev2"])
VERSIONS = st.builds("{}{}{}".format, st.sampled_from(["", "", "1!"]), RELEASES, SUFFIXES)
LOCAL_VERSIONS = st.builds("{}{}".format, VERSIONS, st.sampled_from(["", "", "+cpu"]))
CLAUSES = st.one_of(
    st.builds("{}{}".format, st.sampled_from([">=", "<=", "<", ">", "==", "!=", "===", "~="]), VERSIONS),
    st.builds("{}{}.*".format, st.sampled_from(["==", "!="]), RELEASES),
)


@st.composite
def _specifiers(draw: st.DrawFn) -> str:
    text = ",".join(draw(st.lists(CLAUSES, max_size=3)))
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        assume(False)
    return text


@given(_specifiers(), LOCAL_VERSIONS, st.booleans())
def test_what_is_restated_admits_the_version_and_installers_may_take_it(
    specifier: str, text: str, smallest: bool
) -> None:
    version = Version(text)
    assume(permits([loosened_specifier(specifier)], version))
    again = SpecifierSet(restated(specifier, version, smallest=smallest))
    assert again.contains(version, prereleases=True)
    assert is_pinned(str(again)) == is_pinned(specifier)
    if version.is_prerelease and "*" not in str(again):
        assert again.prereleases


@given(_specifiers())
def test_what_is_loosened_admits_what_was_admitted(specifier: str) -> None:
    loose = SpecifierSet(loosened_specifier(specifier))
    assert not any(one.operator in ("<", "<=", "==", "===", "~=") for one in loose)
    for text in ("0.1", "1", "1.0.1", "3.2", "30", "1!2"):
        assert loose.contains(text) or not SpecifierSet(specifier).contains(text)


@given(_specifiers(), LOCAL_VERSIONS, st.booleans())
def test_a_bound_keeps_to_the_version(specifier: str, text: str, above: bool) -> None:
    version = Version(text)
    found = SpecifierSet(bounded(specifier, version, above=above))
    beyond = Version(f"{version.epoch}!{version.release[0] + 1}") if above else Version("0.dev0")
    assume(version.base_version not in ("0", "0.0", "0.0.0", "0.0.0.0"))
    assert found.contains(version, prereleases=True) == permits([specifier], version)
    assert not found.contains(beyond, prereleases=True)


@given(
    st.sampled_from(["a", "A.b_c", "zope.interface"]),
    st.sampled_from(["", "[x]", "[x, y]", " [x]"]),
    _specifiers(),
    st.sampled_from(["", " ", "  "]),
    st.sampled_from(["", "; python_version >= '3.9'", " ; sys_platform == 'win32' and extra == '<3'"]),
    LOCAL_VERSIONS,
    st.booleans(),
)
def test_a_rewritten_requirement_differs_in_its_specifiers_alone(
    name: str, extras: str, specifier: str, gap: str, marker: str, version: str, parenthesised: bool
) -> None:
    written = f"({specifier})" if parenthesised and specifier else specifier
    line = f"{name}{extras}{gap}{written}{marker}"
    new = restated(specifier, Version(version))
    before, after = Requirement(line), Requirement(rewritten(line, str(Requirement(line).specifier), new))
    assert (after.name, after.extras, str(after.marker)) == (before.name, before.extras, str(before.marker))
    assert after.specifier == SpecifierSet(new)


@pytest.mark.parametrize(
    ("specifier", "version", "wanted"),
    [
        ("==1.0", "2.1", "==2.1"),
        ("===1.0", "2.1", "==2.1"),
        ("~=1.26", "2.3.4", "~=2.3"),
        ("~=1.2.3", "2", "~=2.0.0"),
        ("~=1.2", "2.0rc1", "~=2.0rc1"),
        ("==1.*", "2.3", "==2.*"),
        ("==1.2.*,!=1.2.7", "1!2.3", "==1!2.3.*,!=1.2.7"),
        (">=1,<2", "2.3", ">=2.3"),
        ("<2,!=2.1", "2.3+cpu", ">=2.3,!=2.1"),
    ],
)
def test_a_requirement_keeps_its_form(specifier: str, version: str, wanted: str) -> None:
    assert restated(specifier, Version(version)) == wanted


@pytest.mark.parametrize(
    ("specifier", "version", "wanted"),
    [
        ("==1.0", "2.1", "==2.1"),
        ("~=1.26", "2.3.4", "~=2.3"),
        ("==1.*", "2.3", "==2.*"),
        ("<2.3", "2.3.3", "<2.4"),
        ("<2", "2.3.2", "<2.4"),
        ("<2.0.0", "2.3.2", "<2.4"),
        ("<2.3.1", "2.3.3", "<2.3.4"),
        ("<=2.2.3", "2.3.3+cpu", "<=2.3.3"),
        ("<2", "1!2.3", "<1!2.4"),
        (">=1,<2,!=1.5", "2.3", "!=1.5,<2.4,>=1"),
        ("<2", "3.0rc1", "<3.1,>=3.0rc1"),
    ],
)
def test_the_smallest_change_raises_a_cap_as_far_as_it_takes(specifier: str, version: str, wanted: str) -> None:
    assert restated(specifier, Version(version), smallest=True) == wanted


@pytest.mark.parametrize(
    ("written", "old", "new", "wanted"),
    [
        ("a >= 1, < 2.3", "<2.3,>=1", "<2.4,>=1", "a >= 1, < 2.4"),
        (
            "a[x] (<2.3 , >=1) ; python_version < '3'",
            "<2.3,>=1",
            "<2.4,>=1",
            "a[x] (<2.4 , >=1) ; python_version < '3'",
        ),
        ("a ~= 1.0", "~=1.0", "~=2.0", "a ~= 2.0"),
        ("a >= 1", ">=1", ">=1,<=2", "a >=1,<=2"),
        ("a!=1,!=2,<3", "!=1,!=2,<3", "!=1,!=2,<4", "a!=1,!=2,<4"),
    ],
)
def test_clauses_stay_where_they_were_written(written: str, old: str, new: str, wanted: str) -> None:
    assert rewritten(written, old, new) == wanted

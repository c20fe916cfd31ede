from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from nogilcheck.inputs.specifiers.poetry_versions import MAX_CONSTRAINT_LENGTH, specifier_of


@pytest.mark.parametrize(
    ("constraint", "specifier"),
    [
        # The tables of Poetry's documentation, "Dependency specification".
        ("^1.2.3", ">=1.2.3,<2"),
        ("^1.2", ">=1.2,<2"),
        ("^1", ">=1,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1", ">=1,<2"),
        ("*", ""),
        ("1.*", "==1.*"),
        ("1.2.*", "==1.2.*"),
        (">= 1.2.0", ">=1.2.0"),
        ("!= 1.2.3", "!=1.2.3"),
        (">= 1.2, < 1.5", ">=1.2,<1.5"),
        ("1.2.3", "==1.2.3"),
        ("==1.2.3", "==1.2.3"),
        # Beyond them.
        ("=1.0", "==1.0"),
        ("<>1.0", "!=1.0"),
        ("~=1.4.2", "~=1.4.2"),
        ("~=1", ">=1,<2"),
        (">=1.2 <1.5", ">=1.2,<1.5"),
        ("^3.9,", ">=3.9,<4"),
        (">=3.8,<4.0,!=3.9.7", ">=3.8,<4.0,!=3.9.7"),
        ("^1.0a1", ">=1.0a1,<2"),
        ("^1.0+cpu", ">=1.0,<2"),
        ("^1!2.3", ">=1!2.3,<1!3"),
    ],
)
def test_constraints(constraint: str, specifier: str) -> None:
    found = specifier_of(constraint)
    assert found is not None
    assert SpecifierSet(found) == SpecifierSet(specifier)


@pytest.mark.parametrize(
    ("union", "specifier"),
    [
        ("^1 || ^2", ">=1,<3"),
        ("^1.5 || ^3.0", ">=1.5,<4,!=2.*"),
        (">=3.9,<3.10 || >=3.12", ">=3.9,!=3.10.*,!=3.11.*"),
        ("<1 | >1", "!=1"),
        (">=1,<2 || >2.1", ">=1,!=2.0.*,!=2.1"),
        ("* || ^1", ""),
        ("<=0.1 || <=4,!=3.3.2", "<=4,!=3.3.2"),
        ("1!1.* || 1!3.2.*", ">=1!1,<1!3.3,!=1!2.*,!=1!3.0.*,!=1!3.1.*"),
    ],
)
def test_a_union_that_prefixes_can_say_is_exact(union: str, specifier: str) -> None:
    found = specifier_of(union)
    assert found is not None
    assert SpecifierSet(found) == SpecifierSet(specifier)


def test_of_other_unions_the_ends_are_right() -> None:
    found = specifier_of("1.2.3 || ^2")
    assert found is not None
    admitted = [version for version in ("1.2.2", "1.2.3", "2.0", "2.9", "3.0") if version in SpecifierSet(found)]
    assert admitted == ["1.2.3", "2.0", "2.9"]


@pytest.mark.parametrize("text", ["", " ", "^", "abc", "1 ||", "^1 || ", "!=*", "git", "1.0 - 2.0", "1" * 1001])
def test_what_is_no_constraint(text: str) -> None:
    assert specifier_of(text) is None


_VERSIONS = st.lists(st.integers(0, 4), min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
_CLAUSES = st.builds(str.__add__, st.sampled_from(["^", "~", "", ">=", "<", "!=", "<=", ">"]), _VERSIONS)
_PARTS = st.lists(_CLAUSES, min_size=1, max_size=2).map(",".join)


@given(parts=st.lists(_PARTS, min_size=2, max_size=3), version=_VERSIONS)
def test_a_union_admits_what_each_part_admits(parts: list[str], version: str) -> None:
    whole = specifier_of(" || ".join(parts))
    singles = [specifier_of(part) for part in parts]
    admitted = any(single is not None and version in SpecifierSet(single) for single in singles)
    if admitted:
        assert whole is not None
        assert version in SpecifierSet(whole)


@given(text=st.text(alphabet="^~*<>=!|,. 0129axv-+", max_size=40))
def test_any_text_is_a_specifier_set_or_none(text: str) -> None:
    found = specifier_of(text)
    assert found is None or str(SpecifierSet(found)) == found


def test_the_bound_is_on_the_whole_text() -> None:
    assert specifier_of(" || ".join(["1"] * MAX_CONSTRAINT_LENGTH)) is None

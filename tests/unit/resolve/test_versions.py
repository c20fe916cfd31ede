"""Specifier sets by their text."""

from __future__ import annotations

import pytest
from packaging.version import Version

from nogilcheck.resolve.versions import is_pinned, is_upper_bounded, merged, specifier_set


@pytest.mark.parametrize(
    ("specifier", "pinned", "bounded"),
    [
        ("", False, False),
        (">=1", False, False),
        ("!=1", False, False),
        ("==1.0", True, False),
        ("===1.0", True, False),
        ("==1.*", False, True),
        ("<2", False, True),
        ("<=2", False, True),
        ("~=1.4", False, True),
        (">=1,==1.5", True, False),
        (">=1,<2", False, True),
        ("!=1.*", False, False),
    ],
)
def test_pins_and_upper_bounds(specifier: str, pinned: bool, bounded: bool) -> None:
    assert (is_pinned(specifier), is_upper_bounded(specifier)) == (pinned, bounded)


@pytest.mark.parametrize(
    ("specifiers", "inside", "outside"),
    [
        ([], "1.0", None),
        (["", ""], "1.0", None),
        ([">=1", "<2"], "1.5", "2.0"),
        ([">=1,<2", "!=1.5"], "1.4", "1.5"),
        (["<2", ">=2"], None, "2.0"),
    ],
)
def test_the_intersection(specifiers: list[str], inside: str | None, outside: str | None) -> None:
    found = merged(specifiers)
    assert found == merged(reversed(specifiers))
    assert inside is None or found.contains(Version(inside))
    assert outside is None or not found.contains(Version(outside))


def test_a_specifier_that_cannot_be_read_admits_everything() -> None:
    assert specifier_set("in some way").contains(Version("1.0"))
    assert not is_pinned("in some way")


@pytest.mark.parametrize("number", ["9" * 5000, f"1.{'9' * 5000}", f"{'9' * 5000}!1"])
@pytest.mark.parametrize("operator", ["==", "!=", ">=", "<", "~="])
def test_a_number_that_python_refuses_to_read_compares_with_nothing(operator: str, number: str) -> None:
    assert specifier_set(f"{operator}1.{number}" if operator == "~=" else f"{operator}{number}") == specifier_set("")

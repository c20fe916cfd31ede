from __future__ import annotations

import pytest

from nogilcheck.inputs.specifiers.marker_extras import (
    MAX_EXTRAS,
    split_extras,
    without_extras,
)
from nogilcheck.inputs.specifiers.marker_tree import MAX_MARKER_LENGTH, BadMarkerError


@pytest.mark.parametrize(
    ("marker", "cases"),
    [
        ('os_name == "nt"', ((None, 'os_name == "nt"'),)),
        ('extra == "a"', (("a", None),)),
        ('"A_b" == extra', (("a-b", None),)),
        ('os_name == "nt" and extra == "a"', (("a", 'os_name == "nt"'),)),
        ('extra == "a" or extra == "b"', (("a", None), ("b", None))),
        ('os_name == "nt" or extra == "a"', ((None, 'os_name == "nt"'), ("a", None))),
        ('extra != "a"', ((None, None),)),
        (
            'os_name == "nt" and (extra == "a" or sys_platform == "x")',
            ((None, 'os_name == "nt" and sys_platform == "x"'), ("a", 'os_name == "nt"')),
        ),
        (
            '(os_name == "nt" or sys_platform == "x") and extra == "a" and python_version < "3.9"',
            (("a", '(os_name == "nt" or sys_platform == "x") and python_version < "3.9"'),),
        ),
        ('extra in "a b"', ((None, 'extra in "a b"'),)),
        ("os_name == 'a\"b' and extra == 'x'", (("x", "os_name == 'a\"b'"),)),
        ('os_name == "x and y" and extra == "a"', (("a", 'os_name == "x and y"'),)),
    ],
)
def test_cases(marker: str, cases: tuple[tuple[str | None, str | None], ...]) -> None:
    assert split_extras(marker) == cases


@pytest.mark.parametrize(
    ("marker", "rest", "extras"),
    [
        ('extra == "fast"', None, ("fast",)),
        ('extra == "a" and extra != "b" and os_name == "nt"', 'os_name == "nt"', ("a", "b")),
        ('extra == "a" or os_name == "nt"', None, ("a",)),
        ('os_name == "nt"', 'os_name == "nt"', ()),
    ],
)
def test_without(marker: str, rest: str | None, extras: tuple[str, ...]) -> None:
    assert without_extras(marker) == (rest, extras)


@pytest.mark.parametrize(
    "marker",
    [
        "",
        "(",
        'os_name == "a',
        'os_name == "\\"',
        'os_name == "a\nb"',
        'os_name == "\ud800"',
        'os_name == "\0"',
        "(" * 3000 + 'os_name == "x"' + ")" * 3000,
        'os_name == "' + "x" * MAX_MARKER_LENGTH + '"',
        " or ".join(f"extra == 'e{number}'" for number in range(MAX_EXTRAS + 1)),
    ],
)
def test_what_is_no_marker(marker: str) -> None:
    with pytest.raises(BadMarkerError):
        split_extras(marker)

"""Which other version an installer on the target would come to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from packaging.version import Version

from nogilcheck.classify.fallback import MAX_ASKED, find_fallback
from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.verdict import Fallback
from nogilcheck.targets.builds import make_target
from tests.support.offers import sdist, wheel

TARGET = make_target("3.14t", "linux-x86_64")
GIL, FREE, PURE = (
    "cp314-cp314-manylinux_2_28_x86_64",
    "cp314-cp314t-manylinux_2_28_x86_64",
    "py3-none-any",
)

Offer = tuple[str, tuple[str, ...]]
"""A version and its tag strings; ``sdist`` for an sdist."""


def _files(version: str, offered: tuple[str, ...]) -> tuple[ReleaseFile, ...]:
    return tuple(sdist(version) if tags == "sdist" else wheel(tags, version) for tags in offered)


def _always(_version: Version) -> bool:
    return True


@pytest.mark.parametrize(
    ("permitted", "expected"),
    [
        ([("2.0", (GIL,))], None),
        ([("2.0", (GIL,)), ("1.0", (GIL,))], None),
        ([("2.0", (GIL,)), ("1.0", (FREE,))], ("1.0", "older", True)),
        ([("2.0", (GIL,)), ("1.0", (PURE,))], ("1.0", "older", True)),
        ([("2.0", (GIL, "sdist")), ("1.0", (FREE,))], ("1.0", "older", False)),
        ([("2.0", (GIL,)), ("1.5", (GIL, "sdist")), ("1.0", (FREE,))], ("1.0", "older", False)),
        ([("2.0", (GIL,)), ("1.5", (GIL,)), ("1.0", (FREE, "sdist"))], ("1.0", "older", True)),
        ([("3.0", (FREE,)), ("2.0", (GIL,)), ("1.0", (FREE,))], ("3.0", "newer", True)),
        ([("3.0", ("sdist",)), ("2.0", (GIL,)), ("1.0", (FREE,))], ("1.0", "older", False)),
        ([("2.0", (GIL,)), ("3.0rc1", (FREE,))], ("3.0rc1", "pre-release", True)),
        ([("2.0", (GIL,)), ("1.0", (GIL,)), ("1.5b1", (FREE,))], ("1.5b1", "pre-release", True)),
        ([("2.0", (GIL,)), ("1.0", ())], None),
    ],
)
def test_a_fallback(permitted: list[Offer], expected: tuple[str, str, bool] | None) -> None:
    offers = [(Version(version), _files(version, offered)) for version, offered in permitted]
    found = find_fallback(Version("2.0"), offers, TARGET, _always)
    wanted = expected and Fallback(version=expected[0], reason=expected[1], silent=expected[2])
    assert found == wanted


def test_what_no_resolution_has_is_passed_over() -> None:
    offers = [(Version(version), _files(version, (FREE,))) for version in ("3.0", "2.5")]
    offers += [(Version("2.0"), _files("2.0", (GIL,))), (Version("1.0"), _files("1.0", (FREE,)))]
    found = find_fallback(Version("2.0"), offers, TARGET, Version("2.0").__gt__)
    assert found is not None
    assert (found.version, found.silent) == ("1.0", True)


def test_not_every_release_is_asked_about() -> None:
    asked: list[Version] = []

    def never(version: Version) -> bool:
        asked.append(version)
        return False

    offers = [(Version(f"{number}.0"), _files(f"{number}.0", (FREE,))) for number in range(20, 1, -1)]
    assert find_fallback(Version("2.0"), offers, TARGET, never) is None
    assert len(asked) == MAX_ASKED


def test_the_chosen_version_is_no_fallback_even_where_it_fits() -> None:
    """A wheel that was found to be mis-tagged fits by its tags."""
    assert find_fallback(Version("2.0"), [(Version("2.0"), _files("2.0", (FREE,)))], TARGET, _always) is None


def test_an_sdist_that_requires_python_excludes_is_not_built() -> None:
    preferred = (wheel(GIL, "2.0"), sdist("2.0", requires_python="<3.14"))
    found = find_fallback(
        Version("2.0"), [(Version("2.0"), preferred), (Version("1.0"), _files("1.0", (FREE,)))], TARGET, _always
    )
    assert found is not None
    assert found.silent


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        ([("2.0", "2026-03-01"), ("1.0", "2025-01-01")], ("2025-01-01", 14)),
        ([("2.0", "2026-03-01"), ("1.0", "2026-04-01")], ("2026-04-01", None)),
        ([("3.0", "2026-04-01"), ("2.0", "2026-03-01")], ("2026-04-01", None)),
        ([("2.0", None), ("1.0", "2025-01-01")], ("2025-01-01", None)),
        ([("2.0", "2026-03-01"), ("1.0", None)], (None, None)),
    ],
)
def test_a_fallback_has_an_age(offered: list[tuple[str, str | None]], expected: tuple[str | None, int | None]) -> None:
    offers = [
        (
            Version(version),
            (replace(wheel(GIL if version == "2.0" else FREE, version), upload_time=day and f"{day}T00:00:00Z"),),
        )
        for version, day in offered
    ]
    found = find_fallback(Version("2.0"), offers, TARGET, _always)
    assert found is not None
    assert (found.uploaded, found.months) == expected

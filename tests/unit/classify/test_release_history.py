"""What an index offers of one project to one target."""

from __future__ import annotations

from dataclasses import replace

import pytest
from packaging.version import Version

from nogilcheck.classify.release_history import Distance, Offers, Release, months_between
from nogilcheck.model.artifact import Outline, ReleaseFile
from nogilcheck.model.verdict import Offered, WheelKind
from nogilcheck.targets.builds import make_target
from tests.support.offers import page, sdist, wheel

TARGET = make_target("3.14t", "linux-x86_64")
GIL, FREE, OTHER, PURE = (
    "cp314-cp314-manylinux_2_28_x86_64",
    "cp314-cp314t-manylinux_2_28_x86_64",
    "cp313-cp313t-manylinux_2_28_x86_64",
    "py3-none-any",
)


def _on(file: ReleaseFile, day: str) -> ReleaseFile:
    return replace(file, upload_time=f"{day}T10:00:00.5Z")


def _release(version: str, day: str | None = None) -> Release:
    return Release(version=Version(version), uploaded=day)


HISTORY = page(
    _on(wheel(PURE, "1.0"), "2022-01-31"),
    _on(wheel(GIL, "2.0"), "2024-05-01"),
    _on(wheel(FREE, "2.0"), "2024-08-18"),
    _on(wheel(FREE, "2.1"), "2025-01-01"),
    _on(wheel(FREE, "2.2", yanked=True), "2025-02-01"),
    _on(wheel(GIL, "3.0"), "2026-01-01"),
    _on(wheel(OTHER, "3.0"), "2026-01-02"),
    _on(sdist("3.0"), "2026-01-03"),
    _on(wheel(FREE, "4.0rc1"), "2026-02-01"),
)


def test_since_when_and_until_when_a_project_had_wheels_for_the_target() -> None:
    """The day is that of the wheel: many projects add one to a release that is out."""
    offers = Offers(HISTORY, TARGET)
    assert offers.first_made == _release("2.0", "2024-08-18")
    assert offers.newest_made == _release("2.1", "2025-01-01")


def test_neighbours_that_offer_the_same_are_told_together() -> None:
    found = Offers(HISTORY, TARGET).spans()
    told = [(one.offered, one.first, one.first_day, one.last, one.last_day, one.releases) for one in found]
    assert told == [
        (Offered.FITTING, "1.0", "2022-01-31", "1.0", "2022-01-31", 1),
        (Offered.MADE, "2.0", "2024-05-01", "2.1", "2025-01-01", 2),
        (Offered.ELSEWHERE, "3.0", "2026-01-01", "3.0", "2026-01-01", 1),
    ]
    assert [one.offered for one in Offers(page(sdist("1.0"), wheel(GIL, "2.0")), TARGET).spans()] == [
        Offered.SOURCE,
        Offered.OTHERS,
    ]
    restless = page(*(wheel(FREE if number % 2 else GIL, f"{number}.0") for number in range(30)))
    assert [one.first for one in Offers(restless, TARGET).spans()] == [f"{number}.0" for number in range(22, 30)]


def test_a_pure_wheel_fits_and_is_not_made_for_the_target() -> None:
    offers = Offers(page(wheel(PURE, "1.0"), wheel(GIL, "2.0")), TARGET)
    assert offers.newest_fitting == _release("1.0")
    assert offers.first_made is None
    assert offers.newest_made is None


def test_on_an_ordinary_build_every_wheel_that_fits_is_made_for_it() -> None:
    offers = Offers(HISTORY, make_target("3.14", "linux-x86_64"))
    assert offers.first_made == _release("1.0", "2022-01-31")
    assert offers.newest_made == _release("3.0", "2026-01-01")


def test_the_newest_release_and_what_it_ships() -> None:
    offers = Offers(HISTORY, TARGET)
    assert offers.newest == _release("3.0", "2026-01-01")
    assert offers.ships(Version("3.0")) == (WheelKind.FREE_THREADED, WheelKind.GIL)
    assert offers.has_sdist(Version("3.0"))
    assert not offers.has_sdist(Version("2.0"))


def test_the_newest_of_a_project_without_final_releases_is_a_pre_release() -> None:
    assert Offers(page(wheel(GIL, "1.0a1"), wheel(GIL, "1.0a2")), TARGET).newest == _release("1.0a2")
    assert Offers(page(), TARGET).newest is None


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ((wheel(GIL, "1.0"), wheel(FREE, "2.0rc1")), "2.0rc1"),
        ((wheel(FREE, "1.0"), wheel(FREE, "2.0rc1")), "2.0rc1"),
        ((wheel(FREE, "2.0rc1"), wheel(FREE, "2.0")), None),
        ((wheel(FREE, "2.0rc1"), wheel(GIL, "2.0")), "2.0rc1"),
        ((wheel(GIL, "2.0rc1"),), None),
    ],
)
def test_a_pre_release_counts_where_no_later_final_release_fits(
    files: tuple[ReleaseFile, ...], expected: str | None
) -> None:
    found = Offers(page(*files), TARGET).pre_release
    assert (found and str(found.version)) == expected


def test_files_that_do_not_exist_for_the_user_are_not_offered() -> None:
    def existing(version: Version) -> list[ReleaseFile]:
        return [file for file in HISTORY.files(version) if (file.upload_time or "") < "2024-08"]

    offers = Offers(HISTORY, TARGET, existing=existing)
    assert offers.first_made is None
    assert offers.newest == _release("2.0", "2024-05-01")


def test_what_requires_python_excludes_does_not_fit() -> None:
    offers = Offers(page(wheel(FREE, "1.0", requires_python="<3.14"), wheel(FREE, "2.0")), TARGET)
    assert offers.first_made == _release("2.0")


def test_the_files_of_releases_whose_tags_do_not_fit_are_never_made() -> None:
    looked_at: list[str] = []

    def existing(version: Version) -> tuple[ReleaseFile, ...]:
        looked_at.append(str(version))
        return HISTORY.files(version)

    offers = Offers(HISTORY, TARGET, existing=existing)
    assert offers.newest_made == _release("2.1", "2025-01-01")
    assert looked_at == ["2.2", "2.1"]


def test_the_files_of_neighbours_whose_names_tell_enough_are_never_made() -> None:
    releases = page(*(wheel(GIL, f"{number}.0") for number in range(30)), *(sdist(f"{number}.0") for number in (3, 4)))
    made: list[Version] = []

    def existing(version: Version) -> tuple[ReleaseFile, ...]:
        made.append(version)
        return releases.files(version)

    def outline(version: Version) -> Outline:
        kinds = [file.kind for file in releases.files(version)]
        return Outline(wheel_tags=(GIL,), has_sdist="sdist" in kinds, requires_python="")

    offers = Offers(releases, TARGET, existing=existing, outline=outline)
    assert offers.spans() == Offers(releases, TARGET).spans()
    assert offers.between(Version("2.0"), Version("25.0")) == Distance(releases=23, months=None)
    assert len(made) < 8


def test_how_far_apart_two_releases_are() -> None:
    """Neither pre-releases nor what is yanked counts."""
    offers = Offers(HISTORY, TARGET)
    assert offers.between(Version("2.0"), Version("3.0")) == Distance(releases=2, months=20)


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ("2024-01-31", "2024-02-29", 0),
        ("2024-01-29", "2024-02-29", 1),
        ("2023-12-01", "2025-01-01", 13),
        ("2025-01-01", "2024-01-01", None),
        (None, "2024-01-01", None),
        ("2024-01-01", "soon", None),
    ],
)
def test_months_are_whole(earlier: str | None, later: str, expected: int | None) -> None:
    assert months_between(earlier, later) == expected

"""Which files exist at all, as far as the user's options go."""

from __future__ import annotations

from dataclasses import replace

import pytest
from packaging.version import Version

from nogilcheck.config.values import parse_cutoff
from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.graph import ExcludedBy
from nogilcheck.model.source import IndexSettings
from nogilcheck.resolve.admission import Admission
from tests.support.offers import page, sdist, wheel
from tests.support.small_worlds import root

WHEEL, SDIST = wheel("py3-none-any"), sdist()


def _refusals(settings: IndexSettings, name: str = "pkg") -> tuple[str | None, str | None]:
    admission = Admission(settings, exclude_newer=None, roots=())
    return tuple(one and one.option for one in (admission.refusal(name, WHEEL), admission.refusal(name, SDIST)))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("only", "no", "refusals"),
    [
        ((), (), (None, None)),
        ((":all:",), (), (None, "only-binary")),
        (("pkg",), (), (None, "only-binary")),
        (("other",), (), (None, None)),
        ((), (":all:",), ("no-binary", None)),
        ((), ("pkg",), ("no-binary", None)),
        # A project's own entry counts before ``:all:``.
        (("pkg",), (":all:",), (None, "only-binary")),
        ((":all:",), ("pkg",), ("no-binary", None)),
        ((":all:",), ("other",), (None, "only-binary")),
    ],
)
def test_format_control_as_in_pip(
    only: tuple[str, ...], no: tuple[str, ...], refusals: tuple[str | None, str | None]
) -> None:
    assert _refusals(IndexSettings(only_binary=frozenset(only), no_binary=frozenset(no))) == refusals


def _hashed(*hashes: tuple[str, ...]) -> Admission:
    roots = [replace(root("pkg==1.0"), hashes=each) for each in hashes]
    return Admission(IndexSettings(), exclude_newer=None, roots=roots)


def _with_digest(digest: str, algorithm: str = "sha256") -> ReleaseFile:
    return replace(WHEEL, hashes={algorithm: digest})


@pytest.mark.parametrize(
    ("hashes", "file", "refusal"),
    [
        ((), _with_digest("aa"), None),
        (((),), _with_digest("aa"), None),
        ((("sha256:aa", "sha256:bb"),), _with_digest("bb"), None),
        ((("sha256:AA",),), _with_digest("aa"), None),
        ((("sha256:aa",),), _with_digest("bb"), "hash"),
        ((("sha256:aa",),), _with_digest("aa", "sha512"), None),
        # All lines that ask for a project must allow the file; those without hashes allow every one.
        ((("sha256:aa",), ()), _with_digest("bb"), "hash"),
        ((("sha256:aa", "sha256:bb"), ("sha256:bb",)), _with_digest("aa"), "hash"),
        ((("sha256:aa", "sha256:bb"), ("sha256:bb",)), _with_digest("bb"), None),
        ((("sha256:aa",), ("sha256:bb",)), _with_digest("aa"), "hash"),
        # A page without hashes leaves the check to the download.
        ((("sha256:aa",),), WHEEL, None),
    ],
)
def test_hashes(hashes: tuple[tuple[str, ...], ...], file: ReleaseFile, refusal: str | None) -> None:
    assert _hashed(*hashes).refusal("pkg", file) == (refusal and ExcludedBy(refusal, "--hash (r.txt:1)"))


def test_hashes_belong_to_one_project() -> None:
    assert _hashed(("sha256:aa",)).refusal("other", _with_digest("bb")) is None


@pytest.mark.parametrize(
    ("uploaded", "cutoff", "exists"),
    [
        (None, "2026-06-01", True),
        ("2026-06-01T23:59:59Z", "2026-06-01", True),
        ("2026-06-01T23:59:59.999999Z", "2026-06-01", True),
        ("2026-06-02T00:00:00Z", "2026-06-01", False),
        ("2026-06-02T00:00:00.000000Z", "2026-06-01", False),
        ("2026-06-01T11:59:59Z", "2026-06-01T12:00:00Z", True),
        ("2026-06-01T12:00:00Z", "2026-06-01T12:00:00Z", False),
        ("2026-06-01T12:00:00.000001Z", "2026-06-01T12:00:00Z", False),
        ("2026-06-01T12:00:00Z", "2026-06-01T12:00:00.500Z", True),
        ("2026-06-01T12:00:00.499999Z", "2026-06-01T12:00:00.5Z", True),
        ("2026-06-01T12:00:00.500000Z", "2026-06-01T12:00:00.5Z", False),
        ("2026-06-01T09:59:59Z", "2026-06-01T12:00:00+02:00", True),
        ("2026-06-01T10:00:00Z", "2026-06-01T12:00:00+02:00", False),
        ("2026-05-31T23:00:00Z", "2026-06-01T00:00", True),
    ],
)
def test_a_file_that_is_as_new_as_the_cutoff_does_not_exist(uploaded: str | None, cutoff: str, exists: bool) -> None:
    file = replace(WHEEL, upload_time=uploaded)
    admission = Admission(IndexSettings(), exclude_newer=parse_cutoff(cutoff), roots=())
    assert admission.lacks_upload_time(page(file), Version("1.0")) is (uploaded is None)
    assert admission.existing(page(file), Version("1.0")) == ((file,) if exists else ())


def test_without_a_cutoff_every_file_exists() -> None:
    admission = Admission(IndexSettings(), exclude_newer=None, roots=())
    assert not admission.lacks_upload_time(page(WHEEL), Version("1.0"))
    assert admission.existing(page(WHEEL, SDIST), Version("1.0")) == (WHEEL, SDIST)
    assert admission.existing(page(WHEEL, SDIST), Version("2.0")) == ()


def test_a_page_as_it_was_before_the_cutoff() -> None:
    """Tags and files alike; a version stays, without files."""
    files = tuple(
        replace(wheel("py3-none-any", version), upload_time=f"{day}T00:00:00Z")
        for version, day in (("1.0", "2025-01-01"), ("2.0", "2026-01-01"))
    )
    whole = page(*files)
    admission = Admission(IndexSettings(), exclude_newer=parse_cutoff("2025-06-01"), roots=())
    then = admission.in_time(whole)
    assert then.versions == whole.versions
    assert [(then.files(version), list(then.wheel_tags(version))) for version in then.versions] == [
        ((), []),
        ((files[0],), ["py3-none-any"]),
    ]
    assert Admission(IndexSettings(), exclude_newer=None, roots=()).in_time(whole) is whole


def test_what_is_admitted_is_in_time_and_of_a_format_that_is_wanted() -> None:
    whole = page(wheel("py3-none-any"), sdist())
    admission = Admission(IndexSettings(only_binary=frozenset({"pkg"})), exclude_newer=None, roots=())
    assert [file.kind for file in admission.admitted(whole, whole.versions[0])] == ["wheel"]

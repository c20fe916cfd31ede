"""The versions of one project that a build may get, in pip's order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from packaging.version import Version

from nogilcheck.model.artifact import Metadata, Missing, MissingKind, ProjectPage, ReleaseFile
from nogilcheck.model.source import IndexSettings
from nogilcheck.resolve.admission import Admission
from nogilcheck.resolve.versions import is_pinned, merged, specifier_set
from nogilcheck.resolve.walk.candidate_index import CandidateIndex
from nogilcheck.resolve.walk.project_candidates import ProjectCandidates
from nogilcheck.targets.builds import make_target
from tests.support.offers import page, sdist, wheel

TWIN = make_target("3.14", "linux-x86_64")
LINUX = "manylinux_2_28_x86_64"
PURE, GIL, WINDOWS = "py3-none-any", f"cp314-cp314-{LINUX}", "cp314-cp314-win_amd64"


class Reader:
    """A fetcher that knows the Requires-Python of some files and counts the questions."""

    def __init__(
        self, requires_python: dict[str, str | None] | None = None, offered: ProjectPage | None = None
    ) -> None:
        self._requires_python = requires_python or {}
        self._page = offered
        self.read: list[str] = []

    def prefetch(self, names: Iterable[str]) -> None:
        raise NotImplementedError

    def prefetch_metadata(self, file: ReleaseFile) -> None:
        raise NotImplementedError

    def page(self, name: str) -> ProjectPage | Missing:
        return self._page or Missing(kind=MissingKind.NOT_FOUND, text=f"{name}: no such project")

    def metadata(self, file: ReleaseFile) -> Metadata | Missing:
        self.read.append(file.filename)
        if file.filename not in self._requires_python:
            return Missing(kind=MissingKind.UNREACHABLE, text="no answer")
        return Metadata(requires_python=self._requires_python[file.filename])

    def is_out_of_time(self) -> bool:
        return False

    def listing(self, file: ReleaseFile) -> tuple[str, ...] | Missing:
        raise NotImplementedError


def _candidates(
    *files: ReleaseFile, pre: bool = False, settings: IndexSettings | None = None, cutoff: str | None = None
) -> ProjectCandidates:
    admission = Admission(settings or IndexSettings(), exclude_newer=cutoff, roots=())
    return ProjectCandidates(page(*files), TWIN, admission, None, pre=pre)


def _versions(candidates: ProjectCandidates, specifier: str = "") -> list[str]:
    return [str(v) for v in candidates.matching(specifier_set(specifier), pinned=is_pinned(specifier))]


def _yanked(version: str, tags: str = PURE) -> ReleaseFile:
    return wheel(tags, version, yanked=True)


ORDER = [
    # Newest first, stable ones only, unless pre-releases are asked for or are all there is.
    (("1.0", "2.0", "1.10"), "", ["2.0", "1.10", "1.0"]),
    (("1.0", "2.0rc1"), "", ["1.0"]),
    (("1.0", "2.0rc1"), ">=1.0", ["1.0"]),
    (("1.0", "2.0rc1"), ">=2.0a1", ["2.0rc1"]),
    (("1.0", "2.0rc1"), ">=1.0rc1", ["2.0rc1", "1.0"]),
    (("1.0", "2.0rc1"), ">1.0", ["2.0rc1"]),
    (("2.0b1", "2.0rc1"), "", ["2.0rc1", "2.0b1"]),
    (("1.0", "2.0rc1"), "==2.0rc1", ["2.0rc1"]),
    (("1.0", "2.0.dev1"), "!=1.0", ["2.0.dev1"]),
    (("1.0", "1.0+local"), "==1.0", ["1.0+local", "1.0"]),
    (("1.0", "1.0.post1"), "<=1.0", ["1.0"]),
    (("1.0",), ">=2", []),
]


@pytest.mark.parametrize(("offered", "specifier", "expected"), ORDER)
def test_the_order_of_versions(offered: tuple[str, ...], specifier: str, expected: list[str]) -> None:
    assert _versions(_candidates(*(wheel(PURE, version) for version in offered)), specifier) == expected


def test_pre_releases_for_all() -> None:
    files = wheel(PURE, "1.0"), wheel(PURE, "2.0rc1")
    assert _versions(_candidates(*files, pre=True)) == ["2.0rc1", "1.0"]


@pytest.mark.parametrize(
    ("files", "specifier", "expected"),
    [
        ((wheel(PURE, "1.0"), _yanked("2.0")), "", ["1.0"]),
        ((wheel(PURE, "1.0"), _yanked("2.0")), ">=2", []),
        ((wheel(PURE, "1.0"), _yanked("2.0")), "==2.0", ["2.0"]),
        ((wheel(PURE, "1.0"), _yanked("2.0")), "===2.0", ["2.0"]),
        ((wheel(PURE, "1.0"), _yanked("2.0")), "==2.*", []),
        ((_yanked("1.0"), _yanked("2.0")), "", []),
        ((_yanked("2.0+local"), _yanked("2.0")), "==2.0", ["2.0+local", "2.0"]),
        ((_yanked("2.0+local"), wheel(PURE, "2.0")), "==2.0", ["2.0"]),
        # A yanked stable release keeps pre-releases out all the same.
        ((_yanked("1.0"), wheel(PURE, "2.0rc1")), "", []),
        ((_yanked("2.0"), wheel(GIL, "2.0")), "", ["2.0"]),
        ((_yanked("2.0", GIL), wheel(WINDOWS, "2.0"), wheel(PURE, "1.0")), "", ["1.0"]),
    ],
)
def test_yanked_files_are_for_pins_only(files: tuple[ReleaseFile, ...], specifier: str, expected: list[str]) -> None:
    assert _versions(_candidates(*files), specifier) == expected


def test_only_versions_with_a_file_for_the_build_are_tried() -> None:
    files = (
        wheel(WINDOWS, "4.0"), wheel(PURE, "3.0", requires_python=">=3.15"), sdist("2.0"), wheel(PURE, "1.0"),
        wheel(f"cp314-cp314t-{LINUX}", "5.0"), sdist("2.5", requires_python="<3"),
    )  # fmt: skip
    assert _versions(_candidates(*files)) == ["2.0", "1.0"]
    assert _versions(_candidates(*files, settings=IndexSettings(only_binary=frozenset({"pkg"})))) == ["1.0"]
    assert _versions(_candidates(*files, settings=IndexSettings(no_binary=frozenset({"pkg"})))) == ["2.0"]


def test_where_none_has_a_file_all_permitted_ones_are_tried() -> None:
    files = (
        wheel(WINDOWS, "3.0"),
        wheel(WINDOWS, "2.0", requires_python="<3"),
        wheel(WINDOWS, "4.0rc1"),
        _yanked("5.0", WINDOWS),
    )
    assert _versions(_candidates(*files)) == ["3.0", "2.0"]
    assert _versions(_candidates(*files), "<3") == ["2.0"]
    assert _versions(_candidates(*files), "==5.0") == ["5.0"]


def test_a_requires_python_that_only_the_metadata_tells() -> None:
    files = [wheel(PURE, version) for version in ("3.0", "2.0", "1.0")]
    reader = Reader({files[0].filename: ">=3.15", files[1].filename: "nonsense"})
    admission = Admission(IndexSettings(), exclude_newer=None, roots=())
    candidates = ProjectCandidates(page(*files), TWIN, admission, reader, pre=False)
    tried = candidates.matching(specifier_set(""), pinned=False)
    assert next(tried) == Version("2.0")
    assert reader.read == [files[0].filename, files[1].filename], "nothing older was read"
    assert [str(version) for version in tried] == ["1.0"], "metadata that cannot be read exclude nothing"
    assert candidates.excluded_by_metadata == {Version("3.0"): ">=3.15"}


def test_what_the_page_says_is_not_read_again() -> None:
    files = [wheel(PURE, "2.0", requires_python=">=3.9"), wheel(PURE, "1.0", requires_python="")]
    reader = Reader({files[1].filename: ">=3.16"})
    admission = Admission(IndexSettings(), exclude_newer=None, roots=())
    candidates = ProjectCandidates(page(*files), TWIN, admission, reader, pre=False)
    assert [str(version) for version in candidates.matching(specifier_set(""), pinned=False)] == ["2.0"]
    assert reader.read == [files[1].filename]


@pytest.mark.parametrize(
    ("files", "position"),
    [
        ((wheel(PURE), wheel(GIL), wheel(f"cp39-abi3-{LINUX}"), sdist()), 1),
        ((wheel(WINDOWS), sdist(), wheel(f"cp314-cp314t-{LINUX}")), 1),
        ((sdist(), wheel(PURE)), 1),
        ((wheel(GIL, build="2"), wheel(GIL, build="10"), wheel(GIL)), 1),
        ((wheel(GIL, yanked=True), wheel(PURE)), 1),
        ((wheel(GIL, yanked=True), sdist()), 1),
        ((wheel(GIL, requires_python="<3.14"), wheel(PURE)), 1),
        ((wheel("py2.py3-none-any"), wheel(PURE)), 1),
    ],
)
def test_the_file_that_the_build_gets(files: tuple[ReleaseFile, ...], position: int) -> None:
    candidates = _candidates(*files)
    assert candidates.best(Version("1.0")) is files[position]


def test_metadata_come_from_the_wheel_that_the_build_gets() -> None:
    files = (wheel(PURE), wheel(GIL), sdist())
    assert _candidates(*files).metadata_file(Version("1.0")) is files[1]


@pytest.mark.parametrize(
    ("files", "position"),
    [
        # For the same platform, then for the next older Python, then a newer one; at last the small one.
        ((wheel(WINDOWS), wheel(f"cp39-cp39-{LINUX}"), wheel(f"cp313-cp313-{LINUX}"), sdist()), 2),
        ((wheel(f"cp315-cp315-{LINUX}"), wheel(f"cp312-cp312-{LINUX}"), sdist()), 1),
        ((wheel(f"cp315-cp315-{LINUX}"), sdist()), 0),
        ((replace(wheel(WINDOWS), size=900), replace(wheel("cp314-cp314-win_arm64"), size=100), sdist()), 1),
        ((wheel(f"cp313-cp313-{LINUX}", yanked=True), sdist()), 1),
        ((sdist(),), 0),
    ],
)
def test_metadata_come_from_the_nearest_wheel_where_none_fits(files: tuple[ReleaseFile, ...], position: int) -> None:
    assert _candidates(*files).metadata_file(Version("1.0")) is files[position]


def test_metadata_come_from_the_sdist_where_wheels_are_excluded() -> None:
    settings = IndexSettings(no_binary=frozenset({":all:"}))
    assert _candidates(wheel(WINDOWS), sdist(), settings=settings).metadata_file(Version("1.0")) == sdist()
    assert _candidates(wheel(WINDOWS)).metadata_file(Version("2.0")) is None


def test_options_exclude_files_and_say_so() -> None:
    candidates = _candidates(sdist(), wheel(PURE), settings=IndexSettings(only_binary=frozenset({":all:"})))
    assert candidates.admitted(Version("1.0")) == (wheel(PURE),)
    assert candidates.not_admitted(Version("1.0")) == (("only-binary", "--only-binary :all:"),)
    assert _candidates(sdist()).not_admitted(Version("1.0")) == ()


def test_files_that_are_too_new_do_not_exist() -> None:
    old = replace(wheel(PURE, "1.0"), upload_time="2026-01-01T00:00:00Z")
    new = replace(wheel(PURE, "2.0"), upload_time="2026-07-01T00:00:00Z")
    undated = wheel(PURE, "0.5")
    candidates = _candidates(old, new, undated, cutoff="2026-06-01T00:00:00")
    assert _versions(candidates) == ["1.0", "0.5"]
    assert candidates.exists(Version("1.0"))
    assert not candidates.exists(Version("2.0"))
    assert candidates.lacks_upload_time(Version("0.5"))
    assert not candidates.lacks_upload_time(Version("1.0"))
    assert not _candidates(undated).lacks_upload_time(Version("0.5"))


HELD_BACK = [
    ((wheel(WINDOWS, "2.0"), wheel(PURE, "1.0")), "", ("2.0", "")),
    ((wheel(PURE, "2.0", requires_python=">=3.15"), wheel(PURE, "1.0")), "", ("2.0", ">=3.15")),
    ((wheel(WINDOWS, "3.0"), wheel(WINDOWS, "2.0"), wheel(PURE, "1.0")), "", ("3.0", "")),
    ((wheel(WINDOWS, "2.0"), wheel(PURE, "1.0")), "<2", None),
    ((wheel(WINDOWS, "2.0rc1"), wheel(PURE, "1.0")), "", None),
    ((_yanked("2.0", WINDOWS), wheel(PURE, "1.0")), "", None),
    ((wheel(PURE, "1.0"), wheel(WINDOWS, "0.9")), "", None),
    ((wheel(PURE, "2.0"), wheel(PURE, "1.0")), "", None),
]


@pytest.mark.parametrize(("files", "specifier", "expected"), HELD_BACK)
def test_a_newer_version_without_a_file_for_the_build(
    files: tuple[ReleaseFile, ...], specifier: str, expected: tuple[str, str] | None
) -> None:
    found = _candidates(*files).newer_without_file(Version("1.0"), specifier_set(specifier))
    assert found == (expected and (Version(expected[0]), expected[1]))


def test_every_permitted_version_in_the_order_of_preference() -> None:
    files = [wheel(PURE, version) for version in ("1.0", "3.0", "2.0", "2.5rc1", "4.0b1")]
    files += [_yanked("5.0"), _yanked("5.0rc1")]
    assert [str(v) for v, _ in _candidates(*files).permitted(specifier_set("<6"), pinned=False)] == [
        "3.0", "2.0", "1.0", "4.0b1", "2.5rc1",
    ]  # fmt: skip
    assert [str(v) for v, _ in _candidates(*files).permitted(specifier_set(">=2.5rc1"), pinned=False)] == [
        "4.0b1", "3.0", "2.5rc1",
    ]  # fmt: skip
    assert [str(v) for v, _ in _candidates(*files).permitted(specifier_set("==5.0"), pinned=True)] == ["5.0"]


def test_the_likely_version_is_the_first_that_would_be_tried() -> None:
    admission = Admission(IndexSettings(), exclude_newer=None, roots=())
    offered = page(wheel(WINDOWS, "3.0"), wheel(PURE, "2.0"), wheel(PURE, "1.0"), wheel(PURE, "4.0rc1"))

    def likely(*specifiers: str) -> str | None:
        project = ProjectCandidates(offered, TWIN, admission, fetcher=None, pre=False)
        version = project.likely(merged(specifiers))
        file = None if version is None else project.metadata_file(version)
        return str(file.version) if file else None

    assert likely() == "2.0"
    assert likely("<2", ">=1") == "1.0"
    assert likely(">=3") == "4.0rc1"
    assert likely("==3.0") == "3.0"
    assert likely(">=9") is None


def test_a_project_is_looked_up_once() -> None:
    reader = Reader({"pkg-1.0-py3-none-any.whl": ">=3.9"}, page(wheel(PURE)))
    index = CandidateIndex(reader, TWIN, Admission(IndexSettings(), exclude_newer=None, roots=()), pre=False)
    assert index.of("pkg") is index.of("pkg")
    assert index.metadata("pkg", Version("1.0")) == Metadata(requires_python=">=3.9")
    assert index.metadata("pkg", Version("9.0")) is None
    nowhere = CandidateIndex(Reader(), TWIN, Admission(IndexSettings(), exclude_newer=None, roots=()), pre=False)
    missing = nowhere.of("ghost")
    assert isinstance(missing, Missing)
    assert nowhere.metadata("ghost", Version("1.0")) is missing

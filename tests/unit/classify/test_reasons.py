"""What is told about a distribution of which nothing fits: what exists instead."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nogilcheck.classify.decide import Archives, ArchivesNeeded, archives_needed, decide
from nogilcheck.model.artifact import Missing, MissingKind, ProjectPage, ReleaseFile, SourceEvidence
from nogilcheck.model.graph import ExcludedBy, Node
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Cause, Reason, ReasonCode, RegularBuildGets, Severity, Status, Verdict
from nogilcheck.targets.builds import make_target
from tests.support.offers import node, page, sdist, wheel

LINUX = "manylinux_2_28_x86_64"
T314, T315 = (make_target(python, "linux-x86_64") for python in ("3.14t", "3.15t"))
GIL = wheel(f"cp314-cp314-{LINUX}")
NO_SDIST = Reason(code=ReasonCode.NO_SDIST)
SDIST = Reason(code=ReasonCode.SDIST)


def _decide(
    *files: ReleaseFile, target: Target = T314, offered: ProjectPage | None = None, archives: Archives | None = None
) -> Verdict:
    return decide(node(*files), target, page=offered, archives=archives or Archives())


def _reason(code: ReasonCode, *detail: str) -> Reason:
    return Reason(code=code, detail=detail)


def test_gil_only_names_the_wheels_and_the_history() -> None:
    abi3 = wheel(f"cp39-abi3-{LINUX}")
    verdict = _decide(GIL, abi3, wheel("cp314-cp314-win_amd64"), offered=page(GIL, abi3))
    assert verdict.status is Status.GIL_ONLY
    assert verdict.reasons == (
        _reason(ReasonCode.GIL_WHEELS, "cp314-cp314", "cp39-abi3"),
        _reason(ReasonCode.NEVER_FREE_THREADED),
        NO_SDIST,
    )


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (wheel(f"cp314-cp314t-{LINUX}", "0.9"), _reason(ReasonCode.FREE_THREADED_RELEASES, "0.9")),
        (wheel(f"cp314-abi3t-{LINUX}", "2.0"), _reason(ReasonCode.FREE_THREADED_RELEASES, "2.0")),
        (wheel("py3-none-any", "0.9"), _reason(ReasonCode.NEVER_FREE_THREADED)),
        (wheel(f"py3-none-{LINUX}", "0.9"), _reason(ReasonCode.NEVER_FREE_THREADED)),
        (wheel(f"cp313-cp313t-{LINUX}", "0.9"), None),
        (wheel("cp314-cp314t-win_amd64", "0.9"), None),
        (wheel(f"cp315t-abi3t-{LINUX}", "0.9"), _reason(ReasonCode.NEVER_FREE_THREADED)),
    ],
)
def test_what_other_releases_have(other: ReleaseFile, expected: Reason | None) -> None:
    codes = {ReasonCode.FREE_THREADED_RELEASES, ReasonCode.NEVER_FREE_THREADED}
    found = [reason for reason in _decide(GIL, offered=page(GIL, other)).reasons if reason.code in codes]
    assert found == ([expected] if expected else [])


def test_without_a_page_nothing_is_said_of_other_releases() -> None:
    assert _decide(GIL).reasons == (_reason(ReasonCode.GIL_WHEELS, "cp314-cp314"), NO_SDIST)


def test_the_newest_release_that_fits_is_named() -> None:
    offered = page(GIL, *(wheel(f"cp314-cp314t-{LINUX}", version) for version in ("0.8", "0.10", "0.9")))
    assert _reason(ReasonCode.FREE_THREADED_RELEASES, "0.10") in _decide(GIL, offered=offered).reasons


def test_other_platform_names_the_platforms() -> None:
    elsewhere = [
        wheel(f"cp314-cp314t-{platform}")
        for platform in ("win_amd64", "macosx_11_0_arm64", "musllinux_1_2_x86_64", "manylinux_2_39_x86_64")
    ]
    verdict = _decide(GIL, *elsewhere, wheel(f"cp313-cp313t-{LINUX}"))
    assert (verdict.status, verdict.cause, verdict.twin) == (
        Status.OTHER_PLATFORM,
        Cause.FREE_THREADING,
        RegularBuildGets.WHEEL,
    )
    families = ("Windows amd64", "macOS arm64", "manylinux_2_39_x86_64", "musllinux x86_64")
    assert verdict.reasons[0].code is ReasonCode.FREE_THREADED_PLATFORMS
    assert sorted(verdict.reasons[0].detail) == sorted(families)


def test_other_python_names_the_pythons_of_this_platform_if_there_are_any() -> None:
    here = wheel(f"cp313-cp313t-{LINUX}"), wheel(f"cp315-abi3.abi3t-{LINUX}")
    verdict = _decide(GIL, *here, wheel("cp312-cp312-win_amd64"))
    assert verdict.status is Status.OTHER_PYTHON
    assert verdict.reasons[0] == _reason(ReasonCode.FREE_THREADED_PYTHONS, "3.13", "3.15+")
    verdict = _decide(GIL, wheel("cp313-cp313t-win_amd64"))
    assert verdict.status is Status.OTHER_PYTHON
    assert verdict.reasons[0] == _reason(ReasonCode.FREE_THREADED_PYTHONS, "3.13")


def test_unavailable_for_this_python_names_those_that_get_a_wheel() -> None:
    files = [wheel(f"cp3{minor}-cp3{minor}{t}-{LINUX}") for minor, t in ((9, ""), (13, ""), (14, ""), (14, "t"))]
    verdict = _decide(*files, wheel("cp39-abi3-win_amd64"), target=T315)
    assert (verdict.status, verdict.cause, verdict.twin) == (Status.UNAVAILABLE, Cause.PYTHON, RegularBuildGets.NONE)
    assert verdict.reasons == (_reason(ReasonCode.WHEELS_FOR_PYTHONS, "3.9", "3.13", "3.14", "3.14t"), NO_SDIST)


def test_unavailable_on_this_platform_names_those_that_get_a_wheel() -> None:
    verdict = _decide(wheel("cp314-cp314t-win_amd64"), wheel("py3-none-macosx_11_0_arm64"))
    assert (verdict.status, verdict.cause) == (Status.UNAVAILABLE, Cause.SOURCE)
    assert verdict.reasons == (_reason(ReasonCode.WHEELS_FOR_PLATFORMS, "Windows amd64", "macOS arm64"), NO_SDIST)


def test_unavailable_by_requires_python_says_so() -> None:
    verdict = _decide(
        wheel("py3-none-any", requires_python="<3.14"), sdist(requires_python="<3.14"), wheel("py2-none-any")
    )
    assert (verdict.status, verdict.cause, verdict.sdist) == (Status.UNAVAILABLE, Cause.PYTHON, False)
    excluded = _reason(ReasonCode.SDIST_EXCLUDED, "<3.14")
    assert verdict.reasons == (_reason(ReasonCode.REQUIRES_PYTHON, "<3.14"), excluded)


def test_an_sdist_that_requires_python_excludes_exists_all_the_same() -> None:
    verdict = _decide(GIL, sdist(requires_python="<3.14"))
    excluded = _reason(ReasonCode.SDIST_EXCLUDED, "<3.14")
    assert verdict.reasons == (_reason(ReasonCode.GIL_WHEELS, "cp314-cp314"), excluded)


def test_unavailable_by_the_requires_python_of_the_metadata() -> None:
    excluded = replace(node(wheel("py3-none-any")), requires_python=">=3.16")
    verdict = decide(excluded, T314, page=None, archives=Archives())
    assert verdict.status is Status.UNAVAILABLE
    assert verdict.reasons[0] == _reason(ReasonCode.REQUIRES_PYTHON, ">=3.16")


def test_files_that_options_exclude_are_told() -> None:
    excluded = replace(
        node(), not_admitted=(ExcludedBy("hash", "--hash (r.txt:1)"), ExcludedBy("only-binary", "--only-binary :all:"))
    )
    verdict = decide(excluded, T314, page=None, archives=Archives())
    assert verdict.status is Status.UNAVAILABLE
    assert verdict.reasons == (_reason(ReasonCode.NOT_ADMITTED, "--hash (r.txt:1)", "--only-binary :all:"),)


@pytest.mark.parametrize(
    ("evidence", "status", "reason"),
    [
        (
            SourceEvidence(compiles=True, signs=("C", "Rust")),
            Status.SOURCE_ONLY,
            _reason(ReasonCode.NATIVE_SOURCES, "C", "Rust"),
        ),
        (SourceEvidence(compiles=False), Status.SOURCE_PURE, _reason(ReasonCode.PURE_SOURCES)),
        (
            SourceEvidence(compiles=None),
            Status.UNKNOWN,
            _reason(ReasonCode.NO_SOURCE_EVIDENCE, "it shows neither compiled code nor its absence"),
        ),
        (
            Missing(kind=MissingKind.TOO_LARGE, text="456 MB"),
            Status.UNKNOWN,
            _reason(ReasonCode.NO_SOURCE_EVIDENCE, "456 MB"),
        ),
    ],
)
def test_what_an_sdist_shows(evidence: SourceEvidence | Missing, status: Status, reason: Reason) -> None:
    verdict = _decide(sdist(), archives=Archives(source=evidence))
    assert (verdict.status, verdict.twin, verdict.sdist) == (status, RegularBuildGets.SOURCE, True)
    assert verdict.reasons == (reason, SDIST)
    assert verdict.cause is (Cause.SOURCE if status is Status.SOURCE_ONLY else None)


def test_compiled_wheels_elsewhere_are_evidence_enough() -> None:
    verdict = _decide(sdist(), wheel(f"cp313-cp313-{LINUX}"), archives=Archives(source=SourceEvidence(compiles=False)))
    assert (verdict.status, verdict.cause) == (Status.SOURCE_ONLY, Cause.PYTHON)
    assert verdict.reasons == (
        _reason(ReasonCode.COMPILED_ELSEWHERE),
        _reason(ReasonCode.WHEELS_FOR_PYTHONS, "3.13"),
        SDIST,
    )


def test_a_blocker_with_an_sdist_says_so() -> None:
    verdict = _decide(GIL, sdist())
    assert (verdict.status, verdict.sdist) == (Status.GIL_ONLY, True)
    assert verdict.reasons[-1] == SDIST


def test_a_pure_fallback_names_the_wheel_of_the_twin() -> None:
    verdict = _decide(GIL, wheel("py3-none-any"))
    assert (verdict.status, verdict.wheel) == (Status.PURE_FALLBACK, "pkg-1.0-py3-none-any.whl")
    assert verdict.reasons == (_reason(ReasonCode.TWIN_WHEEL, GIL.filename),)


def test_a_mistagged_wheel_is_passed_over_and_told() -> None:
    tied = wheel(f"cp314-none-{LINUX}")
    listings = {tied.filename: ("pkg/_x.cpython-314-x86_64-linux-gnu.so",)}
    verdict = _decide(tied, wheel("py3-none-any"), archives=Archives(listings=listings))
    assert (verdict.status, verdict.wheel) == (Status.PURE_FALLBACK, "pkg-1.0-py3-none-any.whl")
    assert _reason(ReasonCode.MISTAGGED, tied.filename) in verdict.reasons
    alone = _decide(tied, archives=Archives(listings=listings))
    assert alone.status is Status.GIL_ONLY
    assert alone.reasons[0] == _reason(ReasonCode.MISTAGGED, tied.filename)


def test_contents_that_cannot_be_told_are_a_gap_on_either_side() -> None:
    tied = wheel(f"cp314-none-{LINUX}")
    failed = Missing(kind=MissingKind.UNREACHABLE, text="no answer")
    for listings, why in (
        ({tied.filename: failed}, "no answer"),
        ({}, "its contents were not read"),
        (
            {tied.filename: ("_x.so",)},
            "it may hold an extension module whose name does not tell its ABI (--scan reads it)",
        ),
    ):
        verdict = _decide(tied, archives=Archives(listings=listings))
        assert (verdict.status, verdict.severity) == (Status.UNKNOWN, Severity.GAP)
        assert verdict.reasons == (_reason(ReasonCode.ARCHIVE_NOT_READ, tied.filename, why),)


def test_a_wheel_with_tags_for_nobody_is_told_with_its_tags() -> None:
    odd = wheel(f"cp315t-abi3t-{LINUX}")
    verdict = _decide(GIL, odd)
    assert _reason(ReasonCode.ODD_TAG, odd.tags) in verdict.reasons
    compressed = wheel(f"cp313.cp315-cp313t.cp315t-{LINUX}")
    assert ReasonCode.ODD_TAG not in {reason.code for reason in _decide(GIL, compressed).reasons}


def test_a_project_without_a_version_is_unknown_for_its_own_reason() -> None:
    missing = Missing(kind=MissingKind.OFFLINE, text="pkg: not in the cache")
    verdict = decide(Node(name="pkg", version=None, missing=missing), T314, page=None, archives=Archives())
    assert (verdict.status, verdict.twin) == (Status.UNKNOWN, RegularBuildGets.NONE)
    assert verdict.reasons == (_reason(ReasonCode.GAP, "offline", "pkg: not in the cache"),)


@pytest.mark.parametrize(
    ("files", "wheels", "reads_sdist"),
    [
        ((wheel("py3-none-any"), sdist()), (), False),
        ((GIL, sdist()), (), False),
        ((sdist(),), (), True),
        ((sdist(), wheel(f"cp313-cp313-{LINUX}")), (), False),
        ((sdist(), wheel("py2-none-any")), (), True),
        ((sdist(requires_python="<3.14"),), (), False),
        ((wheel(f"cp314-none-{LINUX}"),), (f"cp314-none-{LINUX}",), False),
        ((wheel(f"cp313-none-{LINUX}"), wheel("cp314-none-win_amd64")), (), False),
        ((wheel("cp314-none-any"), wheel(f"py3-none-{LINUX}")), (), False),
    ],
)
def test_only_archives_that_decide_are_read(
    files: tuple[ReleaseFile, ...], wheels: tuple[str, ...], reads_sdist: bool
) -> None:
    needed = archives_needed(files, T314)
    sources = [file for file in files if file.kind == "sdist"]
    assert needed == ArchivesNeeded(
        wheels=tuple(file for file in files if file.tags in wheels), sdist=sources[0] if reads_sdist else None
    )

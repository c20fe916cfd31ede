from __future__ import annotations

from dataclasses import replace

import pytest

from nogilcheck.model.report.finding import Finding
from nogilcheck.model.verdict import Cause, Fallback, ReasonCode, Severity, Status, Verdict
from nogilcheck.report.reasons import why
from nogilcheck.report.words import counted, families, finding_text, listed, runs, word_of
from tests.support.reports import blocked, reason, target, unknown, warned

ON = target("3.15t")
SDIST = "an sdist exists; a source build may work, unverified"
OLDER = Fallback(version="1.2.0", reason="older", silent=False)


def clauses(verdict: Verdict, version: str | None = None) -> list[str]:
    return [clause.said(python=ON.python, platform=ON.platform) for clause in why(verdict, version)]


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (
            blocked(Status.GIL_ONLY, reason(ReasonCode.GIL_WHEELS, "cp314-cp314", "cp39-abi3")),
            ["cp314-cp314 and cp39-abi3 wheels only", SDIST],
        ),
        (
            blocked(Status.GIL_ONLY, reason(ReasonCode.NEVER_FREE_THREADED), sdist=False),
            ["no free-threaded wheel of this version", "no free-threaded wheel in any release", "no sdist"],
        ),
        (
            blocked(Status.GIL_ONLY, reason(ReasonCode.FREE_THREADED_RELEASES, "2.0"), sdist=False, fallback=OLDER),
            [
                "no free-threaded wheel of this version",
                "2.0 has a free-threaded wheel that fits",
                "no sdist",
                "1.2.0 (older) has a fitting wheel",
            ],
        ),
        (
            blocked(
                Status.GIL_ONLY,
                reason(ReasonCode.FREE_THREADED_RELEASES, "1.2.0"),
                sdist=False,
                fallback=replace(OLDER, silent=True),
            ),
            [
                "no free-threaded wheel of this version",
                "no sdist",
                "pip would silently take 1.2.0 (older) instead",
            ],
        ),
        (
            blocked(
                Status.OTHER_PYTHON,
                reason(ReasonCode.FREE_THREADED_PYTHONS, "3.13", "3.14"),
                reason(ReasonCode.GIL_WHEELS, "cp36-abi3"),
            ),
            ["free-threaded wheels for 3.13 and 3.14, none for 3.15", SDIST],
        ),
        (
            blocked(Status.OTHER_PLATFORM, reason(ReasonCode.FREE_THREADED_PLATFORMS, "Windows", "macOS arm64")),
            ["free-threaded wheels for Windows and macOS arm64, none for linux-x86_64", SDIST],
        ),
        (
            blocked(
                Status.SOURCE_ONLY,
                reason(ReasonCode.COMPILED_ELSEWHERE),
                reason(ReasonCode.WHEELS_FOR_PYTHONS, "3.12", "3.13", "3.13t", "3.14", "3.14t"),
                cause=Cause.PYTHON,
            ),
            [
                "no wheel for 3.15 at all, free-threaded or not",
                "wheels for 3.12 to 3.14, 3.13t and 3.14t exist",
                SDIST,
            ],
        ),
        (
            blocked(
                Status.SOURCE_ONLY,
                reason(ReasonCode.NATIVE_SOURCES, "C", "Cython"),
                reason(ReasonCode.WHEELS_FOR_PLATFORMS, "Windows"),
                cause=Cause.SOURCE,
            ),
            [
                "no wheel for any Python on linux-x86_64, free-threaded or not",
                "its sdist needs a compiler (C, Cython)",
                "wheels for Windows exist",
                SDIST,
            ],
        ),
        (
            blocked(Status.UNAVAILABLE, reason(ReasonCode.REQUIRES_PYTHON, "<3.15"), cause=Cause.PYTHON, sdist=False),
            ["needs Python <3.15, which excludes 3.15, free-threaded or not", "no sdist"],
        ),
        (
            blocked(
                Status.UNAVAILABLE,
                reason(ReasonCode.NOT_ADMITTED, "--hash (r.txt:1)", "--only-binary"),
                cause=Cause.SOURCE,
                sdist=False,
            ),
            [
                "files are excluded by --hash (r.txt:1) and --only-binary, and no other file fits",
                "no sdist",
            ],
        ),
        (
            replace(blocked(Status.GIL_ENABLED, sdist=False), extensions=("a._b", "a._c"), reasons=()),
            ["extension modules turn the GIL on: a._b and a._c"],
        ),
        (
            replace(
                blocked(
                    Status.GIL_ENABLED,
                    reason(ReasonCode.DECLARES_GIL, "a._b"),
                    reason(ReasonCode.DECLARES_NOTHING, "a._c", "a._d"),
                    reason(ReasonCode.DELEGATED_GIL, "_cffi_backend", "a._e"),
                    reason(ReasonCode.MODULES_NOT_READ, "3"),
                ),
                extensions=("a._b", "a._c", "a._d", "a._e"),
            ),
            [
                "it installs, but importing it turns the GIL on",
                "a._b declares that it needs the GIL",
                "a._c and a._d do not declare that they run without the GIL",
                "a._e: made by _cffi_backend, which does not declare that it runs without the GIL",
                "3 more of its extension modules were not read",
            ],
        ),
        (
            unknown(reason(ReasonCode.SCAN_UNKNOWN, *(f"a.m{number}" for number in range(20)), "they are damaged")),
            [
                "a.m0, a.m1, a.m2, a.m3, a.m4, a.m5, a.m6, a.m7, a.m8, a.m9, a.m10 and 9 more: they are damaged",
            ],
        ),
        (unknown(reason(ReasonCode.NOT_SCANNED, "a-1.whl", "it is gone")), ["it is gone"]),
        (warned(Status.PURE_FALLBACK), ["loses its compiled accelerator"]),
        (
            warned(Status.PURE_FALLBACK, reason(ReasonCode.TWIN_WHEEL, "a-1-cp310-abi3-linux_x86_64.whl")),
            ["loses its compiled accelerator (the regular build gets a cp310-abi3 wheel)"],
        ),
        (warned(Status.SOURCE_PURE, reason(ReasonCode.PURE_SOURCES)), ["pure Python, but only an sdist"]),
        (unknown(reason(ReasonCode.GAP, "unreachable", "the index did not answer")), ["the index did not answer"]),
        (
            unknown(reason(ReasonCode.ARCHIVE_NOT_READ, "a-1.whl", "it is too large")),
            ["a-1.whl: it is too large"],
        ),
        (
            unknown(reason(ReasonCode.NO_SOURCE_EVIDENCE, "it was not read")),
            ["only an sdist; whether it needs a compiler is unknown: it was not read"],
        ),
        (
            unknown(reason(ReasonCode.MISTAGGED, "a-1.whl", "a.so")),
            ["a-1.whl is mis-tagged: installers take it, but its extension modules do not load here (a.so)"],
        ),
    ],
)
def test_a_verdict_is_put_into_clauses(verdict: Verdict, said: list[str]) -> None:
    assert clauses(verdict) == said


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("detail", [(), ("x",), ("x", "y", "z")])
def test_every_reason_has_words_with_every_status_whatever_its_detail(status: Status, detail: tuple[str, ...]) -> None:
    reasons = tuple(reason(code, *detail) for code in ReasonCode)
    assert all(clauses(replace(unknown(), status=status, reasons=reasons)))


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("pure", "pure"),
        ("no-abi", "no-abi"),
        ("gil-only", "GIL-only"),
        ("source-pure", "pure sdist"),
        ("held-back", "held back"),
        ("own-requires-python", "excluded"),
        ("of-tomorrow", "of tomorrow"),
    ],
)
def test_a_status_or_finding_in_a_word(status: str, word: str) -> None:
    assert word_of(status) == word


_SAID_ELSEWHERE = {ReasonCode.SDIST, ReasonCode.PURE_SOURCES, ReasonCode.ODD_TAG, ReasonCode.REGRESSED}
"""By the verdict's own fields, by the status, by a finding."""


@pytest.mark.parametrize("code", [code for code in ReasonCode if code not in _SAID_ELSEWHERE])
def test_no_reason_is_dropped(code: ReasonCode) -> None:
    said = why(unknown(reason(code, "x-1-cp310-abi3-y.whl")))
    assert said or code in (ReasonCode.COMPILED_ELSEWHERE, ReasonCode.NEWER_FLOOR, ReasonCode.NOT_LOCKED)


@pytest.mark.parametrize(
    ("fallback", "said"),
    [
        (replace(OLDER, uploaded="2024-08-18", months=0), "1.2.0 (older, 2024-08-18) has a fitting wheel"),
        (replace(OLDER, uploaded="2024-08-18", months=1), "1.2.0 (1 month older, 2024-08-18) has a fitting wheel"),
        (replace(OLDER, uploaded="2024-08-18", months=23), "1.2.0 (23 months older, 2024-08-18) has a fitting wheel"),
        (
            replace(OLDER, uploaded="2024-08-18", months=30, silent=True),
            "pip would silently take 1.2.0 (2 years older, 2024-08-18) instead",
        ),
        (
            Fallback(version="2.0", reason="newer", silent=True, uploaded="2024-08-18"),
            "pip would silently take 2.0 (newer, 2024-08-18) instead",
        ),
    ],
)
def test_a_fallback_tells_its_age(fallback: Fallback, said: str) -> None:
    assert clauses(blocked(Status.GIL_ONLY, sdist=False, fallback=fallback))[-1] == said


def test_a_release_that_is_told_of_elsewhere_is_not_repeated() -> None:
    other = reason(ReasonCode.FREE_THREADED_RELEASES, "1.2.0")
    assert len(why(blocked(Status.GIL_ONLY, other, sdist=False))) == 3
    assert len(why(blocked(Status.GIL_ONLY, other, sdist=False), advised={"1.2.0"})) == 2
    regressed = reason(ReasonCode.REGRESSED, "1.2.0", "2024-08-18")
    assert len(why(blocked(Status.GIL_ONLY, other, regressed, sdist=False))) == 2


def test_a_regression_names_the_release_that_was_better() -> None:
    lost = replace(held_back("1.2.0", "2024-08-18"), status="regressed")
    assert finding_text(lost) == "1.2.0 (2024-08-18) had a free-threaded wheel that fits; 1.4.0 does not"
    assert finding_text(replace(lost, detail=("1.2.0",))) == "1.2.0 had a free-threaded wheel that fits; 1.4.0 does not"


def held_back(*detail: str) -> Finding:
    return Finding(
        rule="NGC103",
        status="held-back",
        severity=Severity.WARNING,
        target=ON.id,
        distribution="dask",
        version="1.4.0",
        detail=detail,
    )


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        (("1.5.0", ">=3.16"), "1.4.0 held back: 1.5.0 needs Python >=3.16"),
        (("1.5.0", ""), "1.4.0 held back: 1.5.0 has no file for this Python"),
        (("1.5.0",), "1.4.0 held back: 1.5.0 has no file for this Python"),
        ((), "1.4.0 held back"),
    ],
)
def test_held_back_names_the_newest_and_what_holds_it(detail: tuple[str, ...], said: str) -> None:
    assert finding_text(held_back(*detail)) == said


def test_a_finding_without_words_of_its_own_shows_its_data() -> None:
    assert finding_text(replace(held_back("pypi", "internal"), status="of-tomorrow")) == "of tomorrow, pypi, internal"


def test_lists_and_counts() -> None:
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], last="or")] == ["a", "a and b", "a, b or c"]
    assert [counted(0, "warning"), counted(1, "warning"), counted(2, "warning")] == [
        "0 warnings",
        "1 warning",
        "2 warnings",
    ]


@pytest.mark.parametrize(
    ("pythons", "said"),
    [
        (["3.14"], "3.14"),
        (["3.13", "3.14"], "3.13 and 3.14"),
        (["3.9", "3.10", "3.11"], "3.9 to 3.11"),
        (["3.8", "3.10", "3.11", "3.12"], "3.8 and 3.10 to 3.12"),
        (["3.9+"], "3.9+"),
        (["something", "", "3.x"], "something,  and 3.x"),
    ],
)
def test_neighbouring_pythons_are_drawn_together(pythons: list[str], said: str) -> None:
    assert runs(pythons) == said


@pytest.mark.parametrize(
    ("fitting", "chosen", "said"),
    [
        ("0.9.0", "0.10.0", "0.9.0 had a free-threaded wheel that fits; 0.10.0 does not"),
        ("3.0", "2.9", "3.0 has a free-threaded wheel that fits"),
        ("3.0rc1", "3.0", "3.0rc1 had a free-threaded wheel that fits; 3.0 does not"),
        ("3.0", None, "3.0 has a free-threaded wheel that fits"),
        ("3.0", "not a version", "3.0 has a free-threaded wheel that fits"),
    ],
)
def test_a_release_that_fits_is_told_as_past_or_future(fitting: str, chosen: str | None, said: str) -> None:
    verdict = blocked(Status.GIL_ONLY, reason(ReasonCode.FREE_THREADED_RELEASES, fitting), sdist=False)
    assert said in clauses(verdict, chosen)


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (["Windows amd64", "Windows arm64", "macOS arm64", "macOS x86_64"], ["Windows", "macOS"]),
        (["manylinux x86_64", "macOS x86_64", "manylinux aarch64"], ["manylinux", "macOS x86_64"]),
        (["macOS", "macOS arm64"], ["macOS"]),
        (["manylinux aarch64", "manylinux ppc64le", "manylinux x86_64"], ["manylinux", "manylinux ppc64le"]),
        (["Windows amd64", "Windows x86"], ["Windows amd64", "Windows x86"]),
        ([], []),
    ],
)
def test_families_with_their_usual_architectures_are_one_word(places: list[str], said: list[str]) -> None:
    assert families(places) == said


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        (
            ("cp315t-abi3t-win_amd64", "cp315t-abi3t-win_arm64", "cp316-cp315-any"),
            "no interpreter accepts wheels tagged cp315t-abi3t (win_amd64, win_arm64) and cp316-cp315 (any)",
        ),
        (("odd", "cp3-odd"), "no interpreter accepts wheels tagged odd and cp3-odd"),
        ((), "no interpreter accepts the tags of some wheels"),
    ],
)
def test_odd_tags_are_told_by_what_is_odd(tags: tuple[str, ...], said: str) -> None:
    assert finding_text(replace(held_back(*tags), status="odd-tag")) == said

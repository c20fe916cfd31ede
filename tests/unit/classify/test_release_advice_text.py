"""Advice in words."""

from __future__ import annotations

import pytest
from packaging.version import Version

from nogilcheck.classify import release_advice_text as texts
from nogilcheck.classify.release_advice_text import What
from nogilcheck.classify.release_history import Distance, Release
from nogilcheck.model.report.finding import Cap
from nogilcheck.model.source import COMMAND_LINE, Location

NEW = Release(version=Version("3.0"), uploaded="2026-01-05")
FIRST = Release(version=Version("2.0"), uploaded="2025-01-05")
UNDATED = Release(version=Version("3.0"))
LINE = Location(path="r.txt", line=3)
OWN = Cap(by="r.txt:3", specifier="==1.0", location=LINE)
TYPED = Cap(by=COMMAND_LINE, specifier="==1.0", location=Location(path=COMMAND_LINE))
FLOOR = Cap(by="uv.lock:2", specifier=">=3.9", location=Location(path="uv.lock", line=2), floor=True)
OTHER, ANOTHER = (Cap(by=by, specifier="<2") for by in ("celery 5.3.1", "kombu 5.0"))


@pytest.mark.parametrize(
    ("caps", "relock", "said"),
    [
        ((), None, "upgrade: 3.0 (2026-01-05) fits"),
        ((), "", "lock again: 3.0 (2026-01-05) fits"),
        ((), "uv lock -P x", "lock again (`uv lock -P x`): 3.0 (2026-01-05) fits"),
        ((OWN,), "uv lock -P x", "relax ==1.0 (r.txt:3) and lock again (`uv lock -P x`): 3.0 (2026-01-05) fits"),
        ((OTHER,), "uv lock -P x", "held back by celery 5.3.1 (<2): 3.0 (2026-01-05) fits"),
        ((OWN,), None, "relax ==1.0 (r.txt:3): 3.0 (2026-01-05) fits"),
        ((TYPED,), None, "relax ==1.0: 3.0 (2026-01-05) fits"),
        ((FLOOR,), "", "raise the project's Python >=3.9 (uv.lock:2) and lock again: 3.0 (2026-01-05) fits"),
        ((OTHER, ANOTHER), None, "held back by celery 5.3.1 (<2) and kombu 5.0 (<2): 3.0 (2026-01-05) fits"),
        ((OWN, OTHER), None, "relax ==1.0 (r.txt:3), held back by celery 5.3.1 (<2): 3.0 (2026-01-05) fits"),
    ],
)
def test_a_newer_release(caps: tuple[Cap, ...], relock: str | None, said: str) -> None:
    assert texts.newer(NEW, None, caps, what=What.WHEEL, relock=relock) == said


def test_since_when_releases_fit() -> None:
    said = texts.newer(NEW, FIRST, (), what=What.ACCELERATOR, relock=None)
    assert said == (
        "upgrade: 2.0 (2025-01-05) is the first that has a compiled wheel that fits, 3.0 (2026-01-05) the newest"
    )


@pytest.mark.parametrize(
    ("back", "said"),
    [
        (Distance(releases=2, months=14), "go back to 3.0 (2026-01-05), 2 releases and 14 months older, which fits"),
        (Distance(releases=1, months=1), "go back to 3.0 (2026-01-05), 1 release and 1 month older, which fits"),
        (Distance(releases=1, months=0), "go back to 3.0 (2026-01-05), 1 release older, which fits"),
        (Distance(releases=1, months=None), "go back to 3.0 (2026-01-05), 1 release older, which fits"),
    ],
)
def test_an_older_release(back: Distance, said: str) -> None:
    assert texts.downgrade(NEW, back, what=What.WHEEL) == said


@pytest.mark.parametrize(
    ("last", "chosen", "pre_release", "status", "said"),
    [
        (NEW, "3.0", None, "active", "no compatible release yet (latest: 3.0, 2026-01-05)"),
        (UNDATED, "3.0", None, "active", "no compatible release yet (latest: 3.0)"),
        (NEW, "2.0", None, "active", "no compatible release yet; the latest, 3.0 (2026-01-05), does not help either"),
        (
            FIRST,
            "2.0",
            Release(version=Version("3.0rc1"), uploaded="2026-02-02"),
            "active",
            "wait for 3.0, or admit 3.0rc1 (2026-02-02), which fits",
        ),
        (
            NEW,
            "3.0",
            None,
            "archived",
            "the project is archived: expect no further release; the latest release is 3.0 (2026-01-05)",
        ),
        (NEW, "3.0", None, "of-tomorrow", "no compatible release yet (latest: 3.0, 2026-01-05)"),
    ],
)
def test_waiting(last: Release, chosen: str, pre_release: Release | None, status: str, said: str) -> None:
    assert texts.wait(last, pre_release, chosen=Version(chosen), status=status, what=What.WHEEL) == said


def test_other_pythons() -> None:
    assert texts.other_python(["3.14t"], what=What.WHEEL) == "take 3.14t: it fits there"
    assert texts.other_python(["3.13t", "3.14t", "3.15t"], what=What.WHEEL) == (
        "take 3.13t, 3.14t or 3.15t: it fits there"
    )


@pytest.mark.parametrize(
    ("languages", "pure", "said"),
    [
        ((), None, "build its sdist, which compiles native code"),
        (("C",), None, "build its sdist, which needs C"),
        (("C", "C++", "Rust"), None, "build its sdist, which needs C, C++ and Rust"),
        ((), True, "build its sdist, which needs no compiler"),
    ],
)
def test_building(languages: tuple[str, ...], pure: bool, said: str) -> None:
    assert texts.build(languages, pure=pure) == said

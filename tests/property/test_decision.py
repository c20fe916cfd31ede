"""The decision is total and exclusive, and is the first row that holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.tags import Tag, parse_tag

from nogilcheck.classify.decide import Archives, decide
from nogilcheck.model.artifact import Missing, MissingKind, ReleaseFile, SourceEvidence
from nogilcheck.model.rules.table import severity_of
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Cause, RegularBuildGets, Severity, Status
from nogilcheck.targets.builds import make_target
from tests.support.offers import node, sdist, wheel

LINUX = "manylinux_2_28_x86_64"
TAGS = (
    "py3-none-any",
    "py2-none-any",
    "cp314-none-any",
    f"py3-none-{LINUX}",
    "py3-none-win_amd64",
    f"cp314-none-{LINUX}",
    f"cp314-cp314-{LINUX}",
    f"cp314-cp314t-{LINUX}",
    f"cp314-cp314.cp314t-{LINUX}",
    f"cp313-cp313t-{LINUX}",
    f"cp315-cp315t-{LINUX}",
    "cp314-cp314t-win_amd64",
    "cp314-cp314-win_amd64",
    f"cp39-abi3-{LINUX}",
    f"cp315-abi3.abi3t-{LINUX}",
    f"cp314-abi3t-{LINUX}",
    f"cp315t-abi3t-{LINUX}",
    f"pp311-pypy311_pp73-{LINUX}",
    f"cp313-cp313-{LINUX}",
    "cp314-cp314t-manylinux_2_39_x86_64",
)
REQUIRES_PYTHON = (None, ">=3.9", "<3.14", ">=3.15", "not a specifier")
LISTINGS: dict[str, tuple[str, ...] | Missing] = {
    "library": ("pkg/libfoo.so.1", "pkg/__init__.py"),
    "free-threaded": ("pkg/_speed.cpython-314t-x86_64-linux-gnu.so",),
    "gil": ("pkg/_speed.cpython-314-x86_64-linux-gnu.so",),
    "bare": ("pkg/_speed.so",),
    "failed": Missing(kind=MissingKind.UNREACHABLE, text="no answer"),
}
SOURCES: dict[str, SourceEvidence | Missing | None] = {
    "native": SourceEvidence(compiles=True, signs=("C",)),
    "pure": SourceEvidence(compiles=False),
    "unclear": SourceEvidence(compiles=None),
    "failed": Missing(kind=MissingKind.TOO_LARGE, text="456 MB"),
    "unread": None,
}
TARGETS = [make_target(python, "linux-x86_64") for python in ("3.13t", "3.14t", "3.15t", "3.14", "3.15")]


@dataclass(frozen=True)
class Case:
    files: tuple[ReleaseFile, ...]
    target: Target
    listing: str
    source: str


cases = st.builds(
    Case,
    files=st.builds(
        lambda wheels, source: (*wheels, *source),
        st.lists(st.builds(wheel, st.sampled_from(TAGS), requires_python=st.sampled_from(REQUIRES_PYTHON)), max_size=4),
        st.lists(st.builds(sdist, requires_python=st.sampled_from(REQUIRES_PYTHON)), max_size=1),
    ),
    target=st.sampled_from(TARGETS),
    listing=st.sampled_from(sorted(LISTINGS)),
    source=st.sampled_from(sorted(SOURCES)),
)


def admits(requires_python: str | None, build: Target) -> bool:
    minor = build.python[1]
    return {None: True, ">=3.9": True, "<3.14": minor < 14, ">=3.15": minor >= 15, "not a specifier": True}[
        requires_python
    ]


def kinds_that_fit(case: Case, build: Target) -> list[str]:
    """What each fitting wheel is to the build, preferred first; written from the tags alone."""
    own = f"cp3{build.python[1]}"
    ranked = []
    for file in case.files:
        tags = {tag for tag in parse_tag(file.tags) if str(tag) in build.tags} if file.kind == "wheel" else set()
        if tags and admits(file.requires_python, build):
            ranked.append(min((build.tags[str(tag)], tag) for tag in map(_key, tags)))
    return [_kind(tag, own, case, build) for _, tag in sorted(ranked)]


class _Ordered(Tag):
    def __lt__(self, other: object) -> bool:
        return str(self) < str(other)


def _key(tag: Tag) -> _Ordered:
    return _Ordered(tag.interpreter, tag.abi, tag.platform)


def _kind(tag: Tag, own: str, case: Case, build: Target) -> str:
    if tag.abi == "abi3t":
        return "abi3t"
    if tag.abi == f"{own}t":
        return "free-threaded"
    if tag.abi != "none":
        return "compiled"
    if tag.platform == "any":
        return "pure"
    if tag.interpreter.startswith("py"):
        return "no-abi"
    loaded = {"library": "no-abi", "free-threaded": "free-threaded", "gil": "compiled"}.get(case.listing, "unclear")
    if loaded == "free-threaded":
        return loaded if build.free_threaded else "mistagged"
    return "mistagged" if loaded == "compiled" and build.free_threaded else loaded


def rows(case: Case) -> list[tuple[Status, bool]]:
    """The table of statuses (docs/reference/statuses.md), each row as a predicate on its own."""
    target, twin = case.target, case.target.installer
    fits, twin_fits = kinds_that_fit(case, target), kinds_that_fit(case, twin)
    usable = [kind for kind in fits if kind != "mistagged"]
    best = usable[0] if usable else None
    twin_usable = [kind for kind in twin_fits if kind != "mistagged"]
    twin_best = twin_usable[0] if twin_usable else None
    has_source = any(file.kind == "sdist" and admits(file.requires_python, twin) for file in case.files)
    twin_gets = "wheel" if twin_best else "source" if has_source else "none"
    unclear = any(
        kinds
        and "unclear" in kinds
        and all(kind in {"mistagged", "unclear"} for kind in kinds[: kinds.index("unclear")])
        for kinds in (fits, twin_fits)
    )
    compiled_elsewhere = any(
        tag.abi != "none" or tag.platform != "any"
        for file in case.files
        if file.kind == "wheel"
        for tag in parse_tag(file.tags)
    )
    evidence = SOURCES[case.source]
    compiles = compiled_elsewhere or (evidence.compiles if isinstance(evidence, SourceEvidence) else None)
    threaded = {
        tag
        for file in case.files
        if file.kind == "wheel"
        for tag in parse_tag(file.tags)
        if (tag.abi == "abi3t" and not tag.interpreter.endswith("t")) or tag.abi == f"{tag.interpreter}t"
    }
    minor = target.python[1]
    here = {t for t in threaded if (t.abi == "abi3t" and int(t.interpreter[3:]) <= minor) or t.abi == f"cp3{minor}t"}
    nothing = best is None
    table: list[tuple[Status, Callable[[], bool]]] = [
        (Status.UNKNOWN, lambda: unclear or (nothing and twin_gets == "source" and compiles is None)),
        (Status.FREE_THREADED, lambda: best == "free-threaded"),
        (Status.ABI3T, lambda: best == "abi3t"),
        (Status.COMPILED, lambda: best == "compiled"),
        (Status.NO_ABI, lambda: best == "no-abi"),
        (Status.PURE_FALLBACK, lambda: best == "pure" and twin_best not in {"pure", None}),
        (Status.PURE, lambda: best == "pure"),
        (Status.UNAVAILABLE, lambda: nothing and twin_gets == "none"),
        (Status.SOURCE_PURE, lambda: nothing and twin_gets == "source" and compiles is False),
        (Status.SOURCE_ONLY, lambda: nothing and twin_gets == "source" and compiles is True),
        (Status.OTHER_PLATFORM, lambda: nothing and twin_gets == "wheel" and bool(here)),
        (Status.OTHER_PYTHON, lambda: nothing and twin_gets == "wheel" and bool(threaded)),
        (Status.GIL_ONLY, lambda: nothing and twin_gets == "wheel"),
    ]
    return [(status, holds()) for status, holds in table]


@given(cases)
def test_the_first_row_that_holds_is_the_status(case: Case) -> None:
    listings = {file.filename: LISTINGS[case.listing] for file in case.files if "cp314-none-many" in file.filename}
    archives = Archives(listings=listings, source=SOURCES[case.source])
    verdict = decide(node(*case.files), case.target, page=None, archives=archives)
    holding = [status for status, holds in rows(case) if holds]
    assert holding, "no row of the table holds"
    assert verdict.status is holding[0]
    assert verdict.severity is severity_of(verdict.status)


@given(cases)
def test_every_blocker_has_a_cause_that_agrees_with_what_the_twin_gets(case: Case) -> None:
    verdict = decide(node(*case.files), case.target, page=None, archives=Archives(source=SOURCES[case.source]))
    if verdict.severity is Severity.BLOCKER:
        assert (verdict.cause is Cause.FREE_THREADING) == (verdict.twin is RegularBuildGets.WHEEL)
        assert verdict.wheel is None
        assert verdict.reasons
    else:
        assert verdict.cause is None
    if verdict.severity is Severity.READY:
        assert verdict.wheel is not None


@pytest.mark.parametrize("target", [t for t in TARGETS if not t.free_threaded], ids=lambda t: t.id)
@given(case=cases)
def test_a_gil_build_is_never_blocked_for_free_threading(target: Target, case: Case) -> None:
    verdict = decide(node(*case.files), target, page=None, archives=Archives(source=SOURCES[case.source]))
    assert verdict.cause is not Cause.FREE_THREADING
    assert verdict.status not in {Status.GIL_ONLY, Status.OTHER_PYTHON, Status.OTHER_PLATFORM, Status.PURE_FALLBACK}

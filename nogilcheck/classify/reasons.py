"""Why nothing fits: what exists instead, as data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from nogilcheck.classify.wheels import (
    fitting_wheels,
    free_threaded_tags,
    is_free_threaded,
    is_odd,
    same_python,
    sdists,
    tag_kind,
    wheel_kind,
)
from nogilcheck.model.artifact import ProjectPage, ReleaseFile
from nogilcheck.model.graph import Node
from nogilcheck.model.target import Target, expand_tags
from nogilcheck.model.verdict import Reason, ReasonCode, Status, WheelKind

MAX_ODD_TAGS = 10
"""Tags named in one reason."""

_PREBUILT = (Status.OTHER_PLATFORM, Status.OTHER_PYTHON, Status.GIL_ONLY)

_FAMILIES = (
    (re.compile(r"manylinux(?:\d+|_\d+_\d+)_(?P<arch>.+)"), "manylinux {arch}"),
    (re.compile(r"musllinux_\d+_\d+_(?P<arch>.+)"), "musllinux {arch}"),
    (re.compile(r"macosx_\d+_\d+_(?P<arch>arm64|x86_64)"), "macOS {arch}"),
    (re.compile(r"macosx_.+"), "macOS"),
    (re.compile(r"win(?:_(?P<arch>.+)|32)"), "Windows {arch}"),
    (re.compile(r"linux_(?P<arch>.+)"), "Linux {arch}"),
    (re.compile(r"(?P<arch>ios|android|pyodide|emscripten|wasi)_.+"), "{arch}"),
)

_FLOORS = (
    (re.compile(r"manylinux_(\d+)_(\d+)_.+"), "glibc"),
    (re.compile(r"musllinux_(\d+)_(\d+)_.+"), "musl"),
    (re.compile(r"macosx_(\d+)_(\d+)_.+"), "macOS"),
)


def explain(status: Status, node: Node, target: Target, page: ProjectPage | None) -> tuple[Reason, ...]:
    """Every fact worth telling about a distribution of which no wheel fits the target."""
    files = node.files
    found: list[Reason | None] = []
    if status in _PREBUILT:
        found += _prebuilt(status, node, target, page)
    elif status in {Status.SOURCE_ONLY, Status.UNAVAILABLE}:
        found += [_requires_python(node, target), _newer_floor(files, target), _wheels_elsewhere(files, target)]
        if status is Status.UNAVAILABLE and node.described_by:
            found.append(Reason(code=ReasonCode.STAND_IN, detail=(node.described_by,)))
    found.append(_odd_tags(files))
    if node.not_admitted:  # what the excluded files are is not said
        found.append(Reason(code=ReasonCode.NOT_ADMITTED, detail=tuple(one.said for one in node.not_admitted)))
    elif not files:
        found.append(Reason(code=ReasonCode.NO_FILES))
    if any(sdists(files, target.installer)):
        found.append(Reason(code=ReasonCode.SDIST))
    elif excluding := {file.requires_python or "" for file in files if file.kind == "sdist"}:
        found.append(Reason(code=ReasonCode.SDIST_EXCLUDED, detail=tuple(sorted(excluding))))
    elif not node.not_admitted:
        found.append(Reason(code=ReasonCode.NO_SDIST))
    return tuple(reason for reason in found if reason)


def not_locked(node: Node, target: Target, released: Status | None) -> Reason:
    """A lock leaves files of a release out. ``released``: the status with all of them; ``None``: they are not known."""
    platforms = platforms_of(target)
    here = [tag for tag in _tags(node.files) if tag[2] in platforms]
    return Reason(code=ReasonCode.NOT_LOCKED, detail=(released or "", *_pythons(here, threads="t")))


def _prebuilt(status: Status, node: Node, target: Target, page: ProjectPage | None) -> Iterator[Reason | None]:
    """The wheels that exist for others than the target, of this version and of others."""
    elsewhere, history = _free_threaded_elsewhere(node.files, target), _history(node, target, page)
    yield from (elsewhere, _gil_wheels(node.files, target), history)
    if page and history is None and _is_for_older_pythons(elsewhere, target):
        yield Reason(code=ReasonCode.NOT_YET)
    if status is Status.OTHER_PLATFORM:
        yield _newer_floor(tuple(f for f in node.files if f.kind == "wheel" and is_free_threaded(f.tags)), target)


@lru_cache(maxsize=64)
def platforms_of(target: Target) -> frozenset[str]:
    """The platform tags that the target accepts, without ``any``."""
    return frozenset(tag.rpartition("-")[2] for tag in target.tags) - {"any"}


def _tags(files: Iterable[ReleaseFile]) -> Iterator[tuple[str, ...]]:
    for file in files:
        if file.kind == "wheel":
            yield from expand_tags(file.tags)


def _free_threaded_elsewhere(files: tuple[ReleaseFile, ...], target: Target) -> Reason | None:
    """Free-threaded wheels of this version for another platform, or for other Pythons."""
    tags = free_threaded_tags(files)
    if here := [tag for tag in tags if same_python(tag, target)]:
        return Reason(code=ReasonCode.FREE_THREADED_PLATFORMS, detail=_families(here, target))
    if not tags:
        return None
    platforms = platforms_of(target)
    own = [tag for tag in tags if tag[2] in platforms] or tags
    return Reason(code=ReasonCode.FREE_THREADED_PYTHONS, detail=_pythons(own, threads=""))


def _is_for_older_pythons(elsewhere: Reason | None, target: Target) -> bool:
    """Whether the free-threaded wheels of a version are for Pythons before the target's, none for later ones."""
    if elsewhere is None or elsewhere.code is not ReasonCode.FREE_THREADED_PYTHONS or not target.free_threaded:
        return False
    minors = [python.partition(".")[2] for python in elsewhere.detail]
    return all(minor.isdecimal() and int(minor) < target.python[1] for minor in minors)  # "3.15+" is for later ones


def _gil_wheels(files: tuple[ReleaseFile, ...], target: Target) -> Reason | None:
    """The wheels that the twin accepts."""
    twin = target.installer
    pairs = {f"{tag[0]}-{tag[1]}": None for tag in _tags(files) if "-".join(tag) in twin.tags and tag[1] != "none"}
    return Reason(code=ReasonCode.GIL_WHEELS, detail=tuple(pairs)) if pairs else None


def _odd_tags(files: tuple[ReleaseFile, ...]) -> Reason | None:
    """Wheels that were meant for somebody and that nobody can install."""
    # A compressed tag set holds odd combinations beside those that are meant: cp313.cp314-cp313t.cp314t.
    hopeless = [file for file in files if wheel_kind(file.tags) is WheelKind.FOREIGN]
    odd = dict.fromkeys("-".join(tag) for tag in _tags(hopeless) if is_odd(*tag))
    return Reason(code=ReasonCode.ODD_TAG, detail=tuple(odd)[:MAX_ODD_TAGS]) if odd else None


def _history(node: Node, target: Target, page: ProjectPage | None) -> Reason | None:
    """Whether any release of the project has ever been free-threaded; a final release says more than a pre-release."""
    if page is None:
        return None
    free_threaded = set(filter(is_free_threaded, page.every_wheel_tag))
    if not free_threaded:
        return Reason(code=ReasonCode.NEVER_FREE_THREADED)
    pre_release = None
    for version in page.versions:
        if free_threaded.isdisjoint(page.wheel_tags(version)):
            continue
        files = [file for file in page.files(version) if not file.yanked]
        if version == node.version or not any(is_free_threaded(file.tags) for file in fitting_wheels(files, target)):
            continue
        if not version.is_prerelease:
            return Reason(code=ReasonCode.FREE_THREADED_RELEASES, detail=(str(version),))
        pre_release = pre_release or version
    return Reason(code=ReasonCode.FREE_THREADED_RELEASES, detail=(str(pre_release),)) if pre_release else None


def _requires_python(node: Node, target: Target) -> Reason | None:
    refusing = [node.requires_python] if node.requires_python else []
    refusing += [
        f.requires_python for f in node.files if f.requires_python and not target.admits_python(f.requires_python)
    ]
    detail = tuple(dict.fromkeys(refusing))
    return Reason(code=ReasonCode.REQUIRES_PYTHON, detail=detail) if detail else None


def _wheels_elsewhere(files: tuple[ReleaseFile, ...], target: Target) -> Reason | None:
    """Other Pythons that get a wheel on this platform, or else other platforms that get one."""
    tags = [tag for tag in _tags(files) if tag_kind(*tag) is not WheelKind.FOREIGN]
    platforms = platforms_of(target)
    if here := [tag for tag in tags if tag[2] in platforms]:
        return Reason(code=ReasonCode.WHEELS_FOR_PYTHONS, detail=_pythons(here, threads="t"))
    if elsewhere := [tag for tag in tags if tag[2] != "any"]:
        return Reason(code=ReasonCode.WHEELS_FOR_PLATFORMS, detail=_families(elsewhere, target))
    return None


def _newer_floor(files: tuple[ReleaseFile, ...], target: Target) -> Reason | None:
    """The lowest libc or macOS with which a wheel would fit, where the platform is the target's otherwise."""
    own = {platform_family(platform) for platform in platforms_of(target)}
    builds = (target, target.installer)
    found = [
        (floor, tag)
        for tag in _tags(files)
        if platform_family(tag[2]) in own
        and (floor := _platform_floor(tag[2]))
        and any(same_python(tag, build) for build in builds)
    ]
    if not found:
        return None
    (what, (major, minor)), tag = min(found)
    fits = any(same_python(each, target) for floor, each in found if floor == (what, (major, minor)))
    gil_only = () if fits else ("GIL-only",)
    return Reason(code=ReasonCode.NEWER_FLOOR, detail=(f"{what} {major}.{minor}", target.floor, tag[2], *gil_only))


def _families(tags: Iterable[tuple[str, ...]], target: Target) -> tuple[str, ...]:
    """The platforms of tags in words; of the target's own family the tag itself, for it is too new."""
    own = {platform_family(platform) for platform in platforms_of(target)}
    named = {platform if (family := platform_family(platform)) in own else family for _, _, platform in tags}
    return tuple(sorted(named))


def _pythons(tags: Iterable[tuple[str, ...]], *, threads: str) -> tuple[str, ...]:
    """``3.13``, ``3.14t``; a stable ABI says ``3.9+``. Oldest first."""
    found: set[tuple[int, str]] = set()
    for python, abi, _ in tags:
        digits = python.removeprefix("cp3").removeprefix("py3")
        if digits.isdecimal():
            stable = "+" if abi.startswith("abi3") else ""
            found.add((int(digits), (threads if abi.endswith("t") else "") + stable))
    return tuple(f"3.{minor}{suffix}" for minor, suffix in sorted(found))


def platform_family(platform: str) -> str:
    """``manylinux_2_28_x86_64`` -> ``manylinux x86_64``; an unknown tag stands for itself."""
    for pattern, words in _FAMILIES:
        if match := pattern.fullmatch(platform):
            arch = match.groupdict().get("arch") or "x86"
            return words.format(arch=arch)
    return platform


def _platform_floor(platform: str) -> tuple[str, tuple[int, int]] | None:
    """What a platform tag asks for at least: ``manylinux_2_28_x86_64`` -> ``("glibc", (2, 28))``; ``None``: nothing."""
    for pattern, what in _FLOORS:
        if match := pattern.fullmatch(platform):
            return what, (int(match[1]), int(match[2]))
    return None

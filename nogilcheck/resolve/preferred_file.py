"""Compare the files of one version: which a build gets, and which is most like that where no wheel fits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from nogilcheck.model.artifact import ReleaseFile, build_number
from nogilcheck.model.target import Target, expand_tags

_FLOOR = re.compile(r"_(\d+)_(\d+)_")
_CPYTHON = re.compile(r"cp3(\d+)")


def preferred(files: Iterable[ReleaseFile], build: Target) -> ReleaseFile | None:
    """The file that pip installs on a build: the preferred wheel, else the sdist; ``None``: no file fits."""
    best: tuple[tuple[bool, int, tuple[int, str] | tuple[()]], ReleaseFile] | None = None
    for file in files:
        tag = build.best_tag(file.tags) if file.kind == "wheel" else None
        if (file.kind == "wheel" and tag is None) or not build.admits_python(file.requires_python):
            continue
        rank = -build.rank(tag) if tag else -len(build.tags)
        preference = (not file.yanked, rank, build_number(file.build))
        if best is None or preference >= best[0]:  # of equals pip takes the last
            best = (preference, file)
    return best[1] if best else None


def nearness(file: ReleaseFile, build: Target) -> tuple[bool, bool, int, tuple[int, ...], int]:
    """A sort key that puts the nearest wheel first.

    Same platform, then the same but for the lowest libc or version; closest older CPython; smallest size.
    """
    platforms = _platforms(build)
    tags = list(expand_tags(file.tags))
    elsewhere = not any(platform in platforms for _, _, platform in tags)
    alike = any(_without_floor(platform) in _families(build) for _, _, platform in tags)
    minors = [int(match[1]) for python, _, _ in tags if (match := _CPYTHON.fullmatch(python))]
    distance = min((_distance(minor, build.python[1]) for minor in minors), default=0)
    floor = min((_floor(platform) for _, _, platform in tags), default=()) if elsewhere else ()
    return elsewhere, not alike, distance, floor, file.size or 0


def _distance(minor: int, wanted: int) -> int:
    """How far away a minor version of Python is; any newer one is further away than all older ones."""
    return wanted - minor if minor <= wanted else wanted + minor


@lru_cache(maxsize=64)
def _platforms(build: Target) -> frozenset[str]:
    return frozenset(tag.rpartition("-")[2] for tag in build.tags)


def _floor(platform: str) -> tuple[int, ...]:
    match = _FLOOR.search(platform)
    return tuple(map(int, match.groups())) if match else ()


def _without_floor(platform: str) -> str:
    """``manylinux_2_28_x86_64`` -> ``manylinux_x86_64``."""
    return _FLOOR.sub("_", platform, count=1)


@lru_cache(maxsize=64)
def _families(build: Target) -> frozenset[str]:
    return frozenset(map(_without_floor, _platforms(build)))

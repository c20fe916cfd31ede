"""Compare wheels that a build does not accept: which is most like the one that it would get."""

from __future__ import annotations

import re
from functools import lru_cache

from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.target import Target, expand_tags

_CPYTHON = re.compile(r"cp3(\d+)")


def nearness(file: ReleaseFile, build: Target) -> tuple[bool, int, int]:
    """A sort key that puts the nearest wheel first: same platform, closest older CPython, smallest size."""
    platforms = _platforms(build)
    tags = list(expand_tags(file.tags))
    elsewhere = not any(platform in platforms for _, _, platform in tags)
    minors = [int(match[1]) for python, _, _ in tags if (match := _CPYTHON.fullmatch(python))]
    distance = min((_distance(minor, build.python[1]) for minor in minors), default=0)
    return elsewhere, distance, file.size or 0


def _distance(minor: int, wanted: int) -> int:
    """How far away a minor version of Python is; any newer one is further away than all older ones."""
    return wanted - minor if minor <= wanted else wanted + minor


@lru_cache(maxsize=64)
def _platforms(build: Target) -> frozenset[str]:
    return frozenset(tag.rpartition("-")[2] for tag in build.tags)

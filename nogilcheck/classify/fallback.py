"""Another permitted version of a blocked project that fits the target (docs/explanation/semantics.md, "Fallbacks")."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from packaging.version import Version

from nogilcheck.classify.release_history import day_of, months_between
from nogilcheck.classify.wheels import fitting_wheels, sdists
from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Fallback

MAX_ASKED = 5
"""Versions of which it is asked whether a resolution with them exists."""


def find_fallback(
    chosen: Version,
    permitted: Iterable[tuple[Version, tuple[ReleaseFile, ...]]],
    target: Target,
    exists: Callable[[Version], bool],
) -> Fallback | None:
    """The version that an installer on the target would come to first.

    ``permitted`` holds every version that the graph's specifiers admit, in the installer's order of
    preference; ``exists`` tells whether there is a resolution with a version. pip takes the fallback without a word,
    unless it meets an sdist on the way: that it would try to build.
    """
    silent = True
    asked = 0
    offered = list(permitted)
    chosen_on = next((day_of(files) for version, files in offered if version == chosen), None)
    for version, files in offered:
        if version != chosen and fitting_wheels(files, target):
            if version.is_prerelease and version < chosen and not silent:
                continue  # nobody would want it, and no installer comes to it
            if (asked := asked + 1) > MAX_ASKED:
                return None
            if exists(version):
                return _fallback(version, files, chosen, chosen_on, silent=silent)
        silent = silent and not sdists(files, target)
    return None


def _fallback(
    version: Version, files: Sequence[ReleaseFile], chosen: Version, chosen_on: str | None, *, silent: bool
) -> Fallback:
    kind = "pre-release" if version.is_prerelease else "older" if version < chosen else "newer"
    day = day_of(files)
    months = months_between(day, chosen_on) if version < chosen else None
    return Fallback(version=str(version), reason=kind, silent=silent, uploaded=day, months=months)

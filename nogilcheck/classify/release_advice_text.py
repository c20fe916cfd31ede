"""What `release_advice` says: short sentences without a full stop, under the name of the project they are about."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from packaging.version import Version

from nogilcheck.classify.release_history import Distance, Release
from nogilcheck.model.report.finding import Cap
from nogilcheck.model.source import COMMAND_LINE
from nogilcheck.model.verdict import Status

_STATUSES = {
    "archived": "the project is archived: expect no further release",
    "quarantined": "the project is quarantined: do not rely on it",
    "deprecated": "the project is deprecated: look for its replacement",
}
"""PEP 792; what is active needs no words."""


class What(Enum):
    """What a release must have to be of use."""

    WHEEL = "fits"
    ACCELERATOR = "has a compiled wheel that fits"
    NO_GIL = "keeps the GIL off (scanned; the releases between were not)"
    PURE = "is a pure wheel, with no extension module to turn it on"
    NO_GIL_NEXT = "keeps the GIL off (scanned)"


def newer(
    latest: Release,
    since: Release | None,
    caps: Sequence[Cap],
    *,
    made: Release | None = None,
    what: What,
    relock: str | None,
) -> str:
    """``relax <2 (r.txt:3): 2.1.0 (2024-08-18) is the first that fits, 2.5.1 (2026-06-20) the newest``.

    ``made``: the first with a free-threaded wheel, where the first that fits has a lesser one.
    """
    fits = f"{_dated(latest)} {what.value}"
    if since:
        between = f"{_dated(made)} the first with a free-threaded wheel, " if made else ""
        fits = f"{_dated(since)} is the first that {what.value}, {between}{_dated(latest)} the newest"
    again = "" if relock is None else f"lock again (`{relock}`)" if relock else "lock again"
    if not caps:
        return f"{again or 'upgrade'}: {fits}"
    if again and all(cap.location for cap in caps):
        return f"{_kept_out(caps)} and {again}: {fits}"
    return f"{_kept_out(caps)}: {fits}"


def _kept_out(caps: Sequence[Cap]) -> str:
    """``relax <2 (r.txt:3), held back by celery 5.3.1 (<2)``."""
    own = [_own(cap) for cap in caps if cap.location and not cap.floor]
    floors = [f"raise the project's Python {_own(cap)}" for cap in caps if cap.location and cap.floor]
    others = [f"{cap.by} ({cap.project or ''}{cap.specifier})" for cap in caps if not cap.location]
    steps = [*([f"relax {_listed(own)}"] if own else []), *floors]
    parts = [" and ".join(steps)] if steps else []
    if others:
        parts.append(f"held back by {_listed(others)}")
    return ", ".join(parts)


def detour(project: str, release: Release, instead: Version | None, caps: Sequence[Cap]) -> str:
    """``relax `pydantic==2.10.6` (r.txt:1): pydantic 2.12.5 (2025-11-05) takes 2.41.5, which fits``.

    ``project``: what requires the blocked one; empty where that is all that moves. ``instead``: the version of the
    blocked one that fits; ``None``: it is not required any more.
    """
    there = f"{project} {_dated(release)}".lstrip()
    does = f"takes {instead}, which fits" if instead else "does without it"
    if not caps:
        return f"{there}, which {does if project else 'fits'}"
    return f"{_kept_out(caps)}: {there} {does if project else 'fits'}"


def search(caps: Sequence[Cap]) -> str:
    """``held back by celery 5.3.1 (kombu<5): `nogilcheck plan` tells whether other releases help``."""
    if caps:
        return f"{_kept_out(caps)}: `nogilcheck plan` tells whether other releases help"
    return "`nogilcheck plan` tells whether other releases of what requires it help"


def _own(cap: Cap) -> str:
    where = "" if cap.location is None or cap.location.path == COMMAND_LINE else f" ({cap.by})"
    return f"`{cap.project}{cap.specifier}`{where}" if cap.project else f"{cap.specifier}{where}"


def downgrade(release: Release, back: Distance, *, what: What) -> str:
    """``or go back to 1.1 (2025-03-01), 2 releases and 14 months older, which fits``."""
    distance = counted(back.releases, "release")
    if back.months:
        distance += f" and {counted(back.months, 'month')}"
    return f"go back to {_dated(release)}, {distance} older, which {what.value}"


def wait_for_cool_down(release: Release, until: str, origin: str, caps: Sequence[Cap]) -> str:
    """``wait until 2026-12-09, when exclude-newer (uv.toml:1) admits 2.0 (2026-11-25), which fits``."""
    if until:
        held = f"wait until {until}, when {origin} admits {_dated(release)}, which fits"
    else:
        held = f"move {origin}, which keeps out {_dated(release)}, which fits"
    return f"{_kept_out(caps)}, and {held}" if caps else held


def wait(last: Release, pre_release: Release | None, *, chosen: Version, status: str, what: What) -> str:
    """``no compatible release yet (latest: 1.85.3, 2026-07-03)``."""
    if pre_release:
        return f"wait for {pre_release.version.base_version}, or admit {_dated(pre_release)}, which {what.value}"
    if status in _STATUSES:
        return f"{_STATUSES[status]}; the latest release is {_dated(last)}"
    if last.version == chosen:
        return f"no compatible release yet (latest: {', '.join(filter(None, (str(last.version), last.uploaded)))})"
    return f"no compatible release yet; the latest, {_dated(last)}, does not help either"


def wait_to_keep_off(last: Release, status: Status) -> str:
    """``no release keeps the GIL off yet; the latest, 6.1.3 (2026-11-02), turns it on too (scanned)``."""
    does = "turns it on too (scanned)" if status is Status.GIL_ENABLED else "could not be scanned"
    return f"no release keeps the GIL off yet; the latest, {_dated(last)}, {does}"


def _listed(items: Sequence[str]) -> str:
    """``a, b and c``."""
    *rest, last = items
    return f"{', '.join(rest)} and {last}" if rest else last


def other_python(pythons: Sequence[str], *, what: What) -> str:
    """``take 3.14t: it fits there``."""
    *rest, last = pythons
    there = f"{', '.join(rest)} or {last}" if rest else last
    return f"take {there}: it {what.value} there"


def build(languages: Sequence[str], *, pure: bool) -> str:
    """``build its sdist, which needs C and Rust``."""
    if pure:
        return "build its sdist, which needs no compiler"
    needs = f"which needs {' and '.join((', '.join(languages[:-1]), languages[-1]))}" if len(languages) > 1 else ""
    if len(languages) == 1:
        needs = f"which needs {languages[0]}"
    return f"build its sdist, {needs or 'which compiles native code'}"


def counted(number: int, noun: str) -> str:
    """``1 release``, ``2 releases``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _dated(release: Release) -> str:
    return f"{release.version} ({release.uploaded})" if release.uploaded else str(release.version)

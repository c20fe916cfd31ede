"""Files that would fit, and that a lock, a list of hashes or a cool-down hides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from packaging.version import Version

from nogilcheck.classify.decide import Archives, decide
from nogilcheck.classify.reasons import not_locked
from nogilcheck.classify.wheels import fitting_wheels, is_free_threaded
from nogilcheck.model.artifact import ProjectPage, ReleaseFile
from nogilcheck.model.graph import Node
from nogilcheck.model.source import Cutoff
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Cause, Reason, ReasonCode, Severity, Verdict

_OF_FILES = frozenset(
    {
        ReasonCode.NO_SDIST,
        ReasonCode.WHEELS_FOR_PYTHONS,
        ReasonCode.WHEELS_FOR_PLATFORMS,
        ReasonCode.FREE_THREADED_RELEASES,
    }
)
"""What is said of a release, and is true of the locked files alone."""


def as_released(
    verdict: Verdict, node: Node, target: Target, *, page: ProjectPage | None, released: Sequence[ReleaseFile]
) -> Verdict:
    """The verdict on a locked distribution that blocks, with the reasons of its release.

    The status stays what the target gets from the lock, which may leave files out: what it lacks is not what the
    release lacks. So the cause is that of the release. ``page``: ``None`` where no index was asked. ``released``: all
    files of the version.
    """
    if verdict.severity is not Severity.BLOCKER or node.version is None or node.direct:
        return verdict
    if page is None or not released:
        verdict = replace(verdict, cause=_cause(verdict, None))
        kept = tuple(reason for reason in verdict.reasons if reason.code not in _OF_FILES)
        return replace(verdict, reasons=(not_locked(node, target, None), *kept))
    informed = decide(node, target, page=page, archives=Archives())
    whole = decide(replace(node, files=tuple(released)), target, page=page, archives=Archives())
    verdict = replace(verdict, cause=_cause(verdict, whole))
    if whole.severity is Severity.BLOCKER:
        verdict = replace(verdict, reasons=whole.reasons)
    elif informed.status is verdict.status:
        verdict = replace(verdict, reasons=informed.reasons)
    if whole.status is verdict.status and whole.sdist == verdict.sdist:
        return verdict
    kept = tuple(
        reason for reason in verdict.reasons if whole.severity is Severity.BLOCKER or reason.code not in _OF_FILES
    )
    return replace(verdict, reasons=(not_locked(node, target, whole.status), *kept))


def _cause(verdict: Verdict, whole: Verdict | None) -> Cause | None:
    """What causes that neither build gets a wheel of a lock; ``whole``: the verdict on the whole release."""
    if verdict.cause is Cause.FREE_THREADING:
        return verdict.cause
    return whole.cause if whole and whole.cause else Cause.LOCK


def later_uploads(locked: Sequence[ReleaseFile], listed: Sequence[ReleaseFile], target: Target) -> Reason | None:
    """The wheel of the same version that the target would prefer among those the index lists and the lock does not.

    With it comes the day of its upload, where the index tells it.
    """
    known = {file.filename for file in locked}
    new = [file for file in listed if file.filename not in known and not file.yanked]
    for file in fitting_wheels(new, target):
        return Reason(code=ReasonCode.LATER_UPLOAD, detail=(file.filename, *_day(file)))
    return None


def _day(file: ReleaseFile) -> tuple[str, ...]:
    return (file.upload_time[:10],) if file.upload_time else ()


Existing = Callable[[Version], Sequence[ReleaseFile]]
"""The files of a version that are old enough."""


def with_hidden_releases(
    verdict: Verdict, page: ProjectPage, existing: Existing, target: Target, chosen: Version, cutoff: Cutoff
) -> Verdict:
    """A verdict that was reached without what a cool-down hides, told in the light of the whole page.

    The release that it names is the first of those that fit that the cool-down will admit.
    """
    free_threaded = False
    fitting: list[tuple[str, Version]] = []
    for version in page.versions:
        known = {file.filename for file in existing(version)}
        hidden = [file for file in page.files(version) if file.filename not in known and not file.yanked]
        free_threaded |= any(is_free_threaded(file.tags) for file in hidden if file.kind == "wheel")
        if version >= chosen and not version.is_prerelease:
            fits = list(fitting_wheels(hidden, target))
            times = [file.upload_time or "" for file in (hidden if fits and cutoff.whole_releases else fits)]
            fitting += [(max(times) if cutoff.whole_releases else min(times), version)] if times else []
    reasons = [
        reason for reason in verdict.reasons if not free_threaded or reason.code is not ReasonCode.NEVER_FREE_THREADED
    ]
    return replace(verdict, reasons=(*reasons, *_held(fitting, cutoff)))


def _held(fitting: Sequence[tuple[str, Version]], cutoff: Cutoff) -> Iterator[Reason]:
    """What is held, since when, until when (empty: until someone changes it), and by what."""
    if fitting:
        uploaded, version = min(fitting)
        until = ""
        if cutoff.span is not None and uploaded:
            try:
                until = (datetime.fromisoformat(uploaded).astimezone(UTC) + cutoff.span).date().isoformat()
            except (OverflowError, ValueError):
                until = ""
        detail = (str(version), uploaded[:10], until, cutoff.origin)
        yield Reason(code=ReasonCode.COOLING_DOWN, detail=detail)

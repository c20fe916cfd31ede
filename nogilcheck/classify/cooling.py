"""Releases that a cool-down hides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from packaging.version import Version

from nogilcheck.classify.wheels import fitting_wheels, is_free_threaded
from nogilcheck.model.artifact import ProjectPage, ReleaseFile
from nogilcheck.model.source import Cutoff
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Reason, ReasonCode, Verdict

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

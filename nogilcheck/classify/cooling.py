"""Releases that a cool-down hides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from packaging.version import Version

from nogilcheck.classify.wheels import fitting_wheels, is_free_threaded
from nogilcheck.model.artifact import ProjectPage, ReleaseFile
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Reason, ReasonCode, Verdict

Existing = Callable[[Version], Sequence[ReleaseFile]]
"""The files of a version that are old enough."""


def with_hidden_releases(verdict: Verdict, page: ProjectPage, existing: Existing, target: Target) -> Verdict:
    """A verdict that was reached without what a cool-down hides, told in the light of the whole page."""
    fitting: Reason | None = None
    free_threaded = False
    for version in page.versions:
        known = {file.filename for file in existing(version)}
        hidden = [file for file in page.files(version) if file.filename not in known and not file.yanked]
        free_threaded |= any(is_free_threaded(file.tags) for file in hidden if file.kind == "wheel")
        if fitting is None and not version.is_prerelease and any(fitting_wheels(hidden, target)):
            days = [file.upload_time[:10] for file in hidden if file.upload_time]
            fitting = Reason(code=ReasonCode.COOLING_DOWN, detail=(str(version), *days[:1]))
    reasons = [
        reason for reason in verdict.reasons if not free_threaded or reason.code is not ReasonCode.NEVER_FREE_THREADED
    ]
    return replace(verdict, reasons=(*reasons, *([fitting] if fitting else [])))

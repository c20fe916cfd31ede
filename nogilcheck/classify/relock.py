"""Files that would fit, and that a lock or a list of hashes does not know."""

from __future__ import annotations

from collections.abc import Sequence

from nogilcheck.classify.wheels import fitting_wheels
from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Reason, ReasonCode


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

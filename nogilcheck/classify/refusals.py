"""Wheels that fit a target by their tags, and that it does not get."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.graph import Node, Refusal
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Reason, ReasonCode


def refused_wheels(node: Node, target: Target) -> tuple[Refusal, ...]:
    """The wheels that installers refuse on a target for their metadata, or for the Requires-Python on the page."""
    refused = {each.filename: each for each in node.refused}
    for file in node.files:
        if file.kind == "wheel" and target.best_tag(file.tags) and not target.admits_python(file.requires_python):
            why = f"its Requires-Python is {file.requires_python}"
            refused.setdefault(file.filename, Refusal(filename=file.filename, why=why, for_python=True))
    return tuple(refused.values())


def refusal_reason(refusal: Refusal) -> Reason:
    """A refusal as a reason of a verdict."""
    return Reason(code=ReasonCode.REFUSED_WHEEL, detail=(refusal.filename, refusal.why))


def without_refused(files: Sequence[ReleaseFile], refused: Iterable[Refusal]) -> Sequence[ReleaseFile]:
    """The files that are left."""
    names = {each.filename for each in refused}
    return [file for file in files if file.filename not in names] if names else files

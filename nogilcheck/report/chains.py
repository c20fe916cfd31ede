"""Chains of requirements, from a line of the user's to a distribution, as units that a line may break between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nogilcheck.model.report.finding import Path
from nogilcheck.model.report.requirements import ReportRoot
from nogilcheck.report.rows import place_of_root

ARROW: Final = "\u2192"
"""What leads from step to step in a terminal; ``>`` would be read as part of a specifier."""
MAX_MARKER: Final = 64
"""Characters of a marker that is shown whole where long ones are folded."""

_BETWEEN_TERMS: Final = re.compile(r"\s+(?:and|or)\s+")


def chain(
    path: Path, roots: Sequence[ReportRoot], *, arrow: str = ">", every_step: bool = False, fold: bool = False
) -> list[str]:
    """``r.txt:1``, ``app[fast]``, ``> numpy >=2 ; python_version > '3.9'``.

    An extra stands with the distribution that has it, a specifier and a marker with the one that they are about: the
    last one, or each with ``every_step``. ``fold`` shortens long markers.
    """
    parts = [place_of_root(roots[path.root])]
    for number, step in enumerate(path.steps):
        after = path.steps[number + 1] if number + 1 < len(path.steps) else None
        said = f"{step.name}[{after.extra}]" if after and after.extra else step.name
        if every_step or after is None:
            said = " ".join(filter(None, (said, step.specifier)))
            if step.marker and not only_an_extra(step.marker):
                said += f" ; {_folded(step.marker) if fold else step.marker}"
        parts.append(f"{arrow} {said}" if number else said)
    return [part for part in parts if part]


def only_an_extra(marker: str) -> bool:
    """The marker says no more than the extra that the chain shows."""
    words = marker.split()
    return len(words) == 3 and words[:2] == ["extra", "=="]


def _folded(marker: str) -> str:
    """``python_version >= "3.9" ... (11 terms)``."""
    terms = _BETWEEN_TERMS.split(marker)
    if len(marker) <= MAX_MARKER or len(terms) == 1:
        return marker
    return f"{terms[0].lstrip('( ')} ... ({len(terms)} terms)"

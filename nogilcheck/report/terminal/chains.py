"""Chains with everything that made them."""

from __future__ import annotations

from collections.abc import Sequence

from nogilcheck.model.report.finding import Path
from nogilcheck.model.report.requirements import ReportRoot
from nogilcheck.report.rows import only_an_extra, place_of_root


def chain(path: Path, roots: Sequence[ReportRoot]) -> list[str]:
    """``r.txt:1``, ``app[fast] ==1``, ``> numpy >=2 ; python_version > '3.9'``: a line may break between these.

    An extra stands with the distribution that has it, a specifier and a marker with the one that they are about.
    """
    parts = [place_of_root(roots[path.root])]
    for number, step in enumerate(path.steps):
        after = path.steps[number + 1] if number + 1 < len(path.steps) else None
        name = f"{step.name}[{after.extra}]" if after and after.extra else step.name
        said = " ".join(filter(None, (name, step.specifier)))
        if step.marker and not only_an_extra(step.marker):
            said += f" ; {step.marker}"
        parts.append(f"> {said}" if number else said)
    return [part for part in parts if part]

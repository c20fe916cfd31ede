"""Every output format by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from nogilcheck.errors import UsageError
from nogilcheck.model.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a report is to be drawn; formats for machines do not care."""

    width: int = 80
    """Columns."""
    colour: bool = False
    verbose: bool = False


Renderer = Callable[[Report, Look], str]


def _terminal(report: Report, look: Look) -> str:
    from nogilcheck.report.terminal import render

    return render(report, width=look.width, colour=look.colour, verbose=look.verbose)


def _json(report: Report, _look: Look) -> str:
    return report.to_json()


def _mermaid(report: Report, look: Look) -> str:
    from nogilcheck.report.mermaid import render
    from nogilcheck.report.weaving import draw_report

    return render(draw_report(report, everything=look.verbose))


def _dot(report: Report, look: Look) -> str:
    from nogilcheck.report.dot import render
    from nogilcheck.report.weaving import draw_report

    return render(draw_report(report, everything=look.verbose))


RENDERERS: Final[Mapping[str, Renderer]] = {"terminal": _terminal, "json": _json, "mermaid": _mermaid, "dot": _dot}
"""Name -> renderer. Each returns text that ends with a newline."""


def renderer(name: str) -> Renderer:
    """The renderer of a format. Raises `UsageError` for a name that is none."""
    try:
        return RENDERERS[name]
    except KeyError:
        raise UsageError(f"{name!r} is not a format", hint=f"Formats: {', '.join(RENDERERS)}.") from None

"""Every output format of an explanation by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from nogilcheck.model.explanation import ProjectExplanation
from nogilcheck.report.formats import RenderOptions

Renderer = Callable[[ProjectExplanation, RenderOptions], str]


def _terminal(explanation: ProjectExplanation, look: RenderOptions) -> str:
    from nogilcheck.report.terminal.why import render

    return render(explanation, width=look.width, colour=look.colour, verbose=look.verbose)


def _json(explanation: ProjectExplanation, _look: RenderOptions) -> str:
    from nogilcheck.report.why_json import render

    return render(explanation)


def _mermaid(explanation: ProjectExplanation, look: RenderOptions) -> str:
    from nogilcheck.report.graphs.dependency_graph import draw_explanation
    from nogilcheck.report.graphs.mermaid import render

    return render(draw_explanation(explanation, everything=look.verbose))


def _dot(explanation: ProjectExplanation, look: RenderOptions) -> str:
    from nogilcheck.report.graphs.dependency_graph import draw_explanation
    from nogilcheck.report.graphs.dot import render

    return render(draw_explanation(explanation, everything=look.verbose))


RENDERERS: Final[Mapping[str, Renderer]] = {"terminal": _terminal, "json": _json, "mermaid": _mermaid, "dot": _dot}
"""Name -> renderer. Each returns text that ends with a newline."""

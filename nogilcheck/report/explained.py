"""Every output format of an explanation by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from nogilcheck.model.explanation import Explanation
from nogilcheck.report.formats import Look

Renderer = Callable[[Explanation, Look], str]


def _terminal(explanation: Explanation, look: Look) -> str:
    from nogilcheck.report.explained_terminal import render

    return render(explanation, width=look.width, colour=look.colour, verbose=look.verbose)


def _json(explanation: Explanation, _look: Look) -> str:
    from nogilcheck.report.explained_json import render

    return render(explanation)


def _mermaid(explanation: Explanation, look: Look) -> str:
    from nogilcheck.report.mermaid import render
    from nogilcheck.report.weaving import draw_explanation

    return render(draw_explanation(explanation, everything=look.verbose))


def _dot(explanation: Explanation, look: Look) -> str:
    from nogilcheck.report.dot import render
    from nogilcheck.report.weaving import draw_explanation

    return render(draw_explanation(explanation, everything=look.verbose))


RENDERERS: Final[Mapping[str, Renderer]] = {"terminal": _terminal, "json": _json, "mermaid": _mermaid, "dot": _dot}
"""Name -> renderer. Each returns text that ends with a newline."""

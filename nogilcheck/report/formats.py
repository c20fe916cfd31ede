"""Every output format by name, and what files of it are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nogilcheck.errors import UsageError
from nogilcheck.model.report.report import Report

if TYPE_CHECKING:
    from nogilcheck.model.rules.rule import Rule


def _no_rules() -> Sequence[Rule]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """How a report is to be drawn; each format cares about what concerns it."""

    width: int = 80
    """Columns."""
    colour: bool = False
    links: bool = False
    """Names lead to the project's page (OSC 8)."""
    verbose: bool = False
    prefix: str = ""
    """What leads from the root of the repository to the working directory: ``services/api``."""
    rules: Callable[[], Sequence[Rule]] = _no_rules
    """The prose of the rules, for formats that carry it."""


Renderer = Callable[[Report, RenderOptions], str]


def _terminal(report: Report, look: RenderOptions) -> str:
    from nogilcheck.report.terminal.report import render

    return render(report, width=look.width, colour=look.colour, verbose=look.verbose, links=look.links)


def _json(report: Report, _look: RenderOptions) -> str:
    return report.to_json()


def _mermaid(report: Report, look: RenderOptions) -> str:
    from nogilcheck.report.graphs.dependency_graph import draw_report
    from nogilcheck.report.graphs.mermaid import render

    return render(draw_report(report, everything=look.verbose))


def _dot(report: Report, look: RenderOptions) -> str:
    from nogilcheck.report.graphs.dependency_graph import draw_report
    from nogilcheck.report.graphs.dot import render

    return render(draw_report(report, everything=look.verbose))


def _sarif(report: Report, look: RenderOptions) -> str:
    from nogilcheck.report.ci.sarif import render

    return render(report, rules=look.rules(), prefix=look.prefix)


def _github(report: Report, look: RenderOptions) -> str:
    from nogilcheck.report.ci.github import render

    return render(report, prefix=look.prefix)


def _gitlab(report: Report, look: RenderOptions) -> str:
    from nogilcheck.report.ci.gitlab import render

    return render(report, prefix=look.prefix)


def _junit(report: Report, _look: RenderOptions) -> str:
    from nogilcheck.report.ci.junit import render

    return render(report)


def _markdown(report: Report, _look: RenderOptions) -> str:
    from nogilcheck.report.pages.markdown import render

    return render(report)


def _csv(report: Report, _look: RenderOptions) -> str:
    from nogilcheck.report.ci.csv_table import render

    return render(report)


def _html(report: Report, _look: RenderOptions) -> str:
    from nogilcheck.report.pages.html_page import render

    return render(report)


def _badge(report: Report, _look: RenderOptions) -> str:
    from nogilcheck.report.ci.badge import render

    return render(report)


TERMINAL: Final = "terminal"

RENDERERS: Final[Mapping[str, Renderer]] = {
    TERMINAL: _terminal,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "gitlab": _gitlab,
    "junit": _junit,
    "markdown": _markdown,
    "csv": _csv,
    "html": _html,
    "badge": _badge,
    "mermaid": _mermaid,
    "dot": _dot,
}
"""Name -> renderer. Each returns text of whole lines: none, for workflow commands of a ready project."""

SUFFIXES: Final[Mapping[str, str]] = {
    "code-quality-report.json": "gitlab",
    ".sarif.json": "sarif",
    ".json": "json",
    ".sarif": "sarif",
    ".md": "markdown",
    ".markdown": "markdown",
    ".csv": "csv",
    ".html": "html",
    ".htm": "html",
    ".xml": "junit",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".dot": "dot",
    ".gv": "dot",
    ".txt": TERMINAL,
    ".log": TERMINAL,
}
"""How the name of a file ends -> its format; the first that fits. GitLab has a name of its own for its file."""


def renderer(name: str) -> Renderer:
    """The renderer of a format. Raises `UsageError` for a name that is none."""
    try:
        return RENDERERS[name]
    except KeyError:
        raise UsageError(f"{name!r} is not a format", hint=f"Formats: {', '.join(RENDERERS)}.") from None


def format_of_file(path: str) -> str:
    """The format that a file name asks for; one without a suffix asks for what a terminal shows.

    Raises `UsageError` for a suffix that asks for nothing.
    """
    name = path.replace("\\", "/").rpartition("/")[2].lower()
    for suffix, found in SUFFIXES.items():
        if name.endswith(suffix):
            return found
    _, dot, suffix = name.lstrip(".").rpartition(".")
    if not dot:
        return TERMINAL
    raise UsageError(
        f"no format goes by .{suffix}", where=path, hint=f"say which with --format: {', '.join(RENDERERS)}"
    )

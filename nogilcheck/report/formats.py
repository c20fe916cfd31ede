"""Every output format by name, and what files of it are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

from nogilcheck.errors import invalid_value
from nogilcheck.frozen import frozen


@frozen
class RenderOptions:
    """How a report is to be drawn; each format takes the options that concern it."""

    width: int = 80
    """Columns."""
    colour: bool = False
    links: bool = False
    """Names lead to the project's page (OSC 8)."""
    verbose: bool = False
    prefix: str = ""
    """What leads from the root of the repository to the working directory: ``services/api``."""
    day: str = ""
    """The day (UTC) on which it is written, ``2024-08-18``, for formats that tell it."""


Renderer = Callable[[Any, RenderOptions], str]
"""Of a `Report`, or of a `ProjectExplanation` for ``nogilcheck why``."""


def rendered_by(module: str, *options: str) -> Renderer:
    """The function ``render`` of a module of this folder, called with these options; imported when it is needed."""

    def render(subject: Any, look: RenderOptions) -> str:
        text: str = import_module(f"nogilcheck.report.{module}").render(
            subject, **{name: getattr(look, name) for name in options}
        )
        return text

    return render


def drawn_by(module: str) -> Renderer:
    """The dependency graph, drawn by a module of ``graphs``."""

    def render(subject: Any, look: RenderOptions) -> str:
        from nogilcheck.report.graphs.dependency_graph import draw

        text: str = import_module(f"nogilcheck.report.graphs.{module}").render(draw(subject, everything=look.verbose))
        return text

    return render


TERMINAL: Final = "terminal"
TREE: Final = "tree"

RENDERERS: Final[Mapping[str, Renderer]] = {
    TERMINAL: rendered_by("terminal.report", "width", "colour", "verbose", "links"),
    TREE: rendered_by("terminal.tree", "width", "colour", "verbose"),
    "json": lambda report, _look: str(report.to_json()),
    "compact": rendered_by("ci.compact"),
    "sarif": rendered_by("ci.sarif", "prefix"),
    "github": rendered_by("ci.github", "prefix"),
    "gitlab": rendered_by("ci.gitlab", "prefix"),
    "junit": rendered_by("ci.junit"),
    "markdown": rendered_by("pages.markdown"),
    "csv": rendered_by("ci.csv_table"),
    "html": rendered_by("pages.html.page", "day"),
    "badge": rendered_by("ci.badge"),
    "mermaid": drawn_by("mermaid"),
    "dot": drawn_by("dot"),
}
"""Name -> renderer. Each returns text of whole lines: none, for workflow commands of a ready project."""

EXPLANATION_RENDERERS: Final[Mapping[str, Renderer]] = {
    TERMINAL: rendered_by("terminal.why", "width", "colour", "verbose"),
    "json": rendered_by("documents.why_json"),
    "mermaid": drawn_by("mermaid"),
    "dot": drawn_by("dot"),
}
"""The same for ``nogilcheck why``."""

SUFFIXES: Final[Mapping[str, str]] = {
    "code-quality-report.json": "gitlab",
    ".sarif.json": "sarif",
    ".jsonl": "jsonl",
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
    suffixes = ", ".join(suffix for suffix in SUFFIXES if suffix.startswith(".") and suffix.count(".") == 1)
    raise invalid_value(
        path,
        "--output",
        f"names that end in {suffixes}; or add --format",
        because=f"cannot infer a format from '.{suffix}'",
    )

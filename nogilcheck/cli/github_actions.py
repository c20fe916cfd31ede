"""What a check adds on GitHub Actions: annotations, the report in the step summary, outputs of the step."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from nogilcheck.cli.errors import warn
from nogilcheck.cli.outputs import Output
from nogilcheck.cli.terminal.features import repository_prefix
from nogilcheck.cli.workflow_commands import for_commands
from nogilcheck.model.report.report import Report
from nogilcheck.report.formats import TERMINAL

_PEOPLE = frozenset({TERMINAL, "markdown"})
"""Formats that workflow commands may follow on the same stream."""


def annotate(report: Report, outputs: Sequence[Output]) -> None:
    """Annotate the lines at fault, and add to the step summary where there is one.

    The runner reads workflow commands from both streams. They go to standard error where standard output is for a
    program, and are left out where ``github`` is one of the formats on it.
    """
    on_stdout = {output.format for output in outputs if output.path is None}
    if "github" not in on_stdout:
        from nogilcheck.report.ci.github import render

        stream = for_commands(sys.stdout if on_stdout <= _PEOPLE else sys.stderr)
        with suppress(BrokenPipeError):
            stream.write(render(report, prefix=repository_prefix(os.environ)))
            stream.flush()
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        from nogilcheck.report.pages.markdown import render as markdown

        _add_to(summary, markdown(report), "the step summary")


def set_outputs(report: Report) -> None:
    """Set ``verdict`` and ``blockers``, the number of distributions that block a target, where a step has outputs."""
    if outputs := os.environ.get("GITHUB_OUTPUT"):
        blocking = {finding.distribution for finding in report.blockers}
        _add_to(outputs, f"verdict={report.verdict}\nblockers={len(blocking)}\n", "the outputs of the step")


def _add_to(path: str, text: str, what: str) -> None:
    """Append to a file of the runner; warn where that fails."""
    try:
        with Path(path).open("ab") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        warn(f"{what} cannot be written: {error.strerror}")

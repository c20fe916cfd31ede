"""The results of a survey on disk: a line for each project, and its JSON report in a file of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from nogilcheck import __version__
from nogilcheck.errors import InputError, UsageError
from nogilcheck.jobs.surveying.one_project import Checked
from nogilcheck.model.json_format.kinds import Mismatch
from nogilcheck.model.json_format.records import kind_of, to_json
from nogilcheck.model.report.survey import SURVEY_VERSION, SurveyResult
from nogilcheck.model.urls import redact

LINES = "survey.jsonl"
REPORTS = "reports"


class SurveyDirectory:
    """Where the results are kept. Every line is written at once, when its report is there."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self.lines = self.path / LINES

    def begin(self, asked: object, *, resume: bool) -> set[str]:
        """Make the directory; the projects that are done. ``asked`` is what shapes every check.

        Raises `UsageError` for a directory that cannot be written, or that holds the answers to another question.
        """
        head = {
            "survey_version": SURVEY_VERSION,
            "tool": {"name": "nogilcheck", "version": __version__},
            "asked": sha256(json.dumps(asked, sort_keys=True, default=sorted).encode()).hexdigest(),
        }
        done: list[SurveyResult] = []
        if resume and self.lines.exists():
            if _head(self.lines) != head:
                raise UsageError(
                    "the survey there was made with other options or another nogilcheck",
                    where=str(self.lines),
                    hint="leave out --resume: what is unchanged is taken from the cache",
                )
            done = [one for one in read_results(self.path, torn=True) if one.error is None]
        try:
            (self.path / REPORTS).mkdir(parents=True, exist_ok=True)
            beside = self.lines.with_suffix(".tmp")
            with beside.open("w", encoding="ascii", newline="\n") as file:
                for line in (head, *map(to_json, done)):
                    file.write(json.dumps(line) + "\n")
            beside.replace(self.lines)
        except OSError as error:
            raise UsageError(f"cannot write the survey: {error.strerror}", where=str(self.path)) from None
        return {one.project for one in done}

    def keep(self, checked: Checked) -> SurveyResult:
        """Write a result: first the report, then the line. Raises `UsageError`."""
        result = checked.result
        try:
            if checked.report is not None:
                slug = re.sub(r"[^A-Za-z0-9.]+", "-", result.project).strip("-.")[-60:]
                name = f"{REPORTS}/{slug}-{sha256(result.project.encode()).hexdigest()[:8]}.json"
                beside = self.path / f"{name}.tmp"
                beside.write_text(checked.report, encoding="utf-8", newline="\n")
                beside.replace(self.path / name)
                result = replace(result, report=name)
            if result.error is not None:
                result = replace(result, error=redact(result.error))
            with self.lines.open("a", encoding="ascii", newline="\n") as file:
                file.write(json.dumps(to_json(result)) + "\n")
        except OSError as error:
            raise UsageError(f"cannot write the survey: {error.strerror}", where=str(self.path)) from None
        return result


def read_results(path: Path, *, torn: bool = False) -> Iterator[SurveyResult]:
    """The results of a survey, one by one. ``torn``: a last line that is not whole is left out.

    Raises `InputError` for what is no survey.
    """
    lines = path / LINES if path.is_dir() else path
    _head(lines)
    try:
        with lines.open(encoding="utf-8") as file:
            next(file, "")
            for number, line in enumerate(file, start=2):
                if torn and not line.endswith("\n"):
                    return
                try:
                    yield kind_of(SurveyResult).read(json.loads(line))
                except (ValueError, Mismatch) as error:
                    raise InputError(f"not a line of a survey: {error}", where=f"{lines}:{number}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the survey cannot be read: {error}", where=str(lines)) from None


def _head(lines: Path) -> dict[str, Any]:
    hint = "`nogilcheck survey` writes one"
    try:
        with lines.open(encoding="utf-8") as file:
            head = json.loads(file.readline())
    except (OSError, ValueError) as error:
        raise InputError(f"the survey cannot be read: {error}", where=str(lines), hint=hint) from None
    if not isinstance(head, dict) or head.get("survey_version") != SURVEY_VERSION:
        raise InputError(f"not a survey of version {SURVEY_VERSION}", where=str(lines), hint=hint)
    return head

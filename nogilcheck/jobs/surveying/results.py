"""The results of a survey on disk: a line for each project, and its JSON report in a file of its own."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from nogilcheck import __version__
from nogilcheck.errors import InputError, UsageError
from nogilcheck.jobs.surveying.one_project import Checked, state
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
        self.head: dict[str, Any] = {}
        """The first line; ``begun`` is the Unix time of the oldest results."""

    def begin(self, asked: Mapping[str, object], projects: Collection[str], *, resume: bool) -> set[str]:
        """Make the directory; those of ``projects`` that are done and stay. ``asked`` is what shapes every check.

        Done is what has a result without an unknown, of files that have not changed since. Raises `OSError` for a
        directory that cannot be written, and `UsageError` for one that holds the answers to another question.
        """
        digest = sha256(json.dumps(asked, sort_keys=True, default=sorted).encode()).hexdigest()
        versions = {"survey_version": SURVEY_VERSION, "tool_version": __version__}
        self.head = {**versions, "asked": digest, "begun": time.time()}
        done: list[SurveyResult] = []
        if resume and (self.path / LINES).exists():
            before = _head(self.path / LINES)
            self.head["begun"] = before["begun"]
            if before != self.head:
                raise UsageError(
                    "the survey there was made with other options, from elsewhere, or by another nogilcheck",
                    where=str(self.path / LINES),
                    hint="leave out --resume: what is unchanged is taken from the cache",
                )
            done = [one for one in read_results(self.path, torn=True) if one.project in projects and _stays(one)]
        (self.path / REPORTS).mkdir(parents=True, exist_ok=True)
        beside = self.path / f"{LINES}.tmp"
        beside.write_text("".join(json.dumps(line) + "\n" for line in (self.head, *map(to_json, done))), newline="\n")
        beside.replace(self.path / LINES)
        return {one.project for one in done}

    def keep(self, checked: Checked) -> None:
        """Write a result: first the report, then the line. Raises `OSError`."""
        result = replace(checked.result, error=checked.result.error and redact(checked.result.error))
        if checked.report is not None:
            slug = re.sub(r"[^A-Za-z0-9.]+", "-", result.project).strip("-.")[-60:]
            result = replace(result, report=f"{REPORTS}/{slug}-{sha256(result.project.encode()).hexdigest()[:8]}.json")
            (self.path / str(result.report)).write_text(checked.report, encoding="utf-8", newline="\n")
        with (self.path / LINES).open("a", encoding="ascii", newline="\n") as file:
            file.write(json.dumps(to_json(result)) + "\n")

    def results(self) -> Iterator[SurveyResult]:
        """Everything that is kept. Raises `UsageError` where another survey has written to the directory."""
        if _head(self.path / LINES) != self.head:
            raise UsageError("another survey has written here", where=str(self.path), hint="give each its own --into")
        return read_results(self.path)


def _stays(result: SurveyResult) -> bool:
    if result.error is not None or any(target.unknowns for target in result.targets.values()):
        return False
    return result.rests_on is not None and all(state(path) == was for path, was in result.rests_on.items())


def read_results(path: Path, *, torn: bool = False) -> Iterator[SurveyResult]:
    """The results of a survey, one by one. ``torn``: a last line that is not whole is left out.

    Raises `InputError` for what is no survey.
    """
    lines = path / LINES if path.is_dir() else path
    _head(lines)
    with lines.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            try:
                if number > 1 and (line.endswith("\n") or not torn):
                    yield kind_of(SurveyResult).read(json.loads(line))
            except (ValueError, Mismatch) as error:
                raise InputError(f"not a line of a survey: {error}", where=f"{lines}:{number}") from None


def _head(lines: Path) -> dict[str, Any]:
    try:
        with lines.open(encoding="utf-8") as file:
            head: dict[str, Any] = json.loads(file.readline())
            if head["survey_version"] == SURVEY_VERSION and isinstance(head["begun"], float):
                return head
            reason = f"it is not of version {SURVEY_VERSION}"
    except (OSError, ValueError, TypeError, LookupError) as error:
        reason = str(error)
    raise InputError(f"not a survey: {reason}", where=str(lines), hint="`nogilcheck survey` writes one")

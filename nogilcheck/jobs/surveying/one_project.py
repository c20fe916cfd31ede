"""The check of one project of a survey, as a worker runs it: what goes in and what comes out can be pickled."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nogilcheck.errors import InputError, NogilcheckError
from nogilcheck.jobs.check import RunIO, answer
from nogilcheck.jobs.saved_report import read_report
from nogilcheck.judge.survey import targets_of
from nogilcheck.model.options import Options
from nogilcheck.model.report.survey import SurveyProject, SurveyResult
from nogilcheck.report.project_pages import project_links


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A project, and how it is checked."""

    project: SurveyProject
    options: Options
    asked_since: float
    """Unix time: pages that were asked for since then are not asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What became of a project."""

    result: SurveyResult
    report: str | None
    """The JSON report."""
    warnings: tuple[str, ...] = ()


def check_project(question: Question) -> Checked:
    """Check one project. Nothing is raised: a check that fails is a result."""
    project, warnings = question.project, list[str]()
    try:
        if project.saved is None:
            options = replace(question.options, inputs=project.inputs)
            report, kept = answer(options, RunIO(stdin=_no_stdin, warn=warnings.append), question.asked_since)
            text = kept.report if kept is not None else report.to_json(compact=True)
        else:
            report = read_report(project.saved)
            text = report.to_json(compact=True)
    except NogilcheckError as error:
        return _failed(project, "; ".join(filter(None, (str(error), error.hint))), warnings)
    except Exception as error:  # noqa: BLE001  a defect that one project shows must not end the others
        return _failed(project, f"this is a defect of nogilcheck, please report it: {error!r}", warnings)
    choice = tuple(note for note in report.notes if note.startswith("Using "))
    result = SurveyResult(
        project=project.name,
        report="",
        error=None,
        choice=choice or tuple(file.path for file in report.inputs),
        targets=targets_of(report, project.name, project_links(report)),
    )
    return Checked(result=result, report=text, warnings=tuple(warnings))


def _failed(project: SurveyProject, reason: str, warnings: list[str]) -> Checked:
    return Checked(
        result=SurveyResult(project=project.name, report=None, error=reason), report=None, warnings=tuple(warnings)
    )


def _no_stdin() -> bytes:
    raise InputError("a survey does not read standard input")

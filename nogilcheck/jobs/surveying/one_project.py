"""The check of one project of a survey, as a worker runs it: what goes in and what comes out can be pickled."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from nogilcheck.errors import InputError, NogilcheckError
from nogilcheck.inputs.text.input_fingerprint import DIRECTORY, LOGINS, VARIABLE, witness_of
from nogilcheck.jobs.check import RunIO, answer
from nogilcheck.jobs.saved_report import read_report
from nogilcheck.model.cache import Witness
from nogilcheck.model.options import Options
from nogilcheck.model.report.report import BLOCKED, READY, UNDECIDED, Report, TargetSummary
from nogilcheck.model.report.survey import SurveyBlocker, SurveyResult, SurveyTarget
from nogilcheck.model.urls import redact
from nogilcheck.model.verdict import Severity
from nogilcheck.report.ledger import facts_of, known, track
from nogilcheck.report.project_pages import project_links
from nogilcheck.report.sentences import advised
from nogilcheck.report.words import OWN_BOUNDS, word_of

VARIABLES = (
    *("PIP_", "UV_", "POETRY_", "PDM_", "PIPENV_", "XDG_", "VIRTUAL_ENV", "CONDA_PREFIX"),
    *("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA"),
)
"""How the names of those environment variables begin that every check of a survey may read."""


class SurveyProject(NamedTuple):
    """A project that was found, or named."""

    given: str
    """What a check of it is given: a path or a requirement."""
    is_report: bool = False
    """The path is that of a JSON report."""

    @property
    def name(self) -> str:
        """As it is shown, without credentials."""
        return redact(self.given)


class Checked(NamedTuple):
    """What became of a project: the result, the JSON report, and what was warned of."""

    result: SurveyResult
    report: str | None = None
    warnings: tuple[str, ...] = ()


def check_project(project: SurveyProject, options: Options, targets: Collection[str], since: float) -> Checked:
    """Check one project. Nothing is raised: a check that fails is a result.

    ``targets`` are the ids of those that the options name: no others of a report that exists count. Pages that were
    asked for ``since`` (Unix time) are not asked for again.
    """
    warnings: list[str] = []
    try:
        if project.is_report:
            report, kept = read_report(project.given), None
            witnesses: Collection[Witness] | None = (witness_of(DIRECTORY, str(Path(project.given).absolute())),)
        else:
            report, kept, witnesses = answer(
                replace(options, inputs=(project.given,)), RunIO(warn=warnings.append), since
            )
        text = kept.report if kept is not None else report.to_json(compact=True)
        result = replace(_result(report, project, targets), rests_on=_rests_on(witnesses))
        return Checked(result, text, tuple(warnings))
    except NogilcheckError as error:
        reason = "; ".join(filter(None, (str(error), error.hint)))
    except Exception as error:  # noqa: BLE001  a defect that one project shows must not end the others
        reason = f"this is a defect of nogilcheck, please report it: {error!r}"
    return Checked(SurveyResult(project=project.name, report=None, error=reason), warnings=tuple(warnings))


def state(path: str) -> str:
    """A digest of the sizes and times of a file, or of the files in a directory: another one where any has changed."""
    return witness_of(DIRECTORY, path).sha256


def _rests_on(witnesses: Collection[Witness] | None) -> dict[str, str] | None:
    """The state of every place that an answer rests on; ``None`` where that is not all that it rests on."""
    if witnesses is None:
        return None
    if any(one.kind == VARIABLE and not one.name.startswith(VARIABLES) for one in witnesses):
        return None
    return {one.name: state(one.name) for one in witnesses if one.kind not in {VARIABLE, LOGINS}}


def _result(report: Report, project: SurveyProject, ids: Collection[str]) -> SurveyResult:
    """Raises `InputError` for a report of other targets."""
    targets = [target for target in report.targets if target.id in ids]
    if not targets:
        others = ", ".join(map(_label, report.targets)) or "no target"
        raise InputError(f"the report is about {others}", where=project.given, hint="name the same --python")
    links = project_links(report)
    return SurveyResult(
        project=project.name,
        report="",
        error=None,
        choice=tuple(note for note in report.notes if note.startswith("Using ")),
        targets={one.id: _target(report, one, project.name, links) for one in targets},
    )


def _label(target: TargetSummary) -> str:
    return f"{target.python_name} on {target.platform}"


def _target(report: Report, target: TargetSummary, project: str, links: Mapping[str, str]) -> SurveyTarget:
    gaps = [one for one in report.findings if one.target == target.id and one.severity is Severity.GAP]
    unknowns = [
        f"{gap.location}: {gap.text}" if gap.location else gap.text
        for gap in report.gaps
        if gap.target in {None, target.id}
    ]
    unknowns += [f"{one.distribution}: {word_of(one.status)}" for one in gaps]
    blockers = tuple(_blockers(report, target.id, project, links))
    return SurveyTarget(
        label=_label(target),
        allowed=target.allowed,
        blockers=blockers,
        unknowns=tuple(dict.fromkeys(unknowns)),
        verdict=BLOCKED if blockers else READY if target.verdict == READY and not unknowns else UNDECIDED,
    )


def _blockers(report: Report, target: str, project: str, links: Mapping[str, str]) -> Iterator[SurveyBlocker]:
    found: dict[str, SurveyBlocker] = {}
    for one in report.findings:
        name = f"its own Requires-Python: {project}" if one.status == OWN_BOUNDS else one.distribution
        if one.target == target and one.severity is Severity.BLOCKER and name not in found:
            facts = facts_of(report, one.distribution)
            found[name] = SurveyBlocker(
                name=name,
                version=one.version,
                status=one.status,
                link=links.get(" ".join(filter(None, (one.distribution, one.version)))),
                fix=next((advised(step) for step in one.advice if step.text), ""),
                known=tuple(known(facts, one.version)),
                track=tuple(track(facts)),
            )
    yield from (found[name] for name in sorted(found))

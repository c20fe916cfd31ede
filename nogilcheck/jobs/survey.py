"""A survey: many checks, one answer."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from nogilcheck.errors import CacheError, UsageError
from nogilcheck.jobs.asked import asked
from nogilcheck.jobs.check import settle_host
from nogilcheck.jobs.surroundings import open_cache
from nogilcheck.jobs.surveying.engines import ATTEMPTS, dask, processes, run
from nogilcheck.jobs.surveying.one_project import Checked, Question, check_project
from nogilcheck.jobs.surveying.projects import find_projects
from nogilcheck.jobs.surveying.results import SurveyDirectory, read_results
from nogilcheck.judge.survey import answer
from nogilcheck.model.options import Options
from nogilcheck.model.report.survey import SurveyAnswer, SurveyResult
from nogilcheck.model.urls import redact
from nogilcheck.targets.builds import parse_targets


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyProgress:
    """How far a survey is."""

    done: int
    projects: int
    rate: float
    """Projects a second, of those that were not done before."""


def survey(
    named: Sequence[str],
    options: Options,
    directory: str,
    *,
    jobs: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    warn: Callable[[str], None],
    progress: Callable[[SurveyProgress], None],
) -> SurveyAnswer:
    """Check every project that is named, keep each result in ``directory`` as it comes, and answer from all of them.

    ``jobs`` processes (by default one for each processor), or the workers of ``scheduler``. Raises `UsageError` for
    options that make no sense and a scheduler that does not answer, and `InputError` where there is no project; a
    project that cannot be checked is a result.
    """
    settled = settle_host(options)
    for pythons, setting in ((settled.pythons, "python"), (settled.allow_targets, "allow-target")):
        parse_targets(pythons, settled.platforms, setting=setting)
    projects = find_projects(named, warn)
    if scheduler is not None:
        _refuse_credentials(options, [text for project in projects for text in project.inputs])
    kept = SurveyDirectory(directory)
    engine = dask(scheduler) if scheduler is not None else processes(jobs or os.cpu_count() or 1)
    try:
        with closing(open_cache(options, warn)):
            pass  # whoever named a cache that cannot be made is told before any work
        done = kept.begin(asked(options), resume=resume)
    except (UsageError, CacheError):
        engine.close()
        raise
    names = {project.name for project in projects}
    since, started = time.time(), time.monotonic()
    questions = [
        Question(project=project, options=options, asked_since=since)
        for project in projects
        if project.name not in done
    ]
    known, told = len(done & names), set[str]()
    for number, checked in enumerate(run(engine, check_project, questions, _given_up), start=1):
        kept.keep(checked)
        for warning in checked.warnings:
            if warning not in told:
                told.add(warning)
                warn(warning)
        rate = number / max(time.monotonic() - started, 0.001)
        progress(SurveyProgress(done=known + number, projects=len(projects), rate=rate))
    return answer(one for one in read_results(kept.path) if one.project in names)


def _given_up(question: Question) -> Checked:
    reason = f"the process that checked it was lost, {ATTEMPTS} times (out of memory, or killed)"
    return Checked(result=SurveyResult(project=question.project.name, report=None, error=reason), report=None)


def _refuse_credentials(options: Options, inputs: Sequence[str]) -> None:
    """Raise `UsageError` for credentials that would travel to a scheduler and its workers."""
    settings = options.settings
    urls = [settings.index_url or "", *settings.extra_index_urls, *settings.find_links]
    urls += [index.url for index in settings.indexes]
    if any(redact(text) != text for text in (*urls, *inputs)):
        raise UsageError(
            "credentials in a URL would travel to the scheduler",
            hint="leave them out, and give the workers a netrc file, a keyring or environment variables",
        )

"""A survey: many checks, one answer."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from nogilcheck.errors import UsageError
from nogilcheck.jobs.asked import asked, for_the_record
from nogilcheck.jobs.check import RunIO, settle_host
from nogilcheck.jobs.surroundings import open_cache
from nogilcheck.jobs.surveying.engines import ATTEMPTS, dask, processes, run
from nogilcheck.jobs.surveying.one_project import VARIABLES, Checked, check_project
from nogilcheck.jobs.surveying.projects import find_projects
from nogilcheck.jobs.surveying.results import SurveyDirectory
from nogilcheck.judge.survey import answer
from nogilcheck.model.options import Options
from nogilcheck.model.report.survey import SurveyAnswer, SurveyResult
from nogilcheck.model.urls import redact
from nogilcheck.targets.builds import parse_targets

_LOST = f"the process that checked it was lost, {ATTEMPTS} times (out of memory, or killed)"


def survey(
    named: Sequence[str],
    options: Options,
    directory: str,
    *,
    jobs: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    io: RunIO,
) -> SurveyAnswer:
    """Check every project that is named, keep each result in ``directory`` as it comes, and answer from all of them.

    ``jobs`` processes (by default one for each processor), or the workers of ``scheduler``. Raises `UsageError` for
    options that make no sense and a scheduler that does not answer, and `InputError` where there is no project; a
    project that cannot be checked is a result.
    """
    options = settle_host(options)
    parse_targets(options.allow_targets, options.platforms, setting="allow-target")
    targets = frozenset(one.id for one in parse_targets((*options.pythons, *options.allow_targets), options.platforms))
    projects = find_projects(named, io.warn)
    if scheduler is not None:
        said = str((asked(options), projects))
        if redact(said) != said:
            raise UsageError(
                "credentials in a URL would travel to the scheduler",
                hint="leave them out, and give the workers a netrc file, a keyring or environment variables",
            )
    with closing(open_cache(options, io.warn)):
        pass  # whoever named a cache that cannot be made is told before any work
    engine = dask(scheduler) if scheduler is not None else processes(jobs or os.cpu_count() or 1)
    kept, told, started = SurveyDirectory(directory), set[str](), time.monotonic()
    try:
        done = kept.begin(_asked(options), {project.name for project in projects}, resume=resume)
        if done:
            begun = time.strftime("%Y-%m-%d %H:%M", time.gmtime(kept.head["begun"]))
            io.warn(
                f"{len(done)} results are of the survey of {begun} UTC; what indexes have said since is not in them"
            )
        left = [project for project in projects if project.name not in done]
        check = partial(check_project, options=options, targets=targets, since=time.time())
        for number, (project, made) in enumerate(run(engine, check, left), start=1):
            checked = made or Checked(SurveyResult(project=project.name, report=None, error=_LOST))
            kept.keep(checked)
            for warning in [one for one in dict.fromkeys(checked.warnings) if one not in told]:
                told.add(warning)
                io.warn(warning)
            rate = number / max(time.monotonic() - started, 0.001)
            io.progress(f"{len(projects) - len(left) + number} of {len(projects)} projects, {rate:.1f} a second")
    except OSError as error:
        raise UsageError(f"cannot write the survey: {error.strerror}", where=directory) from None
    finally:
        engine.close()
    return answer(kept.results())


def _asked(options: Options) -> dict[str, object]:
    """What shapes every check, without credentials."""
    variables = {name: redact(value) for name, value in os.environ.items() if name.startswith(VARIABLES)}
    return {**for_the_record(options), "here": str(Path.cwd()), "variables": variables}

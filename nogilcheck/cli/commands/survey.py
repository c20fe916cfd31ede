"""``nogilcheck survey``: many projects, one answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nogilcheck.cli.errors import exiting_on_errors, warn
from nogilcheck.cli.job_setup import run_io, with_settings
from nogilcheck.cli.terminal.ctrl_c import ending_soon_after_ctrl_c
from nogilcheck.cli.typer_options import SHARED, format_option, with_options
from nogilcheck.config.values import options_of

if TYPE_CHECKING:
    from nogilcheck.model.report.survey import SurveyAnswer
    from nogilcheck.report.formats import RenderOptions

FORMATS = ("terminal", "jsonl", "csv", "html")

_CHECKS = tuple(name for name in SHARED if name not in {"inputs", "requirement", "env", "input-format"})


@with_options(*_CHECKS, "scan", "scan-limit")
def survey(
    named: Annotated[
        list[str],
        typer.Argument(
            metavar="DIR|LIST...",
            help="Directories whose projects are found, lists (a path, a requirement or a JSON report on each line), "
            "locks and other inputs of a check, or requirements.",
            show_default=False,
        ),
    ],
    output_format: Annotated[list[str] | None, format_option(*FORMATS)] = None,
    into: Annotated[
        str, typer.Option(metavar="DIR", help="Where the results are kept, one by one.")
    ] = "nogilcheck-survey",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the survey that is in --into.")] = False,
    jobs: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Processes. Default: one for each processor.")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Check on the workers of this Dask scheduler (extra dask)."),
    ] = None,
    **shared: Any,
) -> None:
    """Check many projects, and say which could switch and which blockers hold back the most.

    Every project is checked as `nogilcheck check` would, and a failing one does not stop the others.

    Exit status: 0 all are ready, 1 one is blocked, 2 the command line is at fault or there is no project, 3 something
    is unknown, or a project could not be checked.
    """
    given = {**shared, "output_format": output_format}
    with ending_soon_after_ctrl_c(), exiting_on_errors(), with_settings(given) as (flags, settings):
        from nogilcheck.cli.outputs import plan, write
        from nogilcheck.jobs.survey import survey as run
        from nogilcheck.report.survey_sentences import headline

        quiet = bool(flags.get("quiet"))
        outputs = plan(flags.get("output_format"), flags.get("output"), known=FORMATS)
        if settings is not None and not quiet:
            ignored = [one.name for one in settings.settings if one.option.is_policy and one.origin != "default"]
            if ignored:
                warn(f"a survey counts every finding: {', '.join(ignored)} not applied")
        options = options_of({**flags, "inputs": [], "env": None})
        with run_io(quiet=quiet) as io:
            answer = run(named, options, into, jobs=jobs, scheduler=scheduler, resume=resume, io=io)
        write(
            lambda name, look: _rendered(answer, Path(into), name, look),
            outputs,
            colour=flags.get("colour"),
            verbose=flags.get("verbose", False),
            confirm=None if quiet else headline(answer),
        )
    raise typer.Exit(answer.exit_status)


def _rendered(answer: SurveyAnswer, kept: Path, name: str, look: RenderOptions) -> str:
    from nogilcheck.report.documents.survey import render_csv
    from nogilcheck.report.pages.html.survey import render_survey_page
    from nogilcheck.report.terminal.survey import render_survey

    if name == "jsonl":
        return (kept / "survey.jsonl").read_text(encoding="ascii")
    if name == "csv":
        return render_csv(answer)
    if name == "html":
        return render_survey_page(answer, day=look.day)
    return render_survey(answer, width=look.width, colour=look.colour, verbose=look.verbose)

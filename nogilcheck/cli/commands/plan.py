"""``nogilcheck plan``: the smallest change to the user's own requirements that makes a target ready."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nogilcheck.cli.errors import exiting_on_errors, warn
from nogilcheck.cli.job_setup import run_io, with_settings
from nogilcheck.cli.terminal.ctrl_c import ending_soon_after_ctrl_c
from nogilcheck.cli.typer_options import SHARED, with_options
from nogilcheck.config.values import options_of
from nogilcheck.errors import UsageError

if TYPE_CHECKING:
    from nogilcheck.model.plan import Plan, TargetPlan
    from nogilcheck.report.formats import RenderOptions
    from nogilcheck.resolve.plan.goal import Window

FORMATS = ("terminal", "json")

MAX_RELEASES, MAX_MONTHS = 50, 120
"""The widest window: a search grows with it."""


@with_options(*SHARED, "scan", "scan-limit")
def plan(
    output_format: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="NAME", help="terminal or json. Default: as --output ends, or terminal."),
    ] = None,
    write_to: Annotated[
        str | None,
        typer.Option(
            "--write",
            metavar="FILE",
            help="Write the changed requirements to a file; of a lock, pins for a constraints file. "
            "Nothing of yours is touched unless you name it here.",
        ),
    ] = None,
    releases: Annotated[
        int | None,
        typer.Option(
            "--window-releases", metavar="N", min=1, max=MAX_RELEASES, help="Try the N newest releases that fit. [10]"
        ),
    ] = None,
    months: Annotated[
        int | None,
        typer.Option("--window-months", metavar="N", min=0, max=MAX_MONTHS, help="Go back at most N months. [12]"),
    ] = None,
    prefer: Annotated[
        str | None,
        typer.Option(
            metavar="WHICH",
            help="Which release that fits is taken: smallest (the nearest to today's) or newest. [smallest]",
        ),
    ] = None,
    **shared: Any,
) -> None:
    """Look for the smallest change to your own requirements after which everything is ready, and prove it.

    Pins are bumped, caps lifted, what others require is bounded, an extra dropped; what other projects
    require is never edited. Whatever cannot be freed within the window is listed.

    Exit status: 0 ready with these changes, 1 something stays blocked, 2 the input or the command line is at
    fault, 3 something could not be determined.
    """
    given = {**shared, "output_format": output_format}
    raise typer.Exit(_run(given, write_to, partial(_window, releases, months, prefer)))


def _window(releases: int | None, months: int | None, prefer: str | None) -> Window:
    """Raises `UsageError` for a preference that does not exist."""
    from nogilcheck.resolve.plan.goal import WINDOW_MONTHS, WINDOW_RELEASES, Prefer, Window

    try:
        preferred = Prefer.SMALLEST if prefer is None else Prefer(prefer)
    except ValueError:
        raise UsageError(f"--prefer {prefer} does not exist", hint=f"Choose {' or '.join(Prefer)}.") from None
    return Window(
        releases=WINDOW_RELEASES if releases is None else releases,
        months=WINDOW_MONTHS if months is None else months,
        prefer=preferred,
    )


def _run(given: dict[str, Any], write_to: str | None, make_window: Callable[[], Window]) -> int:
    with ending_soon_after_ctrl_c(), exiting_on_errors(), with_settings(given) as (flags, _):
        from nogilcheck.cli.outputs import plan as planned_outputs
        from nogilcheck.cli.outputs import write, write_file
        from nogilcheck.jobs.plan import plan as run

        outputs = planned_outputs(flags.get("output_format"), flags.get("output"), known=FORMATS)
        window = make_window()
        with run_io(quiet=flags.get("quiet", False)) as io:
            outcome = run(options_of(flags), io, window=window)
        write(
            lambda name, look: _rendered(outcome, name, look),
            outputs,
            colour=flags.get("colour"),
            verbose=flags.get("verbose", False),
        )
        if write_to is not None and (text := _requirements(outcome, write_to)) is not None:
            write_file(write_to, text, option="--write")
    return outcome.exit_status


def _rendered(outcome: Plan, name: str, look: RenderOptions) -> str:
    if name == "json":
        from nogilcheck.report.plan_json import render_plan_json

        return render_plan_json(outcome)
    from nogilcheck.report.terminal.plan import render_plan

    return render_plan(outcome, width=look.width, colour=look.colour, verbose=look.verbose)


def _requirements(outcome: Plan, path: str) -> str | None:
    """What one target needs; ``None``: nothing. Raises `UsageError` where there is no one plan."""
    planned = [target for target in outcome.targets if target.changes or target.moves]
    if not planned:
        warn(f"{path} is not written: there is nothing to change")
        return None
    if any((other.changes, other.moves) != (planned[0].changes, planned[0].moves) for other in planned[1:]):
        several = ", ".join(dict.fromkeys(f"{target.python} {target.project}".strip() for target in planned))
        raise UsageError(
            f"the plans differ ({several}), and --write takes one",
            hint="choose with --python and --platform, or name one file",
        )
    if not planned[0].verified:
        warn(f"the plan written to {path} is not verified")
    return _text(planned[0], outcome)


def _text(target: TargetPlan, outcome: Plan) -> str:
    from nogilcheck.report.changed_requirements import changed_file, changed_list, changes_only

    files = [file for file in outcome.report.inputs if file.kind != "constraints"]
    places = {root.path for root in outcome.report.roots}
    own = not target.kind and len(files) == 1 and files[0].kind == "requirements" and places == {files[0].path}
    if own and changes_only(target, files[0].path):
        try:
            return changed_file(Path(files[0].path).read_text(encoding="utf-8-sig"), files[0].path, target)
        except (OSError, UnicodeDecodeError):
            pass  # it was read in another encoding, or comes from elsewhere: a list says the same
    return changed_list(target)

"""``nogilcheck plan``: the smallest change to the user's own requirements that makes a target ready."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from nogilcheck.cli.check_job import Flags, options_of, surrounded, with_settings
from nogilcheck.cli.errors import ending_well, warn
from nogilcheck.cli.interrupts import ending_soon
from nogilcheck.cli.shared import with_options_of_check
from nogilcheck.errors import UsageError

if TYPE_CHECKING:
    from nogilcheck.model.plan import Plan, TargetPlan
    from nogilcheck.report.formats import RenderOptions

FORMATS = ("terminal", "json")

MAX_RELEASES, MAX_MONTHS = 50, 120
"""The widest window: a search grows with it."""


@with_options_of_check
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
    **shared: Any,
) -> None:
    """Look for the smallest change to your own requirements after which everything is ready, and prove it.

    Pins are bumped, caps lifted, what others require is bounded, an extra dropped; what other projects
    require is never edited. Whatever cannot be freed within the window is listed.

    Exit status: 0 ready with these changes, 1 something stays blocked, 2 the input or the command line is at
    fault, 3 something could not be determined.
    """
    flags = cast("Flags", {**shared, "output_format": output_format})
    raise typer.Exit(_run(flags, write_to, releases, months))


def _run(given: Flags, write_to: str | None, releases: int | None, months: int | None) -> int:
    with ending_soon(), ending_well(), with_settings(given) as flags:
        from nogilcheck.cli.outputs import plan as planned_outputs
        from nogilcheck.cli.outputs import write, write_file
        from nogilcheck.jobs.plan import plan as run
        from nogilcheck.resolve.plan.goal import WINDOW_MONTHS, WINDOW_RELEASES, Window

        outputs = planned_outputs(flags.get("output_format"), flags.get("output"), known=FORMATS)
        window = Window(
            releases=WINDOW_RELEASES if releases is None else releases,
            months=WINDOW_MONTHS if months is None else months,
        )
        with surrounded(quiet=flags.get("quiet", False)) as around:
            # What a plan chooses is not scanned, so that today must not be either.
            found = run(replace(options_of(flags), scan=False), around, window=window)
        write(
            lambda name, look: _rendered(found, name, look),
            outputs,
            colour=flags.get("colour"),
            verbose=flags.get("verbose", False),
        )
        if write_to is not None and (text := _requirements(found, write_to)) is not None:
            write_file(write_to, text, option="--write")
    return found.exit_status


def _rendered(found: Plan, name: str, look: RenderOptions) -> str:
    if name == "json":
        from nogilcheck.report.plan_json import render_plan_json

        return render_plan_json(found)
    from nogilcheck.report.plan import render_plan

    return render_plan(found, width=look.width, colour=look.colour, verbose=look.verbose)


def _requirements(found: Plan, path: str) -> str | None:
    """What one target needs; ``None``: nothing. Raises `UsageError` where there is no one plan."""
    planned = [one for one in found.targets if one.changes or one.moves]
    if not planned:
        warn(f"{path} is not written: there is nothing to change")
        return None
    if any((one.changes, one.moves) != (planned[0].changes, planned[0].moves) for one in planned[1:]):
        several = ", ".join(dict.fromkeys(f"{one.python} {one.project}".strip() for one in planned))
        raise UsageError(
            f"the plans differ ({several}), and --write takes one",
            hint="choose with --python and --platform, or name one file",
        )
    if not planned[0].verified:
        warn(f"the plan written to {path} is not verified")
    return _text(planned[0], found)


def _text(one: TargetPlan, found: Plan) -> str:
    from nogilcheck.report.changed_requirements import changed_file, changed_list, changes_only

    files = [file for file in found.report.inputs if file.kind != "constraints"]
    places = {root.path for root in found.report.roots}
    own = not one.kind and len(files) == 1 and files[0].kind == "requirements" and places == {files[0].path}
    if own and changes_only(one, files[0].path):
        try:
            return changed_file(Path(files[0].path).read_text(encoding="utf-8-sig"), files[0].path, one)
        except (OSError, UnicodeDecodeError):
            pass  # it was read in another encoding, or comes from elsewhere: a list says the same
    return changed_list(one)

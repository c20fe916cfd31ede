"""``nogilcheck plan``: the smallest change to the user's own requirements that makes a target ready."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from nogilcheck.cli.errors import ending_well, warn
from nogilcheck.cli.interrupts import ending_soon
from nogilcheck.cli.job import Flags, format_of, look_of, options_of, surrounded, write
from nogilcheck.cli.shared import with_options_of_check
from nogilcheck.errors import UsageError

if TYPE_CHECKING:
    from nogilcheck.model.plan import Plan, TargetPlan

FORMATS = ("terminal", "json")

MAX_RELEASES, MAX_MONTHS = 50, 120
"""The widest window: a search grows with it."""


@with_options_of_check
def plan(
    output_format: Annotated[
        str | None,
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


def _run(flags: Flags, write_to: str | None, releases: int | None, months: int | None) -> int:
    with ending_soon(), ending_well():
        from nogilcheck.planner import plan as run
        from nogilcheck.resolve.goal import WINDOW_MONTHS, WINDOW_RELEASES, Window

        name = format_of(flags)
        if name not in FORMATS:
            raise UsageError(f"{name!r} is not a format of a plan", hint=f"Formats: {', '.join(FORMATS)}.")
        window = Window(
            releases=WINDOW_RELEASES if releases is None else releases,
            months=WINDOW_MONTHS if months is None else months,
        )
        with surrounded(quiet=flags.get("quiet", False)) as around:
            found = run(options_of(flags), around, window=window)
        write(_rendered(found, name, flags), flags.get("output"))
        if write_to is not None:
            _write_requirements(found, write_to)
    return found.exit_status


def _rendered(found: Plan, name: str, flags: Flags) -> str:
    if name == "json":
        from nogilcheck.report.plan_json import render_plan_json

        return render_plan_json(found)
    from nogilcheck.report.plan import render_plan

    look = look_of(flags)
    return render_plan(found, width=look.width, colour=look.colour, verbose=look.verbose)


def _write_requirements(found: Plan, path: str) -> None:
    """Write what one target needs. Raises `UsageError` where there is no one plan, or the file cannot be written."""
    planned = [one for one in found.targets if one.changes or one.moves]
    if not planned:
        warn(f"{path} is not written: there is nothing to change")
        return
    if any((one.changes, one.moves) != (planned[0].changes, planned[0].moves) for one in planned[1:]):
        several = ", ".join(dict.fromkeys(f"{one.python} {one.project}".strip() for one in planned))
        raise UsageError(
            f"the plans differ ({several}), and --write takes one",
            hint="choose with --python and --platform, or name one file",
        )
    if not planned[0].verified:
        warn(f"the plan written to {path} is not verified")
    write(_text(planned[0], found), path, option="--write")


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

"""``nogilcheck plan``: the smallest change to the user's own requirements that makes a target ready."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nogilcheck.cli.errors import exiting_on_errors, say, warn
from nogilcheck.cli.job_setup import run_io, with_settings
from nogilcheck.cli.terminal.ctrl_c import ending_soon_after_ctrl_c
from nogilcheck.cli.typer_options import SHARED, format_option, with_options
from nogilcheck.config.values import options_of, parse_number
from nogilcheck.errors import UsageError, invalid_value

if TYPE_CHECKING:
    from nogilcheck.model.plan import Plan, TargetPlan
    from nogilcheck.report.formats import RenderOptions
    from nogilcheck.resolve.plan.goal import Window

FORMATS = ("terminal", "json", "diff", "html")

_STRUCTURED = frozenset({".toml", ".lock", ".cfg", ".py", ".yml", ".yaml", ".json"})
"""Files that no list of requirements takes the place of."""

MAX_RELEASES, MAX_MONTHS = 50, 120
"""The widest window: a search grows with it."""


@with_options(*SHARED, "scan", "scan-limit")
def plan(
    output_format: Annotated[list[str] | None, format_option(*FORMATS)] = None,
    write_to: Annotated[
        list[str] | None,
        typer.Option(
            "--write",
            metavar="FILE",
            help="Apply the plan to this file, or write the changed requirements to a new one (for a lock file, pins "
            "for a constraints file). May be repeated; no other file is changed.",
            rich_help_panel="Plan",
        ),
    ] = None,
    releases: Annotated[
        int | None,
        typer.Option(
            "--window-releases",
            metavar="N",
            help=f"Try the N newest releases that fit, up to {MAX_RELEASES}. Default: 10.",
            parser=partial(parse_number, "--window-releases", least=1, most=MAX_RELEASES),
            rich_help_panel="Plan",
        ),
    ] = None,
    months: Annotated[
        int | None,
        typer.Option(
            "--window-months",
            metavar="N",
            help=f"Try releases of the last N months, up to {MAX_MONTHS}. Default: 12.",
            parser=partial(parse_number, "--window-months", most=MAX_MONTHS),
            rich_help_panel="Plan",
        ),
    ] = None,
    prefer: Annotated[
        str | None,
        typer.Option(
            metavar="WHICH",
            help="Of the releases that fit, take the one nearest to today's (smallest) or the newest. "
            "Default: smallest.",
            autocompletion=lambda incomplete: [name for name in ("smallest", "newest") if name.startswith(incomplete)],
            rich_help_panel="Plan",
        ),
    ] = None,
    **shared: Any,
) -> None:
    """Find the smallest change that makes everything ready.

    Changes only your own requirements: bumps pins, lifts caps, bounds what others require, drops extras; and proves
    that what results is ready. Lists whatever cannot be freed within the window.

    Exit status: 0 ready with these changes, 1 something stays blocked, 2 an input or the command line is at
    fault, 3 something is unknown.
    """
    given = {**shared, "output_format": output_format}
    raise typer.Exit(_run(given, write_to, partial(_window, releases, months, prefer)))


def _window(releases: int | None, months: int | None, prefer: str | None) -> Window:
    """Raises `UsageError` for a preference that does not exist."""
    from nogilcheck.resolve.plan.goal import WINDOW_MONTHS, WINDOW_RELEASES, Prefer, Window

    try:
        preferred = Prefer.SMALLEST if prefer is None else Prefer(prefer)
    except ValueError:
        raise invalid_value(f"{prefer}", "--prefer", map(str, Prefer)) from None
    return Window(
        releases=WINDOW_RELEASES if releases is None else releases,
        months=WINDOW_MONTHS if months is None else months,
        prefer=preferred,
    )


def _run(given: dict[str, Any], write_to: Sequence[str] | None, make_window: Callable[[], Window]) -> int:
    with ending_soon_after_ctrl_c(), exiting_on_errors(), with_settings(given) as (flags, _):
        from nogilcheck.cli.outputs import check_directory, write
        from nogilcheck.cli.outputs import plan as planned_outputs
        from nogilcheck.jobs.plan import plan as run

        outputs = planned_outputs(flags.get("output_format"), flags.get("output"), known=FORMATS)
        for path in write_to or ():
            check_directory(path, "--write")
        window = make_window()
        with run_io(quiet=flags.get("quiet", False)) as io:
            outcome = run(options_of(flags), io, window=window)
        write(
            lambda name, look: _rendered(outcome, name, look),
            outputs,
            colour=flags.get("colour"),
            verbose=flags.get("verbose", False),
            confirm=None if flags.get("quiet") else _confirmed(outcome),
        )
        if write_to:
            _write(outcome, write_to, quiet=flags.get("quiet", False))
    return outcome.exit_status


def _confirmed(outcome: Plan) -> str:
    """What a written plan comes to: ``ready on 3.14t after 2 changes``."""
    from nogilcheck.report.words import counted, verdict

    told = (
        verdict(target.after) + (f" after {counted(len(target.changes), 'change')}" if target.changes else "")
        for target in outcome.targets
    )
    return ", ".join(dict.fromkeys(told))


def _rendered(outcome: Plan, name: str, look: RenderOptions) -> str:
    if name == "json":
        from nogilcheck.report.documents.plan import render_plan_json

        return render_plan_json(outcome)
    if name == "diff":
        planned = _one_plan(outcome, "--format diff")
        return "".join(line for edit in (planned.edits if planned else ()) for line in edit.diff)
    from nogilcheck.report.terminal.plan import render_plan

    if name == "html":
        from nogilcheck.report.pages.html import page, text_page

        text = render_plan(outcome, width=text_page.WIDTH, colour=False, verbose=False)
        return page.render(outcome.report, day=look.day, plan=text)
    return render_plan(outcome, width=look.width, colour=look.colour, verbose=look.verbose)


def _one_plan(outcome: Plan, taker: str) -> TargetPlan | None:
    """What one target needs; ``None``: nothing. Raises `UsageError` where there is no one plan."""
    planned = [target for target in outcome.targets if target.changes or target.moves]
    if any((other.changes, other.moves) != (planned[0].changes, planned[0].moves) for other in planned[1:]):
        several = ", ".join(dict.fromkeys(f"{target.python} {target.project}".strip() for target in planned))
        raise UsageError(
            f"the plans differ ({several}), and {taker} takes one",
            hint="choose with --python and --platform, or name one file",
        )
    return planned[0] if planned else None


def _write(outcome: Plan, paths: Sequence[str], *, quiet: bool) -> None:
    """Write what was asked for, and say so; a file that the plan changes is edited, any other is written anew."""
    from nogilcheck.cli.outputs import write_file

    planned = _one_plan(outcome, "--write")
    if planned is None:
        warn(f"{' and '.join(paths)} {'is' if len(paths) == 1 else 'are'} not written: there is nothing to change")
        return
    texts = {path: _text(planned, outcome, path) for path in dict.fromkeys(paths)}
    for path, (text, what) in texts.items():
        write_file(path, text, what="plan", option="--write")
        if not quiet:
            say(f"Wrote {path} ({what}, for {planned.python})")
        if not planned.verified:
            warn(f"the plan written to {path} is not verified")
    edited = {edit.path for edit in planned.edits if any(_is_same(edit.path, path) for path in paths)}
    for edit in planned.edits if edited else ():
        if edit.path not in edited:
            warn(f"{edit.path} has to change as well and is not written: add --write {edit.path}")
    for change in planned.by_hand if edited else ():
        where = f" ({change.location})" if change.location else ""
        warn(f"{change.after}{where} has to be changed by hand")


def _text(target: TargetPlan, outcome: Plan, path: str) -> tuple[str, str]:
    """What is written to a file, and what that is. Raises `UsageError` for a file that a list does not replace."""
    from nogilcheck.report.documents.plan import changed_list

    if edit := next((edit for edit in target.edits if _is_same(edit.path, path)), None):
        return edit.after, _counted(edit.diff)
    named = {root.path for root in outcome.report.roots} | {file.path for file in outcome.report.inputs}
    if any(_is_same(other, path) for other in named) or (Path(path).suffix in _STRUCTURED and Path(path).is_file()):
        raise UsageError("the plan changes nothing in this file", where=path, hint="name another --write")
    if _is_whole(target, outcome):
        (edit,) = target.edits
        return edit.after, _counted(edit.diff)
    text = changed_list(target)
    number = sum(not line.startswith(("#", " ", "-")) for line in text.splitlines())
    if target.kind:
        return text, f"{number} pin{'' if number == 1 else 's'}, as a constraints file"
    return text, f"{number} requirement{'' if number == 1 else 's'}, as a list"


def _is_whole(target: TargetPlan, outcome: Plan) -> bool:
    """Whether one requirements file, with all changes in it, says everything that was asked for."""
    files = [file for file in outcome.report.inputs if file.kind != "constraints"]
    places = {root.path for root in outcome.report.roots} | {edit.path for edit in target.edits}
    return (
        not target.kind
        and len(target.edits) == len(files) == 1
        and files[0].kind == "requirements"
        and places == {files[0].path}
        and not target.by_hand
    )


def _counted(diff: Sequence[str]) -> str:
    removed, added = (sum(line.startswith(sign) for line in diff) - 1 for sign in "-+")
    parts = [f"{removed} line{'' if removed == 1 else 's'} changed"] if removed else []
    parts += [f"{added - removed} added"] if added > removed else []
    return ", ".join(parts)


def _is_same(path: str, other: str) -> bool:
    return os.path.realpath(path) == os.path.realpath(other)

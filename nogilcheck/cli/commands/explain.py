"""``nogilcheck explain``: what a rule means, an example, and what to do."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from nogilcheck.cli.errors import exiting_on_errors
from nogilcheck.cli.outputs import FILE_WIDTH, show
from nogilcheck.cli.typer_options import TextOrJson, check_text_or_json, rules, with_options
from nogilcheck.errors import UsageError
from nogilcheck.model.rules.rule import Rule

MAX_WIDTH = 100
"""Columns of prose; longer lines are hard to read."""


@with_options()
def explain(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[RULE]...",
            help="The code (NGC006) or name (gil-only) of a rule. Default: list all rules.",
            show_default=False,
            autocompletion=lambda incomplete: [name for name in rules() if name.startswith(incomplete)],
        ),
    ] = None,
    output_format: TextOrJson = "terminal",
    colour: bool | None = None,
) -> None:
    """Explain a rule: what it means, and what to do.

    As JSON: an object for one rule that is named, an array otherwise.
    """
    from nogilcheck.cli.terminal.features import terminal_width, wants_colour
    from nogilcheck.model.rules.table import ALL_RULES
    from nogilcheck.report.terminal.rule_pages import render, render_list

    with exiting_on_errors():
        known = ALL_RULES
        chosen = [_find(name, known) for name in names or ()]
        check_text_or_json(output_format)
        if output_format == "json":
            from nogilcheck.report.rule_pages import as_json

            show(as_json(chosen[0] if len(chosen) == 1 else chosen or known), "json")
            return
        on_terminal = sys.stdout.isatty()
        width = min(terminal_width() if on_terminal else FILE_WIDTH, MAX_WIDTH if chosen else FILE_WIDTH)
        coloured = wants_colour(on_terminal=on_terminal) if colour is None else colour
        if chosen:
            show("\n".join(render(page, width=width, colour=coloured) for page in chosen))
        else:
            show(render_list(known, width=width, colour=coloured))


def _find(name: str, known: Sequence[Rule]) -> Rule:
    wanted = name.strip().lower().replace("_", "-")
    for page in known:
        if wanted in {page.code.lower(), page.name}:
            return page
    from difflib import get_close_matches

    names = {key: page for page in known for key in (page.code.lower(), page.name)}
    close = [f"{names[key].code} {names[key].name}" for key in get_close_matches(wanted, names, n=3)]
    hint = f"did you mean {' or '.join(dict.fromkeys(close))}?" if close else "`nogilcheck explain` lists them"
    raise UsageError(f"there is no rule {name!r}", hint=hint)

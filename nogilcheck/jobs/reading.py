"""What a job is about: the targets and the inputs that its options name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from nogilcheck.errors import InputError, UsageError
from nogilcheck.index.http.remote_files import fetch_file
from nogilcheck.inputs.reader import read_inputs
from nogilcheck.inputs.selection import Selection
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.options import Options
from nogilcheck.model.target import Target
from nogilcheck.model.time_limit import TimeLimit
from nogilcheck.targets.builds import parse_targets

MAX_TOLD = 5
"""Things that cannot be read of which each is told, where nothing can."""


class Asked(NamedTuple):
    """What a job is about."""

    targets: tuple[Target, ...]
    allowed: frozenset[str]
    """The ids of targets that never fail a run."""
    inputs: Inputs


def read_asked(options: Options, stdin: Callable[[], bytes], limit: TimeLimit) -> Asked:
    """Read what the options name. Raises `UsageError` and, when nothing of the inputs can be read, `InputError`."""
    allowed = parse_targets(options.allow_targets, options.platforms, setting="allow-target")
    targets = parse_targets((*options.pythons, *options.allow_targets), options.platforms)
    if not targets:
        raise UsageError("no target to check", hint="name a Python, such as 3.14t, and a platform")
    inputs = read_inputs(
        options.inputs,
        constraints=options.constraints,
        settings=options.settings,
        stdin=stdin,
        fetch=partial(fetch_file, offline=options.offline, limit=limit),
        input_format=options.input_format,
        selection=Selection.of(
            options.extras, options.groups, all_extras=options.all_extras, all_groups=options.all_groups
        ),
        environment=options.environment,
    )
    if not inputs.all_roots and any(not (one.needs_build or one.setting) for one in inputs.unread):
        raise _nothing_read(inputs)
    return Asked(targets, frozenset(target.id for target in allowed), inputs)


def _nothing_read(inputs: Inputs) -> InputError:
    """The error of a job whose inputs say nothing because they cannot be read."""
    first, *others = inputs.unread
    told = [f"\n  {other.location}: {other.text}" for other in others[: MAX_TOLD - 1]]
    more = len(others) - len(told)
    message = "".join([first.text, *told, f"\n  and {more} more" if more else ""])
    return InputError(message, where=str(first.location), hint=first.hint)

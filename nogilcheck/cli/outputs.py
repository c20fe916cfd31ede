"""Where reports go: which format to which file or stream, and how they are written."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

from nogilcheck.cli.errors import say
from nogilcheck.cli.workflow_commands import defused_json, for_commands, is_actions
from nogilcheck.errors import UsageError, invalid_value
from nogilcheck.report.formats import RENDERERS, TERMINAL, TREE, RenderOptions, format_of_file

FILE_WIDTH = 120
"""Columns of a report that does not go to a terminal."""

Draw = Callable[[str, RenderOptions], str]
"""Renders a report in a format, by its name."""

STDOUT = "-"
"""What ``--output`` calls standard output."""


class Output(NamedTuple):
    """One report to be written."""

    format: str
    path: str | None
    """``None``: standard output."""


def plan(
    formats: Sequence[str] | None, files: Sequence[str] | None, *, known: Collection[str] = RENDERERS
) -> tuple[Output, ...]:
    """The reports that ``--format`` and ``--output``, each of which may be repeated, ask for.

    Without a file the format is for standard output; without a format each file gets the one of its suffix; as many
    formats as files are paired in order. Raises `UsageError` for anything else.
    """
    names, paths = [name.lower() for name in formats or ()], list(files or ())
    for name in names:
        if name not in known:
            raise invalid_value(name, "--format", known)
    if not paths and len(names) <= 1:
        return (Output(format=names[0] if names else TERMINAL, path=None),)
    if names and len(names) != len(paths):
        example = " ".join(f"--format {name} -o FILE" for name in names[:2])
        named = "give one --format for each --output, or none: the name of a file tells its format"
        raise UsageError(
            f"--format is given {_times(len(names))} and --output {_times(len(paths))}",
            hint=named if paths else f"give a file with each: {example} (- is standard output)",
        )
    outputs = [
        Output(
            format=name or (TERMINAL if path == STDOUT else format_of_file(path)), path=None if path == STDOUT else path
        )
        for name, path in zip(names or [""] * len(paths), paths, strict=True)
    ]
    _check(outputs, known)
    return tuple(outputs)


def write(
    draw: Draw, outputs: Sequence[Output], *, colour: bool | None, verbose: bool, confirm: str | None = None
) -> list[str]:
    """Render every report, then write them: one that cannot be rendered leaves no file; the texts.

    ``confirm`` is what every file that is written is said to hold; ``None``: nothing is said. Raises `UsageError`.
    """
    from nogilcheck.report.terminal.layout import encodable

    drawn = [(output, draw(output.format, look_for(output, colour=colour, verbose=verbose))) for output in outputs]
    drawn = [
        (one, encodable(text, sys.stdout.encoding) if one.path is None and one.format in _FOR_PEOPLE else text)
        for one, text in drawn
    ]
    for output, text in drawn:
        if output.path is None:
            show(text, output.format)
        else:
            write_file(output.path, text)
            if confirm is not None:
                say(f"Wrote {output.path} ({confirm})")
    return [text for _, text in drawn]


def look_for(output: Output, *, colour: bool | None, verbose: bool) -> RenderOptions:
    """How to render an output: as wide as the terminal and with what it can show; plain for files."""
    from nogilcheck.cli.terminal.features import hyperlinks, repository_prefix, terminal_width, wants_colour

    on_terminal = output.path is None and sys.stdout.isatty()
    return RenderOptions(
        width=terminal_width() if on_terminal else FILE_WIDTH,
        colour=wants_colour(on_terminal=on_terminal) if colour is None else colour,
        links=on_terminal and colour is not False and hyperlinks(os.environ),
        verbose=verbose,
        prefix=repository_prefix(os.environ),
        day=_day(os.environ.get("SOURCE_DATE_EPOCH", "")),
    )


def _day(epoch: str) -> str:
    """The day (UTC): today, or that of ``SOURCE_DATE_EPOCH`` (reproducible-builds.org) where it is one."""
    with suppress(ValueError, OverflowError, OSError):
        return time.strftime("%Y-%m-%d", time.gmtime(int(epoch)))
    return time.strftime("%Y-%m-%d", time.gmtime())


_COMMANDS = "github"
_FOR_PEOPLE = frozenset({TERMINAL, TREE})
_JSON = frozenset({"json", "sarif", "gitlab", "badge"})


def show(text: str, form: str = TERMINAL) -> None:
    """Print a text of a format. Characters that the stream's encoding lacks are escaped; a closed pipe is ignored."""
    with suppress(AttributeError, ValueError):  # not a stream of its own
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    stream = for_commands(sys.stdout) if form == _COMMANDS else sys.stdout
    with suppress(BrokenPipeError):  # the exit status still tells the result
        stream.write(defused_json(text) if form in _JSON and is_actions() else text)
        stream.flush()


def write_file(path: str, text: str, *, what: str = "report", option: str = "--output") -> None:
    """Write a file in UTF-8, atomically, and with the same bytes on every system.

    A pipe or a device (``/dev/stderr``), and a file in a directory where none can be created, is written to directly.
    Raises `UsageError` where the file cannot be written; ``what`` and ``option`` are for its message.
    """
    try:
        place = Path(path)
        place = place.resolve() if place.is_symlink() else place
        if os.path.exists(place) and not os.path.isfile(place):
            _write_to(place, _bytes(text))
        else:
            _replace(place, _bytes(text))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(
            f"the {what} cannot be written: {reason}", where=path, hint=f"name another {option}"
        ) from error


def _write_to(pipe: Path, content: bytes) -> None:
    """Write to a pipe or a device. Raises `OSError` for a pipe that nobody reads."""
    descriptor = os.open(pipe, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "wb") as file:
        if hasattr(os, "O_NONBLOCK"):
            os.set_blocking(descriptor, True)
        file.write(content)


def _replace(place: Path, content: bytes) -> None:
    try:
        beside = _written_beside(place, content)
    except PermissionError:
        place.write_bytes(content)
        return
    try:
        if os.path.exists(place):
            beside.chmod(place.stat().st_mode)
        beside.replace(place)
    except OSError:
        beside.unlink(missing_ok=True)
        place.write_bytes(content)


def _written_beside(place: Path, content: bytes) -> Path:
    """A new file beside the place; a file of the same name is somebody else's, and stays."""
    for number in count():
        beside = place.with_name(f".{place.name}.{os.getpid()}{f'-{number}' if number else ''}.tmp")
        try:
            file = beside.open("xb")
        except FileExistsError:
            continue
        try:
            with file:
                file.write(content)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
        return beside
    raise AssertionError


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _check(outputs: Sequence[Output], known: Collection[str]) -> None:
    """Raise `UsageError`, before the check, for a file that cannot be written afterwards."""
    seen: set[str | None] = set()
    for output in outputs:
        key = None if output.path is None else os.path.realpath(output.path)
        if key in seen:
            raise UsageError("two reports have the same output", where=output.path or "standard output")
        seen.add(key)
        if output.format not in known:
            hint = f"allowed: {', '.join(known)}"
            raise UsageError(f"this command has no format {output.format!r}", where=output.path, hint=hint)
        if output.path is not None:
            check_directory(output.path, "--output")


def check_directory(path: str, option: str) -> None:
    """Raise `UsageError` for a file in a directory that does not exist, before work is done that would be lost."""
    if not os.path.isdir(Path(path).absolute().parent):
        raise invalid_value(path, option, "a file in a directory that exists")


def _times(number: int) -> str:
    return {0: "not at all", 1: "once", 2: "twice"}.get(number, f"{number} times")

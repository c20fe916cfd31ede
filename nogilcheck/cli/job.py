"""What ``nogilcheck check`` does once its command line is taken apart. Not a word of typer: a replay needs none.

`options_of`, `surrounded` and `write` are there for other commands with the same flags.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from nogilcheck.cli.errors import ending_well, warn
from nogilcheck.cli.interrupts import ending_soon
from nogilcheck.errors import UsageError
from nogilcheck.model.options import DEFAULT_PLATFORMS, DEFAULT_PYTHONS, Options
from nogilcheck.model.source import IndexSettings, Strategy

if TYPE_CHECKING:
    from nogilcheck.checker import Surroundings
    from nogilcheck.report.formats import Look

STRATEGIES: dict[str, Strategy] = {
    "merge": "merge",
    "unsafe-best-match": "merge",
    "first-index": "first-index",
}
"""What ``--index-strategy`` takes: uv's name of ``merge``, too."""

FILE_WIDTH = 120
"""Columns of a report that does not go to a terminal."""


class Flags(TypedDict, total=False):
    """The command line; what was not given is absent or ``None``. See ``nogilcheck check --help``."""

    inputs: list[str] | None
    requirement: list[str] | None
    constraint: list[str] | None
    extra: list[str] | None
    group: list[str] | None
    all_extras: bool
    all_groups: bool
    input_format: str | None
    env: str | None
    python: list[str] | None
    platform: list[str] | None
    allow_target: list[str] | None
    output_format: str | None
    output: str | None
    verbose: bool
    quiet: bool
    colour: bool | None
    index_url: str | None
    extra_index_url: list[str] | None
    index_strategy: str | None
    find_links: list[str] | None
    no_index: bool
    pre: bool
    only_binary: list[str] | None
    no_binary: list[str] | None
    exclude_newer: str | None
    offline: bool
    refresh: bool
    max_age: int | None
    no_cache: bool
    cache_dir: str | None


def run_check(flags: Flags) -> int:
    """Check and write the report; the exit status. Errors end the process with one message and their status."""
    with ending_soon(), ending_well():
        from nogilcheck.report.formats import renderer

        render = renderer(format_of(flags))
        options = options_of(flags)
        from nogilcheck.checker import check

        with surrounded(quiet=flags.get("quiet", False)) as around:
            report = check(options, around)
        write(render(report, look_of(flags)), flags.get("output"))
    return report.exit_status


def format_of(flags: Flags) -> str:
    """The name of the format that the flags ask for. Raises `UsageError` for a file name that asks for none."""
    return (flags.get("output_format") or _suffix(flags.get("output"))).lower()


def options_of(flags: Flags) -> Options:
    """What the flags ask for. Raises `UsageError` for those that make no sense."""
    if flags.get("offline") and flags.get("refresh"):
        raise UsageError("--offline and --refresh contradict each other", hint="leave one of them out")
    index_url, cache_dir = flags.get("index_url"), flags.get("cache_dir")
    files = (_as_file("--requirement", name) for name in flags.get("requirement") or ())
    return Options(
        inputs=(*(flags.get("inputs") or ()), *files),
        constraints=tuple(_as_file("--constraint", name) for name in flags.get("constraint") or ()),
        input_format=flags.get("input_format"),
        environment=_environment(flags.get("env")),
        extras=_names("--extra", flags.get("extra")),
        groups=_names("--group", flags.get("group")),
        all_extras=flags.get("all_extras", False),
        all_groups=flags.get("all_groups", False),
        pythons=_names("--python", flags.get("python")) or DEFAULT_PYTHONS,
        platforms=_names("--platform", flags.get("platform")) or DEFAULT_PLATFORMS,
        allow_targets=_names("--allow-target", flags.get("allow_target")),
        settings=IndexSettings(
            index_url=next(iter(_urls("--index-url", None if index_url is None else [index_url])), None),
            extra_index_urls=_urls("--extra-index-url", flags.get("extra_index_url")),
            strategy=_strategy(flags.get("index_strategy")),
            find_links=tuple(flags.get("find_links") or ()),
            no_index=flags.get("no_index", False),
            pre=flags.get("pre", False),
            only_binary=_formats(flags.get("only_binary")),
            no_binary=_formats(flags.get("no_binary")),
        ),
        exclude_newer=_cutoff(flags.get("exclude_newer")),
        offline=flags.get("offline", False),
        refresh=flags.get("refresh", False),
        max_age=flags.get("max_age"),
        no_cache=flags.get("no_cache", False),
        cache_dir=None if cache_dir is None else str(Path(cache_dir)),
    )


def _environment(given: str | None) -> str | None:
    """The directory of an installed environment; that of ``current`` is told by the shell, never by this program."""
    if given != "current":
        return given
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        if found := os.environ.get(name):
            return found
    raise UsageError("no environment is active", hint="activate one, or name its directory: --env .venv")


def _as_file(flag: str, name: str) -> str:
    """A bare name such as ``requirements`` is a file after ``-r``."""
    if not name:
        raise UsageError(f"{flag} names nothing", hint="name a file")
    return name if name == "-" or "/" in name or os.sep in name else os.path.join(os.curdir, name)  # noqa: PTH118


def _names(flag: str, values: list[str] | None) -> tuple[str, ...]:
    """Repeated and comma-separated names as one sequence. Raises `UsageError` for a flag without any."""
    found = tuple(name for value in values or () for part in value.split(",") if (name := part.strip()))
    if values and not found:
        raise UsageError(f"{flag} names nothing", hint="leave it out for the default")
    return found


def _urls(flag: str, values: list[str] | None) -> tuple[str, ...]:
    if not values:
        return ()
    from nogilcheck.config import parse_index_url

    return tuple(parse_index_url(flag, value) for value in values)


def _strategy(given: str | None) -> Strategy | None:
    if given is None:
        return None
    if given not in STRATEGIES:
        raise UsageError(f"there is no index strategy {given!r}", hint=f"it is one of {', '.join(STRATEGIES)}")
    return STRATEGIES[given]


def _formats(values: list[str] | None) -> frozenset[str]:
    if not values:
        return frozenset()
    from nogilcheck.config import parse_formats

    return parse_formats(values)


def _cutoff(value: str | None) -> str | None:
    if value is None:
        return None
    from nogilcheck.config import parse_cutoff

    return parse_cutoff(value)


def _suffix(output: str | None) -> str:
    """The format that a file name asks for. Raises `UsageError` for a suffix that asks for another."""
    suffix = "" if output is None else Path(output).suffix.lower()
    if suffix == ".json":
        return "json"
    if suffix in {"", ".txt", ".log"}:
        return "terminal"
    raise UsageError(f"no format goes by {suffix}", where=output, hint="say which with --format: terminal or json")


@contextmanager
def surrounded(*, quiet: bool) -> Iterator[Surroundings]:
    """How a job reaches the user: warnings on standard error, and progress where that is a terminal."""
    from nogilcheck.checker import Surroundings

    if quiet:
        yield Surroundings()
    elif not sys.stderr.isatty() or "CI" in os.environ:
        yield Surroundings(warn=warn)
    else:
        from nogilcheck.cli.progress import showing_progress

        with showing_progress() as progress:
            yield Surroundings(warn=warn, progress=progress)


def look_of(flags: Flags) -> Look:
    """How the answer is drawn: on a terminal in its width and, unless told otherwise, in colour."""
    from nogilcheck.report.formats import Look

    on_terminal, colour = flags.get("output") is None and sys.stdout.isatty(), flags.get("colour")
    if colour is None:
        colour = on_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    width = shutil.get_terminal_size().columns if on_terminal else FILE_WIDTH
    return Look(width=width, colour=colour, verbose=flags.get("verbose", False))


def write(text: str, output: str | None, *, option: str = "--output") -> None:
    """To the file that an option named, or to standard output. Raises `UsageError` if it cannot be written."""
    if output is None:
        with suppress(BrokenPipeError):  # the status tells all the same
            sys.stdout.write(text)
            sys.stdout.flush()
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"the report cannot be written: {error.strerror}", where=output, hint=f"name another {option}"
        ) from error

"""``nogilcheck check``: the main job."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nogilcheck.cli.errors import ending_well, warn
from nogilcheck.errors import UsageError
from nogilcheck.model.options import DEFAULT_PLATFORMS, DEFAULT_PYTHONS, Options
from nogilcheck.model.report import Report
from nogilcheck.model.source import IndexSettings

if TYPE_CHECKING:
    from nogilcheck.report.formats import Renderer

FOREIGN_SETTINGS = (
    "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX",
    "UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL",
)  # fmt: skip
"""Environment variables by which pip and uv are told of other indexes."""

FILE_WIDTH = 120
"""Columns of a report that does not go to a terminal."""


def check(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILES|NAMES]...",
            help="Requirements files, requirements ('pandas>=2'), or - for a requirements file on standard input.",
            show_default=False,
        ),
    ] = None,
    requirement: Annotated[
        list[str] | None,
        typer.Option("--requirement", "-r", metavar="FILE", help="A requirements file; the same as naming it."),
    ] = None,
    constraint: Annotated[
        list[str] | None, typer.Option("--constraint", "-c", metavar="FILE", help="A constraints file.")
    ] = None,
    python: Annotated[
        list[str] | None,
        typer.Option(
            "--python",
            "-p",
            metavar="VERSION",
            help="Python to check: 3.14t, a patch release 3.14.2t, an ordinary build 3.15, or host (what runs this); "
            "repeat it or separate with commas. "
            f"Default: {', '.join(DEFAULT_PYTHONS)}.",
        ),
    ] = None,
    platform: Annotated[
        list[str] | None,
        typer.Option(
            "--platform",
            metavar="NAME",
            help="Platform to check, likewise: linux-x86_64, linux-aarch64, musllinux-x86_64, musllinux-aarch64, "
            "macos-arm64, macos-x86_64, windows-amd64, windows-arm64, all, host (where this runs), or a platform tag "
            "that says how old it may be: manylinux_2_28_x86_64, musllinux_1_1_aarch64, macosx_15_0_arm64. "
            f"Default: {', '.join(DEFAULT_PLATFORMS)}. "
            "Without a tag, Linux means glibc 2.34 or newer, musl 1.2, macOS 14.0.",
        ),
    ] = None,
    allow_target: Annotated[
        list[str] | None,
        typer.Option("--allow-target", metavar="VERSION", help="Show this Python as well, and never fail on it."),
    ] = None,
    output_format: Annotated[
        str | None,
        typer.Option("--format", metavar="NAME", help="terminal or json. Default: as --output ends, or terminal."),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report to a file.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the ready distributions too.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no warnings.")] = False,
    colour: Annotated[
        bool | None, typer.Option("--color/--no-color", help="Colour; by default on a terminal only.")
    ] = None,
    index_url: Annotated[
        str | None,
        typer.Option("--index-url", "-i", metavar="URL", help="Base URL of the package index (Simple API)."),
    ] = None,
    extra_index_url: Annotated[
        list[str] | None, typer.Option("--extra-index-url", metavar="URL", help="Another index, asked as well.")
    ] = None,
    find_links: Annotated[
        list[str] | None,
        typer.Option("--find-links", "-f", metavar="PLACE", help="A directory or a page of distribution files."),
    ] = None,
    no_index: Annotated[bool, typer.Option("--no-index", help="Ask no index, only --find-links.")] = False,
    pre: Annotated[bool, typer.Option("--pre", help="Admit pre-releases.")] = False,
    only_binary: Annotated[
        list[str] | None, typer.Option("--only-binary", metavar="NAMES", help="Admit no sdists of these, or :all:.")
    ] = None,
    no_binary: Annotated[
        list[str] | None, typer.Option("--no-binary", metavar="NAMES", help="Admit no wheels of these, or :all:.")
    ] = None,
    exclude_newer: Annotated[
        str | None,
        typer.Option(
            "--exclude-newer", metavar="DATE", help="Ignore files uploaded after this day (UTC) or RFC 3339 time."
        ),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Use only the cache, fresh or not.")] = False,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask the indexes again, whatever is cached.")] = False,
    max_age: Annotated[
        int | None,
        typer.Option("--max-age", metavar="SECONDS", min=0, help="How long a cached page counts as fresh."),
    ] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither read nor write the cache.")] = False,
    cache_dir: Annotated[
        Path | None, typer.Option("--cache-dir", metavar="DIR", help="Where the cache is.", file_okay=True)
    ] = None,
) -> None:
    """Say what stops a project from moving to a free-threaded CPython.

    Resolves every dependency as the ordinary build of each Python would install it today, and tells
    for each what the free-threaded build gets.

    Exit status: 0 ready, 1 blocked, 2 the input or the command line is at fault, 3 something could
    not be determined.
    """
    with ending_well():
        if offline and refresh:
            raise UsageError("--offline and --refresh contradict each other", hint="leave one of them out")
        from nogilcheck.report.formats import renderer

        _mention_settings_that_are_not_read(quiet=quiet)
        render = renderer((output_format or _suffix(output)).lower())
        options = Options(
            inputs=(*(inputs or ()), *(_as_file("--requirement", name) for name in requirement or ())),
            constraints=tuple(_as_file("--constraint", name) for name in constraint or ()),
            pythons=_names("--python", python) or DEFAULT_PYTHONS,
            platforms=_names("--platform", platform) or DEFAULT_PLATFORMS,
            allow_targets=_names("--allow-target", allow_target),
            settings=IndexSettings(
                index_url=next(iter(_urls("--index-url", [index_url] if index_url is not None else None)), None),
                extra_index_urls=_urls("--extra-index-url", extra_index_url),
                find_links=tuple(find_links or ()),
                no_index=no_index,
                pre=pre,
                only_binary=_formats(only_binary),
                no_binary=_formats(no_binary),
            ),
            exclude_newer=_cutoff(exclude_newer),
            offline=offline,
            refresh=refresh,
            max_age=max_age,
            no_cache=no_cache,
            cache_dir=str(cache_dir) if cache_dir else None,
        )
        report = _run(options, quiet=quiet)
        _write(render, report, output, colour=colour, verbose=verbose)
        raise typer.Exit(report.exit_status)


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


def _mention_settings_that_are_not_read(*, quiet: bool) -> None:
    """Settings of pip and uv that name other indexes: to ask the wrong one in silence would be worse than to say so."""
    found = [name for name in FOREIGN_SETTINGS if os.environ.get(name)]
    if found and not quiet:
        warn(f"{', '.join(found)} set, but not read yet: name indexes with --index-url and --extra-index-url")


def _run(options: Options, *, quiet: bool) -> Report:
    from nogilcheck.checker import Surroundings
    from nogilcheck.checker import check as run

    if quiet:
        return run(options)
    if not sys.stderr.isatty() or "CI" in os.environ:
        return run(options, Surroundings(warn=warn))
    from nogilcheck.cli.progress import showing_progress

    with showing_progress() as progress:
        return run(options, Surroundings(warn=warn, progress=progress))


def _write(render: Renderer, report: Report, output: str | None, *, colour: bool | None, verbose: bool) -> None:
    """To the file, or to standard output as wide as the terminal is."""
    from nogilcheck.report.formats import Look

    on_terminal = output is None and sys.stdout.isatty()
    if colour is None:
        colour = on_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    width = shutil.get_terminal_size().columns if on_terminal else FILE_WIDTH
    text = render(report, Look(width=width, colour=colour, verbose=verbose))
    if output is None:
        with suppress(BrokenPipeError):  # the status tells all the same
            typer.echo(text, nl=False, color=colour)
            sys.stdout.flush()
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"the report cannot be written: {error.strerror}", where=output, hint="name another --output"
        ) from error

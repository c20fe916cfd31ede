"""``nogilcheck check``: the main job, as typer sees it. What it does is in `nogilcheck.cli.check_job`."""

from __future__ import annotations

from typing import Annotated, cast

import typer

from nogilcheck.cli.check_job import Flags, run_check
from nogilcheck.cli.options import ColourOption, FormatOption, OutputOption, VerboseOption
from nogilcheck.model.options import DEFAULT_PLATFORMS, DEFAULT_PYTHONS


def check(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILES|NAMES]...",
            help="Requirements files, lock files, pyproject.toml, directories, requirements ('pandas>=2'), or - for "
            "standard input. Default: what this directory has, a lock first.",
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
    extra: Annotated[
        list[str] | None, typer.Option("--extra", metavar="NAME", help="Check this optional dependency as well.")
    ] = None,
    group: Annotated[
        list[str] | None, typer.Option("--group", metavar="NAME", help="Check this dependency group as well.")
    ] = None,
    all_extras: Annotated[bool, typer.Option("--all-extras", help="Check every optional dependency.")] = False,
    all_groups: Annotated[bool, typer.Option("--all-groups", help="Check every dependency group.")] = False,
    input_format: Annotated[
        str | None,
        typer.Option(
            "--input-format",
            metavar="NAME",
            help="What the files are, whatever they are called: requirements, pyproject.toml, setup.cfg, script, "
            "pylock.toml, uv.lock, poetry.lock, pdm.lock, Pipfile.lock, environment.yml.",
        ),
    ] = None,
    env: Annotated[
        str | None,
        typer.Option("--env", metavar="DIR", help="Judge an installed environment; current: the one that is active."),
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
    output_format: FormatOption = None,
    output: OutputOption = None,
    annotations: Annotated[
        bool | None,
        typer.Option(
            "--annotations/--no-annotations",
            help="Annotate the lines at fault for GitHub Actions, and add to the step summary. Default: there only.",
        ),
    ] = None,
    verbose: VerboseOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no warnings.")] = False,
    colour: ColourOption = None,
    index_url: Annotated[
        str | None,
        typer.Option("--index-url", "-i", metavar="URL", help="Base URL of the package index (Simple API)."),
    ] = None,
    extra_index_url: Annotated[
        list[str] | None, typer.Option("--extra-index-url", metavar="URL", help="Another index, asked as well.")
    ] = None,
    index_strategy: Annotated[
        str | None,
        typer.Option(
            "--index-strategy",
            metavar="NAME",
            help="merge (or unsafe-best-match): what all indexes have, as pip does; first-index: the first index that "
            "has the project, as uv does. Default: pip's indexes are merged, uv's come first.",
        ),
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
    scan: Annotated[
        bool,
        typer.Option("--scan", help="Also read what the chosen wheels' extension modules declare about the GIL."),
    ] = False,
    scan_limit: Annotated[
        str | None,
        typer.Option(
            "--scan-limit", metavar="SIZE", help="Read no more of the wheels for that: 200MB, 1GiB. Default: 500MB."
        ),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Use only the cache, fresh or not.")] = False,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask the indexes again, whatever is cached.")] = False,
    max_age: Annotated[
        int | None,
        typer.Option("--max-age", metavar="SECONDS", min=0, help="How long a cached page counts as fresh."),
    ] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither read nor write the cache.")] = False,
    cache_dir: Annotated[str | None, typer.Option("--cache-dir", metavar="DIR", help="Where the cache is.")] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-on",
            metavar="WORD",
            help="What fails the run: blocker, free-threading, python or source (blockers of that cause), warning (as "
            "well), gap (nothing else), new (not in the baseline), never; repeat it or separate with commas. "
            "direct:WORD and transitive:WORD are for those dependencies only. Default: blocker, gap.",
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            "--ignore",
            metavar="NAME",
            help="What does not count this time: a project, a rule (NGC006) or both (grpcio:NGC006).",
        ),
    ] = None,
    baseline: Annotated[
        str | None, typer.Option("--baseline", metavar="FILE", help="Known blockers: only new ones fail.")
    ] = None,
    write_baseline: Annotated[
        str | None,
        typer.Option("--write-baseline", metavar="FILE", help="Draw the line: write the blockers of today to a file."),
    ] = None,
    config: Annotated[
        str | None,
        typer.Option(
            "--config",
            metavar="FILE",
            help="The configuration file. Default: the nearest nogilcheck.toml, or pyproject.toml with "
            "[tool.nogilcheck].",
        ),
    ] = None,
    no_config: Annotated[bool, typer.Option("--no-config", "--isolated", help="Ignore configuration files.")] = False,
) -> None:
    """Say what stops a project from moving to a free-threaded CPython.

    Resolves every dependency as the ordinary build of each Python would install it today, and tells
    for each what the free-threaded build gets.

    Exit status: 0 ready, 1 blocked, 2 the input or the command line is at fault, 3 something could
    not be determined.
    """
    flags = cast("Flags", dict(locals()))  # the parameters, by name
    raise typer.Exit(run_check(flags))

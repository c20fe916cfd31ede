"""What ``nogilcheck check`` does once its command line is taken apart. Not a word of typer: a replay needs none.

`options_of`, `surrounded` and `write` are there for other commands with the same flags.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, cast

from nogilcheck.cli.errors import ending_well, warn
from nogilcheck.cli.interrupts import ending_soon
from nogilcheck.errors import UsageError
from nogilcheck.model.options import DEFAULT_PLATFORMS, DEFAULT_PYTHONS, DEFAULT_SCAN_LIMIT, Options
from nogilcheck.model.source import IndexSettings, Strategy

if TYPE_CHECKING:
    from nogilcheck.cli.outputs import Output
    from nogilcheck.cli.policy_gate import PolicyGate
    from nogilcheck.config.settle import Settled
    from nogilcheck.jobs.check import RunIO
    from nogilcheck.model.report.report import Report

STRATEGIES: dict[str, Strategy] = {
    "merge": "merge",
    "unsafe-best-match": "merge",
    "first-index": "first-index",
}
"""What ``--index-strategy`` takes: uv's name of ``merge``, too."""


_POLICY = frozenset({"fail_on", "ignore", "baseline", "write_baseline"})
"""Flags about what counts."""


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
    output_format: list[str] | None
    output: list[str] | None
    annotations: bool | None
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
    scan: bool
    scan_limit: str | None
    offline: bool
    refresh: bool
    max_age: int | None
    no_cache: bool
    cache_dir: str | None
    config: str | None
    no_config: bool
    fail_on: list[str] | None
    ignore: list[str] | None
    baseline: str | None
    write_baseline: str | None


def run_check(flags: Flags) -> int:
    """Check and write the report; the exit status. Errors end the process with one message and their status."""
    with ending_soon(), ending_well():
        settled = _settled(flags)
        flags = _completed(settled) if settled else flags
        from nogilcheck.cli.outputs import plan, write
        from nogilcheck.report.formats import RENDERERS

        quiet = flags.get("quiet", False)
        outputs = plan(flags.get("output_format"), flags.get("output"))
        gate = _gate(settled, flags.get("write_baseline")) if settled else None
        with _placing_errors(settled):
            options = options_of(flags)
            from nogilcheck.jobs.check import check

            with surrounded(quiet=quiet) as around:
                report = check(options, around)
        if gate is not None:
            report = gate.judge(report, warn=_silent if quiet else warn)
        write(
            lambda name, look: RENDERERS[name](report, look),
            outputs,
            colour=flags.get("colour"),
            verbose=flags.get("verbose", False),
        )
        _annotate(report, outputs, wanted=flags.get("annotations"))
    return report.exit_status


@contextmanager
def with_settings(flags: Flags) -> Iterator[Flags]:
    """The flags, completed by variables and files; errors in the block name the place of the setting at fault."""
    settled = _settled(flags)
    with _placing_errors(settled):
        yield _completed(settled) if settled else flags


def _completed(settled: Settled) -> Flags:
    """The flags with what variables and files say; a limit of scans that stands there calls for none."""
    flags = dict(settled.flags)
    if not flags.get("scan") and any(
        one.setting.name == "scan-limit" and one.origin != "flag" for one in settled.effective
    ):
        flags.pop("scan_limit", None)
    return cast("Flags", flags)


@contextmanager
def _placing_errors(settled: Settled | None) -> Iterator[None]:
    try:
        yield
    except UsageError as error:
        raise (settled.placed(error) if settled else error) from None


def _settled(flags: Flags) -> Settled | None:
    """The settings of the run; ``None`` where the flags alone say everything, and nothing of what counts."""
    from nogilcheck.config.file import PREFIX, locate, working_directory

    here = working_directory()
    file = locate(flags, os.environ, here)
    if file is None and not any(name.startswith(PREFIX) for name in os.environ) and not _POLICY & flags.keys():
        return None
    from nogilcheck.config.settle import settle

    settled = settle(flags, os.environ, file, here)
    if not flags.get("quiet"):
        for warning in settled.warnings:
            warn(warning)
    return settled


def _gate(settled: Settled, write_to: str | None) -> PolicyGate | None:
    """What the report goes through; ``None`` where nothing was said about what counts."""
    if write_to is None and all(one.origin == "default" for one in settled.effective if one.setting.is_policy):
        return None
    from nogilcheck.cli.policy_gate import PolicyGate

    return PolicyGate.of(settled, write_to)


def _silent(_: object) -> None:
    """Say nothing."""


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
        environment=environment_of(flags.get("env")),
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
        scan=flags.get("scan", False),
        scan_limit=_scan_limit(flags.get("scan_limit"), scan=flags.get("scan", False)),
        offline=flags.get("offline", False),
        refresh=flags.get("refresh", False),
        max_age=flags.get("max_age"),
        no_cache=flags.get("no_cache", False),
        cache_dir=None if cache_dir is None else str(Path(cache_dir)),
    )


def environment_of(given: str | None) -> str | None:
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
    from nogilcheck.config.values import parse_index_url

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
    from nogilcheck.config.values import parse_formats

    return parse_formats(values)


def _cutoff(value: str | None) -> str | None:
    if value is None:
        return None
    from nogilcheck.config.values import parse_cutoff

    return parse_cutoff(value)


def _scan_limit(value: str | None, *, scan: bool) -> int:
    if value is None:
        return DEFAULT_SCAN_LIMIT
    if not scan:
        raise UsageError("--scan-limit says how much a scan may read, and none is asked for", hint="add --scan")
    from nogilcheck.config.values import parse_size

    return parse_size("--scan-limit", value)


@contextmanager
def surrounded(*, quiet: bool) -> Iterator[RunIO]:
    """How a job reaches the user: warnings on standard error, and progress where that is a terminal."""
    from nogilcheck.jobs.check import RunIO

    if quiet:
        yield RunIO()
    elif not sys.stderr.isatty() or "CI" in os.environ:
        yield RunIO(warn=warn)
    else:
        from nogilcheck.cli.progress import showing_progress

        with showing_progress() as progress:
            yield RunIO(warn=warn, progress=progress)


def _annotate(report: Report, outputs: Sequence[Output], *, wanted: bool | None) -> None:
    """On GitHub Actions by default, and where it is wanted."""
    if wanted if wanted is not None else os.environ.get("GITHUB_ACTIONS") == "true":
        from nogilcheck.cli.annotations import annotate

        annotate(report, outputs)

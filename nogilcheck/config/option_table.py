"""The one table of options: the parsers, the help, the configuration file, the variables and `Options` follow from it.

A new option is one entry of `OPTIONS`. One that shapes a check also names the field of `Options` that it fills.
Every run imports this module: it must stay cheap to import.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nogilcheck.config.option import PREFIX, Kind, Option
from nogilcheck.model.options import DEFAULT_FAIL_WORDS, DEFAULT_PLATFORMS, DEFAULT_PYTHONS, DEFAULT_TIME_LIMIT
from nogilcheck.report.formats import RENDERERS

CONFIG_VARIABLE, NO_CONFIG_VARIABLE = f"{PREFIX}CONFIG", f"{PREFIX}NO_CONFIG"

OTHER = "Other"
"""The last group of options in the help."""

_SEVERAL = "Repeat the option or separate with commas."


def _grouped(group: str, *options: Option) -> Iterator[Option]:
    return (option if option.group else option._replace(group=group) for option in options)


def _flag_only(name: str, kind: Kind, help: str, **more: Any) -> Option:  # noqa: A002  as in `Option`
    return Option(name, kind, help, in_file=False, has_variable=False, **more)


OPTIONS = (
    *_grouped(
        "Inputs",
        Option(
            "inputs", "texts", "What to check when the command line names nothing.", metavar="[FILES|NAMES]...",
            details="Requirements files, lock files, pyproject.toml, directories, requirements ('pandas>=2'), or - for "
            "standard input. Default: what the working directory has, lock files first.",
            fills="inputs",
        ),
        _flag_only(
            "requirement", "files", "Check a requirements file; the same as naming it as an argument.", short="-r",
            metavar="FILE", fills="inputs",
        ),
        Option("constraint", "files", "Apply a constraints file.", short="-c", metavar="FILE", fills="constraints"),
        Option("extra", "names", "Include an extra.", metavar="NAME", fills="extras"),
        Option("group", "names", "Include a dependency group.", metavar="NAME", fills="groups"),
        Option("all-extras", "switch", "Include every extra.", fills="all_extras"),
        Option("all-groups", "switch", "Include every dependency group.", fills="all_groups"),
        Option(
            "input-format", "text", "Read the input files in this format, whatever their names.", metavar="NAME",
            details="One of requirements, pyproject.toml, setup.cfg, script, pylock.toml, uv.lock, poetry.lock, "
            "pdm.lock, Pipfile.lock, pex.lock, pixi.lock, pixi.toml, conda-lock.yml, environment.yml, "
            "pip-inspect.json, pip-report.json, cyclonedx.json, spdx.json.",
            fills="input_format",
        ),
        Option(
            "env", "environment", "Check an installed environment; `current` is the active one.", metavar="DIR",
            fills="environment",
        ),
    ),
    *_grouped(
        "Targets",
        Option(
            "python", "names",
            "Pythons to check: `3.14t` (free-threaded), `3.15` (regular), `3.14.2t` (a patch release) or `host` (the "
            "one that runs nogilcheck).",
            short="-p", metavar="VERSION", details=f"{_SEVERAL} Default: {', '.join(DEFAULT_PYTHONS)}.",
            default=DEFAULT_PYTHONS, fills="pythons",
        ),
        Option(
            "platform", "names",
            "Platforms to check: `linux`, `macos` or `windows` (on x86-64 and ARM64), one such as `linux-x86_64`, "
            "`musllinux-aarch64`, `macos-arm64` or `windows-amd64`, `all`, `host` (this machine), or the tag of the "
            "oldest system to support, such as `manylinux_2_28_x86_64` or `macosx_15_0_arm64`.",
            metavar="NAME",
            details="A name without a version means glibc 2.34, musl 1.2 or macOS 14.0. "
            f"{_SEVERAL} Default: {', '.join(DEFAULT_PLATFORMS)}.",
            default=DEFAULT_PLATFORMS, fills="platforms",
        ),
        Option(
            "allow-target", "names", "Check this Python too, but never fail on it.", metavar="VERSION",
            fills="allow_targets",
        ),
    ),
    *_grouped(
        "Output",
        _flag_only(
            "format", "texts",
            f"Output format: {', '.join(RENDERERS)}. Give it once for standard output, or once for each --output. "
            "Default: as the file is called, or terminal.",
            metavar="NAME", parameter_name="output_format", is_shared=False,
        ),
        _flag_only(
            "tree", "switch", "Draw one tree from your lines to every blocker; the same as `--format tree`.",
            is_shared=False,
        ),
        _flag_only(
            "output", "texts", "Write the report to a file, or to standard output (-). May be repeated.", short="-o",
            metavar="FILE",
        ),
        _flag_only(
            "annotations", "switch",
            "Annotate the lines at fault and add to the job summary on GitHub Actions. Default: on, when running "
            "there.",
            off="--no-annotations", is_shared=False,
        ),
        _flag_only("verbose", "switch", "List the ready distributions too.", short="-v"),
        _flag_only("quiet", "switch", "Show no progress, no warnings and no confirmations.", short="-q"),
        _flag_only(
            "color", "switch", "Use colour. Default: on a terminal only.", off="--no-color", parameter_name="colour"
        ),
    ),
    *_grouped(
        "Index",
        Option(
            "index-url", "url", "URL of the package index (Simple API).", short="-i", metavar="URL",
            fills="settings.index_url",
        ),
        Option(
            "extra-index-url", "urls", "Another index to search.", metavar="URL", fills="settings.extra_index_urls"
        ),
        Option(
            "index-strategy", "choice", "Which index to use when several have a project.", metavar="NAME",
            details="merge (or unsafe-best-match): all of them, as pip does; first-index: the first that has the "
            "project, as uv does. Default: merge for pip's indexes, first-index for uv's.",
            # uv's name for what pip does is accepted, too.
            choices={"merge": "merge", "unsafe-best-match": "merge", "first-index": "first-index"},
            fills="settings.strategy",
        ),
        Option(
            "find-links", "texts", "A directory or page with distribution files.", short="-f", metavar="PLACE",
            fills="settings.find_links",
        ),
        Option("no-index", "switch", "Ignore all indexes; use only `--find-links`.", fills="settings.no_index"),
        Option("pre", "switch", "Allow pre-releases.", fills="settings.pre"),
        Option(
            "only-binary", "projects", "Do not use sdists of these projects, or of `:all:`.", metavar="NAMES",
            fills="settings.only_binary",
        ),
        Option(
            "no-binary", "projects", "Do not use wheels of these projects, or of `:all:`.", metavar="NAMES",
            fills="settings.no_binary",
        ),
        Option(
            "exclude-newer", "time",
            "Ignore files uploaded after a date (the whole day counts, in UTC) or an RFC 3339 time, or within a "
            "duration before now: `2026-11-22`, `2026-11-22T12:00:00Z`, `7 days`.",
            metavar="DATE", fills="exclude_newer",
        ),
    ),
    *_grouped(
        "Scan",
        Option(
            "scan", "switch", "Read the extension modules in the chosen wheels, and report what they declare about the "
            "GIL.",
            fills="scan", is_shared=False,
        ),
        Option(
            "scan-limit", "size", "The most a scan may read: `200MB`, `1GiB`. Default: 500MB.",
            metavar="SIZE", fills="scan_limit", is_shared=False,
        ),
        Option("evidence", "files", "Add evidence of your own on projects.", metavar="FILE", fills="evidence"),
    ),
    *_grouped(
        "Cache",
        Option("offline", "switch", "Use only the cache, however old.", fills="offline"),
        _flag_only("refresh", "switch", "Ask the indexes again, whatever is cached.", fills="refresh"),
        Option(
            "max-age", "number", "How long a cached page counts as fresh. Default: as long as the index says.",
            metavar="SECONDS", fills="max_age",
        ),
        Option(
            "time-limit", "number",
            "When to stop; the rest is reported as unknown. "
            f"Default: {DEFAULT_TIME_LIMIT}; 0 for no limit.", metavar="SECONDS", fills="time_limit", group=OTHER,
        ),
        Option("no-cache", "switch", "Neither read nor write the cache.", fills="no_cache"),
        Option("cache-dir", "path", "The directory of the cache.", metavar="DIR", fills="cache_dir"),
    ),
    *_grouped(
        "Policy",
        Option(
            "fail-on", "names",
            "What fails the run: `blocker`; only blockers caused by `free-threading`, `python` (which includes "
            "`lock`), `source` or `lock`; `warning` (and blockers); `known-problem` (and blockers); `unknown` (nothing "
            "else); `new` (blockers that are not in the baseline); `never`. "
            "`direct:` or `transitive:` before a word narrows it to these.",
            details=f"{_SEVERAL} Default: {', '.join(DEFAULT_FAIL_WORDS)}.",
            metavar="WORD", default=DEFAULT_FAIL_WORDS, is_policy=True, is_shared=False,
        ),
        Option(
            "ignore", "names",
            "Ignore a project (`grpcio`), a rule (`NGC006`) or a rule for a project (`grpcio:NGC006`) in this run.",
            metavar="NAME", in_file=False, is_policy=True, is_shared=False,
        ),
        Option(
            "baseline", "path", "Fail only on blockers that this file does not record.", metavar="FILE",
            is_policy=True, is_shared=False,
        ),
        _flag_only(
            "write-baseline", "path", "Record today's blockers in this file.", metavar="FILE",
            is_policy=True, is_shared=False,
        ),
        Option(
            "severity", "severities", 'What rules count as, by code or name: `"blocker"`, `"warning"` or `"off"`.',
            default={}, has_flag=False, has_variable=False, is_policy=True, is_shared=False,
        ),
        Option(
            "waivers", "waivers", "What does not count until some day, and why.",
            default=(), has_flag=False, has_variable=False, is_policy=True, is_shared=False,
        ),
    ),
    *_grouped(
        OTHER,
        _flag_only(
            "config", "path",
            "The configuration file. Default: the nearest nogilcheck.toml, or pyproject.toml with [tool.nogilcheck].",
            metavar="FILE",
        ),
        _flag_only("no-config", "switch", "Ignore configuration files.", short="--isolated"),
    ),
)  # fmt: skip

BY_NAME = {option.name: option for option in OPTIONS}

SETTINGS = tuple(option for option in OPTIONS if option.in_file or option.has_variable)
"""Options that the file or a variable may set."""

WHAT_IS_CHECKED = frozenset(option.name for option in OPTIONS if option.fills in {"inputs", "environment"})
"""Options of which the highest layer that sets any replaces all the others."""


def was_given(value: object) -> bool:
    """Whether a parsed flag says anything; zero does."""
    return value is not None and value is not False and value != []

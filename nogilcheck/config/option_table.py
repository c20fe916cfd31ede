"""The one table of options: the parsers, the help, the configuration file, the variables and `Options` follow from it.

A new option is one entry of `OPTIONS`. One that shapes a check also names the field of `Options` that it fills.
Every run imports this module: it must stay cheap to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from nogilcheck.model.options import DEFAULT_FAIL_WORDS, DEFAULT_PLATFORMS, DEFAULT_PYTHONS, DEFAULT_TIME_LIMIT
from nogilcheck.report.formats import RENDERERS

PREFIX = "NOGILCHECK_"
"""Of every environment variable of this program."""

CONFIG_VARIABLE, NO_CONFIG_VARIABLE = f"{PREFIX}CONFIG", f"{PREFIX}NO_CONFIG"

Kind = Literal[
    "names", "projects", "texts", "files", "urls",
    "text", "path", "environment", "url", "choice", "time", "size",
    "switch", "number", "severities", "waivers",
]  # fmt: skip
"""The type of an option's value. `nogilcheck.config.values` has the readers, `TOML_TYPES` the words for people."""

TOML_TYPES: Mapping[Kind, str] = {
    "names": "an array of strings, or a string with commas",
    "projects": "an array of strings, or a string with commas",
    "texts": "an array of strings, or a string",
    "files": "an array of strings, or a string",
    "urls": "an array of strings, or a string",
    "switch": "true or false",
    "number": "a number, not negative",
    "severities": "a table of rules and severities",
    "waivers": "an array of tables",
}
"""What the configuration file holds for a kind; a string for those that are missing here."""

COMMA_SEPARATED = frozenset({"names", "projects"})
REPEATABLE = frozenset({"names", "projects", "texts", "files", "urls"})
"""Kinds whose values are lists: their flags may be repeated."""
_PATHS = frozenset({"texts", "files", "urls", "path", "environment", "url"})


class Option(NamedTuple):
    """One option."""

    name: str
    """Its key in the configuration file; its flag is ``--name``."""
    kind: Kind
    help: str
    """A sentence for ``--help`` and the reference page. Code is in backticks, which ``--help`` leaves out."""
    details: str = ""
    """What ``--help`` adds."""
    metavar: str | None = None
    short: str = ""
    """Another spelling of the flag: ``-p``."""
    off: str = ""
    """The flag that turns a switch off; it then has a third state, ``None``: neither was given."""
    parameter_name: str = ""
    """The key of its value among the parsed flags, where it is not ``name`` with underscores."""
    fills: str = ""
    """The field of `Options` that it fills, or of `Options.settings`: ``settings.pre``."""
    default: Any = None
    choices: Mapping[str, str] | None = None
    """Spellings and the values that they stand for, of the kind ``choice``."""
    in_file: bool = True
    has_flag: bool = True
    has_variable: bool = True
    is_policy: bool = False
    """It decides what counts and does not shape the check."""
    is_shared: bool = True
    """Other commands that check something (``why``, ``plan``) have it, too."""

    @property
    def parameter(self) -> str:
        """The key of its value among the parsed flags."""
        return self.parameter_name or self.name.replace("-", "_")

    @property
    def flag(self) -> str | None:
        """``--fail-on``; ``None`` where the command line has none."""
        return f"--{self.name}" if self.has_flag and self.name != "inputs" else None

    @property
    def variable(self) -> str | None:
        """``NOGILCHECK_FAIL_ON``."""
        return f"{PREFIX}{self.name.upper().replace('-', '_')}" if self.has_variable else None

    @property
    def toml_type(self) -> str:
        """What the configuration file holds, in words."""
        return TOML_TYPES.get(self.kind, "a string")

    @property
    def is_repeatable(self) -> bool:
        """Whether its value is a list."""
        return self.kind in REPEATABLE

    @property
    def is_path(self) -> bool:
        """Whether its values are relative to the file that holds them, unless they are URLs."""
        return self.kind in _PATHS

    @property
    def unset(self) -> Any:
        """Its value where nothing sets it."""
        if self.default is not None:
            return list(self.default) if isinstance(self.default, tuple) else self.default
        return [] if self.is_repeatable else False if self.kind == "switch" else None


def _flag_only(name: str, kind: Kind, help: str, **more: Any) -> Option:  # noqa: A002  as in `Option`
    return Option(name, kind, help, in_file=False, has_variable=False, **more)


OPTIONS = (
    Option(
        "inputs", "texts", "What to check when the command line names nothing.", metavar="[FILES|NAMES]...",
        details="Requirements files, lock files, pyproject.toml, directories, requirements ('pandas>=2'), or - for "
        "standard input. Default: what this directory has, a lock first.",
        fills="inputs",
    ),
    _flag_only(
        "requirement", "files", "A requirements file; the same as naming it.", short="-r", metavar="FILE",
        fills="inputs",
    ),
    Option("constraint", "files", "A constraints file.", short="-c", metavar="FILE", fills="constraints"),
    Option("extra", "names", "Also check this extra.", metavar="NAME", fills="extras"),
    Option("group", "names", "Also check this dependency group.", metavar="NAME", fills="groups"),
    Option("all-extras", "switch", "Check every extra.", fills="all_extras"),
    Option("all-groups", "switch", "Check every dependency group.", fills="all_groups"),
    Option(
        "input-format", "text", "The format of the input files, whatever they are called.", metavar="NAME",
        details="One of requirements, pyproject.toml, setup.cfg, script, pylock.toml, uv.lock, poetry.lock, pdm.lock, "
        "Pipfile.lock, environment.yml.",
        fills="input_format",
    ),
    Option(
        "env", "environment", "Check an installed environment; `current`: the active one.", metavar="DIR",
        fills="environment",
    ),
    Option(
        "python", "names", "Pythons to check.", short="-p", metavar="VERSION",
        details="Such as 3.14t, a patch release 3.14.2t, a regular build 3.15, or host (the running Python); repeat "
        f"the option or separate with commas. Default: {', '.join(DEFAULT_PYTHONS)}.",
        default=DEFAULT_PYTHONS, fills="pythons",
    ),
    Option(
        "platform", "names", "Platforms to check.", metavar="NAME",
        details="Likewise linux-x86_64, linux-aarch64, musllinux-x86_64, musllinux-aarch64, macos-arm64, "
        "macos-x86_64, windows-amd64, windows-arm64, all, host (the platform of this machine), or a platform tag that "
        "names the oldest supported system: manylinux_2_28_x86_64, musllinux_1_1_aarch64, macosx_15_0_arm64. "
        f"Default: {', '.join(DEFAULT_PLATFORMS)}. "
        "Without a tag, Linux means glibc 2.34 or newer, musl 1.2, macOS 14.0.",
        default=DEFAULT_PLATFORMS, fills="platforms",
    ),
    Option(
        "allow-target", "names", "Also check this Python, and never fail on it.", metavar="VERSION",
        fills="allow_targets",
    ),
    _flag_only(
        "format", "texts",
        f"{', '.join(RENDERERS)}; alone for standard output, or once for each --output. "
        "Default: as the file's name ends, or terminal.",
        metavar="NAME", parameter_name="output_format", is_shared=False,
    ),
    _flag_only(
        "output", "texts", "Write the report to a file, - for standard output; repeat it for more.", short="-o",
        metavar="FILE",
    ),
    _flag_only(
        "annotations", "switch",
        "Annotate the lines at fault for GitHub Actions, and add to the step summary. Default: there only.",
        off="--no-annotations", is_shared=False,
    ),
    _flag_only("verbose", "switch", "Show the ready distributions too.", short="-v"),
    _flag_only("quiet", "switch", "No progress and no warnings.", short="-q"),
    _flag_only(
        "color", "switch", "Colour; by default on a terminal only.", off="--no-color", parameter_name="colour"
    ),
    Option(
        "index-url", "url", "Base URL of the package index (Simple API).", short="-i", metavar="URL",
        fills="settings.index_url",
    ),
    Option(
        "extra-index-url", "urls", "Another index to ask as well.", metavar="URL", fills="settings.extra_index_urls"
    ),
    Option(
        "index-strategy", "choice", "What to use when several indexes have a project.", metavar="NAME",
        details="merge (or unsafe-best-match): the files of all of them, as pip does; first-index: the first index "
        "that has the project, as uv does. Default: pip's indexes are merged, uv's come first.",
        # uv's name for what pip does is accepted, too.
        choices={"merge": "merge", "unsafe-best-match": "merge", "first-index": "first-index"},
        fills="settings.strategy",
    ),
    Option(
        "find-links", "texts", "A directory or a page of distribution files.", short="-f", metavar="PLACE",
        fills="settings.find_links",
    ),
    Option("no-index", "switch", "Ask no index, only the `--find-links` locations.", fills="settings.no_index"),
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
        "exclude-newer", "time", "Ignore files uploaded after this day (UTC) or RFC 3339 time.", metavar="DATE",
        fills="exclude_newer",
    ),
    Option(
        "scan", "switch", "Also read what the chosen wheels' extension modules declare about the GIL.",
        fills="scan", is_shared=False,
    ),
    Option(
        "scan-limit", "size", "How much of the wheels a scan reads at most: `200MB`, `1GiB`. Default: 500MB.",
        metavar="SIZE", fills="scan_limit", is_shared=False,
    ),
    Option(
        "evidence", "files", "Evidence of your own on projects, added to what nogilcheck knows.", metavar="FILE",
        fills="evidence",
    ),
    Option("offline", "switch", "Use only the cache, fresh or not.", fills="offline"),
    _flag_only("refresh", "switch", "Ask the indexes again, whatever is cached.", fills="refresh"),
    Option(
        "max-age", "number", "How many seconds a cached page counts as fresh.", metavar="SECONDS", fills="max_age"
    ),
    Option(
        "time-limit", "number",
        f"How many seconds the run may last; the rest is reported as unknown. Default: {DEFAULT_TIME_LIMIT}; "
        "0: no limit.", metavar="SECONDS", fills="time_limit",
    ),
    Option("no-cache", "switch", "Neither read nor write the cache.", fills="no_cache"),
    Option("cache-dir", "path", "Where the cache is.", metavar="DIR", fills="cache_dir"),
    Option(
        "fail-on", "names",
        "What fails the run: `blocker`; `free-threading`, `python`, `source` or `lock` (blockers of that cause; "
        "`python` includes `lock`); `warning` (too); `known-problem`; `unknown` (nothing else); `new` (not in the "
        "baseline); `never`. "
        "`direct:` or `transitive:` before a word is for those dependencies only.",
        details=f"Repeat the option or separate with commas. Default: {', '.join(DEFAULT_FAIL_WORDS)}.",
        metavar="WORD", default=DEFAULT_FAIL_WORDS, is_policy=True, is_shared=False,
    ),
    Option(
        "ignore", "names",
        "Ignore a project (`grpcio`), a rule (`NGC006`) or both (`grpcio:NGC006`) in this run.",
        metavar="NAME", in_file=False, is_policy=True, is_shared=False,
    ),
    Option(
        "baseline", "path", "The file of the known blockers: only new ones fail.", metavar="FILE",
        is_policy=True, is_shared=False,
    ),
    _flag_only(
        "write-baseline", "path", "Write a baseline: record today's blockers in this file.", metavar="FILE",
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
    _flag_only(
        "config", "path",
        "The configuration file. Default: the nearest nogilcheck.toml, or pyproject.toml with [tool.nogilcheck].",
        metavar="FILE",
    ),
    _flag_only("no-config", "switch", "Ignore configuration files.", short="--isolated"),
)  # fmt: skip

BY_NAME = {option.name: option for option in OPTIONS}

SETTINGS = tuple(option for option in OPTIONS if option.in_file or option.has_variable)
"""Options that the file or a variable may set."""

WHAT_IS_CHECKED = frozenset(option.name for option in OPTIONS if option.fills in {"inputs", "environment"})
"""Options of which the highest layer that sets any replaces all the others."""


def was_given(value: object) -> bool:
    """Whether a parsed flag says anything; zero does."""
    return value is not None and value is not False and value != []

"""Every setting, once: its name, its type, its flag, its variable, its help. The reference page is made from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from nogilcheck.config.file import PREFIX
from nogilcheck.model.options import DEFAULT_PLATFORMS, DEFAULT_PYTHONS
from nogilcheck.model.policy import DEFAULT_FAIL_WORDS


class Kind(StrEnum):
    """What a setting's value is, in words for people."""

    NAMES = "an array of strings, or a string with commas"
    TEXTS = "an array of strings, or a string"
    TEXT = "a string"
    SWITCH = "true or false"
    NUMBER = "a number, not negative"
    SEVERITIES = "a table of rules and severities"
    WAIVERS = "an array of tables"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting."""

    name: str
    """Its key in the file; its flag is ``--name``, save for the inputs."""
    kind: Kind
    help: str
    parameter: str = ""
    """The name of the parameter that the flag fills, where it is not made from ``name``."""
    default: object = None
    choices: tuple[str, ...] = ()
    is_path: bool = False
    """Where it is not a URL, it is relative to the file that holds it."""
    in_file: bool = True
    has_flag: bool = True
    has_variable: bool = True
    is_policy: bool = False
    """It is about what counts, and shapes no check."""

    @property
    def key(self) -> str:
        """The parameter of the command line that it fills."""
        return self.parameter or self.name.replace("-", "_")

    @property
    def flag(self) -> str | None:
        """``--fail-on``; ``None`` where only the file can say it."""
        return f"--{self.name}" if self.has_flag else None

    @property
    def variable(self) -> str | None:
        """``NOGILCHECK_FAIL_ON``."""
        return f"{PREFIX}{self.name.upper().replace('-', '_')}" if self.has_variable else None


def _names(name: str, text: str, default: Sequence[str] = (), *, in_file: bool = True) -> Setting:
    return Setting(name=name, kind=Kind.NAMES, help=text, default=list(default), in_file=in_file)


def _texts(name: str, text: str, *, is_path: bool = True, has_flag: bool = True) -> Setting:
    return Setting(name=name, kind=Kind.TEXTS, help=text, default=[], is_path=is_path, has_flag=has_flag)


def _text(name: str, text: str, *, choices: tuple[str, ...] = (), is_path: bool = False) -> Setting:
    return Setting(name=name, kind=Kind.TEXT, help=text, choices=choices, is_path=is_path)


def _switch(name: str, text: str) -> Setting:
    return Setting(name=name, kind=Kind.SWITCH, help=text, default=False)


_CHECK = (
    _texts("inputs", "What is checked when the command line names nothing.", has_flag=False),
    _text("env", "An installed environment to be judged; `current`: the one that is active.", is_path=True),
    _text("input-format", "What the inputs are, whatever they are called."),
    _texts("constraint", "Constraints files."),
    _names("extra", "Optional dependencies to check as well."),
    _names("group", "Dependency groups to check as well."),
    _switch("all-extras", "Check every optional dependency."),
    _switch("all-groups", "Check every dependency group."),
    _names("python", "Pythons to check.", DEFAULT_PYTHONS),
    _names("platform", "Platforms to check.", DEFAULT_PLATFORMS),
    _names("allow-target", "Pythons to show as well, and never to fail on."),
    _text("index-url", "Base URL of the package index.", is_path=True),
    _texts("extra-index-url", "Further indexes."),
    _text(
        "index-strategy",
        "What counts when several indexes have a project.",
        choices=("merge", "unsafe-best-match", "first-index"),
    ),
    _texts("find-links", "Directories or pages of distribution files."),
    _switch("no-index", "Ask no index, only the find-links locations."),
    _switch("pre", "Admit pre-releases."),
    _names("only-binary", "Admit no sdists of these projects, or of `:all:`."),
    _names("no-binary", "Admit no wheels of these projects, or of `:all:`."),
    _text("exclude-newer", "Ignore files uploaded after this day (UTC) or time."),
    _switch("scan", "Read what extension modules declare about the GIL."),
    _text("scan-limit", "How much a scan reads at most, such as `500MB`."),
    _switch("offline", "Use only the cache."),
    Setting(name="max-age", kind=Kind.NUMBER, help="Seconds for which a cached page counts as fresh."),
    _switch("no-cache", "Neither read nor write the cache."),
    _text("cache-dir", "Where the cache is.", is_path=True),
)

_POLICY = (
    _names(
        "fail-on",
        "What fails the run: `blocker`, `free-threading`, `python`, `source`, `warning`, `gap`, `new`, `never`; "
        "`direct:` or `transitive:` before a word is for those dependencies only.",
        DEFAULT_FAIL_WORDS,
    ),
    _text("baseline", "The file of the blockers that are known: only new ones fail.", is_path=True),
    _names(
        "ignore", "Projects (`grpcio`), rules (`NGC006`) or both (`grpcio:NGC006`) that do not count.", in_file=False
    ),
    Setting(
        name="severity",
        kind=Kind.SEVERITIES,
        help='What rules count as, by code or name: `"blocker"`, `"warning"` or `"off"`.',
        default={},
        has_flag=False,
        has_variable=False,
    ),
    Setting(
        name="waivers",
        kind=Kind.WAIVERS,
        help="What does not count until some day, and why.",
        default=[],
        has_flag=False,
        has_variable=False,
    ),
)

SETTINGS = (*_CHECK, *(replace(setting, is_policy=True) for setting in _POLICY))

BY_NAME = {setting.name: setting for setting in SETTINGS}
BY_VARIABLE = {setting.variable: setting for setting in SETTINGS if setting.variable}

WHAT_IS_CHECKED = frozenset({"inputs", "env", "requirement"})
"""Parameters of which the highest layer that has any replaces all the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key of a waiver."""

    name: str
    type: str
    help: str


WAIVER_KEYS = (
    Key(name="distribution", type="a string", help="A project, perhaps with versions: `grpcio`, `grpcio<2`."),
    Key(name="rule", type="a string", help="The code or the name of a rule; without it: whatever would fail the run."),
    Key(
        name="targets",
        type="an array of strings",
        help='Pythons (`3.15t`), platforms (`windows-amd64`), both (`"3.15t windows-amd64"`) or target ids.',
    ),
    Key(name="reason", type="a string", help="Why; required."),
    Key(name="expires", type="a date", help="The last day on which it holds, UTC; then the finding counts again."),
)
"""One of ``distribution`` and ``rule`` is required."""

"""One option: how it is called, what it takes, and what it fills."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

PREFIX = "NOGILCHECK_"
"""Of every environment variable of this program."""

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
    group: str = ""
    """The heading under which ``--help`` lists it."""

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

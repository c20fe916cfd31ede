"""The waivers of a configuration file, and projects and rules as users name them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from nogilcheck.config.file import ConfigFile
from nogilcheck.config.file_values import Problems, kind_of_value
from nogilcheck.model.policy import Waiver
from nogilcheck.model.rules.table import BY_CODE, BY_NAME
from nogilcheck.model.source import Location

IS_CODE = re.compile(r"ngc\d+", re.IGNORECASE)
"""A rule's code."""

NAME = re.compile(r"[A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9])?", re.IGNORECASE | re.ASCII)
"""A project's name (PEP 508)."""


def rule_code(rule: str) -> str | None:
    """The code of the rule with this code or name; ``None`` where there is none."""
    if rule.upper() in BY_CODE:
        return rule.upper()
    named = BY_NAME.get(rule.lower())
    return named.code if named else None


def normalized(name: str) -> str:
    """The normalized name of a project (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


_DISTRIBUTION = re.compile(rf"\s*(?P<name>{NAME.pattern})\s*(?P<specifier>(?:[<>=!~].*)?)", re.IGNORECASE | re.ASCII)
_TARGET = re.compile(r"\d+\.\d+(?:\.\d+)?t?(?: [a-z0-9_-]+)?|[a-z0-9.]+[-_][a-z0-9_.-]+")
"""A Python, perhaps with a platform; a platform or a target id."""


FIXED = "fixed"


class WaiverKey(NamedTuple):
    """A key of a waiver, for the reader and the reference page."""

    name: str
    type: str
    help: str


WAIVER_KEYS = (
    WaiverKey("distribution", "a string", "A project, perhaps with versions: `grpcio`, `grpcio<2`."),
    WaiverKey("rule", "a string", "The code or the name of a rule; without it: whatever would fail the run."),
    WaiverKey(
        "targets",
        "an array of strings",
        'Pythons (`3.15t`), platforms (`windows-amd64`), both (`"3.15t windows-amd64"`) or target ids.',
    ),
    WaiverKey("reason", "a string", "Why; required."),
    WaiverKey("expires", "a date", "The last day on which it holds, UTC; then the finding counts again."),
    WaiverKey(
        "until", '`"fixed"`', "Once a newer release fits, or a wheel that the lock lacks, the finding counts again."
    ),
)
"""One of ``distribution`` and ``rule`` is required."""


def read_waiver(table: Mapping[str, Any], position: int, file: ConfigFile, problems: Problems) -> Waiver | None:
    """A table of ``waivers`` -> the waiver; ``None`` where something is wrong with it, which ``problems`` then has."""
    reading = _WaiverTable(table, position, problems)
    reason = reading.text("reason")
    if reason is None and "reason" not in table:
        reading.wrong("a waiver needs a reason", hint='reason = "no free-threaded wheels yet, see ..."')
    if "distribution" not in table and "rule" not in table:
        reading.wrong("a waiver needs a distribution, or a rule", hint='distribution = "grpcio"')
    distribution, specifier = reading.distribution()
    rule, targets, expires, until_fixed = reading.rule(), reading.targets(), reading.expires(), reading.until_fixed()
    if reading.is_wrong or reason is None:
        return None
    return Waiver(
        distribution=distribution,
        specifier=specifier,
        rule=rule,
        targets=targets,
        reason=reason,
        expires=expires,
        until_fixed=until_fixed,
        location=Location(path=file.path, line=file.line("waivers", position)),
    )


class _WaiverTable:
    """One table of ``waivers``, on its way to a `Waiver`."""

    def __init__(self, table: Mapping[str, Any], position: int, problems: Problems) -> None:
        self._table = table
        self._position = position
        self._problems = problems
        self.is_wrong = False
        known = {key.name: key for key in WAIVER_KEYS}
        for key in table:
            if key not in known:
                self.is_wrong = True
                problems.unknown(key, known, "waivers", position, key, what="unknown key of a waiver")

    def wrong(self, message: str, *keys: str | int, hint: str | None = None) -> None:
        """Add a problem with the waiver, or with one of its keys."""
        self.is_wrong = True
        self._problems.add(message, "waivers", self._position, *keys, hint=hint)

    def text(self, key: str) -> str | None:
        """The string of a key that may be missing."""
        value = self._table.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if key in self._table:
            self.wrong(f"{key}: expected a string that is not empty, found {kind_of_value(value)}", key)
        return None

    def distribution(self) -> tuple[str | None, str]:
        """The normalized name, and the specifier."""
        text = self.text("distribution")
        if text is None:
            return None, ""
        match = _DISTRIBUTION.fullmatch(text)
        if match is None or not _is_specifier(match["specifier"]):
            self.wrong(
                f"'{text}' is not a project name with versions",
                "distribution",
                hint='such as "grpcio" or "grpcio>=1.60,<2"',
            )
            return None, ""
        return normalized(match["name"]), match["specifier"].strip()

    def rule(self) -> str | None:
        """The code."""
        text = self.text("rule")
        code = rule_code(text) if text else None
        if text and code is None:
            self.is_wrong = True
            known = {**BY_CODE, **BY_NAME}
            self._problems.unknown(text, known, "waivers", self._position, "rule", what="there is no such rule")
        return code

    def targets(self) -> tuple[str, ...]:
        """As written."""
        value = self._table.get("targets", [])
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self.wrong(f"targets: expected an array of strings, found {kind_of_value(value)}", "targets")
            return ()
        if not items and "targets" in self._table:  # every target or none? nobody should have to guess
            self.wrong("targets: expected a non-empty array", "targets", hint="leave it out for every target")
        for number, item in enumerate(items):
            if not _TARGET.fullmatch(item):
                hint = 'such as "3.15t", "windows-amd64" or "3.15t windows-amd64"'
                self.wrong(f"'{item}' is not a target", "targets", number, hint=hint)
        return tuple(items)

    def expires(self) -> date | None:
        """The last day."""
        value = self._table.get("expires")
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date) or value is None:
            return value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self.wrong(
                f"expires: expected a date, found {kind_of_value(value)}", "expires", hint="write expires = 2027-01-31"
            )
            return None

    def until_fixed(self) -> bool:
        """Whether it holds until a release fits."""
        text = self.text("until")
        if text not in {None, FIXED}:
            hint = f'write until = "{FIXED}", or expires = 2027-01-31'
            self.wrong(f"until: expected '{FIXED}', found '{text}'", "until", hint=hint)
        return text == FIXED


def _is_specifier(text: str) -> bool:
    if not text:
        return True
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return False
    return True

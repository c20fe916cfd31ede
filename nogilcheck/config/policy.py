"""What the user wrote about what counts -> `Policy`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from nogilcheck.config.file import ConfigFile
from nogilcheck.config.reading import Problems, kind_of_value
from nogilcheck.config.settle import Settled
from nogilcheck.config.table import WAIVER_KEYS
from nogilcheck.errors import UsageError
from nogilcheck.judge.rules import BY_CODE, BY_NAME
from nogilcheck.model.policy import (
    DEFAULT_FAIL_WORDS,
    FAIL_WORDS,
    NEVER,
    NEW,
    SEVERITY_WORDS,
    FailOn,
    Ignore,
    Policy,
    Waiver,
)
from nogilcheck.model.source import Location

_CODE = re.compile(r"ngc\d+", re.IGNORECASE)
_NAME = re.compile(r"[A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9])?", re.IGNORECASE | re.ASCII)
"""A project name (PEP 508)."""
_DISTRIBUTION = re.compile(rf"\s*(?P<name>{_NAME.pattern})\s*(?P<specifier>(?:[<>=!~].*)?)", re.IGNORECASE | re.ASCII)
_TARGET = re.compile(r"\d+\.\d+(?:\.\d+)?t?(?: [a-z0-9_-]+)?|[a-z0-9.]+[-_][a-z0-9_.-]+")
"""A Python, perhaps with a platform; a platform or a target id."""

_SCOPES = ("direct", "transitive")


def read_policy(settled: Settled, *, has_baseline: bool) -> Policy:
    """The policy without its baseline. Raises `UsageError`, with the place, for what makes no sense."""
    try:
        return _read_policy(settled, has_baseline=has_baseline)
    except UsageError as error:
        raise settled.placed(error) from None


def _read_policy(settled: Settled, *, has_baseline: bool) -> Policy:
    severity = settled.value("severity")
    waivers = settled.value("waivers")
    found: dict[str, str] = {}
    kept: list[Waiver] = []
    if settled.file is not None:
        problems = Problems(settled.file)
        if isinstance(severity, dict):
            found = dict(_severities(severity, problems))
        if isinstance(waivers, list):
            kept = [
                waiver
                for position, table in enumerate(waivers)
                if (waiver := _waiver(table, position, settled.file, problems)) is not None
            ]
        problems.raise_any()
    fail_on = parse_fail_on(_strings(settled.value("fail-on")))
    if not has_baseline and any(NEW in words for words in fail_on.both):
        raise UsageError("--fail-on new needs a baseline", hint="draw the line with --write-baseline FILE")
    return Policy(
        fail_on=fail_on,
        severity=found,
        ignores=tuple(map(parse_ignore, _split(_strings(settled.value("ignore"))))),
        waivers=tuple(kept),
    )


def _strings(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _split(values: Sequence[str]) -> Iterator[str]:
    return (word for value in values for part in value.split(",") if (word := part.strip()))


def parse_fail_on(values: Sequence[str]) -> FailOn:
    """The values of ``--fail-on``: words, of which ``direct:`` or ``transitive:`` may stand before any.

    A scope that has words of its own obeys those alone, the other one those without a scope, and where there are none
    the default. Raises `UsageError`.
    """
    words: dict[str, set[str]] = {"": set(), **{scope: set() for scope in _SCOPES}}
    for text in _split(values):
        scope, colon, word = text.rpartition(":")
        if (colon and scope not in _SCOPES) or word not in FAIL_WORDS:
            from nogilcheck.config.suggestions import suggestion

            hint = suggestion(text, [*FAIL_WORDS, *(f"{scope}:{word}" for scope in _SCOPES for word in FAIL_WORDS)])
            known = f"one of {', '.join(FAIL_WORDS)}; direct:WORD and transitive:WORD are for those dependencies only"
            raise UsageError(f"nothing fails on '{text}'", hint=hint or known)
        words[scope].add(word)
    for scope, chosen in words.items():
        if NEVER in chosen and len(chosen) > 1:
            other = min(chosen - {NEVER})
            raise UsageError(f"--fail-on {scope}{':' * bool(scope)}never contradicts {other}", hint="leave one out")
    unscoped = frozenset(words[""]) or frozenset(DEFAULT_FAIL_WORDS)
    return FailOn(**{scope: frozenset(words[scope]) or unscoped for scope in _SCOPES})


def parse_ignore(text: str) -> Ignore:
    """A value of ``--ignore``: a project, a rule's code, or ``PROJECT:RULE``. Raises `UsageError`."""
    name, colon, rule = text.partition(":")
    if not colon and _CODE.fullmatch(name):
        name, rule = "", name
    if name and not _NAME.fullmatch(name):
        raise UsageError(f"'{text}' cannot be ignored", hint="name a project, a rule (NGC006) or both (grpcio:NGC006)")
    if not name and not rule:
        raise UsageError(f"'{text}' names nothing to ignore", hint="name a project, a rule or both (grpcio:NGC006)")
    code = _code(rule) if rule else None
    if rule and code is None:
        from nogilcheck.config.suggestions import suggestion

        raise UsageError(f"there is no rule '{rule}'", hint=suggestion(rule, [*BY_CODE, *BY_NAME]))
    return Ignore(distribution=_normalized(name) if name else None, rule=code, text=text)


def _code(rule: str) -> str | None:
    """The code of a rule that is called by its code or its name."""
    if rule.upper() in BY_CODE:
        return rule.upper()
    found = BY_NAME.get(rule.lower())
    return found.code if found else None


def _normalized(name: str) -> str:
    """PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _severities(table: Mapping[str, object], problems: Problems) -> Iterator[tuple[str, str]]:
    for rule, word in table.items():
        keys = ("severity", rule)
        code = _code(rule)
        if code is None:
            problems.unknown(rule, {**BY_CODE, **BY_NAME}, *keys, what="there is no such rule")
        if not isinstance(word, str):
            problems.add(f"severity of {rule}: expected a string, found {kind_of_value(word)}", *keys)
        elif word not in SEVERITY_WORDS:
            from nogilcheck.config.suggestions import SEVERITY_ALIASES

            near = SEVERITY_ALIASES.get(word.lower())
            hint = f"did you mean {near!r}?" if near else f"one of {', '.join(SEVERITY_WORDS)}"
            problems.add(f"there is no severity {word!r}", *keys, hint=hint)
        elif code is not None:
            yield code, word


def _waiver(table: Mapping[str, Any], position: int, file: ConfigFile, problems: Problems) -> Waiver | None:
    """The waiver; ``None`` where something is wrong with it."""
    reading = _Waiver(table, position, problems)
    reason = reading.text("reason")
    if reason is None and "reason" not in table:
        reading.wrong("a waiver needs a reason", hint='reason = "no free-threaded wheels yet, see ..."')
    if "distribution" not in table and "rule" not in table:
        reading.wrong("a waiver needs a distribution, or a rule", hint='distribution = "grpcio"')
    distribution, specifier = reading.distribution()
    found = (reading.rule(), reading.targets(), reading.expires())
    if reading.is_wrong or reason is None:
        return None
    rule, targets, expires = found
    return Waiver(
        distribution=distribution,
        specifier=specifier,
        rule=rule,
        targets=targets,
        reason=reason,
        expires=expires,
        location=Location(path=file.path, line=file.line("waivers", position)),
    )


class _Waiver:
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
        """Something is wrong."""
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
        found = _DISTRIBUTION.fullmatch(text)
        if found is None or not _is_specifier(found["specifier"]):
            self.wrong(
                f"'{text}' is no project with versions", "distribution", hint='such as "grpcio" or "grpcio>=1.60,<2"'
            )
            return None, ""
        return _normalized(found["name"]), found["specifier"].strip()

    def rule(self) -> str | None:
        """The code."""
        text = self.text("rule")
        code = _code(text) if text else None
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
            self.wrong("targets: expected an array that is not empty", "targets", hint="leave it out for every target")
        for number, item in enumerate(items):
            if not _TARGET.fullmatch(item):
                hint = 'such as "3.15t", "windows-amd64" or "3.15t windows-amd64"'
                self.wrong(f"'{item}' is no target", "targets", number, hint=hint)
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


def _is_specifier(text: str) -> bool:
    if not text:
        return True
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return False
    return True

"""What a check of a universe is asked, and what it must answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from nogilcheck.errors import ExitStatus
from nogilcheck.model.verdict import Cause, RegularBuildGets, Status
from tests.world.tables import Table, UniverseError

DEFAULT_PLATFORM = "linux-x86_64"
DEFAULT_TARGET = "3.14t"

_TARGET = re.compile(r"3\.\d+t?( [a-z0-9_-]+)?")
_FALLBACKS = ("older", "newer", "pre-release")
_HELD_BACK_BY = ("requires-python", "no-file")

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class TargetName:
    """``3.14t`` on the default platform, or ``3.14t windows-amd64``."""

    python: str
    platform: str = DEFAULT_PLATFORM

    @property
    def id(self) -> str:
        """As `Target.id`: ``cp314t-linux_x86_64``."""
        return f"cp{self.python.replace('.', '')}-{self.platform.replace('-', '_')}"

    def __str__(self) -> str:
        return self.python if self.platform == DEFAULT_PLATFORM else f"{self.python} {self.platform}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedFallback:
    """As `Fallback`."""

    version: str
    reason: str
    silent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedHeldBack:
    """The newest permitted version, and what keeps the twin from taking it."""

    version: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What one target gets for one distribution. Where a field may be ``None`` for "not stated", it says so."""

    version: str | None
    """``None``: it could not be resolved."""
    status: Status
    fallback: ExpectedFallback | None = None
    """``None``: there is none."""
    held_back: ExpectedHeldBack | None = None
    """``None``: it is not held back."""
    cause: Cause | None = None
    """``None``: not stated."""
    twin: RegularBuildGets | None = None
    """``None``: not stated."""
    wheel: str | None = None
    """Tags (with a build tag in front, if any) of the wheel the target installs; ``None``: not stated."""
    path: tuple[str, ...] | None = None
    """Names on the shortest path of its finding, from what the root asks for to itself; ``None``: not stated."""
    findings: tuple[str, ...] = ()
    """Names of rules that must hold besides the status; others may."""
    advice: tuple[str, ...] | None = None
    """The advice of the finding that its status is, best first, see `tests.support.advice`; ``None``: not stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One question and its whole answer."""

    name: str
    universe: str
    why: str = ""
    """The rule that it is about."""
    requirements: tuple[str, ...]
    """Lines of a requirements file."""
    constraints: tuple[str, ...] = ()
    """Lines of a constraints file."""
    targets: tuple[TargetName, ...]
    flags: tuple[str, ...] = ()
    """Further command line arguments."""
    expected: Mapping[TargetName, Mapping[str, Expected]] = field(default_factory=dict)
    """By target and normalized name."""
    partial: bool = False
    """There may be further distributions. Otherwise those expected are all."""
    gaps: tuple[str, ...] = ()
    """Names that a gap (or a finding that is a gap) must concern; others may."""
    mentions: tuple[str, ...] = ()
    """What the diagnostics must mention."""
    exit: ExitStatus | None = None
    """``None``: not stated."""

    def __str__(self) -> str:
        return self.name

    @property
    def pythons(self) -> tuple[str, ...]:
        """The values of ``--python``."""
        return tuple(dict.fromkeys(target.python for target in self.targets))

    @property
    def platforms(self) -> tuple[str, ...]:
        """The values of ``--platform``."""
        return tuple(dict.fromkeys(target.platform for target in self.targets))

    @property
    def mentioned(self) -> Iterator[tuple[str, str, str | None]]:
        """Where, name and version of everything expected, for checking against the universe."""
        for target, distributions in self.expected.items():
            for name, expected in distributions.items():
                where = f"{target}.{name}"
                yield where, name, expected.version
                if expected.fallback is not None:
                    yield f"{where}.fallback", name, expected.fallback.version
                if expected.held_back is not None:
                    yield f"{where}.held-back", name, expected.held_back.version

    def write(self, directory: Path) -> Path:
        """Write ``requirements.txt`` (and ``constraints.txt``) there; returns the former."""
        lines = list(self.requirements)
        if self.constraints:
            (directory / "constraints.txt").write_text("\n".join(self.constraints) + "\n", encoding="utf-8")
            lines.append("-c constraints.txt")
        path = directory / "requirements.txt"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def arguments(self, requirements: Path, index_url: str) -> list[str]:
        """The command line that asks the question."""
        pythons = [part for python in self.pythons for part in ("--python", python)]
        platforms = [part for platform in self.platforms for part in ("--platform", platform)]
        return ["check", str(requirements), *pythons, *platforms, "--index-url", index_url, *self.flags]


def read_scenario(table: Table, universe: str) -> Scenario:
    """A ``[[scenario]]`` table; raises `UniverseError` for anything that is not well formed."""
    name = table.text("name")
    if not name:
        raise UniverseError(f"{table.where}: a scenario needs a name")
    table.where = f"{universe}.{name}"
    by_target = table.table("expect")
    expected = {_target(key, by_target): _distributions(by_target.table(key)) for key in by_target}
    stated = tuple(_target(key, table) for key in table.texts("targets"))
    targets = stated or tuple(expected) or (TargetName(python=DEFAULT_TARGET),)
    scenario = Scenario(
        name=name,
        universe=universe,
        why=table.text("why"),
        requirements=table.texts("requirements"),
        constraints=table.texts("constraints"),
        targets=targets,
        flags=table.texts("flags"),
        expected=expected,
        partial=table.flag("partial"),
        gaps=table.texts("gaps"),
        mentions=table.texts("mentions"),
        exit=_exit(table),
    )
    table.finish()
    _check_targets(scenario)
    return scenario


def _check_targets(scenario: Scenario) -> None:
    where = f"{scenario.universe}.{scenario.name}"
    if not scenario.requirements:
        raise UniverseError(f"{where}: requirements are missing")
    asked = {
        TargetName(python=python, platform=platform) for python in scenario.pythons for platform in scenario.platforms
    }
    if asked != set(scenario.targets):
        raise UniverseError(f"{where}: --python and --platform ask for every combination; these targets are not")
    if not set(scenario.expected) <= asked:
        raise UniverseError(f"{where}: expectations about targets that are not asked for")


def _exit(table: Table) -> ExitStatus | None:
    if "exit" not in table:
        return None
    try:
        return ExitStatus(table.number("exit"))
    except ValueError as error:
        raise UniverseError(f"{table.where}.exit: {error}") from error


def _target(text: str, table: Table) -> TargetName:
    if not _TARGET.fullmatch(text):
        raise UniverseError(f"{table.where}: {text!r} is not a target, such as '3.14t' or '3.14t windows-amd64'")
    python, _, platform = text.partition(" ")
    return TargetName(python=python, platform=platform or DEFAULT_PLATFORM)


def _distributions(table: Table) -> dict[str, Expected]:
    return {name: _expected(table, name) for name in table}


def _expected(parent: Table, name: str) -> Expected:
    value = parent.value(name)
    table = Table({"is": value} if isinstance(value, str) else value, f"{parent.where}.{name}")
    version, status = _words(table, "is", 2)
    path = table.texts("path")
    expected = Expected(
        version=None if version == "-" else version,
        status=_member(Status, status, table),
        fallback=_fallback(table),
        held_back=_held_back(table),
        cause=_member(Cause, table.text("cause"), table) if "cause" in table else None,
        twin=_member(RegularBuildGets, table.text("twin"), table) if "twin" in table else None,
        wheel=table.maybe_text("wheel"),
        path=path or None,
        findings=table.texts("findings"),
        advice=table.texts("advice") if "advice" in table else None,
    )
    table.finish()
    return expected


def _fallback(table: Table) -> ExpectedFallback | None:
    if "fallback" not in table:
        return None
    silent = table.text("fallback").endswith(" silent")
    version, reason = _words(table, "fallback", 3 if silent else 2)[:2]
    if reason not in _FALLBACKS:
        raise UniverseError(f"{table.where}.fallback: {reason!r} is not among {', '.join(_FALLBACKS)}")
    return ExpectedFallback(version=version, reason=reason, silent=silent)


def _held_back(table: Table) -> ExpectedHeldBack | None:
    if "held-back" not in table:
        return None
    version, by = _words(table, "held-back", 2)
    if by not in _HELD_BACK_BY:
        raise UniverseError(f"{table.where}.held-back: {by!r} is not among {', '.join(_HELD_BACK_BY)}")
    return ExpectedHeldBack(version=version, by=by)


def _words(table: Table, key: str, count: int) -> list[str]:
    words = table.text(key).split()
    if len(words) != count:
        raise UniverseError(f"{table.where}.{key}: expected {count} words, not {table.text(key)!r}")
    return words


def _member(kind: type[E], value: str, table: Table) -> E:
    try:
        return kind(value)
    except ValueError as error:
        raise UniverseError(f"{table.where}: {error}") from error

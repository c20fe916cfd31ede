"""Every error that the package raises on purpose, and the status the process ends with.

NogilcheckError
├── UsageError            a flag, a name or a combination that makes no sense
├── InputError            a file that cannot be read or parsed; carries where
└── CacheError            the cache directory was asked for and cannot be used
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import ClassVar


class ExitStatus(IntEnum):
    """What the process ends with. The one table of exit statuses."""

    READY = 0
    """Every distribution installs on every target that counts; warnings are allowed."""
    BLOCKED = 1
    """At least one blocker that counts."""
    UNUSABLE = 2
    """Usage, a file that cannot be read or parsed, or conflicting requirements."""
    UNDECIDED = 3
    """No blocker, but something could not be known."""
    INTERRUPTED = 130
    """Ctrl-C (128 + SIGINT, as shells report it)."""


class NogilcheckError(Exception):
    """What was wrong, where, and what to do about it.

    ``message`` and ``hint`` are shown to people as they are; neither may hold a credential.
    """

    exit_status: ClassVar[ExitStatus] = ExitStatus.UNUSABLE

    def __init__(self, message: str, *, hint: str | None = None, where: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class UsageError(NogilcheckError):
    """A flag, a name or a combination that makes no sense."""

    def __init__(
        self, message: str, *, hint: str | None = None, where: str | None = None, setting: str | None = None
    ) -> None:
        super().__init__(message, hint=hint, where=where)
        self.setting = setting
        """The name of the option at fault, which the configuration file or a variable may have set."""


class InputError(NogilcheckError):
    """A file that cannot be read or parsed."""


class CacheError(NogilcheckError):
    """The cache was asked for explicitly and cannot be used."""


def invalid_value(
    value: str | None,
    flag: str,
    allowed: str | Iterable[str],
    *,
    because: str = "",
    meant: str | None = None,
    among: Iterable[str] = (),
    setting: str | None = None,
) -> UsageError:
    """The error for a value that an option does not take.

    ``value`` is ``None`` where it may hold a credential. ``allowed`` is the words that the option takes, or a sentence
    about them, and ``because`` what is wrong. The nearest of the words, or of those in ``among``, is suggested unless
    it is known what was ``meant``.
    """
    words = () if isinstance(allowed, str) else tuple(allowed)
    near = f"did you mean '{meant}'?" if meant else did_you_mean(value or "", [*words, *among])
    shown = "" if value is None else f" '{value}'"
    return UsageError(
        f"invalid value{shown} for {flag}{because and f': {because}'}{f' ({near})' if near else ''}",
        hint=f"allowed: {', '.join(words) or allowed}",
        setting=setting or flag.removeprefix("--"),
    )


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint with the nearest known word; ``None`` where none is near."""
    from difflib import get_close_matches  # only where something is wrong

    names = {name.lower(): name for name in known}
    near = get_close_matches(word.lower().replace("_", "-"), names, n=1, cutoff=0.6)
    return f"did you mean {names[near[0]]!r}?" if near else None

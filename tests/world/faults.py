"""What can go wrong between an index and its client, to be put in the way of chosen requests."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from threading import Condition, Event, Lock

from tests.world.site import Answer


@dataclass(frozen=True, slots=True)
class Close:
    """Close the connection without a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncate:
    """Announce the whole body, send only its beginning, close."""

    keep: int = 10
    """Bytes that are sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongLength:
    """Announce another length than is sent, then close."""

    by: int = 7
    """Bytes more (or, negative, fewer) than there are."""


@dataclass(frozen=True, slots=True)
class Garbage:
    """The right headers and bytes that mean nothing."""

    BYTES = b"\x00\xff\xfe garbage \x80" * 8


@dataclass(frozen=True, slots=True, eq=False)
class Hang:
    """Say nothing until released; then answer as usual. The server's end releases it too."""

    entered: Event = field(default_factory=Event)
    """Set once a request hangs."""
    released: Event = field(default_factory=Event)

    def release(self) -> None:
        """Let the requests go on."""
        self.released.set()


class Rounds:
    """Hold each answer until all the paths of its round, and of the rounds before it, have been asked for.

    A client that gets to its end has needed no more round trips, one after the other, than there are rounds: no
    clock is looked at. For one that needs more, nothing is held once `PATIENCE` is over, and ``missing`` says why.
    """

    PATIENCE = 10.0
    """Seconds for which a round that is not complete is waited for. Less than a client's own patience."""

    def __init__(self, rounds: Sequence[Collection[str]]) -> None:
        self._rounds = [frozenset(paths) for paths in rounds]
        self._number = {path: number for number, paths in enumerate(self._rounds) for path in paths}
        self._came: set[str] = set()
        self._changed = Condition()
        self._released = False
        self.missing: frozenset[str] = frozenset()
        """What the first round that was given up was waiting for."""

    def hold(self, path: str) -> None:
        """Wait until a request for this path may be answered; one that is in no round is not waited with."""
        number = self._number.get(path)
        if number is None:
            return
        with self._changed:
            self._came.add(path)
            self._changed.notify_all()
            if not self._changed.wait_for(lambda: self._released or not self._awaited(number), self.PATIENCE):
                self.missing = self.missing or self._awaited(number)
                self._release()

    def release(self) -> None:
        """Hold nothing any longer."""
        with self._changed:
            self._release()

    def _awaited(self, number: int) -> frozenset[str]:
        return frozenset().union(*self._rounds[: number + 1]) - self._came

    def _release(self) -> None:
        self._released = True
        self._changed.notify_all()


Action = Answer | Close | Truncate | WrongLength | Garbage | Hang | Rounds


def status(code: int, *, retry_after: str | None = None, body: bytes = b"a fault") -> Answer:
    """Answer with a status code, perhaps with ``Retry-After``."""
    return Answer(status=code, body=body, headers=() if retry_after is None else (("Retry-After", retry_after),))


def redirect(location: str, *, code: int = 302) -> Answer:
    """Answer with a redirect."""
    return Answer(status=code, headers=(("Location", location),))


class Rule:
    """An action for the requests whose path and ``Range`` match patterns, a number of times."""

    def __init__(self, pattern: str, action: Action, times: int | None, part: str = "*") -> None:
        self.pattern = pattern
        self.part = part
        self.action = action
        self.hits = 0
        """How many requests it has met."""
        self._left = times
        self._lock = Lock()

    def take(self, path: str, part: str = "") -> bool:
        """Whether it holds for a request; counts it if so."""
        if not (fnmatchcase(path, self.pattern) and fnmatchcase(part, self.part)):
            return False
        with self._lock:
            if self._left == 0:
                return False
            if self._left is not None:
                self._left -= 1
            self.hits += 1
            return True

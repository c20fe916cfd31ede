"""What can go wrong between an index and its client, to be put in the way of chosen requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from threading import Event, Lock

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


Action = Answer | Close | Truncate | WrongLength | Garbage | Hang


def status(code: int, *, retry_after: str | None = None, body: bytes = b"a fault") -> Answer:
    """Answer with a status code, perhaps with ``Retry-After``."""
    return Answer(status=code, body=body, headers=() if retry_after is None else (("Retry-After", retry_after),))


def redirect(location: str, *, code: int = 302) -> Answer:
    """Answer with a redirect."""
    return Answer(status=code, headers=(("Location", location),))


class Rule:
    """An action for the requests whose path matches a pattern, a number of times."""

    def __init__(self, pattern: str, action: Action, times: int | None) -> None:
        self.pattern = pattern
        self.action = action
        self.hits = 0
        """How many requests it has met."""
        self._left = times
        self._lock = Lock()

    def take(self, path: str) -> bool:
        """Whether it holds for a request; counts it if so."""
        if not fnmatchcase(path, self.pattern):
            return False
        with self._lock:
            if self._left == 0:
                return False
            if self._left is not None:
                self._left -= 1
            self.hits += 1
            return True

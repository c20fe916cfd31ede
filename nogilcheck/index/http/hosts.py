"""What is known of the hosts that are asked: whether they answer, and how many requests each gets at a time."""

from __future__ import annotations

import logging
import threading

from nogilcheck.index.http.credentials import Origin, origin
from nogilcheck.index.http.failures import SilenceError, TransportError
from nogilcheck.model.artifact import MissingKind
from nogilcheck.model.urls import without_credentials

_log = logging.getLogger(__name__)

CHANCES = 2
"""URLs of a host that never answers although it can be connected to, before the host is given up."""

SILENT_ATTEMPTS = 4
"""Attempts at a host that cannot be connected to, for whatever URLs, before it is given up; twice as many at one that
can be, and never answers. Sixteen threads that each try four times would wait for minutes."""

DRIPPING_CHANCES = 3
"""Answers of a host that drip, before it is given up although others of its answers came."""

PATIENT_CHANCES = 3
"""Requests to which a host answers that it wants to be left alone for long; it is then."""


class Hosts:
    """For any number of threads. Every method raises `TransportError` for what is no URL."""

    def __init__(self, most: int) -> None:
        """``most``: requests that one host gets at the same time."""
        self._most = most
        self._lock = threading.Lock()
        self._slots: dict[Origin, threading.Semaphore] = {}
        self._answering: set[Origin] = set()
        self._silent: dict[Origin, int] = {}
        self._failed: dict[Origin, int] = {}
        self._dripped: dict[Origin, int] = {}
        self._put_off: dict[Origin, int] = {}
        self._dead: dict[Origin, str] = {}
        """See `Missing.reason`."""

    def slots(self, url: str) -> threading.Semaphore:
        """Admits requests to the host of this URL: the first alone, which may have to log in at a proxy, then many."""
        with self._lock:
            return self._slots.setdefault(_origin(url), threading.Semaphore())

    def has_answered(self, url: str) -> None:
        """Note that the host answers."""
        key = _origin(url)
        if key not in self._answering:
            slots = self.slots(url)
            with self._lock:
                for _ in range(0 if key in self._answering else self._most - 1):
                    slots.release()
                self._answering.add(key)
                if self._dripped.get(key, 0) < DRIPPING_CHANCES and self._put_off.get(key, 0) < PATIENT_CHANCES:
                    self._dead.pop(key, None)

    def has_been_silent(self, url: str, error: SilenceError) -> None:
        """Note that an attempt brought no answer."""
        key = _origin(url)
        with self._lock:
            if key not in self._answering:
                self._silent[key] = self._silent.get(key, 0) + 1
                if self._silent[key] >= SILENT_ATTEMPTS * (CHANCES if error.connected else 1):
                    self._give_up(key, error, "it never answered")

    def has_failed(self, url: str, error: SilenceError) -> None:
        """Note that every attempt failed: at a host that never answered, the next hundred requests need not find out.

        One that can be connected to may fail for some URLs only, and gets another chance.
        """
        key = _origin(url)
        with self._lock:
            if error.dripping:
                self._dripped[key] = self._dripped.get(key, 0) + 1
                if self._dripped[key] >= DRIPPING_CHANCES:
                    self._give_up(key, error, "its answers drip")
            elif key not in self._answering:
                self._failed[key] = self._failed.get(key, 0) + 1
                if not error.connected or self._failed[key] >= CHANCES:
                    self._give_up(key, error, "it never answered")

    def has_put_off(self, url: str, error: TransportError) -> None:
        """Note that the host asks to be left alone for longer than this run may wait."""
        key = _origin(url)
        with self._lock:
            self._put_off[key] = self._put_off.get(key, 0) + 1
            if self._put_off[key] >= PATIENT_CHANCES:
                self._give_up(key, error, "it asks for patience")

    def _give_up(self, key: Origin, error: TransportError, why: str) -> None:
        self._dead.setdefault(key, error.missing.reason)
        _log.debug("%s is not asked again: %s", key[1], why)

    def check(self, url: str) -> None:
        """Raise `TransportError` when the host was given up; it names this URL, and why the host was."""
        reason = self._dead.get(_origin(url))
        if reason is not None:
            text = f"{without_credentials(url)} was not asked, since its host {reason}"
            raise TransportError(MissingKind.UNREACHABLE, text, reason=reason)


def _origin(url: str) -> Origin:
    try:
        return origin(url)
    except ValueError:
        # Half a password may stand where the host should: nothing of it is quoted.
        text = "the address of an index or a file is no URL; in a password / # ? and @ must be percent-encoded"
        raise TransportError(MissingKind.UNREACHABLE, text) from None

"""Record what a reading consulted: the witnesses of its answer."""

from __future__ import annotations

import os
from pathlib import Path

from nogilcheck.inputs.text.input_fingerprint import DIRECTORY, FILE, NAMES, VARIABLE, witness_of, witness_of_bytes
from nogilcheck.inputs.text.paths import kind_of
from nogilcheck.model.cache import Witness
from nogilcheck.model.credentials.logins import learn_logins
from nogilcheck.model.urls import redact


class Evidence:
    """Gathers witnesses, each once."""

    def __init__(self) -> None:
        self._witnesses: dict[tuple[str, str], Witness] = {}
        self._replayable = True

    def cannot_replay(self) -> None:
        """The answer rests on something that cannot be witnessed: standard input, a pipe, a remote file."""
        self._replayable = False

    def file_read(self, path: str, data: bytes) -> None:
        """A regular file was read whole."""
        self._add(witness_of_bytes(path, data))

    def file(self, path: str) -> None:
        """A file was looked for and not read: it is missing, too large, or read by somebody else."""
        self._look(FILE, path)

    def installable(self, path: str) -> None:
        """A local archive or project directory was looked for. An archive is not read for it."""
        self._look(DIRECTORY, path)

    def names(self, directory: str) -> None:
        """Which files are in a directory."""
        self._look(NAMES, directory)

    def path(self, path: str) -> None:
        """A file or a directory was looked for, whichever of them is there."""
        if kind_of(path) == "directory":
            self.installable(path)
        else:
            self.file(path)

    def find_links(self, path: str) -> None:
        """A local find-links location: an HTML page by its bytes, a directory by its listing."""
        if kind_of(path) == "file":
            self.file(path)
        else:
            self.installable(path)

    def variable(self, name: str) -> str | None:
        """The value of an environment variable, witnessed."""
        self._add(witness_of(VARIABLE, name))
        value = os.environ.get(name)
        if value is not None:
            learn_logins(value)
        return value

    def home(self) -> Path | None:
        """The home directory of the user, witnessed; ``None`` for a user without one."""
        self.variable("USERPROFILE" if os.name == "nt" else "HOME")
        try:
            return Path.home()
        except RuntimeError:
            return None

    def witnesses(self) -> tuple[Witness, ...] | None:
        """All of them, in the order in which they were consulted; ``None`` when they do not suffice."""
        return tuple(self._witnesses.values()) if self._replayable else None

    def _look(self, kind: str, name: str) -> None:
        if (kind, name) not in self._witnesses:
            self._add(witness_of(kind, name))

    def _add(self, witness: Witness) -> None:
        if "@" in witness.name and redact(witness.name) != witness.name:
            self.cannot_replay()  # a URL that was taken for a path: what is kept would hold a password
            return
        self._witnesses.setdefault((witness.kind, witness.name), witness)

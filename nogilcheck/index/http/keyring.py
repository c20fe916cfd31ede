"""Passwords from the ``keyring`` command, for those who told pip or uv to use it."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from nogilcheck.index.http.netrc_file import Login
from nogilcheck.model.credentials.login_sources import KEYRING_VARIABLES
from nogilcheck.model.urls import without_credentials

_log = logging.getLogger(__name__)

SECONDS = 30.0
"""For one question: a desktop may ask its user to unlock the keyring."""

PROVIDERS = frozenset({"subprocess", "auto", "import"})
"""Values of the variables below that ask for it. pip's ``import`` means a keyring in pip's own environment, which is
out of reach here; its command is the same keyring."""


def is_asked_for(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the user told pip or uv to ask the keyring."""
    return any(environment.get(name, "").strip().lower() in PROVIDERS for name in KEYRING_VARIABLES)


def ask_keyring(services: Iterable[str], user: str) -> Login | None:
    """What the keyring has for the first of these services that it knows, or ``None``; blocks.

    ``services``: URLs and host names, none with credentials. Without a ``user`` the keyring is asked for both halves
    (``--mode creds``, keyring 25.2).
    """
    command = _command()
    if command is None:
        _log.debug("the keyring is not asked: there is no keyring command on the PATH")
        return None
    for service in services:
        if not (_is_name(service) and (not user or _is_name(user))):
            _log.debug("the keyring is not asked: the user name or the host could be taken for an option")
            continue
        question = [service, user] if user else ["--mode", "creds", "--output", "plain", service]
        lines = _run([command, "get", *question])
        if user and lines:
            return user, lines[0]
        if not user and len(lines) > 1:
            return lines[0], lines[1]
        _log.debug("the keyring has nothing for %s", without_credentials(service))
    return None


def _command() -> str | None:
    command = shutil.which("keyring")
    # Windows looks into the working directory first, which may be anybody's.
    if command is None or not Path(command).is_absolute():
        return None
    # There a batch file is run by cmd.exe, which takes parts of an argument for commands.
    return None if command.lower().endswith((".bat", ".cmd")) else command


def _is_name(text: str) -> bool:
    """Whether a word of a command stays what it is: ``--keyring-path=...`` is a user name in a URL as well.

    ``--`` before the words would be in the way of wrappers that stand in for keyring, as pip and uv call it.
    """
    return not text.startswith("-") and text.isprintable()


def _run(command: list[str]) -> list[str]:
    """The lines that it printed; none when it failed."""
    try:
        done = subprocess.run(  # noqa: S603  the user's own program, arguments as a list
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            check=False,
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        _log.debug("the keyring command failed: %s", type(error).__name__)
        return []
    return done.stdout.decode("utf-8", "replace").splitlines() if done.returncode == 0 else []

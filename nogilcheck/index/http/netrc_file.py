"""Logins from the user's netrc file."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from nogilcheck.model.credentials.login_sources import netrc_names

_log = logging.getLogger(__name__)

DEFAULT = "default"
"""The entry for hosts that have none of their own."""

Login = tuple[str, str]
"""User name and password."""


def read_netrc() -> dict[str, Login]:
    """Host -> login; a file that is absent or cannot be parsed says nothing, as for pip."""
    for name in netrc_names(os.environ):
        try:
            path = Path(name).expanduser()
        except RuntimeError:  # no home directory
            continue
        # Not the method of `Path`, which raises for a home directory that may not be looked into (`su`, `sudo -u`).
        if os.path.isfile(path):
            return _parse(path)
    return {}


def _parse(path: Path) -> dict[str, Login]:
    from netrc import NetrcParseError, netrc

    try:
        hosts = netrc(str(path)).hosts
    except (NetrcParseError, OSError, UnicodeDecodeError) as error:
        # The text of a parse error may quote a token of the file.
        _log.debug("no logins from %s: it cannot be read (%s)", path, type(error).__name__)
        return {}
    _log.debug("logins for %d hosts in %s", len(hosts), path)
    return {host: (login, password or "") for host, (login, _, password) in hosts.items()}

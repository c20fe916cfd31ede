"""Where logins stand that no input names.

A replayed run imports this module: keep it light.
"""

from __future__ import annotations

from collections.abc import Mapping

NAMED = ("UV_INDEX_", "POETRY_HTTP_BASIC_")
"""Before the name of an index, in the variables that have its credentials."""

KEYRING_VARIABLES = ("PIP_KEYRING_PROVIDER", "UV_KEYRING_PROVIDER")
"""What tells to ask the keyring."""


def netrc_names(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The netrc files of a user, of which the first that exists counts; ``~`` is the home directory."""
    return (name,) if (name := environ.get("NETRC")) else ("~/.netrc", "~/_netrc")

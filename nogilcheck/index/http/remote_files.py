"""Input files that are named by URL, such as ``-r https://...`` in a requirements file."""

from __future__ import annotations

from nogilcheck.errors import InputError
from nogilcheck.index.http.failures import TransportError
from nogilcheck.index.http.retrying_transport import Transport
from nogilcheck.model.time_limit import TimeLimit

MAX_BYTES = 8 * 1024 * 1024
"""Of one file."""


def fetch_file(url: str, *, offline: bool, limit: TimeLimit) -> bytes:
    """The bytes at a http(s) URL. Raises `InputError`, whose text holds no credentials."""
    if offline:
        raise InputError("not fetched: --offline is set")
    transport = Transport(threads=1, limit=limit)
    try:
        answer = transport.get(url, limit=MAX_BYTES)
    except TransportError as error:
        raise InputError(error.missing.text) from None
    finally:
        transport.close()
    if answer.status != 200:
        raise InputError(f"the server answered with status {answer.status}")
    return answer.content
